import { describe, expect, test } from 'vitest'
import { KeptBytes } from './kept-bytes.ts'

/** Collects a value of `count` parts of a thousand bytes. */
function collect(kept: KeptBytes, count: number, most = Infinity): Buffer {
  kept.reset()
  for (let part = 0; part < count; part++) kept.append(Buffer.alloc(1000, part), most)
  return kept.bytes
}

describe('bytes that come in parts', () => {
  test('are all of them, in order', () => {
    const bytes = collect(new KeptBytes(0), 100)
    expect(bytes).toEqual(Buffer.concat(Array.from({ length: 100 }, (_, part) => Buffer.alloc(1000, part))))
  })

  test('take no more memory than is known to be needed, however much comes', () => {
    const kept = new KeptBytes(0)
    expect(collect(kept, 5, 5000).buffer.byteLength).toBe(5000)
    expect(collect(kept, 1, 16e6).buffer.byteLength).toBe(4096)
  })

  test('are collected in the same memory as those before, as far as that is allowed', () => {
    const kept = new KeptBytes(64_000)
    const { buffer } = collect(kept, 30)
    expect(collect(kept, 20).buffer).toBe(buffer)
    const large = collect(kept, 100)
    expect(collect(kept, 30).buffer).not.toBe(large.buffer)
  })
})

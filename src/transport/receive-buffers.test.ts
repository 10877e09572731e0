import { describe, expect, test } from 'vitest'
import { giveBack, ReceiveBuffers } from './receive-buffers.ts'

const KIB = 1024

/** Fills a buffer to its end, or as far as said. */
function read(buffers: ReceiveBuffers, length?: number): Buffer {
  const buffer = buffers.next()
  buffers.wasFilled(length ?? buffer.length, buffer)
  return buffer
}

/** Buffers of a connection that is busy: of 256 KiB. */
function grown(): ReceiveBuffers {
  const buffers = new ReceiveBuffers()
  for (let i = 0; i < 2; i++) read(buffers)
  return buffers
}

describe('the buffers of a connection', () => {
  test('grow while they are filled, up to 256 KiB', () => {
    const buffers = new ReceiveBuffers()
    const sizes = Array.from({ length: 5 }, () => read(buffers).length / KIB)
    expect(sizes).toEqual([16, 64, 256, 256, 256])
  })

  test('are small again once little comes', () => {
    const buffers = new ReceiveBuffers()
    for (let i = 0; i < 3; i++) read(buffers)
    read(buffers, 100 * KIB)
    for (let i = 0; i < 7; i++) read(buffers, 1 * KIB)
    expect(buffers.next().length).toBeGreaterThan(16 * KIB)
    read(buffers, 1 * KIB)
    expect(buffers.next()).toHaveLength(16 * KIB)
  })

  test('are used again when any part of them is given back, and not before', () => {
    const buffers = grown()
    const first = read(buffers, 200 * KIB)
    const second = read(buffers, 200 * KIB)
    expect(second.buffer).not.toBe(first.buffer)
    giveBack(first.subarray(100, 200))
    expect(buffers.next().buffer).toBe(first.buffer)
  })

  test('take the next read into what the last one has left', () => {
    const buffers = new ReceiveBuffers()
    const reads = Array.from({ length: 4 }, () => read(buffers, 4 * KIB))
    expect(new Set(reads.map(({ buffer }) => buffer)).size).toBe(1)
    expect(reads.map(({ byteOffset }) => byteOffset / KIB)).toEqual([0, 4, 8, 12])
    expect(buffers.next().buffer).not.toBe(reads[0]!.buffer)
  })

  test('are forgotten once they are of another size than what is read now', () => {
    const buffers = new ReceiveBuffers()
    const small = read(buffers)
    giveBack(small)
    expect(buffers.next()).toHaveLength(64 * KIB)
  })

  test('are not more in number than a busy reader keeps waiting', () => {
    const buffers = grown()
    const used = Array.from({ length: 100 }, () => read(buffers, 200 * KIB))
    used.forEach(giveBack)
    const again = new Set(Array.from({ length: 100 }, () => read(buffers, 200 * KIB).buffer))
    expect(used.filter(({ buffer }) => again.has(buffer))).toHaveLength(8)
  })

  test('do not take memory that is not theirs', () => {
    expect(() => giveBack(Buffer.alloc(10))).not.toThrow()
  })
})

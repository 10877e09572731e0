import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { chunksOf } from './chunks.ts'
import { failureOf } from './loopback.test-support.ts'
import { StreamArrivals } from './stream-arrivals.ts'

const KIB = 1024
const options = { isOver: () => false, errorOf: (error: unknown) => error }

/** A stream that has `total` chunks of 64 KiB, and how many were asked of it. */
function source(total: number) {
  const asked = { chunks: 0 }
  const stream = new Readable({
    highWaterMark: 64 * KIB,
    read() {
      this.push(asked.chunks < total ? Buffer.alloc(64 * KIB, asked.chunks++) : null)
    },
  })
  return { stream, asked }
}

describe('the chunks of a stream', () => {
  test('are all of them, in order, each as it came', async () => {
    const { stream } = source(100)
    const seen: number[] = []
    for await (const chunk of chunksOf(new StreamArrivals(stream), options)) {
      expect(chunk).toHaveLength(64 * KIB)
      seen.push(chunk[0] ?? -1)
    }
    expect(seen).toEqual(Array.from({ length: 100 }, (_, i) => i))
  })

  test('stop coming while the reader is busy', async () => {
    const { stream, asked } = source(1000)
    const chunks = chunksOf(new StreamArrivals(stream), options)
    await chunks.next()
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
    expect(asked.chunks).toBeLessThan(20)
    await chunks.return()
  })

  test('are handed out before the error that came after them', async () => {
    const stream = new Readable({ read() {} })
    const chunks = chunksOf(new StreamArrivals(stream), options)
    const first = chunks.next()
    stream.push('one')
    expect(Buffer.from((await first).value as Uint8Array).toString()).toBe('one')
    stream.push('two')
    await new Promise(setImmediate)
    stream.destroy(new Error('cut'))
    await new Promise(setImmediate)
    expect(Buffer.from((await chunks.next()).value as Uint8Array).toString()).toBe('two')
    expect(await failureOf(chunks.next())).toMatchObject({ message: 'cut' })
  })

  test('are not handed out once it is over, though all have arrived', async () => {
    const { stream } = source(3)
    let isOver = false
    const chunks = chunksOf(new StreamArrivals(stream), { isOver: () => isOver, errorOf: () => new Error('over') })
    await chunks.next()
    await new Promise(setImmediate)
    isOver = true
    expect(await failureOf(chunks.next())).toMatchObject({ message: 'over' })
  })

  test('end in an error when the stream is closed without an end', async () => {
    const stream = new Readable({ read() {} })
    const next = chunksOf(new StreamArrivals(stream), options).next()
    stream.destroy()
    expect(await failureOf(next)).toMatchObject({ code: 'ERR_STREAM_PREMATURE_CLOSE' })
  })

  test('end in the error of a stream that had failed before', async () => {
    const stream = new Readable({ read() {} }).on('error', () => {})
    stream.destroy(new Error('cut'))
    await new Promise(setImmediate)
    expect(await failureOf(chunksOf(new StreamArrivals(stream), options).next())).toMatchObject({ message: 'cut' })
  })

  test('left early destroy the stream', async () => {
    const { stream } = source(10)
    for await (const _chunk of chunksOf(new StreamArrivals(stream), options)) break
    expect(stream.destroyed).toBe(true)
  })
})

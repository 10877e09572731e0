import { Readable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { chunksOf } from './chunks.ts'
import { giveBack, ReceiveBuffers } from './receive-buffers.ts'
import { StreamArrivals } from './stream-arrivals.ts'
import { WaitingChunks } from './waiting-chunks.ts'

const KIB = 1024

/** Reads a text as a connection does, and returns the pieces of it that no bar stands around. */
function received(buffers: ReceiveBuffers, text: string): Buffer[] {
  const memory = buffers.next()
  const length = memory.write(text)
  buffers.wasFilled(length, memory)
  return Array.from(text.matchAll(/[a-z]+/g), ({ index, 0: { length: size } }) => memory.subarray(index, index + size))
}

function texts(chunks: readonly Uint8Array[]): string[] {
  return chunks.map((chunk) => Buffer.from(chunk).toString())
}

describe('chunks that wait', () => {
  test('are joined where one buffer of a connection has them', () => {
    const waiting = new WaitingChunks(true)
    for (const piece of received(new ReceiveBuffers(), '|abc||d|efg')) waiting.add(piece)
    expect(waiting.bytes).toBe(7)
    expect(texts(waiting.take())).toEqual(['abcdefg'])
    expect(waiting.isEmpty).toBe(true)
  })

  test('leave alone what was taken, and what comes behind them', () => {
    const waiting = new WaitingChunks(true)
    const [a, b, c, d] = received(new ReceiveBuffers(), 'ab|cd|ef|gh')
    waiting.add(a!)
    const taken = waiting.take()
    waiting.add(b!)
    waiting.add(c!)
    expect(texts([...taken, ...waiting.take(), d!])).toEqual(['ab', 'cdef', 'gh'])
  })

  test('stay as they came in memory that is not a connection’s, or for who keeps them', () => {
    const ofOthers = Buffer.from('ab|cd')
    const waiting = new WaitingChunks(true)
    for (const piece of [ofOthers.subarray(0, 2), ofOthers.subarray(3)]) waiting.add(piece)
    expect(texts(waiting.take())).toEqual(['ab', 'cd'])
    const kept = new WaitingChunks(false)
    for (const piece of received(new ReceiveBuffers(), 'ab|cd')) kept.add(piece)
    expect(texts(kept.take())).toEqual(['ab', 'cd'])
  })
})

describe('the buffers that a reader gives back', () => {
  test('are those behind the first and before the last, whatever comes between', async () => {
    const buffers = new ReceiveBuffers()
    for (let i = 0; i < 2; i++) buffers.wasFilled(buffers.next().length, buffers.next()) // 256 KiB from now on
    const chunks = Array.from({ length: 4 }, () => {
      const memory = buffers.next()
      buffers.wasFilled(200 * KIB, memory)
      return memory.subarray(0, 200 * KIB)
    })
    const [first, second, third, last] = chunks
    const stream = Readable.from([first, second, Buffer.alloc(10), third, last])
    const options = { isOver: () => false, errorOf: (error: unknown) => error, readsAtOnce: true }
    for await (const chunk of chunksOf(new StreamArrivals(stream), options)) expect(chunk.length).toBeGreaterThan(0)
    const free = Array.from({ length: 2 }, () => {
      const memory = buffers.next()
      buffers.wasFilled(200 * KIB, memory)
      return memory.buffer
    })
    expect(new Set(free)).toEqual(new Set([second!.buffer, third!.buffer]))
    giveBack(last!)
    expect(buffers.next().buffer).toBe(last!.buffer)
  })
})

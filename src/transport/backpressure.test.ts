import type { Dispatcher } from 'undici'
import { describe, expect, test } from 'vitest'
import { Answer } from './answer.ts'
import { ReceiveBuffers } from './receive-buffers.ts'

const KIB = 1024

/** Says what it has been told. */
function pausable() {
  const told: ('pause' | 'resume')[] = []
  return { told, pause: () => void told.push('pause'), resume: () => void told.push('resume') }
}

/** An answer that a connection receives, 200 KiB at a time, with what the connection and the parser have been told. */
function received() {
  const connection = pausable()
  const parser = pausable()
  const buffers = new ReceiveBuffers()
  buffers.connection = connection
  for (let i = 0; i < 2; i++) buffers.wasFilled(buffers.next().length, buffers.next()) // 256 KiB from now on
  const answer = new Answer(true)
  const controller = parser as unknown as Dispatcher.DispatchController
  const receive = (times: number): void => {
    for (let i = 0; i < times; i++) {
      const memory = buffers.next()
      buffers.wasFilled(200 * KIB, memory)
      answer.onResponseData(controller, memory.subarray(0, 200 * KIB))
    }
  }
  return { answer, receive, controller, connection: connection.told, parser: parser.told }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

describe('a connection whose reader is busy', () => {
  test('waits as soon as enough is there, and goes on when the reader comes', async () => {
    const { answer, receive, connection, parser } = received()
    receive(1)
    await turn()
    expect(connection).toEqual([])
    receive(1)
    await turn()
    expect(connection).toEqual(['pause'])
    answer.take()
    expect(connection).toEqual(['pause', 'resume'])
    expect(parser).toEqual([])
  })

  test('is told again when it has brought more all the same', async () => {
    const { receive, connection } = received()
    for (let i = 0; i < 3; i++) {
      receive(1)
      await turn()
    }
    expect(connection).toEqual(['pause', 'pause'])
  })

  test('is not held when the reader has come in the same turn', async () => {
    const { answer, receive, connection } = received()
    receive(2)
    answer.take()
    await turn()
    expect(connection).toEqual([])
  })

  test('is not held when its answer has ended, and another may have it', async () => {
    const { answer, receive, connection } = received()
    receive(2)
    answer.onResponseEnd()
    await turn()
    expect(connection).toEqual([])
  })

  test('is let go when its answer ends later', async () => {
    const { answer, receive, connection } = received()
    receive(2)
    await turn()
    answer.onResponseEnd()
    expect(connection).toEqual(['pause', 'resume'])
    expect(answer.take()).toHaveLength(2)
  })
})

test('a parser is told to wait where nobody knows the connection', () => {
  const { answer, controller, parser } = received()
  answer.onResponseData(controller, Buffer.alloc(1024 * KIB))
  expect(parser).toEqual(['pause'])
  answer.take()
  expect(parser).toEqual(['pause', 'resume'])
})

test('a parser that was told to wait is let go, though a connection is known too', async () => {
  const { answer, receive, controller, connection, parser } = received()
  receive(2)
  answer.onResponseData(controller, Buffer.alloc(10))
  await turn()
  answer.take()
  expect(parser).toEqual(['pause', 'resume'])
  expect(connection).toEqual([])
})

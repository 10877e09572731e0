import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { buildConnector } from 'undici'
import { withoutDeafPeers } from './deaf-peers.ts'

class Peer extends EventEmitter {
  readonly alpnProtocol: string
  bytesRead = 0
  error: Error | undefined

  constructor(alpnProtocol: string) {
    super()
    this.alpnProtocol = alpnProtocol
  }

  destroy(error: Error): void {
    this.error = error
    this.emit('close')
  }
}

function connected(peer: Peer): unknown {
  const connector = withoutDeafPeers((_options, callback) => callback(null, peer as never))
  let given: unknown
  connector({} as buildConnector.Options, (_error, socket) => (given = socket))
  return given
}

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

describe('an HTTP/2 connection', () => {
  test('is ended a minute after its last byte at the latest', () => {
    const peer = new Peer('h2')
    expect(connected(peer)).toBe(peer)
    vi.advanceTimersByTime(15_000)
    peer.bytesRead = 17
    vi.advanceTimersByTime(59_999)
    expect(peer.error).toBeUndefined()
    vi.advanceTimersByTime(1)
    expect(String(peer.error)).toContain('no longer answers')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('stays while something comes now and then: the answer to a PING will do', () => {
    const peer = new Peer('h2')
    connected(peer)
    for (let minute = 0; minute < 30; minute++) {
      vi.advanceTimersByTime(45_000)
      peer.bytesRead += 17
    }
    expect(peer.error).toBeUndefined()
  })

  test('is watched no longer when it has closed', () => {
    const peer = new Peer('h2')
    connected(peer)
    peer.emit('close')
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('a connection of another kind', () => {
  test('is not watched: quiet is how a watch over HTTP/1.1 is', () => {
    connected(new Peer('http/1.1'))
    expect(vi.getTimerCount()).toBe(0)
  })

  test('that failed is handed on, as undici does it: with nothing but the error', () => {
    const failure = new Error('refused')
    const connector = withoutDeafPeers((_options, callback) => Reflect.apply(callback, undefined, [failure]))
    const result: unknown[] = []
    connector({} as buildConnector.Options, (...given) => result.push(...given))
    expect(result).toEqual([failure])
  })
})

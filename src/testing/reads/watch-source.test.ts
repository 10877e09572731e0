import { request } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { resources } from '../../api/generated/resources.ts'
import { ManualClock } from '../manual-clock.ts'
import { pod } from '../pods.ts'
import { TestApiServer, type TestApiServerOptions } from '../server.ts'

const { pods, events } = resources.core.v1
const WATCH_LIST = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'

interface Stream {
  status: number | undefined
  text: string
  isOver: boolean
  /** Takes what has come. It is not read before. */
  read(): void
}

async function start(options: TestApiServerOptions = {}) {
  const clock = new ManualClock()
  const server = await TestApiServer.start({ clock, ...options })
  onTestFinished(async () => {
    await server.stop()
    expect(clock.pending, 'timers left').toBe(0)
  })
  const open = (query: string, path = '/api/v1/pods', { reads = true } = {}): Stream => {
    const stream: Stream = { status: undefined, text: '', isOver: false, read: () => {} }
    request(`${server.url}${path}?watch=true&${query}`, { agent: false })
      .on('response', (response) => {
        stream.status = response.statusCode
        stream.read = () => {
          response.setEncoding('utf8').on('data', (text: string) => (stream.text += text))
          response.on('end', () => (stream.isOver = true)).on('error', () => (stream.isOver = true))
        }
        if (reads) stream.read()
      })
      .on('error', () => (stream.isOver = true))
      .end()
    return stream
  }
  return { clock, server, open }
}

/** `ADDED a 2`, one for each event. */
function brief({ text }: Stream): string[] {
  const lines = text.split('\n').filter((line) => line !== '')
  return lines.map((line) => {
    const { type, object } = JSON.parse(line) as { type: string; object: { code?: number; metadata: never } }
    const { name = '', resourceVersion = '' } = object.metadata as { name?: string; resourceVersion?: string }
    return [type, object.code, name, resourceVersion].filter((part) => part !== undefined && part !== '').join(' ')
  })
}

const touch = (server: TestApiServer, i: number | string): void =>
  void server.edit(pods, 'default/a', (draft) => void (draft.metadata.labels = { i: String(i) }))

describe('a watch-list', () => {
  test('of the newest state waits for a server that has fallen behind', async () => {
    const { clock, server, open } = await start({ objects: [pod({ name: 'a' })] })
    server.faults.fallBehind()
    server.create(pods, pod({ name: 'b' }))
    const stream = open(WATCH_LIST)
    await clock.advance(2999)
    expect(stream.status).toBeUndefined()
    server.faults.catchUp()
    await clock.advance(0)
    expect(brief(stream)).toEqual(['ADDED a 2', 'ADDED b 3', 'BOOKMARK 3'])
  })

  test('is told by an event after 3 s that it has not come so far', async () => {
    const { clock, server, open } = await start({ objects: [pod({ name: 'a' })] })
    server.faults.fallBehind()
    server.create(pods, pod({ name: 'b' }))
    const newest = open(WATCH_LIST)
    const atLeast = open(`${WATCH_LIST}&resourceVersion=3`)
    const any = open(`${WATCH_LIST}&resourceVersion=0`)
    await clock.advance(3000)
    expect(brief(any)).toEqual(['ADDED a 2', 'BOOKMARK 2'])
    expect([brief(newest), brief(atLeast)]).toEqual([['ERROR 504'], ['ERROR 504']])
    expect(newest.text).toContain('Too large resource version: 3, current: 2')
  })

  test('of events is of the storage', async () => {
    const { clock, server, open } = await start()
    server.create(events, { metadata: { name: 'x' } } as never)
    const stream = open(`${WATCH_LIST}&timeoutSeconds=200`, '/api/v1/events')
    const future = open(`${WATCH_LIST}&resourceVersion=9`, '/api/v1/events')
    await clock.advance(0)
    server.create(events, { metadata: { name: 'y' } } as never)
    await clock.advance(120_000)
    expect(brief(stream), 'it has no other bookmarks').toEqual(['ADDED x 2', 'BOOKMARK 2', 'ADDED y 3'])
    expect(brief(future)).toEqual(['ERROR 504'])
  })
})

describe('a watch from a version', () => {
  test('of events reaches back as far as the storage does', async () => {
    const { clock, server, open } = await start()
    for (const name of ['x', 'y']) server.create(events, { metadata: { name } } as never)
    server.faults.restart()
    const stream = open('resourceVersion=2', '/api/v1/events')
    await clock.advance(0)
    expect(brief(stream)).toEqual(['ADDED y 3'])
    server.faults.compactStorage()
    const old = open('resourceVersion=2', '/api/v1/events')
    await clock.advance(0)
    expect(brief(old)).toEqual(['ERROR 410'])
    expect(old.text).toContain('The resourceVersion for the provided watch is too old.')
  })

  test('does not mind a compaction of the storage, as long as the cache remembers', async () => {
    const { clock, server, open } = await start({ objects: [pod({ name: 'a' })] })
    for (let i = 0; i < 3; i++) touch(server, i)
    server.faults.compactStorage()
    const stream = open('resourceVersion=3')
    await clock.advance(0)
    expect(brief(stream)).toEqual(['MODIFIED a 4', 'MODIFIED a 5'])
  })

  test('is too old when a hundred events of a quiet resource have come since', async () => {
    const { clock, server, open } = await start({ objects: [pod({ name: 'a' })] })
    for (let i = 0; i < 102; i++) {
      clock.jump(1000)
      touch(server, i)
    }
    const [old, good] = [open('resourceVersion=3'), open('resourceVersion=4')]
    await clock.advance(0)
    expect(old.text).toContain('too old resource version: 3 (4)')
    expect(brief(good)).toHaveLength(100)
  })

  test('is 429 while the caches are being filled', async () => {
    const { clock, server, open } = await start()
    server.faults.restart({ initializingMs: 1000 })
    const stream = open('resourceVersion=1')
    await clock.advance(0)
    expect(stream.status).toBe(429)
    await clock.advance(1000)
    const again = open('resourceVersion=1')
    await clock.advance(0)
    expect(again.status).toBe(200)
  })

  test('has the bookmarks of the server that it is on', async () => {
    const { clock, server, open } = await start({ objects: [pod({ name: 'a' })] })
    const stream = open('resourceVersion=2&allowWatchBookmarks=true')
    await clock.advance(0)
    server.faults.fallBehind()
    touch(server, 1)
    await clock.advance(60_000)
    expect(brief(stream)).toEqual([])
    server.faults.catchUp()
    await clock.advance(60_000)
    expect(brief(stream)).toEqual(['MODIFIED a 3', 'BOOKMARK 3'])
  })
})

describe('a client that does not read', { timeout: 30_000 }, () => {
  /** Enough to fill every buffer between the two. */
  const large = 'x'.repeat(200_000)
  const write = (server: TestApiServer, count: number): void => {
    for (let i = 0; i < count; i++) {
      server.edit(pods, 'default/a', (draft) => void (draft.metadata.annotations = { large, i: String(i) }))
    }
  }

  test('loses its watch when more waits than it has room for', async () => {
    const { clock, server, open } = await start({ objects: [pod({ name: 'a' })] })
    const stream = open('resourceVersion=2', '/api/v1/pods', { reads: false })
    await clock.advance(0)
    write(server, 60)
    await clock.advance(99)
    await clock.advance(101)
    stream.read()
    await expect.poll(() => stream.isOver, { timeout: 20_000 }).toBe(true)
    const seen = brief(stream)
    expect(seen.length).toBeLessThan(60)
    expect(seen, 'without a gap').toEqual(seen.map((_, i) => `MODIFIED a ${i + 3}`))
  })

  test('loses it in the initial phase of a watch-list too', async () => {
    const objects = Array.from({ length: 40 }, (_, i) => pod({ name: `p${i}`, annotations: { large } }))
    const { clock, server, open } = await start({ objects: [...objects, pod({ name: 'a' })] })
    const stream = open(WATCH_LIST, '/api/v1/pods', { reads: false })
    await clock.advance(0)
    for (let i = 0; i < 30; i++) touch(server, i)
    await clock.advance(200)
    stream.read()
    await expect.poll(() => stream.isOver, { timeout: 20_000 }).toBe(true)
    expect(brief(stream).some((event) => event.startsWith('BOOKMARK'))).toBe(false)
  })

  test('keeps it as long as there is room, and one that reads keeps it whatever comes', async () => {
    const { clock, server, open } = await start({ objects: [pod({ name: 'a' })] })
    const idle = open('resourceVersion=2', '/api/v1/pods', { reads: false })
    const reader = open('resourceVersion=2')
    await clock.advance(0)
    for (let i = 0; i < 15; i++) touch(server, i)
    await clock.advance(1000)
    idle.read()
    await expect.poll(() => brief(idle).length).toBe(15)
    write(server, 40)
    await expect.poll(() => reader.text.split('\n').length, { timeout: 20_000 }).toBe(56)
    await clock.advance(1000)
    expect([idle.isOver, reader.isOver]).toEqual([false, false])
  })
})

import { request } from 'node:http'
import { describe, expect, onTestFinished, test } from 'vitest'
import { customResource } from '../../api/resource.ts'
import { resources } from '../../api/generated/resources.ts'
import { ManualClock } from '../manual-clock.ts'
import { pod } from '../pods.ts'
import { TestApiServer } from '../server.ts'

const { pods, nodes } = resources.core.v1
const widgets = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })

interface Answer {
  status?: number | undefined
  headers: { readonly [name: string]: unknown }
  text: string
  /** Whether the body has ended, and how. */
  end: 'proper' | 'cut' | undefined
  ended: Promise<void>
}

async function start() {
  const clock = new ManualClock()
  const server = await TestApiServer.start({
    clock,
    freshnessTimeoutMs: 0,
    objects: ['a', 'b', 'c'].map((name) => pod({ name })),
    crds: [widgets],
  })
  onTestFinished(() => server.stop())
  /** Sends a GET over a connection of its own and gathers what comes. */
  const get = (path: string): Answer => {
    const { promise: ended, resolve } = Promise.withResolvers<void>()
    const answer: Answer = { headers: {}, text: '', end: undefined, ended }
    const end = (how: 'proper' | 'cut') => () => {
      answer.end ??= how
      resolve()
    }
    request(server.url + path, { agent: false })
      .on('response', (response) => {
        answer.status = response.statusCode
        answer.headers = response.headers
        response.setEncoding('utf8').on('data', (text: string) => (answer.text += text))
        response.on('end', end('proper')).on('error', end('cut'))
      })
      .on('error', end('cut'))
      .end()
    return answer
  }
  const finished = async (path: string): Promise<Answer> => {
    const answer = get(path)
    await answer.ended
    return answer
  }
  return { server, clock, get, finished }
}

const LIST = '/api/v1/pods'
const WATCH = '/api/v1/pods?watch=true&resourceVersion=4'
const itemsIn = ({ text }: Answer): number => text.split('"creationTimestamp"').length - 1

describe('an answer of its own', () => {
  test('takes the place of the next true one, or of several', async () => {
    const { server, finished } = await start()
    server.faults.answer({ status: 429, retryAfter: 3, times: 2 })
    server.faults.answer({ status: 503, reason: 'Custom', message: 'no', retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT' })
    for (let i = 0; i < 2; i++) {
      const answer = await finished(LIST)
      expect([answer.status, answer.headers['retry-after']]).toEqual([429, '3'])
      expect(JSON.parse(answer.text)).toMatchObject({
        reason: 'TooManyRequests',
        details: { retryAfterSeconds: 3 },
        code: 429,
      })
    }
    const third = await finished(LIST)
    expect([third.status, third.headers['retry-after']]).toEqual([503, 'Wed, 21 Oct 2026 07:28:00 GMT'])
    expect(JSON.parse(third.text)).toMatchObject({ reason: 'Custom', message: 'no', code: 503 })
    expect((await finished(LIST)).status).toBe(200)
    expect(server.requests).toHaveLength(4)
  })

  test('strikes only the requests it fits', async () => {
    const { server, finished } = await start()
    server.faults.answer({ verb: 'list', resource: nodes, status: 403 })
    expect((await finished(LIST)).status).toBe(200)
    expect((await finished('/api/v1/nodes/n')).status).toBe(404)
    expect((await finished('/api/v1/nodes')).status).toBe(403)
  })

  test('may be any body, of any type', async () => {
    const { server, finished } = await start()
    server.faults.answer({ status: 200, body: '<html>', contentType: 'text/html' })
    server.faults.answer({ status: 302, headers: { location: '/login' }, body: '' })
    server.faults.answer({ status: 200, body: { kind: 'List', items: [] } })
    expect(await finished(LIST)).toMatchObject({
      status: 200,
      headers: { 'content-type': 'text/html' },
      text: '<html>',
    })
    expect(await finished(LIST)).toMatchObject({ status: 302, headers: { location: '/login' } })
    expect((await finished(LIST)).text).toBe('{"kind":"List","items":[]}\n')
  })

  test.each([0, 100, Number.NaN])('has a status that ends a request: not %d', async (status) => {
    const { server } = await start()
    expect(() => server.faults.answer({ status })).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })

  test('may be none at all', async () => {
    const { server, finished } = await start()
    server.faults.rejectConnections()
    expect(await finished(LIST)).toMatchObject({ headers: {}, text: '', end: 'cut' })
    expect((await finished(LIST)).status).toBe(200)
    expect(server.requests).toHaveLength(2)
  })

  test('is taken back by clear', async () => {
    const { server, finished } = await start()
    server.faults.answer({ status: 500, times: Infinity })
    expect((await finished(LIST)).status).toBe(500)
    server.faults.clear()
    expect((await finished(LIST)).status).toBe(200)
  })
})

describe('a list', () => {
  test.each(['close', 'reset'] as const)('is cut after some items, by a %s', async (by) => {
    const { server, finished } = await start()
    server.faults.cutList({ afterItems: 2, by })
    const answer = await finished(LIST)
    expect([answer.status, answer.end, itemsIn(answer)]).toEqual([200, 'cut', 2])
    expect(itemsIn(await finished(LIST))).toBe(3)
  })

  test('is cut where its body ends properly', async () => {
    const { server, finished } = await start()
    server.faults.cutList({ afterItems: 2, by: 'end' })
    const answer = await finished(LIST)
    expect([answer.end, itemsIn(answer)]).toEqual(['proper', 2])
    expect(() => JSON.parse(answer.text) as unknown).toThrow()
  })

  test('is cut after exactly so many bytes', async () => {
    const { server, finished } = await start()
    server.faults.cutList({ afterBytes: 100, resource: pods })
    const answer = await finished(LIST)
    expect([answer.end, answer.text.length]).toEqual(['cut', 100])
  })

  test('stalls with its connection open', async () => {
    const { server, clock, get } = await start()
    server.faults.stallList({ afterItems: 1 })
    const answer = get(LIST)
    await clock.advance(0)
    expect(itemsIn(answer)).toBe(1)
    await clock.advance(3600_000)
    expect(answer.end).toBeUndefined()
    await server.stop()
    await answer.ended
    expect(answer.end).toBe('cut')
  })

  test('has a Status in its middle, and ends properly', async () => {
    const { server, finished } = await start()
    server.faults.appendStatusAfterItems({ afterItems: 1 })
    const answer = await finished(LIST)
    expect(answer.end).toBe('proper')
    expect(answer.text).toMatch(/\}\{"kind":"Status".*"code":500\}\n$/)
  })

  test('never ends by its pages, or has no version', async () => {
    const { server, finished } = await start()
    const metadata = async (path: string) =>
      (JSON.parse((await finished(path)).text) as { metadata: { continue?: string } }).metadata
    const { continue: token } = await metadata(`${LIST}?limit=1`)
    server.faults.repeatContinueToken()
    expect((await metadata(`${LIST}?limit=1&continue=${token}`)).continue).toBe(token)
    server.faults.omitResourceVersion({ times: 2 })
    expect(await metadata(LIST)).toEqual({})
    expect(await metadata('/apis/example.com/v1/widgets')).toEqual({ continue: '' })
  })
})

describe('a watch', () => {
  const edit = (server: TestApiServer, x: string): void =>
    void server.edit(pods, 'default/a', (draft) => void (draft.metadata.labels = { x }))

  test('is dropped, properly or by a reset', async () => {
    const { server, clock, get } = await start()
    const [first, second] = [get(WATCH), get(WATCH)]
    await clock.advance(0)
    server.faults.dropWatches()
    await Promise.all([first.ended, second.ended])
    expect([first.end, second.end]).toEqual(['proper', 'proper'])
    const third = get(WATCH)
    await clock.advance(0)
    server.faults.dropWatches({ reset: true })
    await third.ended
    expect(third.end).toBe('cut')
    await clock.advance(0)
    expect(clock.pending).toBe(0)
  })

  test('goes deaf, and stays so past its time', async () => {
    const { server, clock, get } = await start()
    const open = get(`${WATCH}&timeoutSeconds=60`)
    await clock.advance(0)
    server.faults.stallWatches()
    const later = get(`${WATCH}&timeoutSeconds=60&allowWatchBookmarks=true`)
    await clock.advance(0)
    edit(server, '1')
    await clock.advance(120_000)
    expect([open, later]).toEqual(Array(2).fill(expect.objectContaining({ status: 200, text: '', end: undefined })))
    server.faults.clear()
    const fresh = get(WATCH)
    await clock.advance(0)
    expect(fresh.text).toContain('MODIFIED')
    server.faults.dropWatches()
    await Promise.all([open, later, fresh].map(({ ended }) => ended))
    expect([open.end, later.end, fresh.end]).toEqual(['cut', 'cut', 'proper'])
  })

  test('goes deaf only as often as was said', async () => {
    const { server, clock, get } = await start()
    const open = get(WATCH)
    await clock.advance(0)
    server.faults.stallWatches({ times: 1 })
    const [deaf, well] = [get(WATCH), get(WATCH)]
    await clock.advance(0)
    edit(server, '1')
    await clock.advance(0)
    expect([open, deaf, well].map(({ text }) => text !== '')).toEqual([true, false, true])
  })

  test('misses events that the history has', async () => {
    const { server, clock, get } = await start()
    const open = get(WATCH)
    await clock.advance(0)
    server.faults.loseEvents()
    edit(server, 'lost')
    edit(server, 'heard')
    await clock.advance(0)
    expect(open.text).not.toContain('lost')
    expect(open.text).toContain('heard')
    const again = get(WATCH)
    await clock.advance(0)
    expect(again.text).toContain('lost')
  })

  test('is told of an error and ended, and of anything else', async () => {
    const { server, clock, get } = await start()
    const open = get(WATCH)
    await clock.advance(0)
    server.faults.sendToWatches('{"type":"WAT')
    server.faults.sendWatchError({ code: 500, reason: 'InternalError', message: 'boom', retryAfterSeconds: 2 })
    await open.ended
    expect(open.end).toBe('proper')
    expect(open.text).toBe(
      '{"type":"WAT{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure",' +
        '"message":"boom","reason":"InternalError","details":{"retryAfterSeconds":2},"code":500}}\n',
    )
  })

  test('ends as soon as it has begun', async () => {
    const { server, finished } = await start()
    server.faults.closeWatchesAtOnce({ times: 2 })
    for (let i = 0; i < 2; i++) expect(await finished(WATCH)).toMatchObject({ status: 200, text: '', end: 'proper' })
  })
})

describe('the storage', () => {
  test('outlives a restart, the events do not', async () => {
    const { server, clock, get, finished } = await start()
    const open = get(WATCH)
    await clock.advance(0)
    server.faults.restart()
    await open.ended
    expect(open.end).toBe('cut')
    expect(server.list(pods)).toHaveLength(3)
    expect((await finished('/api/v1/pods?watch=true&resourceVersion=3')).text).toContain(
      'too old resource version: 3 (4)',
    )
    expect((await finished('/api/v1/pods?resourceVersion=3&resourceVersionMatch=Exact')).status).toBe(200)
  })

  test('goes back to an earlier state and gives its versions out again', async () => {
    const { server, clock, get, finished } = await start()
    server.delete(pods, 'default/a')
    server.edit(pods, 'default/b', (draft) => void (draft.metadata.labels = { x: 'undone' }))
    server.create(pods, pod({ name: 'd' }))
    server.faults.restoreStorage('4')
    expect(server.list(pods).map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`)).toEqual([
      'a 2',
      'b 3',
      'c 4',
    ])
    expect((await finished(`${LIST}?resourceVersion=7&resourceVersionMatch=NotOlderThan`)).status).toBe(504)
    const deaf = get('/api/v1/pods?watch=true&resourceVersion=7')
    await clock.advance(0)
    const created = server.create(pods, pod({ name: 'e' }))
    expect(created.metadata.resourceVersion).toBe('5')
    await clock.advance(0)
    expect(deaf).toMatchObject({ status: 200, text: '' })
  })

  test('does not go back behind a compaction, nor forward', async () => {
    const { server } = await start()
    server.compact()
    expect(() => server.faults.restoreStorage('3')).toThrow(expect.objectContaining({ status: 410 }))
    expect(() => server.faults.restoreStorage('9')).toThrow(expect.objectContaining({ status: 504 }))
    expect(server.list(pods)).toHaveLength(3)
  })
})

import { describe, expect, onTestFinished, test } from 'vitest'
import { customResource } from '../../api/resource.ts'
import { resources } from '../../api/generated/resources.ts'
import { ManualClock } from '../manual-clock.ts'
import { pod } from '../pods.ts'
import { TestApiServer, type TestApiServerOptions } from '../server.ts'

const { pods } = resources.core.v1
const widgets = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })
const WATCH_LIST = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'

interface Event {
  type: string
  object: {
    kind: string
    apiVersion: string
    code?: number
    message?: string
    metadata: { name?: string; resourceVersion?: string; labels?: object; annotations?: { [name: string]: string } }
  }
}

let clock = new ManualClock()

async function start(options?: TestApiServerOptions) {
  clock = new ManualClock()
  const server = await TestApiServer.start({ ...options, clock })
  onTestFinished(async () => {
    await server.stop()
    expect(clock.pending, 'timers left').toBe(0)
  })
  return server
}

/** Opens a watch and gathers its events; `isOver` when the body has ended. */
async function watch(server: TestApiServer, query: string, path = '/api/v1/pods', accept = 'application/json') {
  const response = await fetch(`${server.url}${path}?watch=true&${query}`, { headers: { accept } })
  expect(response.status).toBe(200)
  const events: Event[] = []
  const state = { events, isOver: false, isCut: false }
  void (async () => {
    let text = ''
    for await (const chunk of response.body!) {
      const lines = (text + Buffer.from(chunk).toString()).split('\n')
      text = lines.pop()!
      for (const line of lines) events.push(JSON.parse(line) as Event)
    }
    state.isOver = true
  })().catch(() => (state.isCut = true))
  await clock.advance(0)
  return state
}

const brief = ({ events }: { events: Event[] }): string[] =>
  events.map(({ type, object: { metadata } }) => `${type} ${metadata.name ?? ''} ${metadata.resourceVersion ?? ''}`)

describe('a watch from a version', () => {
  test('sends what came after it, then what comes', async () => {
    const server = await start({ objects: [pod({ name: 'a' })] })
    server.create(pods, pod({ name: 'b' }))
    const stream = await watch(server, 'resourceVersion=2')
    server.edit(pods, 'default/a', (draft) => void (draft.metadata.labels = { x: '1' }))
    server.delete(pods, 'default/b')
    await clock.advance(0)
    expect(brief(stream)).toEqual(['ADDED b 3', 'MODIFIED a 4', 'DELETED b 5'])
    expect(stream.events[0]!.object).toMatchObject({ kind: 'Pod', apiVersion: 'v1' })
  })

  test('is one line an event, without kind and apiVersion left out', async () => {
    const server = await start({ crds: [widgets] })
    const response = await fetch(`${server.url}/apis/example.com/v1/widgets?watch=1&resourceVersion=1`)
    server.create(widgets, { metadata: { name: 'w', uid: 'u', creationTimestamp: 't' }, spec: {} } as never)
    const { value } = await response.body!.getReader().read()
    expect(Buffer.from(value!).toString()).toBe(
      '{"type":"ADDED","object":{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"creationTimestamp":"t",' +
        '"name":"w","namespace":"default","resourceVersion":"2","uid":"u"},"spec":{}}}\n',
    )
  })

  test('hears only of its namespace, and of metadata alone where that is asked for', async () => {
    const server = await start()
    const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'
    const stream = await watch(server, 'resourceVersion=1', '/api/v1/namespaces/web/pods', accept)
    server.create(pods, pod({ name: 'a' }))
    server.create(pods, pod({ name: 'b', namespace: 'web' }))
    await clock.advance(0)
    expect(brief(stream)).toEqual(['ADDED b 3'])
    expect(stream.events[0]!.object).toMatchObject({ kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' })
    expect(stream.events[0]!.object).not.toHaveProperty('spec')
  })

  test('says that an object came or went when it begins or ceases to match', async () => {
    const server = await start({ objects: [pod({ name: 'a', labels: { tier: 'front' } })] })
    const stream = await watch(server, 'resourceVersion=2&labelSelector=tier%3Dfront')
    const setTier = (tier: string) => server.edit(pods, 'default/a', (draft) => void (draft.metadata.labels = { tier }))
    setTier('back')
    server.edit(pods, 'default/a', (draft) => void (draft.metadata.annotations = { unseen: '1' }))
    setTier('front')
    server.delete(pods, 'default/a')
    await clock.advance(0)
    expect(brief(stream)).toEqual(['DELETED a 3', 'ADDED a 5', 'DELETED a 6'])
    expect(stream.events[0]!.object.metadata.labels, 'as it last matched').toEqual({ tier: 'front' })
  })

  test('is told by an event that its version is too old', async () => {
    const server = await start({ objects: ['a', 'b', 'c'].map((name) => pod({ name })) })
    server.compact()
    const stream = await watch(server, 'resourceVersion=3')
    expect(stream.isOver).toBe(true)
    expect(stream.events).toEqual([
      {
        type: 'ERROR',
        object: {
          kind: 'Status',
          apiVersion: 'v1',
          metadata: {},
          status: 'Failure',
          message: 'too old resource version: 3 (4)',
          reason: 'Expired',
          code: 410,
        },
      },
    ])
    expect(brief(await watch(server, 'resourceVersion=4'))).toEqual([])
  })

  test('is silent while its version is of the future', async () => {
    const server = await start()
    const stream = await watch(server, 'resourceVersion=3&allowWatchBookmarks=true')
    for (const name of ['a', 'b']) server.create(pods, pod({ name }))
    await clock.advance(61_000)
    expect(brief(stream)).toEqual([])
    server.create(pods, pod({ name: 'c' }))
    await clock.advance(0)
    expect(brief(stream)).toEqual(['ADDED c 4'])
  })
})

describe('a watch that begins with the state', () => {
  test.each(['', 'resourceVersion=0'])('sends it as ADDED, then what comes: %j', async (query) => {
    const server = await start({ objects: [pod({ name: 'b' }), pod({ name: 'a' })] })
    const stream = await watch(server, query)
    server.delete(pods, 'default/b')
    await clock.advance(0)
    expect(brief(stream)).toEqual(['ADDED a 3', 'ADDED b 2', 'DELETED b 4'])
  })

  test('marks its end with a bookmark, for a watch-list', async () => {
    const server = await start({ objects: [pod({ name: 'b' }), pod({ name: 'a' })] })
    const stream = await watch(server, `${WATCH_LIST}&resourceVersion=1`)
    server.create(pods, pod({ name: 'c' }))
    await clock.advance(0)
    expect(brief(stream)).toEqual(['ADDED a 3', 'ADDED b 2', 'BOOKMARK  3', 'ADDED c 4'])
    expect(stream.events[2]!.object).toMatchObject({
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { resourceVersion: '3', annotations: { 'k8s.io/initial-events-end': 'true' } },
      spec: { containers: null },
      status: {},
    })
  })

  test('keeps live events behind the initial ones, however long those take', async () => {
    const objects = Array.from({ length: 2000 }, (_, i) => pod({ name: `p-${i}`, isRealistic: true }))
    const server = await start({ objects })
    const reading = watch(server, WATCH_LIST)
    await expect.poll(() => server.requests.length).toBe(1)
    server.delete(pods, 'default/p-1999')
    const stream = await reading
    await expect.poll(() => stream.events.length).toBe(2002)
    expect(brief(stream).slice(-2)).toEqual(['BOOKMARK  2001', 'DELETED p-1999 2002'])
  })

  test('is told by an event that its version is not reached', async () => {
    const server = await start({ freshnessTimeoutMs: 0 })
    const stream = await watch(server, `${WATCH_LIST}&resourceVersion=9`)
    expect(stream.events[0]).toMatchObject({
      type: 'ERROR',
      object: { code: 504, details: { causes: [{ reason: 'ResourceVersionTooLarge' }] } },
    })
    expect(stream.isOver).toBe(true)
  })

  test('is left out where sendInitialEvents is false', async () => {
    const server = await start({ objects: [pod({ name: 'a' })] })
    const stream = await watch(server, 'sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion=0')
    server.create(pods, pod({ name: 'b' }))
    await clock.advance(0)
    expect(brief(stream)).toEqual(['ADDED b 3'])
  })

  test.each([
    ['1.36', 'sendInitialEvents=true', 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'],
    [
      '1.36',
      'resourceVersionMatch=Exact&resourceVersion=1',
      'Unsupported value: "Exact": supported values: "NotOlderThan"',
    ],
    ['1.33', WATCH_LIST, 'forbidden for watch unless the WatchList feature gate is enabled'],
  ] as const)('is refused by %s for %s', async (release, query, message) => {
    const server = await start({ release })
    const response = await fetch(`${server.url}/api/v1/pods?watch=true&${query}`)
    const status = (await response.json()) as { reason: string; message: string }
    expect([response.status, status.reason]).toEqual([422, 'Invalid'])
    expect(status.message).toContain(message)
  })
})

describe('the time of a watch', () => {
  test('has a bookmark each minute and one before its end, of what is newer than its beginning', async () => {
    const server = await start({ objects: [pod({ name: 'a' })] })
    const stream = await watch(server, 'resourceVersion=2&allowWatchBookmarks=true&timeoutSeconds=210')
    await clock.advance(60_000)
    expect(brief(stream)).toEqual([])
    server.create(resources.core.v1.nodes, { metadata: { name: 'n' } })
    await clock.advance(148_000)
    expect(brief(stream)).toEqual(['BOOKMARK  3', 'BOOKMARK  3', 'BOOKMARK  3'])
    expect(stream.isOver).toBe(false)
    await clock.advance(2_000)
    expect(stream.isOver).toBe(true)
  })

  test('has no bookmark that was not asked for', async () => {
    const server = await start()
    const stream = await watch(server, 'resourceVersion=1&timeoutSeconds=120')
    await clock.advance(120_000)
    expect(brief(stream)).toEqual([])
    expect(stream.isOver).toBe(true)
  })
})

import { describe, expect, onTestFinished, test } from 'vitest'
import { customResource } from '../../api/resource.ts'
import { resources } from '../../api/generated/resources.ts'
import { pod } from '../pods.ts'
import { TestApiServer, type TestApiServerOptions } from '../server.ts'

const { pods, nodes } = resources.core.v1
const widgets = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })
const METADATA_ONLY = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'

interface List {
  kind: string
  code: number
  reason: string
  message: string
  details?: { causes?: { reason: string }[]; retryAfterSeconds?: number }
  metadata: { resourceVersion: string; continue?: string; remainingItemCount?: number }
  items: { metadata: { name: string; namespace?: string } }[]
}

async function start(options?: TestApiServerOptions) {
  const server = await TestApiServer.start(options)
  onTestFinished(() => server.stop())
  const get = (path: string, accept?: string) =>
    fetch(server.url + path, accept === undefined ? {} : { headers: { accept } })
  const list = async (path: string): Promise<List> => (await (await get(path)).json()) as List
  return { server, get, list }
}

const abc = ['a', 'b', 'c'].map((name) => pod({ name, namespace: 'web' }))
const names = ({ items }: List): string[] => items.map(({ metadata }) => metadata.name)

describe('the body of a list', () => {
  test('has its metadata first and items without kind and apiVersion, for a built-in resource', async () => {
    const creationTimestamp = '2026-01-01T00:00:00Z'
    const metadata = { name: 'n', namespace: 'web', uid: 'u', creationTimestamp }
    const { get } = await start({
      objects: [{ apiVersion: 'v1', kind: 'ServiceAccount', metadata, secrets: [{ name: '<&>' }] }],
    })
    expect(await (await get('/api/v1/serviceaccounts')).text()).toBe(
      '{"kind":"ServiceAccountList","apiVersion":"v1","metadata":{"resourceVersion":"2"},"items":[' +
        '{"metadata":{"name":"n","namespace":"web","uid":"u","resourceVersion":"2","creationTimestamp":"2026-01-01T00:00:00Z"},' +
        '"secrets":[{"name":"\\u003c\\u0026\\u003e"}]}' +
        ']}\n',
    )
  })

  test('has its metadata last and all keys in order, for a custom resource', async () => {
    const { get } = await start({
      crds: [widgets],
      objects: [
        {
          spec: { b: 1, a: [{ d: 1, c: 2 }] },
          metadata: { uid: 'u', name: 'w', creationTimestamp: 't' },
          kind: 'Widget',
          apiVersion: 'example.com/v1',
        },
      ],
    })
    expect(await (await get('/apis/example.com/v1/widgets')).text()).toBe(
      '{"apiVersion":"example.com/v1","items":[{"apiVersion":"example.com/v1","kind":"Widget","metadata":' +
        '{"creationTimestamp":"t","name":"w","namespace":"default","resourceVersion":"2","uid":"u"},' +
        '"spec":{"a":[{"c":2,"d":1}],"b":1}}],"kind":"WidgetList","metadata":{"continue":"","resourceVersion":"2"}}\n',
    )
  })

  test('is an empty array where there is nothing', async () => {
    const { get } = await start()
    expect(await (await get('/api/v1/pods')).text()).toBe(
      '{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"1"},"items":[]}\n',
    )
  })

  test('is metadata alone where that is asked for', async () => {
    const { get } = await start({ objects: abc })
    const body = (await (await get('/api/v1/pods', METADATA_ONLY)).json()) as List
    expect(body.kind).toBe('PartialObjectMetadataList')
    expect(Object.keys(body.items[0]!)).toEqual(['kind', 'apiVersion', 'metadata'])
    expect(names(body)).toEqual(['a', 'b', 'c'])
  })

  test('is JSON for a client that would rather have protobuf of a custom resource, and 406 for one that takes nothing else', async () => {
    const { get } = await start({ crds: [widgets] })
    const protobuf = 'application/vnd.kubernetes.protobuf'
    const response = await get('/apis/example.com/v1/widgets', `${protobuf}, application/json`)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json'])
    const refused = await get('/apis/example.com/v1/widgets', `${protobuf}, text/html`)
    expect([refused.status, refused.headers.get('content-type')]).toEqual([406, protobuf])
  })

  test('is of one moment, whatever is written while it is sent', async () => {
    const objects = Array.from({ length: 1000 }, (_, i) => pod({ name: `pod-${i}`, isRealistic: true }))
    const { server, get } = await start({ objects })
    const response = await get('/api/v1/pods')
    for (let i = 0; i < 1000; i += 2) server.delete(pods, `default/pod-${i}`)
    server.compact()
    const body = (await response.json()) as List
    expect(body.items).toHaveLength(1000)
    expect(body.metadata.resourceVersion).toBe('1001')
  })
})

describe('what a list selects', () => {
  test('is one namespace or all, in order of key', async () => {
    const { list } = await start({
      objects: [
        pod({ name: 'z', namespace: 'a' }),
        pod({ name: 'b', namespace: 'a-b' }),
        pod({ name: 'a', namespace: 'a' }),
      ],
    })
    // '-' comes before '/', as in etcd.
    expect(names(await list('/api/v1/pods'))).toEqual(['b', 'a', 'z'])
    expect(names(await list('/api/v1/namespaces/a/pods'))).toEqual(['a', 'z'])
    expect(names(await list('/api/v1/namespaces/none/pods'))).toEqual([])
  })

  test.each([
    ['labelSelector=tier%3Dfront', ['a', 'b']],
    ['labelSelector=tier%20in%20(back),!old', ['c']],
    ['fieldSelector=metadata.name%3Db', ['b']],
    ['fieldSelector=metadata.namespace!%3Dweb', ['c']],
    ['fieldSelector=spec.nodeName%3Dn1,status.phase%3DRunning', ['a']],
    ['fieldSelector=spec.nodeName%3D', ['c']],
    ['fieldSelector=spec.hostNetwork%3Dfalse&labelSelector=tier%3Dback', ['c']],
  ])('goes by %s', async (query, expected) => {
    const { list } = await start({
      objects: [
        pod({ name: 'a', namespace: 'web', labels: { tier: 'front' }, nodeName: 'n1' }),
        pod({ name: 'b', namespace: 'web', labels: { tier: 'front', old: 'yes' }, nodeName: 'n1', phase: 'Failed' }),
        pod({ name: 'c', namespace: 'z', labels: { tier: 'back' } }),
      ],
    })
    expect(names(await list(`/api/v1/pods?${query}`))).toEqual(expected)
  })

  test.each([
    ['labelSelector=a%20b', 'unable to parse requirement'],
    ['fieldSelector=spec.image%3Dx', 'field label not supported: spec.image'],
    ['fieldSelector=nothing', "can't understand 'nothing'"],
  ])('is refused for %s', async (query, message) => {
    const { list } = await start()
    const status = await list(`/api/v1/pods?${query}`)
    expect(status).toMatchObject({ kind: 'Status', code: 400, reason: 'BadRequest' })
    expect(status.message).toContain(message)
  })
})

describe('a list in pages', () => {
  test('is of the moment of its first page', async () => {
    const { server, list } = await start({ objects: abc })
    const first = await list('/api/v1/pods?limit=2')
    expect(first.metadata).toMatchObject({ resourceVersion: '4', remainingItemCount: 1 })
    server.delete(pods, 'web/c')
    server.create(pods, pod({ name: 'd', namespace: 'web' }))

    const second = await list(`/api/v1/pods?limit=2&continue=${first.metadata.continue}`)

    expect([...names(first), ...names(second)]).toEqual(['a', 'b', 'c'])
    expect(second.metadata).toEqual({ resourceVersion: '4' })
    expect(server.requests.map((request) => request.servedFrom)).toEqual(['cache', 'snapshot'])
  })

  test('does not count what is left where there are selectors', async () => {
    const { list } = await start({ objects: abc })
    const first = await list('/api/v1/namespaces/web/pods?limit=1&fieldSelector=metadata.name!%3Db')
    expect(names(first)).toEqual(['a'])
    expect(first.metadata.remainingItemCount).toBeUndefined()
    const second = await list(
      `/api/v1/namespaces/web/pods?limit=1&fieldSelector=metadata.name!%3Db&continue=${first.metadata.continue}`,
    )
    expect(names(second)).toEqual(['c'])
    expect(second.metadata.continue).toBeUndefined()
  })

  test('is 410 after a compaction, with a token for the rest as it is now', async () => {
    const { server, list } = await start({ objects: abc })
    const first = await list('/api/v1/pods?limit=1')
    server.delete(pods, 'web/b')
    server.compact()
    const gone = await list(`/api/v1/pods?limit=1&continue=${first.metadata.continue}`)
    expect(gone).toMatchObject({ code: 410, reason: 'Expired' })
    const rest = await list(`/api/v1/pods?continue=${gone.metadata.continue}`)
    expect(names(rest)).toEqual(['c'])
    expect(rest.metadata.resourceVersion).toBe('5')
  })

  test('ignores the limit for resourceVersion 0, but not for events', async () => {
    const event = (name: string) => ({ apiVersion: 'v1', kind: 'Event', metadata: { name } })
    const { server, list } = await start({ objects: [...abc, event('a'), event('b')] })
    expect(names(await list('/api/v1/pods?limit=1&resourceVersion=0'))).toEqual(['a', 'b', 'c'])
    expect(names(await list('/api/v1/events?limit=1&resourceVersion=0'))).toEqual(['a'])
    expect(server.requests.map((request) => request.servedFrom)).toEqual(['cache', 'storage'])
  })
})

describe('a list of a version', () => {
  test('is the state at it for Exact, and for the legacy form with a limit', async () => {
    const { server, list } = await start({ objects: abc })
    server.edit(pods, 'web/a', (draft) => void (draft.metadata.labels = { new: 'yes' }))
    server.delete(pods, 'web/b')
    server.create(pods, pod({ name: 'b', namespace: 'web' }))
    const at = async (version: number) => {
      const exact = await list(`/api/v1/pods?resourceVersion=${version}&resourceVersionMatch=Exact`)
      const legacy = await list(`/api/v1/pods?resourceVersion=${version}&limit=500`)
      expect(legacy).toEqual(exact)
      return exact.items.map(
        ({ metadata }) => `${metadata.name} ${(metadata as { resourceVersion?: string }).resourceVersion}`,
      )
    }
    expect(await at(3)).toEqual(['a 2', 'b 3'])
    expect(await at(5)).toEqual(['a 5', 'b 3', 'c 4'])
    expect(await at(6)).toEqual(['a 5', 'c 4'])
    expect(await at(7)).toEqual(['a 5', 'b 7', 'c 4'])
  })

  test('is the newest state for NotOlderThan, however old the version', async () => {
    const { server, list } = await start({ objects: abc })
    server.compact()
    for (const query of [
      'resourceVersion=2&resourceVersionMatch=NotOlderThan',
      'resourceVersion=2',
      'resourceVersion=0',
    ]) {
      const body = await list(`/api/v1/pods?${query}`)
      expect(body.metadata.resourceVersion).toBe('4')
    }
    expect(server.requests.map((request) => request.servedFrom)).toEqual(['cache', 'cache', 'cache'])
  })

  test('is 410 where it is compacted', async () => {
    const { server, list } = await start({ objects: abc })
    server.compact()
    expect(await list('/api/v1/pods?resourceVersion=3&resourceVersionMatch=Exact')).toMatchObject({
      code: 410,
      reason: 'Expired',
      message: 'The resourceVersion for the provided list is too old.',
    })
    expect(names(await list('/api/v1/pods?resourceVersion=4&resourceVersionMatch=Exact'))).toEqual(['a', 'b', 'c'])
  })

  test('is 504 with a cause and Retry-After where it is not reached', async () => {
    const { get } = await start({ freshnessTimeoutMs: 0 })
    for (const match of ['Exact', 'NotOlderThan']) {
      const response = await get(`/api/v1/pods?resourceVersion=99&resourceVersionMatch=${match}`)
      expect([response.status, response.headers.get('retry-after')]).toEqual([504, '1'])
      expect(await response.json()).toEqual({
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'Timeout: Too large resource version: 99, current: 1',
        reason: 'Timeout',
        details: {
          causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
          retryAfterSeconds: 1,
        },
        code: 504,
      })
    }
  })

  test('is read from the storage by a release that has no snapshots, and after a restart', async () => {
    for (const release of ['1.33', '1.36'] as const) {
      const { server, list } = await start({ objects: abc, release })
      if (release === '1.36') server.faults.restart()
      expect(names(await list('/api/v1/pods?resourceVersion=3&resourceVersionMatch=Exact'))).toEqual(['a', 'b'])
      expect(server.requests[0]!.servedFrom).toBe('storage')
    }
  })

  test.each([
    ['resourceVersionMatch=Exact', 422, 'resourceVersionMatch is forbidden unless resourceVersion is provided'],
    ['resourceVersion=0&resourceVersionMatch=Exact', 422, '"exact" is forbidden for resourceVersion "0"'],
    ['resourceVersion=1&resourceVersionMatch=Newest', 422, 'supported values: "Exact", "NotOlderThan", ""'],
    ['sendInitialEvents=true', 422, 'ListOptions.meta.k8s.io "" is invalid: sendInitialEvents: Forbidden'],
    ['resourceVersion=1&continue=abc', 400, 'specifying resource version is not allowed when using continue'],
    ['continue=abc', 400, 'invalid continue token: continue key is not valid'],
    ['resourceVersion=abc', 400, 'invalid resource version'],
  ])('is refused for %s', async (query, code, message) => {
    const { list } = await start()
    const status = await list(`/api/v1/pods?${query}`)
    expect(status).toMatchObject({ kind: 'Status', code })
    expect(status.message).toContain(message)
  })
})

describe('a path that leads nowhere', () => {
  test('is text for an unknown group and a Status in a known one', async () => {
    const { get } = await start()
    const unknown = await get('/apis/example.com/v1/widgets')
    expect([unknown.status, await unknown.text()]).toEqual([404, '404 page not found\n'])
    const known = await get('/api/v1/widgets')
    expect([known.status, await known.json()]).toEqual([
      404,
      expect.objectContaining({ kind: 'Status', message: 'the server could not find the requested resource' }),
    ])
    expect((await get('/api/v1/namespaces/web/nodes')).status).toBe(404)
  })

  test('is not that of a Namespace itself', async () => {
    const { server, get } = await start()
    server.create(resources.core.v1.namespaces, { metadata: { name: 'web' } })
    server.create(nodes, { metadata: { name: 'n' } })
    expect(await (await get('/api/v1/namespaces/web')).json()).toMatchObject({ kind: 'Namespace' })
  })
})

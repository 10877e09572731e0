import { CoreV1Api, makeInformer, type V1Pod } from '@kubernetes/client-node'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { KubeConfigLike } from '../api/kube-config.ts'
import type { KubernetesObject } from '../api/object.ts'
import { customResource } from '../api/resource.ts'
import { resources } from '../api/generated/resources.ts'
import { ManualClock } from './manual-clock.ts'
import { generatePods, pod } from './pods.ts'
import { TestApiServer, type TestApiServerOptions } from './server.ts'

const { pods, nodes } = resources.core.v1

interface Widget extends KubernetesObject {
  spec: { size: number; tags?: string[] }
}
const widgets = customResource<Widget>({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })

async function start(options?: TestApiServerOptions) {
  const server = await TestApiServer.start(options)
  onTestFinished(() => server.stop())
  return server
}

describe('objects in process', () => {
  test('are copied on the way in and out', async () => {
    const server = await start({ crds: [widgets] })
    const given = { metadata: { name: 'w', labels: { a: '1' } }, spec: { size: 1, tags: ['x'] } }
    const created = server.create(widgets, given)
    given.spec.tags.push('y')
    created.spec.size = 2
    server.list(widgets)[0]!.spec.size = 3
    expect(server.get(widgets, 'default/w')!.spec).toEqual({ size: 1, tags: ['x'] })
  })

  test('get an identity, or keep the one they have', async () => {
    const clock = new ManualClock(Date.UTC(2026, 5, 1, 12, 0, 0, 999))
    const server = await start({ crds: [widgets], clock })
    const made = server.create(widgets, { metadata: { name: 'a' }, spec: { size: 1 } })
    expect(made).toEqual({
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: {
        name: 'a',
        namespace: 'default',
        uid: expect.stringMatching(/^[\da-f-]{36}$/) as string,
        resourceVersion: '2',
        creationTimestamp: '2026-06-01T12:00:00Z',
        generation: 1,
      },
      spec: { size: 1 },
    })
    const own = server.create(widgets, { metadata: { name: 'b', uid: 'u' }, spec: { size: 1 } })
    expect(own.metadata.uid).toBe('u')
  })

  test('change by edit, and only if they change', async () => {
    const server = await start({ objects: [pod({ name: 'a' })] })
    server.edit(pods, 'default/a', (draft) => void (draft.metadata.labels = { a: '1' }))
    const again = server.edit(pods, 'default/a', (draft) => void (draft.metadata.labels = { a: '1' }))
    expect(again.metadata).toMatchObject({ labels: { a: '1' }, resourceVersion: '3' })
  })

  test('fail as over HTTP', async () => {
    const server = await start({ objects: [pod({ name: 'a' })] })
    expect(() => server.create(pods, pod({ name: 'a' }))).toThrow(
      expect.objectContaining({ status: 409, reason: 'AlreadyExists' }),
    )
    expect(() => server.delete(pods, 'default/b')).toThrow(expect.objectContaining({ code: 'ERR_NOT_FOUND' }))
    expect(() => server.edit(pods, 'default/a', (draft) => void (draft.metadata.resourceVersion = '1'))).toThrow(
      expect.objectContaining({ status: 409, reason: 'Conflict' }),
    )
    expect(() => server.get(pods, { name: 'a' })).toThrow(expect.objectContaining({ code: 'ERR_KEY' }))
    expect(() => server.list(widgets)).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })

  test('keep a version that they come with, and the next one follows on the highest', async () => {
    const versioned = (name: string, resourceVersion?: string) => {
      const object = pod({ name })
      return { ...object, metadata: { ...object.metadata, uid: name, resourceVersion } }
    }
    const objects = [versioned('a', '900'), versioned('b'), versioned('c', '70'), versioned('d', 'opaque')]
    const versions = (server: TestApiServer): string[] =>
      server.list(pods).map(({ metadata }) => `${metadata.uid} ${metadata.resourceVersion}`)
    expect(versions(await start({ objects }))).toEqual(['a 900', 'b 901', 'c 70', 'd 902'])
    const server = await start({ objects: objects.slice(0, 1), resourceVersion: '5000' })
    expect(versions(server)).toEqual(['a 900'])
    expect(server.create(pods, pod({ name: 'e' })).metadata.resourceVersion).toBe('5001')
    const at = async (version: number): Promise<number> =>
      (await fetch(`${server.url}/api/v1/pods?resourceVersion=${version}&resourceVersionMatch=Exact`)).status
    expect([await at(5000), await at(5001)]).toEqual([200, 200])
  })

  test('are of a kind that is served', async () => {
    const gadget = { apiVersion: 'example.com/v1', kind: 'Gadget', metadata: { name: 'g' } }
    await expect(TestApiServer.start({ objects: [gadget], crds: [widgets] })).rejects.toThrow('Gadget')
  })

  test.each([{ resourceVersion: 'abc' }, { release: '2.0' as '1.36' }])('are not begun with %o', async (options) => {
    await expect(TestApiServer.start(options)).rejects.toMatchObject({ code: 'ERR_OPTION' })
  })

  test('from a seed are always the same', async () => {
    expect(generatePods(5, { seed: 7 })).toEqual(generatePods(5, { seed: 7 }))
    expect(generatePods(5, { seed: 7 })).not.toEqual(generatePods(5, { seed: 8 }))
    const server = await start({ objects: generatePods(200) })
    expect(server.list(pods)).toHaveLength(200)
    const bytes = JSON.stringify(server.list(pods)).length / 200
    expect(bytes).toBeGreaterThan(6_500)
    expect(bytes).toBeLessThan(7_500)
  })
})

describe('waiting for an object', () => {
  test('ends when it is as wanted: now, later, or gone', async () => {
    const server = await start({ objects: [pod({ name: 'a' })] })
    const { signal } = new AbortController()
    expect(await server.waitFor(pods, 'default/a', (object) => object !== undefined)).toMatchObject({ kind: 'Pod' })
    const labelled = server.waitFor(pods, 'default/a', (object) => object?.metadata.labels?.['x'] === '1', { signal })
    const gone = server.waitFor(pods, 'default/a', (object) => object === undefined)
    server.edit(pods, 'default/a', (draft) => void (draft.metadata.labels = { x: '1' }))
    server.delete(pods, 'default/a')
    expect((await labelled)!.metadata.resourceVersion).toBe('3')
    expect(await gone).toBeUndefined()
    const back = server.waitFor(pods, 'default/a', (object) => object !== undefined)
    server.faults.restoreStorage('2')
    expect((await back)!.metadata.labels, 'it hears of a storage that was restored').toBeUndefined()
  })

  test('ends too by its time, its signal, the end of the server, or an error of the test', async () => {
    const clock = new ManualClock()
    const server = await start({ clock })
    const never = (): boolean => false
    const late = expect(server.waitFor(nodes, 'n', never, { timeoutMs: 1000 })).rejects.toMatchObject({
      code: 'ERR_TIMEOUT',
    })
    await clock.advance(1000)
    await late
    const controller = new AbortController()
    const aborted = expect(server.waitFor(nodes, 'n', never, { signal: controller.signal })).rejects.toBe('enough')
    controller.abort('enough')
    await aborted
    await expect(server.waitFor(nodes, 'n', () => expect.unreachable('seen'))).rejects.toThrow('seen')
    const stopped = expect(server.waitFor(nodes, 'n', never, { timeoutMs: 1000 })).rejects.toMatchObject({
      code: 'ERR_STOPPED',
    })
    await server.stop()
    await stopped
    await expect(server.waitFor(nodes, 'n', never)).rejects.toMatchObject({ code: 'ERR_STOPPED' })
    expect(clock.pending).toBe(0)
  })
})

describe('the server', () => {
  test('says what it is and what it serves', async () => {
    const server = await start({ release: '1.34', crds: [widgets] })
    const get = async (path: string) => (await fetch(server.url + path)).text()
    expect(await get('/readyz')).toBe('ok')
    expect(JSON.parse(await get('/version'))).toMatchObject({ major: '1', minor: '34' })
    expect(JSON.parse(await get('/api'))).toMatchObject({ versions: ['v1'] })
    expect(JSON.parse(await get('/apis'))).toMatchObject({
      groups: expect.arrayContaining([expect.objectContaining({ name: 'example.com' })]),
    })
    expect(JSON.parse(await get('/apis/example.com/v1'))).toMatchObject({
      groupVersion: 'example.com/v1',
      resources: [
        { name: 'widgets', kind: 'Widget', namespaced: true },
        { name: 'widgets/status', kind: 'Widget' },
      ],
    })
    expect((await fetch(`${server.url}/apis/none`)).status).toBe(404)
  })

  test('records every request, in order, as it was sent', async () => {
    const server = await start()
    await fetch(`${server.url}/api/v1/pods?limit=5&labelSelector=a%3Db`)
    await fetch(`${server.url}/api/v1/namespaces/web/pods/a`)
    expect(server.requests).toEqual([
      { verb: 'list', path: '/api/v1/pods', query: { limit: '5', labelSelector: 'a=b' }, servedFrom: 'cache' },
      { verb: 'get', path: '/api/v1/namespaces/web/pods/a', query: {}, servedFrom: undefined },
    ])
  })

  test('leaves no timer behind, whatever goes on in it', async () => {
    const clock = new ManualClock()
    const server = await start({ clock, objects: [pod({ name: 'a' })] })
    const controller = new AbortController()
    const ask = (query: string): void =>
      void fetch(`${server.url}/api/v1/pods?${query}`, controller).catch(() => undefined)
    server.faults.useReplicas(2)
    for (let i = 0; i < 2; i++) ask('watch=true&allowWatchBookmarks=true')
    await expect.poll(() => server.requests.length).toBe(2)
    server.faults.fallBehind({ byMs: 1000 })
    server.create(pods, pod({ name: 'b' }))
    ask('')
    ask('resourceVersion=99')
    await expect.poll(() => server.requests.length).toBe(4)
    await clock.advance(0)
    expect(clock.pending).toBeGreaterThan(6)
    await server.stop()
    await clock.advance(0)
    server.create(pods, pod({ name: 'c' }))
    expect(clock.pending).toBe(0)
    controller.abort()
  })

  test('ends its connections at its stop, and others go on', async () => {
    const one = await start({ objects: [pod({ name: 'a' })] })
    const other = await start()
    const watch = await fetch(`${one.url}/api/v1/pods?watch=true`)
    await Promise.all([one.stop(), one[Symbol.asyncDispose]()])
    await expect(watch.text()).rejects.toThrow()
    await expect(fetch(one.url)).rejects.toThrow()
    expect(one.list(pods), 'what it held can still be looked at').toHaveLength(1)
    expect((await fetch(`${other.url}/readyz`)).status).toBe(200)
  })
})

describe('client-node', () => {
  test('creates, reads, replaces, patches, lists and deletes', async () => {
    const server = await start({ objects: [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web' } }] })
    const api = server.kubeConfig().makeApiClient(CoreV1Api)
    const namespace = 'web'
    const body: V1Pod = { metadata: { name: 'a' }, spec: { containers: [{ name: 'main', image: 'web:1' }] } }
    const created = await api.createNamespacedPod({ namespace, body })
    expect(created.metadata!.creationTimestamp).toBeInstanceOf(Date)
    created.metadata!.labels = { x: '1' }
    await api.replaceNamespacedPod({ name: 'a', namespace, body: created })
    await expect(api.replaceNamespacedPod({ name: 'a', namespace, body: created })).rejects.toMatchObject({ code: 409 })
    await api.patchNamespacedPod({
      name: 'a',
      namespace,
      body: [{ op: 'add', path: '/metadata/labels/y', value: '2' }],
    })
    const { items } = await api.listPodForAllNamespaces({ labelSelector: 'x=1' })
    expect(items[0]!.metadata!.labels).toEqual({ x: '1', y: '2' })
    expect((await api.deleteNamespacedPod({ name: 'a', namespace })).metadata!.name).toBe('a')
    await expect(api.readNamespacedPod({ name: 'a', namespace })).rejects.toMatchObject({ code: 404 })
  })

  test('keeps its informer in step', async () => {
    const server = await start({ objects: [pod({ name: 'a' })] })
    const kubeConfig = server.kubeConfig()
    kubeConfig satisfies KubeConfigLike
    const api = kubeConfig.makeApiClient(CoreV1Api)
    const informer = makeInformer(kubeConfig, '/api/v1/pods', () => api.listPodForAllNamespaces())
    const seen: string[] = []
    for (const event of ['add', 'update', 'delete'] as const) {
      informer.on(event, (object: V1Pod) => void seen.push(`${event} ${object.metadata!.name}`))
    }
    await informer.start()
    await expect.poll(() => server.requests.length).toBe(2)
    server.create(pods, pod({ name: 'b' }))
    server.edit(pods, 'default/a', (draft) => void (draft.metadata.labels = { x: '1' }))
    server.delete(pods, 'default/b')
    await expect.poll(() => seen).toEqual(['add a', 'add b', 'update a', 'delete b'])
    await informer.stop()
    expect(server.requests.map(({ verb }) => verb)).toEqual(['list', 'watch'])
  })
})

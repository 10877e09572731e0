import { CoreV1Api } from '@kubernetes/client-node'
import { describe, expect, test } from 'vitest'
import { reasonOf } from '../api/errors.ts'
import { type Deployment, resources } from '../api/generated/index.ts'
import type { KubernetesObject, New } from '../api/object.ts'
import { customResource, metadataOnly } from '../api/resource.ts'
import { createWriter } from '../client.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { pod } from '../testing/pods.ts'
import { kubeConfigFor, serve } from '../transport/loopback.test-support.ts'
import { failureOf, startRig } from './writer.test-support.ts'

const { configmaps, nodes, pods } = resources.core.v1
const { deployments } = resources.apps.v1
interface Widget extends KubernetesObject {
  spec: { size: number; note?: string }
  status?: { conditions?: { type: string }[] }
}
const widgets = customResource<Widget>({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })
const web = {
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'c', image: 'i' }] } },
  },
} as const satisfies New<Deployment>

describe('create', () => {
  test('fills in what the resource says, and returns what the server made of it', async () => {
    const { server, writer } = await startRig()
    const created = await writer(configmaps).create({
      metadata: { name: 'a', namespace: 'default', labels: undefined },
      data: { k: 'v' },
    })
    expect(created).toEqual(server.get(configmaps, 'default/a'))
    expect(created).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { k: 'v' } })
    expect(server.requests[0]).toMatchObject({ verb: 'create', query: { fieldValidation: 'Strict' } })
  })

  test('lets the server choose the end of a name', async () => {
    const { writer } = await startRig()
    const { metadata } = await writer(configmaps).create({ metadata: { generateName: 'a-', namespace: 'default' } })
    expect(metadata.name).toMatch(/^a-\w{5}$/)
  })

  test('makes cluster-scoped and custom resources too', async () => {
    const { writer } = await startRig({ crds: [widgets] })
    expect((await writer(nodes).create({ metadata: { name: 'n' } })).kind).toBe('Node')
    const widget = await writer(widgets).create({ metadata: { name: 'w', namespace: 'default' }, spec: { size: 1 } })
    expect(widget).toMatchObject({ apiVersion: 'example.com/v1', kind: 'Widget', spec: { size: 1 } })
  })

  test('passes on what the writer was told', async () => {
    const { server, writer } = await startRig({ managedFields: true })
    const options = { fieldManager: 'me', fieldValidation: 'Warn' } as const
    const { metadata } = await writer(configmaps, options).create({
      metadata: { name: 'a', namespace: 'default' },
      data: { a: 'b' },
    })
    expect(metadata.managedFields).toMatchObject([{ manager: 'me' }])
    expect(server.requests[0]?.query).toMatchObject(options)
  })

  test('is refused by an ApiError', async () => {
    const { writer } = await startRig()
    const create = () => writer(configmaps).create({ metadata: { name: 'a', namespace: 'default' } })
    await create()
    const error = await failureOf(create())
    expect(error).toMatchObject({ code: 'ERR_CONFLICT', status: 409, reason: 'AlreadyExists' })
    expect(reasonOf(error)).toBe('AlreadyExists')
    const otherKind = { kind: 'Secret', metadata: { name: 'b', namespace: 'default' } }
    expect(await failureOf(writer(configmaps).create(otherKind))).toMatchObject({ code: 'ERR_BAD_REQUEST' })
  })

  test('asks for a namespace before it asks the server', async () => {
    const { server, writer } = await startRig()
    expect(await failureOf(writer(configmaps).create({ metadata: { name: 'a' } }))).toMatchObject({ code: 'ERR_KEY' })
    expect(server.requests).toHaveLength(0)
  })
})

describe('apply', () => {
  test('creates an object, and takes back what is left out later', async () => {
    const { server, writer } = await startRig()
    const metadata = { name: 'a', namespace: 'default' }
    const options = { fieldManager: 'me' }
    const created = await writer(configmaps).apply({ metadata, data: { a: '1', b: 'x\u2028y' } }, options)
    expect(created).toEqual(server.get(configmaps, 'default/a'))
    expect(created.data).toEqual({ a: '1', b: 'x\u2028y' })
    expect((await writer(configmaps).apply({ metadata, data: { b: '2' } }, options)).data).toEqual({ b: '2' })
  })

  test('conflicts with other managers, unless it is forced', async () => {
    const { writer } = await startRig()
    const object = (a: string) => ({ metadata: { name: 'a', namespace: 'default' }, data: { a } })
    await writer(configmaps).apply(object('1'), { fieldManager: 'me' })
    const others = writer(configmaps).apply(object('2'), { fieldManager: 'you' })
    expect(await failureOf(others)).toMatchObject({ code: 'ERR_CONFLICT', reason: 'Conflict' })
    const forced = await writer(configmaps).apply(object('2'), { fieldManager: 'you', force: true })
    expect(forced.data).toEqual({ a: '2' })
  })

  test('takes an object that was read, without what the server alone writes', async () => {
    const { writer } = await startRig({ managedFields: true })
    const read = await writer(configmaps).create({ metadata: { name: 'a', namespace: 'default' }, data: { a: '1' } })
    expect(read.metadata.managedFields).toHaveLength(1)
    const applied = await writer(configmaps).apply({ ...read, data: { b: '2' } }, { fieldManager: 'me' })
    expect(applied.data).toEqual({ a: '1', b: '2' })
    const again = writer(configmaps).apply({ ...read, data: { b: '3' } }, { fieldManager: 'me' })
    expect(await failureOf(again)).toMatchObject({ code: 'ERR_CONFLICT' }) // its resourceVersion is old
  })

  test('never makes another object of one that is gone', async () => {
    const { writer } = await startRig({ objects: [pod({ name: 'a' })] })
    const metadata = { name: 'a', namespace: 'default', uid: '6e9b9a5a-8a55-4e55-9f4b-000000000000' }
    const options = { fieldManager: 'me' }
    const another = await failureOf(writer(pods).apply({ metadata }, options))
    expect(another).toMatchObject({ code: 'ERR_CONFLICT', status: 422 })
    const gone = await failureOf(writer(pods).apply({ metadata: { ...metadata, name: 'b' } }, options))
    expect(gone).toMatchObject({ code: 'ERR_CONFLICT', status: 409 })
  })

  test('writes a status', async () => {
    const { writer } = await startRig()
    await writer(deployments).create(web)
    const applied = await writer(deployments).apply(
      { metadata: web.metadata, status: { replicas: 3 } },
      { fieldManager: 'me', subresource: 'status' },
    )
    expect(applied).toMatchObject({ spec: { replicas: 1 }, status: { replicas: 3 } })
  })

  test('needs a name and a manager', async () => {
    const { server, writer } = await startRig()
    const unnamed = writer(configmaps).apply({ data: {} }, { fieldManager: 'me' })
    expect(await failureOf(unnamed)).toMatchObject({ code: 'ERR_KEY' })
    const anyones = writer(configmaps).apply({ metadata: { name: 'a', namespace: 'b' } }, { fieldManager: '' })
    expect(await failureOf(anyones)).toMatchObject({ code: 'ERR_OPTION' })
    expect(server.requests).toHaveLength(0)
  })
})

describe('patch', () => {
  test('merges with what others changed meanwhile', async () => {
    const { server, writer } = await startRig()
    const created = await writer(deployments).create(web)
    server.edit(deployments, 'default/web', (draft) => (draft.metadata.labels = { theirs: '1' }))
    const patched = await writer(deployments).patch(created, (draft) => (draft.metadata.labels = { mine: '1' }))
    expect(patched.metadata.labels).toEqual({ mine: '1', theirs: '1' })
    expect(patched).toEqual(server.get(deployments, 'default/web'))
  })

  test('conflicts where an array would lose what others added meanwhile', async () => {
    const { server, writer } = await startRig()
    const created = await writer(deployments).create(web)
    server.edit(deployments, 'default/web', (draft) => (draft.metadata.finalizers = ['a/theirs']))
    const add = (draft: Deployment) => void (draft.metadata.finalizers = ['a/mine'])
    const locked = await failureOf(writer(deployments).patch(created, add))
    expect(locked).toMatchObject({ code: 'ERR_CONFLICT', reason: 'Conflict' })
    const unlocked = await writer(deployments).patch(created, add, { lock: false })
    expect(unlocked.metadata.finalizers).toEqual(['a/mine'])
  })

  test('locks what it is told to', async () => {
    const { server, writer } = await startRig()
    const created = await writer(deployments).create(web)
    server.edit(deployments, 'default/web', (draft) => (draft.metadata.labels = { theirs: '1' }))
    const scale = writer(deployments).patch(created, (draft) => (draft.spec!.replicas = 5), { lock: true })
    expect(await failureOf(scale)).toMatchObject({ code: 'ERR_CONFLICT' })
  })

  test('asks for nothing where nothing is changed', async () => {
    const { server, writer } = await startRig()
    const created = await writer(deployments).create(web)
    expect(await writer(deployments).patch(created, () => {})).toEqual(created)
    expect(server.requests).toHaveLength(1)
  })

  test('does not touch the object that took the name meanwhile', async () => {
    const { writer } = await startRig()
    const created = await writer(configmaps).create({ metadata: { name: 'a', namespace: 'default' } })
    await writer(configmaps).delete(created)
    await writer(configmaps).create({ metadata: { name: 'a', namespace: 'default' } })
    const patched = writer(configmaps).patch(created, (draft) => (draft.data = { a: 'b' }))
    expect(await failureOf(patched)).toMatchObject({ code: 'ERR_CONFLICT', status: 422, reason: 'Invalid' })
  })

  test('writes a status, and the size by scale', async () => {
    const { server, writer } = await startRig({ crds: [widgets] })
    const widget = await writer(widgets).create({ metadata: { name: 'w', namespace: 'default' }, spec: { size: 1 } })
    const ready = (draft: Widget) => void (draft.status = { conditions: [{ type: 'Ready' }] })
    const patched = await writer(widgets).patch(widget, ready, { subresource: 'status' })
    expect(patched).toMatchObject({ spec: { size: 1 }, status: { conditions: [{ type: 'Ready' }] } })
    const created = await writer(deployments).create(web)
    const scale = await writer(deployments).patch(created, (draft) => (draft.spec!.replicas = 4), {
      subresource: 'scale',
    })
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 4 } })
    expect(server.get(deployments, 'default/web')?.spec?.replicas).toBe(4)
  })
})

describe('delete', () => {
  test('returns nothing where the object is gone', async () => {
    const { server, writer } = await startRig()
    await writer(configmaps).create({ metadata: { name: 'a', namespace: 'default' } })
    expect(await writer(configmaps).delete('default/a')).toBeUndefined()
    expect(server.get(configmaps, 'default/a')).toBeUndefined()
  })

  test('returns what waits for a finalizer', async () => {
    const { writer } = await startRig()
    const finalizers = ['a/b']
    const created = await writer(configmaps).create({ metadata: { name: 'a', namespace: 'default', finalizers } })
    const deleted = await writer(configmaps).delete(created)
    expect(deleted?.metadata).toMatchObject({ uid: created.metadata.uid, finalizers, deletionTimestamp: /Z$/ })
    await writer(configmaps).patch(deleted!, (draft) => (draft.metadata.finalizers = []))
    expect(await failureOf(writer(configmaps).delete('default/a'))).toMatchObject({ status: 404 })
  })

  test('passes on how to go on with what it owns', async () => {
    const { server, writer } = await startRig()
    await writer(deployments).create(web)
    await writer(deployments).delete('default/web', { propagation: 'Foreground' })
    expect(server.get(deployments, 'default/web')?.metadata.finalizers).toEqual(['foregroundDeletion'])
  })

  test('deletes only the object that was passed, or that has the uid', async () => {
    const { server, writer } = await startRig()
    const first = await writer(configmaps).create({ metadata: { name: 'a', namespace: 'default' } })
    await writer(configmaps).delete(first)
    await writer(configmaps).create({ metadata: { name: 'a', namespace: 'default' } })
    const conflict = { code: 'ERR_CONFLICT', reason: 'Conflict' }
    expect(await failureOf(writer(configmaps).delete(first))).toMatchObject(conflict)
    const { uid } = first.metadata
    expect(await failureOf(writer(configmaps).delete('default/a', { uid }))).toMatchObject(conflict)
    expect(server.get(configmaps, 'default/a')).toBeDefined()
  })

  test('of what is not there is told as client-node tells it', async () => {
    const { server, writer } = await startRig()
    const ours = await failureOf(writer(configmaps).delete('default/a'))
    expect(ours).toMatchObject({ code: 'ERR_NOT_FOUND', status: 404 })
    const api = server.kubeConfig().makeApiClient(CoreV1Api)
    const theirs = await failureOf(api.deleteNamespacedConfigMap({ name: 'a', namespace: 'default' }))
    expect([reasonOf(ours), reasonOf(theirs)]).toEqual(['NotFound', 'NotFound'])
  })

  test.each(['a', 'default/..', ''])('is refused for the key %j', async (key) => {
    const { server, writer } = await startRig()
    expect(await failureOf(writer(configmaps).delete(key))).toMatchObject({ code: 'ERR_KEY' })
    expect(server.requests).toHaveLength(0)
  })
})

describe('a writer', () => {
  test('is not for metadata alone', async () => {
    const { writer } = await startRig()
    expect(() => writer(metadataOnly(pods))).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })

  test('refuses to write once its signal has aborted', async () => {
    const { server, writer } = await startRig()
    const abort = new AbortController()
    const bound = writer(configmaps, { signal: abort.signal })
    const object = await bound.create({ metadata: { name: 'a', namespace: 'default' } })
    const reason = new Error('the lease is lost')
    abort.abort(reason)
    expect(await failureOf(bound.create({ metadata: { name: 'b', namespace: 'default' } }))).toBe(reason)
    expect(await failureOf(bound.patch(object, (draft) => (draft.data = {})))).toBe(reason)
    expect(await failureOf(bound.delete(object))).toBe(reason)
    expect(server.requests).toHaveLength(1)
  })

  test('gives up a server that does not answer', async () => {
    const clock = new ManualClock()
    const silent = await serve(() => {})
    const writer = createWriter(kubeConfigFor({ server: silent.url }), configmaps, { clock })
    const created = failureOf(writer.create({ metadata: { name: 'a', namespace: 'default' } }))
    expect(clock.pending).toBe(1)
    await clock.advance(90_000)
    expect(await created).toMatchObject({ code: 'ERR_SERVER_SILENT', retryable: true })
    expect(clock.pending).toBe(0)
  })
})

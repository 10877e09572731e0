import { describe, expect, onTestFinished, test } from 'vitest'
import { customResource } from '../../api/resource.ts'
import { resources } from '../../api/generated/resources.ts'
import { pod } from '../pods.ts'
import { TestApiServer } from '../server.ts'

const { pods, configmaps } = resources.core.v1
const widgets = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })

interface Body {
  code?: number
  reason?: string
  message?: string
  details?: object
  metadata: { name: string; namespace: string; uid: string; resourceVersion: string; creationTimestamp: string }
}

const web = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'web', resourceVersion: '1' } }

async function start(objects: object[] = []) {
  const server = await TestApiServer.start({ objects: [web, ...objects], crds: [widgets] })
  onTestFinished(() => server.stop())
  const send = async (method: string, path: string, body?: unknown, type = 'application/json') => {
    const response = await fetch(server.url + path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': type } }),
    })
    return { status: response.status, body: (await response.json()) as Body }
  }
  return { server, send }
}

const PODS = '/api/v1/namespaces/web/pods'
const a = pod({ name: 'a', namespace: 'web' })

describe('a create', () => {
  test('gives the object its identity, and the version of the write', async () => {
    const { server, send } = await start()
    const { status, body } = await send('POST', PODS, { ...a, metadata: { name: 'a', uid: 'mine' } })
    expect(status).toBe(201)
    expect(body.metadata).toMatchObject({ name: 'a', namespace: 'web', resourceVersion: '2' })
    expect(body.metadata.uid).toMatch(/^[\da-f]{8}-/)
    expect(body.metadata.creationTimestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(server.get(pods, 'web/a')).toEqual(body)
  })

  test('makes a name where only its beginning is given', async () => {
    const { send } = await start()
    const { body } = await send('POST', PODS, { ...a, metadata: { generateName: 'web-' } })
    expect(body.metadata.name).toMatch(/^web-[a-z0-9]{5}$/)
  })

  test.each([
    ['the same name', a, 409, 'AlreadyExists', 'pods "a" already exists'],
    ['no name', { ...a, metadata: {} }, 422, 'Invalid', 'Pod "" is invalid: metadata.name: Required value'],
    ['another namespace', pod({ name: 'b', namespace: 'x' }), 400, 'BadRequest', 'does not match the namespace'],
    ['another kind', { ...a, kind: 'Node' }, 400, 'BadRequest', 'Node in version "v1" cannot be handled as a Pod'],
  ])('is refused for %s', async (_, object, code, reason, message) => {
    const { send } = await start([a])
    const { status, body } = await send('POST', PODS, object)
    expect([status, body]).toEqual([code, expect.objectContaining({ kind: 'Status', status: 'Failure', reason, code })])
    expect(body.message).toContain(message)
  })
})

describe('a read of one object', () => {
  test('answers it, or a Status that names it', async () => {
    const { send } = await start([{ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } }])
    const found = await send('GET', '/apis/example.com/v1/namespaces/default/widgets/w')
    expect(found.body).toMatchObject({ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } })
    const missing = await send('GET', '/apis/example.com/v1/namespaces/default/widgets/v')
    expect([missing.status, missing.body]).toEqual([
      404,
      {
        kind: 'Status',
        apiVersion: 'v1',
        metadata: {},
        status: 'Failure',
        message: 'widgets.example.com "v" not found',
        reason: 'NotFound',
        details: { name: 'v', group: 'example.com', kind: 'widgets' },
        code: 404,
      },
    ])
  })
})

describe('an update', () => {
  test('replaces what is there and keeps the identity', async () => {
    const { server, send } = await start([a])
    const before = server.get(pods, 'web/a')!
    const { status, body } = await send('PUT', `${PODS}/a`, {
      ...a,
      metadata: { name: 'a', labels: { x: '1' }, resourceVersion: before.metadata.resourceVersion },
    })
    expect(status).toBe(200)
    const { uid, creationTimestamp } = before.metadata
    expect(body.metadata).toMatchObject({ uid, creationTimestamp, labels: { x: '1' }, resourceVersion: '3' })
  })

  test('that changes nothing keeps the version', async () => {
    const { server, send } = await start([a])
    const { body } = await send('PUT', `${PODS}/a`, server.get(pods, 'web/a'))
    expect(body.metadata.resourceVersion).toBe('2')
  })

  test.each([
    [{ resourceVersion: '1' }, 'the object has been modified'],
    [{ uid: 'another' }, 'StorageError: invalid object, Code: 4, Key: /registry/pods/web/a'],
  ])('is a conflict for %o', async (metadata, message) => {
    const { send } = await start([a])
    const { status, body } = await send('PUT', `${PODS}/a`, { ...a, metadata: { name: 'a', ...metadata } })
    expect([status, body.reason]).toEqual([409, 'Conflict'])
    expect(body.message).toContain(`Operation cannot be fulfilled on pods "a": ${message}`)
  })

  test('of what has been deleted makes a new one, where the kind has that, but for no uid', async () => {
    const LEASES = '/apis/coordination.k8s.io/v1/namespaces/default/leases'
    const { send } = await start([])
    const { body: lease } = await send('POST', LEASES, { metadata: { name: 'l' }, spec: { holderIdentity: 'one' } })
    const { uid, ...metadata } = lease.metadata
    await send('DELETE', `${LEASES}/l`)
    const refused = await send('PUT', `${LEASES}/l`, lease)
    expect([refused.status, refused.body.message]).toEqual([
      409,
      `Operation cannot be fulfilled on leases.coordination.k8s.io "l": StorageError: invalid object, Code: 4, Key: /registry/leases/default/l, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: ${uid}, UID in object meta: `,
    ])
    const made = await send('PUT', `${LEASES}/l`, { ...lease, metadata })
    expect(made.status).toBe(201)
    expect(made.body.metadata.uid).not.toBe(uid)
  })
})

describe('a patch', () => {
  const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c' }, data: { x: '1', y: '2' } }
  const PATH = '/api/v1/namespaces/default/configmaps/c'

  test.each([
    ['merge-patch', { data: { x: null, z: '3' } }, { y: '2', z: '3' }],
    ['strategic-merge-patch', { data: { x: null, z: '3' } }, { y: '2', z: '3' }],
    ['json-patch', [{ op: 'remove', path: '/data/x' }], { y: '2' }],
  ])('of type %s changes what it names', async (type, patch, data) => {
    const { server, send } = await start([config])
    const { status } = await send('PATCH', PATH, patch, `application/${type}+json`)
    expect(status).toBe(200)
    const { data: found, metadata } = server.get(configmaps, 'default/c')!
    expect([found, metadata.resourceVersion]).toEqual([data, '3'])
  })

  test.each([
    ['json-patch+json', [{ op: 'remove', path: '/data/none' }], 422],
    ['json-patch+json', [{ op: 'test', path: '/data/x', value: 'other' }], 422],
    ['json-patch+json', {}, 400],
    ['merge-patch+json', [], 400],
    ['merge-patch+json', { metadata: { resourceVersion: '1' } }, 409],
    ['merge-patch+json', { metadata: { uid: 'other' } }, 422],
    ['merge-patch+json', { metadata: { name: 'other' } }, 400],
    ['apply-patch+yaml', {}, 422],
    ['text', {}, 415],
  ])('of type %s is refused where it cannot be applied: %o', async (type, patch, status) => {
    const { server, send } = await start([config])
    expect((await send('PATCH', PATH, patch, `application/${type}`)).status).toBe(status)
    expect(server.get(configmaps, 'default/c')!.metadata.resourceVersion).toBe('2')
  })

  test('of the strategic kind is not for custom resources', async () => {
    const { send } = await start([{ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } }])
    const path = '/apis/example.com/v1/namespaces/default/widgets/w'
    const { status, body } = await send('PATCH', path, {}, 'application/strategic-merge-patch+json')
    expect([status, body.reason]).toEqual([415, 'UnsupportedMediaType'])
  })
})

describe('a delete', () => {
  test('answers with the pod that is gone, or with a Status for most other things', async () => {
    const { server, send } = await start([
      a,
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', uid: 'u' } },
    ])
    expect((await send('DELETE', `${PODS}/a`)).body).toMatchObject({
      kind: 'Pod',
      metadata: { name: 'a', resourceVersion: '4' },
    })
    expect((await send('DELETE', '/api/v1/namespaces/default/configmaps/c')).body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'c', kind: 'configmaps', uid: 'u' },
    })
    expect(server.list(pods)).toEqual([])
    expect((await send('DELETE', `${PODS}/a`)).status).toBe(404)
  })

  test('leaves an object alone that is not the one that was meant', async () => {
    const { server, send } = await start([a])
    const { status } = await send('DELETE', `${PODS}/a`, { preconditions: { uid: 'another' } })
    expect(status).toBe(409)
    expect(server.list(pods)).toHaveLength(1)
  })

  test('of a collection takes what its selectors match', async () => {
    const { server, send } = await start([a, pod({ name: 'b', namespace: 'web', labels: { x: '1' } })])
    expect((await send('DELETE', `${PODS}?labelSelector=x`)).status).toBe(200)
    expect(server.list(pods).map(({ metadata }) => metadata.name)).toEqual(['a'])
  })
})

describe('a path', () => {
  test.each([
    ['POST', '/api/v1/pods'],
    ['POST', `${PODS}/a`],
    ['PUT', PODS],
    ['PATCH', PODS],
    ['DELETE', '/api/v1/pods'],
    ['DELETE', '/api/v1/namespaces'],
    ['POST', `${PODS}/a/status`],
    ['OPTIONS', PODS],
  ])('does not have every method: %s %s', async (method, path) => {
    const { server, send } = await start([a])
    const { status, body } = await send(method, path, a)
    expect([status, body.message]).toEqual([405, 'the server does not allow this method on the requested resource'])
    expect(server.list(pods)).toHaveLength(1)
  })

  test('that leads to no part of an object is not found', async () => {
    const { send } = await start([a])
    expect((await send('GET', `${PODS}/a/nothing`)).body.message).toBe(
      'the server could not find the requested resource',
    )
    expect((await send('GET', `${PODS}/a/log`)).status).toBe(501)
  })
})

describe('a dry run', () => {
  test('says what would be, and leaves everything as it is', async () => {
    const { server, send } = await start([a])
    const before = server.list(pods)
    const created = await send('POST', `${PODS}?dryRun=All`, pod({ name: 'b', namespace: 'web' }))
    expect(created.status).toBe(201)
    expect(created.body.metadata.resourceVersion).toBeUndefined()
    const labels = { x: '1' }
    const patched = await send(
      'PATCH',
      `${PODS}/a?dryRun=All`,
      { metadata: { labels } },
      'application/merge-patch+json',
    )
    expect(patched.body.metadata).toMatchObject({ labels, resourceVersion: '2' })
    expect((await send('DELETE', `${PODS}/a?dryRun=All`)).status).toBe(200)
    expect((await send('DELETE', `${PODS}?dryRun=All`)).status).toBe(200)
    expect(server.list(pods)).toEqual(before)
    expect((await send('POST', `${PODS}?dryRun=Some`, a)).status).toBe(422)
  })
})

import { describe, expect, test } from 'vitest'
import { resources } from '../../api/generated/resources.ts'
import { MERGE, startWithRequests } from './requests.test-support.ts'

const CONFIGS = '/api/v1/namespaces/default/configmaps'
const { configmaps, namespaces } = resources.core.v1

const config = (finalizers?: string[]): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'c', uid: 'u', ...(finalizers === undefined ? {} : { finalizers }) },
})

describe('a finalizer', () => {
  test('holds an object back until it is taken away', async () => {
    const { server, send } = await startWithRequests({ objects: [config(['a.b/c'])] })
    const { body } = await send('DELETE', `${CONFIGS}/c`)
    expect(body).toMatchObject({
      kind: 'ConfigMap',
      metadata: { deletionGracePeriodSeconds: 0, finalizers: ['a.b/c'], resourceVersion: '3' },
    })
    expect((await send('DELETE', `${CONFIGS}/c`)).body, 'again changes nothing').toEqual(body)
    const more = await send('PATCH', `${CONFIGS}/c`, { metadata: { finalizers: ['a.b/c', 'd.e/f'] } }, MERGE)
    expect([more.status, more.body.message]).toEqual([
      422,
      'ConfigMap "c" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"d.e/f"}',
    ])
    const last = await send('PATCH', `${CONFIGS}/c`, { metadata: { finalizers: null } }, MERGE)
    expect([last.status, last.body.metadata.deletionTimestamp]).toEqual([200, body.metadata.deletionTimestamp])
    expect(server.get(configmaps, 'default/c')).toBeUndefined()
  })

  test('holds back in process as well', async () => {
    const { server } = await startWithRequests({ objects: [config(['a.b/c'])] })
    server.delete(configmaps, 'default/c')
    expect(server.get(configmaps, 'default/c')!.metadata.deletionTimestamp).toBeDefined()
    server.edit(configmaps, 'default/c', (draft) => void delete draft.metadata.finalizers)
    expect(server.get(configmaps, 'default/c')).toBeUndefined()
  })

  test.each([
    ['Foreground', ['foregroundDeletion']],
    ['Orphan', ['orphan']],
  ])('is what the propagation policy %s sets', async (propagationPolicy, finalizers) => {
    const { send } = await startWithRequests({ objects: [config()] })
    expect((await send('DELETE', `${CONFIGS}/c`, { propagationPolicy })).body.metadata.finalizers).toEqual(finalizers)
    expect((await send('DELETE', `${CONFIGS}/c?propagationPolicy=Background`)).body).toMatchObject({
      status: 'Success',
      details: { name: 'c', kind: 'configmaps', uid: 'u' },
    })
  })
})

describe('a delete', () => {
  test.each([
    [{ preconditions: { uid: 'x' } }, 409, 'the UID in the precondition (x) does not match the UID in record (u)'],
    [{ preconditions: { resourceVersion: '1' } }, 409, 'the ResourceVersion in the precondition (1) does not match'],
    [{ propagationPolicy: 'Bla' }, 422, 'supported values: "Foreground", "Background", "Orphan", "nil"'],
    [{ propagationPolicy: 'Orphan', orphanDependents: true }, 422, 'cannot be both set'],
    [{ dryRun: ['Some'] }, 422, 'dryRun: Unsupported value'],
  ])('with %o is refused', async (options, code, message) => {
    const { server, send } = await startWithRequests({ objects: [config()] })
    const { status, body } = await send('DELETE', `${CONFIGS}/c`, options)
    expect([status, body.message]).toEqual([code, expect.stringContaining(message)])
    expect(server.list(configmaps)).toHaveLength(1)
  })

  test('of a collection answers with the list of what is gone', async () => {
    const { server, send } = await startWithRequests({ objects: [config()] })
    const { body } = await send('DELETE', CONFIGS)
    expect([body.kind, body.items!.map(({ metadata }) => metadata.name)]).toEqual(['ConfigMapList', ['c']])
    expect(server.list(configmaps)).toEqual([])
  })
})

describe('a namespace', () => {
  test('has to be there for a request, and need not be for the test', async () => {
    const { server, send } = await startWithRequests()
    expect(server.list(namespaces).map(({ metadata }) => metadata.name)).toEqual([
      'default',
      'kube-node-lease',
      'kube-public',
      'kube-system',
    ])
    const object = { metadata: { name: 'c' } }
    const missing = await send('POST', '/api/v1/namespaces/web/configmaps', object)
    expect([missing.status, missing.body.message]).toEqual([404, 'namespaces "web" not found'])
    server.create(configmaps, { metadata: { name: 'own', namespace: 'web' } })
    expect((await send('POST', '/api/v1/namespaces/web/configmaps', object)).status).toBe(201)
  })

  test('begins as a cluster makes it', async () => {
    const { send } = await startWithRequests()
    const { body } = await send('POST', '/api/v1/namespaces', { metadata: { name: 'web' } })
    expect(body).toMatchObject({
      metadata: { labels: { 'kubernetes.io/metadata.name': 'web' } },
      spec: { finalizers: ['kubernetes'] },
      status: { phase: 'Active' },
    })
  })

  test('takes with it what is in it', async () => {
    const { server, send } = await startWithRequests()
    await send('POST', '/api/v1/namespaces', { metadata: { name: 'web' } })
    await send('POST', '/api/v1/namespaces/web/configmaps', { metadata: { name: 'a' } })
    const { body } = await send('DELETE', '/api/v1/namespaces/web')
    expect(body.status).toEqual({ phase: 'Terminating' })
    expect(server.get(namespaces, 'web')).toBeUndefined()
    expect(server.list(configmaps)).toEqual([])
  })

  test('waits for what is held back in it, and takes nothing new', async () => {
    const { server, send } = await startWithRequests()
    await send('POST', '/api/v1/namespaces', { metadata: { name: 'web' } })
    await send('POST', '/api/v1/namespaces/web/configmaps', { metadata: { name: 'a', finalizers: ['x.y/z'] } })
    await send('DELETE', '/api/v1/namespaces/web')
    const refused = await send('POST', '/api/v1/namespaces/web/configmaps', { metadata: { name: 'b' } })
    expect([refused.status, refused.body.message]).toEqual([
      403,
      'configmaps "b" is forbidden: unable to create new content in namespace web because it is being terminated',
    ])
    await send('PATCH', '/api/v1/namespaces/web/configmaps/a', { metadata: { finalizers: [] } }, MERGE)
    expect(server.get(namespaces, 'web')).toBeUndefined()
  })

  test('that every cluster has stays', async () => {
    const { send } = await startWithRequests()
    const { status, body } = await send('DELETE', '/api/v1/namespaces/default')
    expect([status, body.message]).toEqual([
      403,
      'namespaces "default" is forbidden: this namespace may not be deleted',
    ])
  })
})

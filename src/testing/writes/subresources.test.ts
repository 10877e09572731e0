import { describe, expect, test } from 'vitest'
import { customResource } from '../../api/resource.ts'
import { pod } from '../pods.ts'
import { JSON_PATCH, MERGE, startWithRequests, STRATEGIC } from './requests.test-support.ts'

const DEPLOYMENT = '/apis/apps/v1/namespaces/default/deployments/d'
const POD = '/api/v1/namespaces/default/pods/a'
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'd', labels: { a: '1' } },
  spec: { replicas: 1, selector: { matchLabels: { app: 'x' }, matchExpressions: [{ key: 'k', operator: 'Exists' }] } },
  status: { replicas: 1 },
}
const widgets = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })

describe('the status', () => {
  test('changes through its own path alone', async () => {
    const { send } = await startWithRequests({ objects: [deployment] })
    const main = await send('PATCH', DEPLOYMENT, { status: { replicas: 5 }, spec: { replicas: 2 } }, MERGE)
    expect(main.body).toMatchObject({ spec: { replicas: 2 }, status: { replicas: 1 }, metadata: { generation: 2 } })
    const patch = { status: { replicas: 2 }, spec: { replicas: 9 }, metadata: { labels: { a: '2' } } }
    const status = await send('PATCH', `${DEPLOYMENT}/status`, patch, STRATEGIC)
    expect(status.body).toMatchObject({ spec: { replicas: 2 }, status: { replicas: 2 } })
    expect(status.body.metadata).toMatchObject({ generation: 2, labels: { a: '1' } })
    expect((await send('GET', `${DEPLOYMENT}/status`)).body).toEqual(status.body)
  })

  test('of a new object is not taken from a request', async () => {
    const { send } = await startWithRequests()
    const { body } = await send('POST', '/api/v1/namespaces/default/pods', {
      ...pod({ name: 'p' }),
      status: { phase: 'Failed' },
    })
    expect([body.status['phase'], body.metadata.generation]).toEqual(['Pending', 1])
  })

  test('of a custom resource leaves its metadata alone', async () => {
    const object = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec: { size: 1 } }
    const { send } = await startWithRequests({ crds: [widgets], objects: [object] })
    const path = '/apis/example.com/v1/namespaces/default/widgets/w'
    const patch = { status: { x: 1 }, spec: { size: 2 }, metadata: { labels: { a: '1' } } }
    const { body } = await send('PATCH', `${path}/status`, patch, MERGE)
    expect(body).toMatchObject({ spec: { size: 1 }, status: { x: 1 }, metadata: { generation: 1 } })
    expect(body.metadata.labels).toBeUndefined()
    const put = await send('PUT', path, object)
    expect([put.status, put.body.message]).toEqual([
      422,
      'widgets.example.com "w" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    ])
  })
})

describe('the scale', () => {
  test('reads and writes the number of replicas', async () => {
    const { send } = await startWithRequests({ objects: [deployment] })
    const { body } = await send('GET', `${DEPLOYMENT}/scale`)
    expect(body).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 1 },
      status: { replicas: 1, selector: 'app=x,k' },
    })
    expect((await send('PUT', `${DEPLOYMENT}/scale`, { ...body, spec: { replicas: 4 } })).body.spec).toEqual({
      replicas: 4,
    })
    const patched = await send(
      'PATCH',
      `${DEPLOYMENT}/scale`,
      [{ op: 'replace', path: '/spec/replicas', value: 6 }],
      JSON_PATCH,
    )
    expect(patched.body.spec).toEqual({ replicas: 6 })
    expect((await send('GET', DEPLOYMENT)).body).toMatchObject({ spec: { replicas: 6 }, metadata: { generation: 3 } })
    expect((await send('PUT', `${DEPLOYMENT}/scale`, body)).body.reason, 'an old version').toBe('Conflict')
    expect((await send('PATCH', `${DEPLOYMENT}/scale`, { spec: { replicas: -1 } }, MERGE)).status).toBe(422)
    expect((await send('DELETE', `${DEPLOYMENT}/scale`)).status).toBe(405)
  })
})

describe('a pod', () => {
  test('gets its node by a binding, once', async () => {
    const { send } = await startWithRequests({ objects: [pod({ name: 'a' })] })
    const binding = { metadata: { name: 'a' }, target: { kind: 'Node', name: 'n' } }
    expect((await send('POST', `${POD}/binding`, binding)).status).toBe(201)
    expect((await send('GET', POD)).body).toMatchObject({
      spec: { nodeName: 'n' },
      status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
    })
    const again = await send('POST', `${POD}/binding`, binding)
    expect([again.status, again.body.message]).toEqual([
      409,
      'Operation cannot be fulfilled on pods/binding "a": pod a is already assigned to node "n"',
    ])
  })

  test('goes by an eviction', async () => {
    const { send } = await startWithRequests({ objects: [pod({ name: 'a' })] })
    const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'a' } }
    expect((await send('POST', `${POD}/eviction`, eviction)).status).toBe(201)
    expect((await send('GET', POD)).status).toBe(404)
  })
})

describe('an update', () => {
  const LEASE = '/apis/coordination.k8s.io/v1/namespaces/default/leases/l'

  test('creates what its resource lets it create', async () => {
    const { send } = await startWithRequests()
    expect((await send('PUT', LEASE, { metadata: { name: 'l' }, spec: {} })).status).toBe(201)
    expect((await send('PUT', LEASE, { metadata: { name: 'l' }, spec: {} })).status, 'a version is required').toBe(422)
    const missing = await send('PUT', DEPLOYMENT, { metadata: { name: 'd' } })
    expect([missing.status, missing.body.message]).toEqual([404, 'deployments.apps "d" not found'])
  })

  test('counts generations by changes of the spec', async () => {
    const { send } = await startWithRequests({ objects: [deployment] })
    const { body } = await send('PATCH', DEPLOYMENT, { metadata: { labels: { b: '2' }, generation: 7 } }, MERGE)
    expect(body.metadata).toMatchObject({ generation: 1, labels: { a: '1', b: '2' } })
    expect(
      (await send('PUT', DEPLOYMENT, { ...deployment, status: undefined, spec: { replicas: 8 } })).body.metadata
        .generation,
    ).toBe(2)
  })

  test.each([
    ['namespaces', 'A_b', 'a lowercase RFC 1123 label must consist of'],
    ['nodes', 'x.', 'a lowercase RFC 1123 subdomain must consist of'],
    ['nodes', 'x'.repeat(254), 'must be no more than 253'],
  ])('and a create want valid names: %s %s', async (plural, name, message) => {
    const { send } = await startWithRequests()
    const { status, body } = await send('POST', `/api/v1/${plural}`, { metadata: { name } })
    expect([status, body.message]).toEqual([422, expect.stringContaining(message)])
  })
})

test('who may do what is answered: everything', async () => {
  const { send } = await startWithRequests()
  const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'
  const spec = { resourceAttributes: { verb: 'get', resource: 'pods' } }
  expect((await send('POST', path, { spec })).body).toMatchObject({ spec, status: { allowed: true } })
  expect((await send('GET', path)).status).toBe(405)
})

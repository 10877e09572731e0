import { describe, expect, test } from 'vitest'
import { type Deployment, type NetworkPolicy, type Pod, resources } from '../api/generated/index.ts'
import { pod } from '../testing/pods.ts'
import { startRig } from './writer.test-support.ts'

const { pods } = resources.core.v1
const { deployments } = resources.apps.v1
const { networkpolicies } = resources.networking.v1

const policy = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'NetworkPolicy',
  metadata: { name: 'db', namespace: 'default' },
  spec: {
    podSelector: { matchLabels: { app: 'db' } },
    policyTypes: ['Ingress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ protocol: 'TCP', port: 5432 }] }],
  },
}
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default', annotations: { big: 'x' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        containers: [
          { name: 'c', image: 'i:1', resources: { limits: { cpu: '1' } }, env: [{ name: 'A', value: '1' }] },
        ],
      },
    },
  },
}

describe.each(['protobuf', 'json'] as const)('what a store had from %s', (encoding) => {
  test('is unharmed by a patch: a NetworkPolicy with `from`', async () => {
    const { server, writer, informer } = await startRig({ objects: [policy] })
    const { store } = await informer(networkpolicies, { encoding })
    const before = server.get(networkpolicies, 'default/db') as NetworkPolicy
    const patched = await writer(networkpolicies).patch(store.get('default/db')!, (draft) => {
      draft.metadata.labels = { team: 'blue' }
    })
    expect(patched.spec).toEqual(before.spec)
    const opened = await writer(networkpolicies).patch(patched, (draft) => {
      draft.spec!.ingress![0]!.from!.push({ ipBlock: { cidr: '10.0.0.0/8' } })
    })
    expect(opened.spec?.ingress).toEqual([
      {
        from: [...policy.spec.ingress[0]!.from, { ipBlock: { cidr: '10.0.0.0/8' } }],
        ports: policy.spec.ingress[0]!.ports,
      },
    ])
    expect(server.get(networkpolicies, 'default/db')).toEqual(opened)
  })

  test('is unharmed by a patch: a Deployment', async () => {
    const { server, writer, informer } = await startRig({ objects: [deployment] })
    const { store } = await informer(deployments, { encoding })
    const before = server.get(deployments, 'default/web') as Deployment
    await writer(deployments).patch(store.get('default/web')!, (draft) => {
      draft.spec!.template.spec!.containers[0]!.image = 'i:2'
    })
    const after = server.get(deployments, 'default/web') as Deployment
    expect(after.spec?.template.spec?.containers[0]?.image).toBe('i:2')
    after.spec!.template.spec!.containers[0]!.image = 'i:1'
    expect(after.spec).toEqual(before.spec)
  })

  test('does not lose what `omit` has cut', async () => {
    const { server, writer, informer } = await startRig({ objects: [deployment] })
    const omit = ['metadata.annotations', 'spec.selector', 'spec.template.metadata']
    const { store } = await informer(deployments, { encoding, omit })
    const current = store.get('default/web')!
    expect(current.metadata.annotations).toBeUndefined()
    const before = server.get(deployments, 'default/web') as Deployment
    await writer(deployments).patch(current, (draft) => (draft.spec!.replicas = 3))
    const after = server.get(deployments, 'default/web') as Deployment
    expect(after.spec).toEqual({ ...before.spec, replicas: 3 })
    expect(after.metadata.annotations).toEqual({ big: 'x' })
  })

  test('keeps its managedFields, read or not', async () => {
    const { server, writer, informer } = await startRig({ managedFields: true })
    await writer(pods, { fieldManager: 'first' }).create({
      metadata: { name: 'a', namespace: 'default' },
      spec: { containers: [{ name: 'c', image: 'i' }] },
    })
    const { store } = await informer(pods, { encoding, keepManagedFields: true })
    const current = store.get('default/a')!
    const patched = await writer(pods, { fieldManager: 'second' }).patch(current, (draft: Pod) => {
      draft.metadata.labels = { a: 'b' }
    })
    expect(patched.metadata.managedFields?.map(({ manager }) => manager)).toEqual(['first', 'second'])
    expect(patched.metadata.managedFields?.[0]?.fieldsV1).toEqual(current.metadata.managedFields?.[0]?.fieldsV1)
    expect(server.requests.at(-1)?.verb).toBe('patch')
  })

  test('is deleted by its own uid', async () => {
    const { server, writer, informer } = await startRig({ objects: [pod({ name: 'a' })] })
    const { store } = await informer(pods, { encoding })
    await writer(pods).delete(store.get('default/a')!)
    expect(server.get(pods, 'default/a')).toBeUndefined()
  })
})

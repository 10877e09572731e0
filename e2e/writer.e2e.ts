import type { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, onTestFailed, onTestFinished, test } from 'vitest'
import {
  createInformer,
  createWriter,
  type Deployment,
  type InformerOptions,
  type KubernetesObject,
  type NetworkPolicy,
  type New,
  type Resource,
  resources,
} from '../src/index.ts'
import { type Cluster, openCluster } from './support/cluster.ts'
import { createNamespaces, deleteNamespaces } from './support/namespaces.ts'

const { configmaps } = resources.core.v1
const { deployments } = resources.apps.v1
const { networkpolicies } = resources.networking.v1

const policy: New<NetworkPolicy>['spec'] = {
  podSelector: { matchLabels: { app: 'db' } },
  policyTypes: ['Ingress'],
  ingress: [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }], ports: [{ protocol: 'TCP', port: 5432 }] }],
}
const deployment: New<Deployment>['spec'] = {
  replicas: 0,
  selector: { matchLabels: { app: 'web' } },
  template: {
    metadata: { labels: { app: 'web' } },
    spec: {
      containers: [
        { name: 'c', image: 'i:1', env: [{ name: 'A', value: '1' }], resources: { limits: { cpu: '500m' } } },
      ],
      schedulerName: 'nobody',
    },
  },
}

describe('a writer', () => {
  let cluster: Cluster
  let config: KubeConfig
  let namespace: string

  beforeAll(async () => {
    cluster = await openCluster()
    config = cluster.kubeConfig()
    namespace = (await createNamespaces(config, 1))[0]!
  })
  afterAll(async () => {
    await deleteNamespaces(config, [namespace])
    await cluster.stop()
  })

  /** What an informer has of an object. */
  async function read<T extends KubernetesObject>(resource: Resource<T>, name: string, options?: InformerOptions<T>) {
    onTestFailed(() => console.error(cluster.logs()))
    const informer = createInformer<T>(config, resource, { ...options, namespaces: [namespace] })
    onTestFinished(() => informer.stop())
    informer.start()
    await informer.synced({ timeoutMs: 30_000 })
    return informer.store.get({ namespace, name })!
  }

  test.each(['protobuf', 'json'] as const)('leaves a NetworkPolicy from the store unharmed: %s', async (encoding) => {
    const writer = createWriter(config, networkpolicies)
    const metadata = { name: `db-${encoding}`, namespace }
    const created = await writer.create({ metadata, spec: policy! })
    expect(created.spec).toEqual(policy)
    const labelled = await writer.patch(await read(networkpolicies, metadata.name, { encoding }), (draft) => {
      draft.metadata.labels = { team: 'blue' }
    })
    expect(labelled.spec).toEqual(policy)
    const opened = await writer.patch(labelled, (draft) => {
      draft.spec!.ingress![0]!.from!.push({ ipBlock: { cidr: '10.0.0.0/8' } })
    })
    const [rule] = policy!.ingress!
    expect(opened.spec?.ingress).toEqual([{ ...rule, from: [...rule!.from!, { ipBlock: { cidr: '10.0.0.0/8' } }] }])
    expect(await read(networkpolicies, metadata.name, { keepManagedFields: true })).toEqual(opened)
    await writer.delete(opened)
  })

  test.each(['protobuf', 'json'] as const)('leaves a Deployment from the store unharmed: %s', async (encoding) => {
    const writer = createWriter(config, deployments)
    const metadata = { name: `web-${encoding}`, namespace, annotations: { big: 'x' } }
    const { spec } = await writer.create({ metadata, spec: deployment! })
    const omit = ['metadata.annotations', 'spec.selector']
    const cut = await read(deployments, metadata.name, { encoding, omit })
    expect(cut.spec?.selector).toBeUndefined()
    const patched = await writer.patch(cut, (draft) => {
      draft.spec!.template.spec!.containers[0]!.image = 'i:2'
    })
    expect(patched.metadata.annotations).toMatchObject({ big: 'x' })
    expect(patched.spec?.template.spec?.containers[0]?.image).toBe('i:2')
    patched.spec!.template.spec!.containers[0]!.image = 'i:1'
    expect(patched.spec).toEqual(spec)
    const without = await read(deployments, metadata.name, { encoding, omit: ['spec.template.spec.containers.env'] })
    const harm = writer.patch(without, (draft) => void (draft.spec!.template.spec!.containers[0]!.image = 'i:3'))
    await expect(harm).rejects.toMatchObject({ code: 'ERR_OPTION' })
    const scale = await writer.patch(patched, (draft) => (draft.spec!.replicas = 2), { subresource: 'scale' })
    expect(scale).toMatchObject({ kind: 'Scale', spec: { replicas: 2 } })
  })

  test('is told of what the server does not know, and of conflicts', async () => {
    const writer = createWriter(config, networkpolicies)
    const ingress = [{ _from: [] }] as object[] // as client-node calls it
    const spec = { podSelector: {}, ingress }
    const unknown = writer.create({ metadata: { name: 'x', namespace }, spec })
    await expect(unknown).rejects.toMatchObject({ code: 'ERR_BAD_REQUEST', message: expect.stringMatching('_from') })
    const created = await writer.create({ metadata: { name: 'x', namespace }, spec: policy! })
    await expect(writer.create({ metadata: { name: 'x', namespace }, spec: policy! })).rejects.toMatchObject({
      code: 'ERR_CONFLICT',
      reason: 'AlreadyExists',
    })
    await writer.patch(created, (draft) => (draft.metadata.labels = { a: 'b' }))
    const stale = writer.patch(created, (draft) => (draft.metadata.finalizers = ['a.b/c']))
    await expect(stale).rejects.toMatchObject({ code: 'ERR_CONFLICT', status: 409 })
    await writer.delete(created)
    await writer.create({ metadata: { name: 'x', namespace }, spec: policy! })
    const revived = writer.patch(created, (draft) => (draft.metadata.labels = { a: 'b' }))
    await expect(revived).rejects.toMatchObject({ code: 'ERR_CONFLICT', status: 422 })
    await expect(writer.delete(created)).rejects.toMatchObject({ code: 'ERR_CONFLICT', status: 409 })
  })

  test('applies text that YAML reads otherwise, and objects that were read', async () => {
    const writer = createWriter(config, configmaps)
    const metadata = { name: 'text', namespace }
    const data = { text: 'a\u007F\u0085\u2028\u2029\uFEFF😀z: {\n}\t"\\' }
    const options = { fieldManager: 'e2e' }
    expect((await writer.apply({ metadata, data }, options)).data).toEqual(data)
    const all = await read(configmaps, 'text', { keepManagedFields: true })
    expect((await writer.apply({ ...all, data: { other: '1' } }, options)).data).toEqual({ other: '1' })
    const gone = writer.apply({ metadata: { ...metadata, name: 'gone', uid: all.metadata.uid } }, options)
    await expect(gone).rejects.toMatchObject({ code: 'ERR_CONFLICT', status: 409 })
    const { uid } = all.metadata
    const finalized = await writer.patch(all, (draft) => (draft.metadata.finalizers = ['a.b/c']), { lock: false })
    expect((await writer.delete(finalized))?.metadata).toMatchObject({ uid, deletionTimestamp: expect.any(String) })
  })
})

import {
  AppsV1Api,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  KubernetesObjectApi,
  makeInformer,
  PatchStrategy,
  setHeaderOptions,
  type V1ConfigMap,
  type V1Deployment,
} from '@kubernetes/client-node'
import { describe, expect, onTestFinished, test } from 'vitest'
import { customResource, resources } from '../../src/index.ts'
import { TestApiServer } from '../../src/testing/index.ts'
import { waitUntil } from '../support/wait.ts'

const namespace = 'default'
const kind = { group: 'example.com', version: 'v1', plural: 'widgets', namespace }
const { configmaps: configMaps } = resources.core.v1

async function startServer(): Promise<{ server: TestApiServer; config: KubeConfig }> {
  const server = await TestApiServer.start({ crds: [customResource({ ...kind, kind: 'Widget' })] })
  onTestFinished(() => server.stop())
  return { server, config: server.kubeConfig() as KubeConfig }
}

describe('client-node on TestApiServer', () => {
  test('creates, reads, changes, lists and deletes ConfigMaps', async () => {
    const { server, config } = await startServer()
    const api = config.makeApiClient(CoreV1Api)
    const made = await api.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'a' }, data: { x: '1' } } })
    expect(made.metadata?.creationTimestamp).toBeInstanceOf(Date)
    const { resourceVersion } = made.metadata!
    const at = (data: object): V1ConfigMap => ({ metadata: { name: 'a', resourceVersion }, data }) as V1ConfigMap
    const changed = await api.replaceNamespacedConfigMap({ name: 'a', namespace, body: at({ x: '2' }) })
    expect(BigInt(changed.metadata!.resourceVersion!)).toBeGreaterThan(BigInt(resourceVersion!))
    const stale = api.replaceNamespacedConfigMap({ name: 'a', namespace, body: at({ x: '3' }) })
    await expect(stale).rejects.toMatchObject({ code: 409 })
    const patched = await api.patchNamespacedConfigMap(
      { name: 'a', namespace, body: { data: { y: '1' } } },
      setHeaderOptions('Content-Type', PatchStrategy.MergePatch),
    )
    expect(patched.data).toEqual({ x: '2', y: '1' })
    const { items, metadata } = await api.listNamespacedConfigMap({ namespace })
    expect(items.map(({ data }) => data)).toEqual([{ x: '2', y: '1' }])
    expect(metadata?.resourceVersion).toBe(patched.metadata!.resourceVersion)
    await api.deleteNamespacedConfigMap({ name: 'a', namespace })
    await expect(api.readNamespacedConfigMap({ name: 'a', namespace })).rejects.toMatchObject({ code: 404 })
    expect(server.list(configMaps)).toEqual([])
  })

  test('writes a Deployment, its status and its scale', async () => {
    const { config } = await startServer()
    const api = config.makeApiClient(AppsV1Api)
    const labels = { app: 'shop' }
    const containers = [{ name: 'main', image: 'registry.example/shop:1' }]
    const body: V1Deployment = {
      metadata: { name: 'web' },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    }
    const made = await api.createNamespacedDeployment({ namespace, body })
    const status = { replicas: 2, readyReplicas: 1 }
    const written = await api.replaceNamespacedDeploymentStatus({
      name: 'web',
      namespace,
      body: Object.assign(made, { status }),
    })
    expect(written.status).toMatchObject(status)
    const scale = await api.readNamespacedDeploymentScale({ name: 'web', namespace })
    scale.spec = { replicas: 5 }
    await api.replaceNamespacedDeploymentScale({ name: 'web', namespace, body: scale })
    const read = await api.readNamespacedDeployment({ name: 'web', namespace })
    expect(read).toMatchObject({ metadata: { generation: 2 }, spec: { replicas: 5 }, status })
  })

  test('writes custom resources', async () => {
    const { config } = await startServer()
    const api = config.makeApiClient(CustomObjectsApi)
    const body = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'one' }, spec: { size: 1 } }
    await api.createNamespacedCustomObject({ ...kind, body })
    const patch = [{ op: 'replace', path: '/spec/size', value: 2 }]
    await api.patchNamespacedCustomObject(
      { ...kind, name: 'one', body: patch },
      setHeaderOptions('Content-Type', PatchStrategy.JsonPatch),
    )
    const list = (await api.listNamespacedCustomObject(kind)) as { items: { spec: unknown }[] }
    expect(list.items.map(({ spec }) => spec)).toEqual([{ size: 2 }])
    await api.deleteNamespacedCustomObject({ ...kind, name: 'one' })
    await expect(api.getNamespacedCustomObject({ ...kind, name: 'one' })).rejects.toMatchObject({ code: 404 })
  })

  test('applies objects of any kind by what the discovery says', async () => {
    const { server, config } = await startServer()
    const api = KubernetesObjectApi.makeApiClient(config)
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'applied', namespace }, data: { x: '1' } }
    const apply = (data: object): Promise<unknown> =>
      api.patch({ ...object, data } as V1ConfigMap, undefined, undefined, 'test', true, PatchStrategy.ServerSideApply)
    await apply({ x: '1', y: '1' })
    await apply({ x: '2' })
    expect(server.get(configMaps, { namespace, name: 'applied' })).toMatchObject({ data: { x: '2' } })
    await api.delete({ ...object, data: {} } as V1ConfigMap)
    expect(server.list(configMaps)).toEqual([])
  })

  test('follows with its own informer, and goes on after a dropped watch', async () => {
    const { server, config } = await startServer()
    const make = (name: string): unknown => server.create(configMaps, { metadata: { name, namespace }, data: {} })
    make('a')
    const api = config.makeApiClient(CoreV1Api)
    const path = `/api/v1/namespaces/${namespace}/configmaps`
    const informer = makeInformer(config, path, () => api.listNamespacedConfigMap({ namespace }))
    const heard: string[] = []
    for (const verb of ['add', 'update', 'delete'] as const) {
      informer.on(verb, ({ metadata }) => void heard.push(`${verb} ${metadata!.name}`))
    }
    informer.on('error', () => void informer.start())
    await informer.start()
    onTestFinished(() => informer.stop())
    const until = (last: string): Promise<void> =>
      waitUntil({
        what: `"${last}" after ${heard.join(', ')}`,
        timeoutMs: 10_000,
        probe: async () => heard.includes(last),
      })
    await until('add a')
    make('b')
    await until('add b')
    server.faults.dropWatches()
    server.edit(configMaps, { namespace, name: 'b' }, (draft) => void (draft.data = { x: '1' }))
    await until('update b')
    server.delete(configMaps, { namespace, name: 'a' })
    await until('delete a')
  })
})

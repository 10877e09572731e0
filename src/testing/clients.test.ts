import {
  AppsV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  type KubernetesObject,
  KubernetesObjectApi,
  PatchStrategy,
  V1Deployment,
  VersionApi,
} from '@kubernetes/client-node'
import { describe, expect, onTestFinished, test } from 'vitest'
import { customResource } from '../api/resource.ts'
import { TestApiServer } from './server.ts'

const widgets = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })
const namespace = 'default'
const labels = { app: 'web' }
const deployment = {
  metadata: { name: 'web' },
  spec: {
    replicas: 1,
    selector: { matchLabels: labels },
    template: { metadata: { labels }, spec: { containers: [{ name: 'main', image: 'one' }] } },
  },
}

async function start() {
  const server = await TestApiServer.start({ crds: [widgets] })
  onTestFinished(() => server.stop())
  return server.kubeConfig()
}

describe('client-node', () => {
  test('writes workloads, their scale and their status', async () => {
    const api = (await start()).makeApiClient(AppsV1Api)
    const of = { name: 'web', namespace }
    const created = await api.createNamespacedDeployment({ namespace, body: deployment })
    expect(created.metadata?.generation).toBe(1)
    const scale = await api.readNamespacedDeploymentScale(of)
    await api.replaceNamespacedDeploymentScale({ ...of, body: Object.assign(scale, { spec: { replicas: 3 } }) })
    const live = await api.readNamespacedDeployment(of)
    const status = Object.assign(new V1Deployment(), live, { status: { replicas: 3 } })
    expect((await api.replaceNamespacedDeploymentStatus({ ...of, body: status })).status).toEqual({ replicas: 3 })
    await expect(api.replaceNamespacedDeployment({ ...of, body: live })).rejects.toMatchObject({ code: 409 })
    expect(await api.deleteCollectionNamespacedDeployment({ namespace })).toBeDefined()
    expect((await api.listNamespacedDeployment({ namespace })).items).toEqual([])
  })

  test('writes custom resources', async () => {
    const api = (await start()).makeApiClient(CustomObjectsApi)
    const of = { group: 'example.com', version: 'v1', namespace, plural: 'widgets' }
    const body = { apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' }, spec: { size: 1 } }
    const created = (await api.createNamespacedCustomObject({ ...of, body })) as object
    const status = { ...created, status: { ready: true } }
    const named = { ...of, name: 'w' }
    expect(await api.replaceNamespacedCustomObjectStatus({ ...named, body: status })).toMatchObject({
      status: { ready: true },
    })
    expect(await api.listNamespacedCustomObject(of)).toMatchObject({ items: [{ spec: { size: 1 } }] })
    await api.deleteNamespacedCustomObject(named)
    await expect(api.getNamespacedCustomObject(named)).rejects.toMatchObject({ code: 404 })
  })

  test('finds resources by discovery, and patches by every strategy', async () => {
    const api = KubernetesObjectApi.makeApiClient(await start())
    const head = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'c', namespace } }
    await api.create({ ...head, data: { a: '1' } } as KubernetesObject)
    for (const [index, strategy] of [
      PatchStrategy.MergePatch,
      PatchStrategy.StrategicMergePatch,
      PatchStrategy.ServerSideApply,
    ].entries()) {
      const data = { [`key-${index}`]: 'x' }
      const patch = { ...head, data } as KubernetesObject
      expect(
        await api.patch(
          patch,
          undefined,
          undefined,
          'me',
          strategy === PatchStrategy.ServerSideApply || undefined,
          strategy,
        ),
      ).toMatchObject({ data })
    }
    expect(await api.read(head)).toMatchObject({ data: { a: '1', 'key-0': 'x', 'key-1': 'x', 'key-2': 'x' } })
  })

  test('asks for the version and for its rights', async () => {
    const kubeConfig = await start()
    expect(await kubeConfig.makeApiClient(VersionApi).getCode()).toMatchObject({ minor: '36' })
    const review = { spec: { resourceAttributes: { verb: 'list', resource: 'pods' } } }
    const { status } = await kubeConfig
      .makeApiClient(AuthorizationV1Api)
      .createSelfSubjectAccessReview({ body: review })
    expect(status?.allowed).toBe(true)
    const { items } = await kubeConfig.makeApiClient(CoreV1Api).listNamespace()
    expect(items).toHaveLength(4)
  })
})

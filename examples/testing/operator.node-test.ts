/**
 * A first operator test with `node:test`.
 *
 *     node --test examples/testing/operator.node-test.ts
 */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { AppsV1Api, type KubeConfig } from '@kubernetes/client-node'
import { resources } from 'kubeflume'
import { TestApiServer } from 'kubeflume/testing'

const { deployments } = resources.apps.v1

const MANIFEST = `
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, labels: { night: "off" } }
spec: { replicas: 3, template: { spec: { containers: [{ name: main, image: web:1 }] } } }
`

/** The code under test: scales down what is marked to be off at night. */
async function scaleDown(kubeConfig: KubeConfig): Promise<void> {
  const api = kubeConfig.makeApiClient(AppsV1Api)
  const { items } = await api.listDeploymentForAllNamespaces({ labelSelector: 'night=off' })
  for (const { metadata } of items) {
    const { name = '', namespace = '' } = metadata ?? {}
    const scale = await api.readNamespacedDeploymentScale({ name, namespace })
    await api.replaceNamespacedDeploymentScale({
      name,
      namespace,
      body: Object.assign(scale, { spec: { replicas: 0 } }),
    })
  }
}

void test('scales down what is marked, and nothing else', async () => {
  await using server = await TestApiServer.start({ manifests: [MANIFEST] })
  server.apply(MANIFEST.replace('name: web,', 'name: other,').replace('labels: { night: "off" }', 'labels: {}'))
  await scaleDown(server.kubeConfig())
  const replicas = server.list(deployments).map(({ metadata, spec }) => [metadata.name, spec?.replicas])
  assert.deepEqual(replicas, [
    ['other', 3],
    ['web', 0],
  ])
})

void test('tells when the server refuses', async () => {
  await using server = await TestApiServer.start({ manifests: [MANIFEST] })
  server.faults.answer({ status: 503, verb: 'list' })
  await assert.rejects(scaleDown(server.kubeConfig()), { code: 503 })
  assert.equal(server.get(deployments, 'default/web')?.spec?.replicas, 3)
})

/**
 * A first operator test with vitest: an informer, a write, and what the server has seen.
 *
 *     npx vitest run examples/testing/operator.test.ts
 */
import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node'
import { createInformer, resources } from 'kubeflume'
import { pod, TestApiServer } from 'kubeflume/testing'
import { expect, test } from 'vitest'

const { pods } = resources.core.v1

/** The code under test: labels each new pod with its node. */
async function labelPods(kubeConfig: KubeConfig, signal: AbortSignal): Promise<void> {
  const api = kubeConfig.makeApiClient(CoreV1Api)
  await using informer = createInformer(kubeConfig, pods)
  informer.start()
  for await (const { object } of informer.events({ signal })) {
    const { name, namespace = '', labels } = object.metadata
    const nodeName = object.spec?.nodeName
    if (nodeName === undefined || labels?.['node'] === nodeName) continue
    const body = [{ op: 'add', path: '/metadata/labels', value: { ...labels, node: nodeName } }]
    await api.patchNamespacedPod({ name, namespace, body })
  }
}

test('every pod is labelled with its node, those that come later too', async () => {
  await using server = await TestApiServer.start({ objects: [pod({ name: 'first', nodeName: 'n1' })] })
  const stop = new AbortController()
  const running = labelPods(server.kubeConfig(), stop.signal)
  const isLabelled = (object: { metadata: { labels?: object } } | undefined): boolean =>
    Object.hasOwn(object?.metadata.labels ?? {}, 'node')

  await server.waitFor(pods, 'default/first', isLabelled, { timeoutMs: 10_000 })
  server.create(pods, pod({ name: 'second', nodeName: 'n2' }))
  const second = await server.waitFor(pods, 'default/second', isLabelled, { timeoutMs: 10_000 })

  expect(second?.metadata.labels).toEqual({ node: 'n2' })
  expect(server.requests.filter(({ verb }) => verb === 'patch')).toHaveLength(2)
  stop.abort()
  await running.catch(() => undefined)
})

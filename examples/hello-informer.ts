/**
 * Lesson 1: a local copy of all pods, and what changes in it.
 *
 *     node examples/hello-informer.ts              on a server in this process
 *     node examples/hello-informer.ts --cluster    on the cluster of your kubeconfig
 */
import { KubeConfig } from '@kubernetes/client-node'
import { createInformer, resources } from 'kubeflume'
import { pod, TestApiServer } from 'kubeflume/testing'

// Credentials are client-node's. Without --cluster a server in this process plays the cluster.
const server = process.argv.includes('--cluster') ? undefined : await TestApiServer.start()
const kubeConfig = server?.kubeConfig() ?? new KubeConfig()
if (server === undefined) kubeConfig.loadFromDefault()
server?.create(resources.core.v1.pods, pod({ name: 'first', namespace: 'web', labels: { app: 'hello' } }))

const pods = createInformer(kubeConfig, resources.core.v1.pods, {
  labelSelector: 'app=hello',
  onError: (error) => console.error(`still here, in spite of ${error.code}: ${error.message}`),
})

try {
  pods.start()
  await pods.synced({ timeoutMs: 30_000 }) // rejects with the reason, if there is no way to sync
  console.log(`${pods.store.size} pods, at resourceVersion ${pods.store.resourceVersion}`)

  // From here on the store answers without asking the server.
  for (const object of pods.store.list({ namespace: 'web' })) {
    console.log(`- ${object.metadata.name}: ${object.status?.phase}`)
  }

  server?.create(resources.core.v1.pods, pod({ name: 'second', namespace: 'web', labels: { app: 'hello' } }))
  server?.delete(resources.core.v1.pods, 'web/first')

  // What is there comes as `added`, then what changes, as it changes.
  for await (const delta of pods.events()) {
    console.log(`${delta.type} ${delta.key}`)
    if (server !== undefined && delta.type === 'deleted') break
  }
} finally {
  await pods.stop()
  await server?.stop()
}

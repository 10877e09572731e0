/**
 * Lesson 1: a local copy of pods, and what changes in it.
 *
 *     node examples/hello-informer.ts                      on a server in this process
 *     EXAMPLE_CLUSTER=1 node examples/hello-informer.ts    on the cluster of your kubeconfig, in a namespace of its own
 */
import assert from 'node:assert/strict'
import { createInformer, createWriter, type New, type Pod, resources } from 'kubeflume'
import { exampleCluster } from './support/example-cluster.ts'

await using cluster = await exampleCluster()
const { kubeConfig } = cluster // client-node's: the credentials are its own
const namespace = await cluster.createNamespace()

const writer = createWriter(kubeConfig, resources.core.v1.pods)
await writer.create(hello('first'))

await using pods = createInformer(kubeConfig, resources.core.v1.pods, {
  namespaces: [namespace], // without it: all of them
  labelSelector: 'app=hello',
  onError: (error) => console.error(`still here, in spite of ${error.code}: ${error.message}`),
})
const stop = new AbortController()
process.once('SIGTERM', () => stop.abort())
pods.start({ signal: stop.signal })
await pods.synced({ timeoutMs: 30_000 }) // rejects with the reason, if there is no way to sync
console.log(`${pods.store.size} pod, at resourceVersion ${pods.store.resourceVersion}`)

// From here on the store answers without asking the server.
for (const { metadata } of pods.store.list({ namespace })) {
  console.log(`- ${metadata.name}, since ${metadata.creationTimestamp}`)
}
assert.ok(pods.store.has({ namespace, name: 'first' }))

// What is there comes as `added`, then what changes, as it changes. It is subscribed to here, at the call.
const deltas = pods.events()
await writer.create(hello('second'))
await writer.delete({ namespace, name: 'first' })

const heard: string[] = []
for await (const { type, object } of deltas) {
  console.log(`${type} ${object.metadata.name}`)
  if (type !== 'updated') heard.push(`${type} ${object.metadata.name}`)
  if (type === 'deleted') break
}
assert.deepEqual(heard, ['added first', 'added second', 'deleted first'])

/** A pod that no scheduler puts on a node: it costs nothing, and is gone when it is deleted. */
function hello(name: string): New<Pod> {
  return {
    metadata: { name, namespace, labels: { app: 'hello' } },
    spec: { schedulerName: 'nobody', containers: [{ name: 'main', image: 'registry.example.com/hello:1' }] },
  }
}

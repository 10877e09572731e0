/**
 * From client-node's `makeInformer` to kubeflume: both follow the same ConfigMaps, side by side. What they print is
 * the same as long as nothing goes wrong; then see where they part. The table is in docs/migrating-from-client-node.md.
 *
 *     node examples/migrate-from-client-node.ts                      on a server in this process
 *     EXAMPLE_CLUSTER=1 node examples/migrate-from-client-node.ts    on the cluster of your kubeconfig: the first half
 */
import assert from 'node:assert/strict'
import { CoreV1Api, makeInformer } from '@kubernetes/client-node'
import { createInformer, createWriter, resources } from 'kubeflume'
import { exampleCluster } from './support/example-cluster.ts'
import { Seen } from './support/seen.ts'

const labels = { example: 'migration' }
const labelSelector = 'example=migration'

await using cluster = await exampleCluster()
const { kubeConfig, server } = cluster
const namespace = await cluster.createNamespace()

const { configmaps } = resources.core.v1
const writer = createWriter(kubeConfig, configmaps)
await writer.create({ metadata: { name: 'migration-a', namespace, labels }, data: { color: 'red' } })

// ── before: a path and a function that lists must say the same; events come by name ──
const old = new Seen('makeInformer')
const api = kubeConfig.makeApiClient(CoreV1Api)
const oldInformer = makeInformer(
  kubeConfig,
  `/api/v1/namespaces/${namespace}/configmaps`,
  () => api.listNamespacedConfigMap({ namespace, labelSelector }),
  labelSelector,
)
oldInformer.on('add', (object) => old.add(`added ${object.metadata?.name}`))
oldInformer.on('update', (object) => old.add(`updated ${object.metadata?.name}`))
oldInformer.on('delete', (object) => old.add(`deleted ${object.metadata?.name}`))
oldInformer.on('error', (error: { statusCode?: number }) => old.add(`error ${error.statusCode}: it has stopped`))

// ── after: the resource says path and type ──
const now = new Seen('kubeflume')
await using informer = createInformer(kubeConfig, configmaps, {
  namespaces: [namespace],
  labelSelector,
  onError: (error) => now.add(`error ${error.code}: it goes on`),
})
informer.subscribe({
  added: (object) => now.add(`added ${object.metadata.name}`),
  updated: (object) => now.add(`updated ${object.metadata.name}`),
  deleted: (object) => now.add(`deleted ${object.metadata.name}`),
})

try {
  console.log('the first list')
  await oldInformer.start()
  informer.start()
  await informer.synced({ timeoutMs: 30_000 }) // makeInformer has nothing that says so
  assert.deepEqual(await now.take(1), await old.take(1))

  // A list gives client-node's classes with Dates, a watch gives plain JSON; here it is one shape.
  assert.ok((oldInformer.get('migration-a', namespace)?.metadata?.creationTimestamp as unknown) instanceof Date)
  assert.equal(typeof informer.store.get(`${namespace}/migration-a`)?.metadata.creationTimestamp, 'string')

  console.log('create, change, delete')
  const made = await writer.create({ metadata: { name: 'migration-b', namespace, labels }, data: { color: 'red' } })
  await informer.caughtUp(made) // the store shows what was written: makeInformer has nothing that says so either
  await writer.patch(informer.store.get(`${namespace}/migration-b`)!, (draft) => {
    draft.data!['color'] = 'blue'
  })
  await writer.delete(`${namespace}/migration-b`)
  const same = ['added migration-b', 'updated migration-b', 'deleted migration-b']
  assert.deepEqual(await old.take(3), same)
  assert.deepEqual(await now.take(3), same)

  if (server !== undefined) {
    console.log('deleted and made anew, while the connection is away and until the server has forgotten: 410')
    server.faults.dropWatches()
    server.delete(configmaps, `${namespace}/migration-a`)
    server.create(configmaps, { metadata: { name: 'migration-a', namespace, labels }, data: { color: 'green' } })
    server.compact()
    assert.deepEqual(await old.take(1), ['updated migration-a']) // another object, whose uid nobody looked at
    assert.deepEqual(await now.take(3), [
      'error ERR_RESOURCE_EXPIRED: it goes on',
      'deleted migration-a',
      'added migration-a',
    ])

    console.log('the server answers 500 for a while')
    server.faults.answer({ verb: 'watch', status: 500, times: Infinity })
    server.faults.dropWatches()
    assert.deepEqual(await old.take(1), ['error 500: it has stopped'])
    assert.equal((await now.take(1))[0], 'error ERR_API: it goes on')
    server.faults.clear()
    await writer.create({ metadata: { name: 'migration-c', namespace, labels } })
    while ((await now.take(1))[0] !== 'added migration-c'); // more errors may come before it
    assert.deepEqual(old.lines, []) // whoever does not start it again hears nothing any more
  }
} finally {
  await oldInformer.stop()
}
console.log('done')

/**
 * Lesson 3: indexes. A table of pods per node that is drawn anew while pods come and go; no list is searched for it.
 *
 *     node examples/pods-per-node.ts                                on a server in this process; ends by itself
 *     EXAMPLE_CLUSTER=1 node examples/pods-per-node.ts              the same, in a namespace of your cluster
 *     EXAMPLE_CLUSTER=1 node examples/pods-per-node.ts --follow     all pods of your cluster, until Ctrl-C
 */
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createInformer, createWriter, resources } from 'kubeflume'
import { exampleCluster } from './support/example-cluster.ts'
import { until } from './support/until.ts'

const isFollowing = process.argv.includes('--follow')
await using cluster = await exampleCluster()
const { kubeConfig } = cluster
const namespaces = isFollowing ? undefined : [await cluster.createNamespace()]

const pods = createInformer(kubeConfig, resources.core.v1.pods, {
  namespaces,
  indexes: {
    node: 'spec.nodeName', // by a field, which is read from the bytes
    evictedFrom: ({ spec, status }) => (status?.reason === 'Evicted' && spec?.nodeName ? [spec.nodeName] : []),
  },
  omit: ['spec.volumes', 'metadata.annotations'], // cut out of the bytes before anything is kept
  onError: (error) => console.error(`${error.code}: ${error.message}`),
})

/** Which rows there are. Everything else in the table is counted by index. */
const nodes = new Set<string>()
let lastTable = ''

function draw(): void {
  const rows = [...nodes].toSorted().map((node) => {
    const all = pods.store.count({ index: ['node', node] })
    const web = pods.store.count({ index: ['node', node], labelSelector: 'app=web' })
    const evicted = pods.store.count({ index: ['evictedFrom', node] })
    return `${node.padEnd(32)} ${String(all).padStart(5)} ${String(web).padStart(5)} ${String(evicted).padStart(8)}`
  })
  lastTable = ['NODE                              PODS   WEB  EVICTED', ...rows].join('\n')
  if (process.stdout.isTTY) console.clear()
  console.log(`${lastTable}\n`)
}

// One change or a thousand: the table is drawn when the loop turns, at most every 100 ms.
let drawing: NodeJS.Timeout | undefined
pods.subscribe(({ object }) => {
  if (object.spec?.nodeName !== undefined) nodes.add(object.spec.nodeName)
  drawing ??= setTimeout(() => {
    drawing = undefined
    draw()
  }, 100)
})

const stop = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
try {
  pods.start({ signal: stop.signal })
  await pods.synced({ timeoutMs: 60_000 })
  if (namespaces === undefined) await once(stop.signal, 'abort')
  else await comeAndGo(namespaces[0]!)
} finally {
  await pods.stop()
  clearTimeout(drawing)
}

/** Pods come to two nodes, and one of them goes. */
async function comeAndGo(namespace: string): Promise<void> {
  const writer = createWriter(kubeConfig, resources.core.v1.pods)
  const create = (name: string, nodeName: string, app: string): Promise<unknown> =>
    writer.create({
      metadata: { name, namespace, labels: { app } },
      // No kubelet waits to end it, since there is no such node.
      spec: { nodeName, terminationGracePeriodSeconds: 0, containers: [{ name: 'main', image: 'example.com/web:1' }] },
    })
  await create('web-0', 'example-node-a', 'web')
  await create('web-1', 'example-node-b', 'web')
  await create('db-0', 'example-node-b', 'db')
  await until('three pods in the table', () => /-a +1 +1 +0\n.*-b +2 +1 +0$/.test(lastTable))
  await writer.delete({ namespace, name: 'web-1' })
  await until('two pods in the table', () => /-a +1 +1 +0\n.*-b +1 +0 +0$/.test(lastTable))

  const onB = [...pods.store.iterate({ index: ['node', 'example-node-b'] })]
  assert.deepEqual(
    onB.map(({ metadata }) => metadata.name),
    ['db-0'],
  )
}

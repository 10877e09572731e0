/**
 * The whole of it in a few seconds, on an API server in this process: 20,000 pods synced item by item,
 * then live events, a dropped watch, and a compaction that makes a relist necessary.
 *
 *     npm run demo                 ends by itself
 *     npm run demo -- --follow     goes on with changes until Ctrl-C
 */
import { createInformer, type Delta, type Pod, resources } from 'kubeflume'
import { generatePods, pod, TestApiServer } from 'kubeflume/testing'
import { explain, ProgressBar, say } from './support/screen.ts'

const COUNT = 20_000
const { pods } = resources.core.v1

say(`Starting an API server in this process, with ${COUNT.toLocaleString('en')} pods in it.`)
const server = await TestApiServer.start({ objects: generatePods(COUNT) })
const informer = createInformer(server.kubeConfig(), pods, {
  onError: (error) => explain(`survived: ${error.code}`, error.message),
})
const interrupt = new AbortController()
process.once('SIGINT', () => interrupt.abort())

try {
  await sync()
  // Subscribed after the sync: what is there comes first, as `added` with `isInitialList`.
  const deltas = informer.events({ maxPending: 100_000, signal: interrupt.signal })
  const initial = await take(deltas, COUNT)
  explain(`${initial.length.toLocaleString('en')} × added`, 'a late subscriber gets the store first, then what changes')
  await followLiveEvents(deltas)
  await surviveADroppedWatch(deltas)
  await surviveACompaction(deltas)
  showRequests()
  if (process.argv.includes('--follow')) await follow(deltas)
} finally {
  await informer.stop()
  await server.stop()
}

async function sync(): Promise<void> {
  say('\n1. The first list: each pod is decoded and counted while the body is still arriving.')
  const bar = new ProgressBar(COUNT)
  const listening = informer.onStatus(({ items, bytes }) => bar.draw(items, bytes))
  const startedAt = performance.now()
  informer.start({ signal: interrupt.signal })
  await informer.synced()
  listening[Symbol.dispose]()
  const { items, bytes, resourceVersion } = informer.status
  bar.end(items, bytes)
  const ms = Math.round(performance.now() - startedAt)
  explain(
    `synced in ${ms} ms, at resourceVersion ${resourceVersion}`,
    'the items became the store at the verified end of the body; a body cut short would have changed nothing',
  )
}

async function followLiveEvents(deltas: AsyncIterable<Delta<Pod>>): Promise<void> {
  say('\n2. The watch: changes as they happen.')
  server.create(pods, pod({ name: 'new', namespace: 'demo', labels: { app: 'demo' } }))
  server.edit(pods, 'demo/new', (draft) => void (draft.metadata.labels = { app: 'demo', tier: 'front' }))
  server.delete(pods, 'demo/new')
  for (const delta of await take(deltas, 3)) {
    const labels = JSON.stringify(delta.object.metadata.labels)
    explain(`${delta.type} ${delta.key} ${labels}`, `resourceVersion ${delta.object.metadata.resourceVersion}`)
  }
}

async function surviveADroppedWatch(deltas: AsyncIterable<Delta<Pod>>): Promise<void> {
  say('\n3. The connection of the watch is reset, and something is written while nobody watches.')
  server.faults.dropWatches({ reset: true })
  server.create(pods, pod({ name: 'unseen', namespace: 'demo' }))
  const [delta] = await take(deltas, 1)
  explain(
    `${delta!.type} ${delta!.key}`,
    'the next watch began where the last one had stopped: nothing was missed, nothing listed',
  )
}

async function surviveACompaction(deltas: AsyncIterable<Delta<Pod>>): Promise<void> {
  say('\n4. The server forgets its history: what was deleted meanwhile can no longer be watched.')
  server.faults.closeWatchesAtOnce()
  server.faults.dropWatches()
  server.delete(pods, 'demo/unseen')
  server.create(pods, pod({ name: 'newer', namespace: 'demo' }))
  server.compact()
  for (const delta of await take(deltas, 2)) {
    const known = delta.type === 'deleted' ? `finalStateKnown: ${delta.finalStateKnown}` : 'found by the list'
    explain(`${delta.type} ${delta.key}`, known)
  }
  explain(
    `2 events for ${informer.store.size.toLocaleString('en')} listed pods`,
    'a pod with the uid and resourceVersion that the store has is kept as it is, and nobody is told',
  )
}

function showRequests(): void {
  say('\n5. All that the server was asked:')
  for (const { verb, query, servedFrom } of server.requests) {
    const { resourceVersion = 'unset', resourceVersionMatch = '' } = query
    say(
      `  ${verb.toUpperCase().padEnd(6)} resourceVersion ${resourceVersion} ${resourceVersionMatch} ${servedFrom ? `(from the ${servedFrom})` : ''}`,
    )
  }
  const { heapUsed, external } = process.memoryUsage()
  say(
    `\n${Math.round((heapUsed + external) / 1e6)} MB of heap and buffers hold the server's 20,000 pods and the store's.`,
  )
}

async function follow(deltas: AsyncIterable<Delta<Pod>>): Promise<void> {
  say('\nFollowing changes until Ctrl-C.')
  let count = 0
  const timer = setInterval(() => {
    count++
    server.create(pods, pod({ name: `pod-${count}`, namespace: 'demo' }))
    if (count > 3) server.delete(pods, `demo/pod-${count - 3}`)
  }, 1000)
  try {
    for await (const delta of deltas) say(`  ${delta.type} ${delta.key}`)
  } finally {
    clearInterval(timer)
  }
}

/** The next so many deltas; the iteration stays open. */
async function take(deltas: AsyncIterable<Delta<Pod>>, count: number): Promise<Delta<Pod>[]> {
  const iterator = deltas[Symbol.asyncIterator]()
  const taken: Delta<Pod>[] = []
  while (taken.length < count) {
    const next = await iterator.next()
    if (next.done) break
    taken.push(next.value)
  }
  return taken
}

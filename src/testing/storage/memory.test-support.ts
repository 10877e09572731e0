import { once } from 'node:events'
import { get } from 'node:http'
import { resources } from '../../api/generated/resources.ts'
import { Registry } from '../catalog/registry.ts'
import { generatePods } from '../pods.ts'
import { TestApiServer } from '../server.ts'
import { ManualClock } from '../manual-clock.ts'
import { Storage } from './storage.ts'
import { WatchCache } from './watch-cache.ts'

// A process of its own, with --expose-gc: what it prints is what `memory.test.ts` judges. Arguments: pods, revisions.

const collect = (globalThis as { gc?: () => void }).gc!
const [podCount = 0, revisionCount = 0] = process.argv.slice(2).map(Number)
const { configmaps } = resources.core.v1

/** The bytes of the objects lie outside of it. */
function heap(): number {
  collect()
  return process.memoryUsage().heapUsed
}

/**
 * What so many snapshots cost, which is what dropping them frees, beside what one tree takes: its keys, its
 * nodes and its entries, without the bytes of the objects.
 */
function measureSnapshots(): { tree: number; snapshots: number; count: number } {
  const served = new Registry().find('', 'v1', configmaps.plural)!
  const clock = new ManualClock()
  const data = { key: 'value '.repeat(20) }
  const before = heap()
  const storage = new Storage()
  const put = (i: number): void => void storage.put(served, { metadata: { name: `c${i}`, uid: `u${i}` }, data })
  storage.seed(() => Array.from({ length: podCount }, (_, i) => put(i)))
  const tree = heap() - before
  const state = {
    revision: storage.revision,
    versions: storage.collection(served).read({ prefix: '', revision: storage.revision }),
  }
  const cache = new WatchCache(state, {
    clock,
    newestRevision: () => storage.revision,
    hasSnapshots: true,
    watchesChanged: () => {},
  })
  storage.onWrite((version) => cache.receive(version))
  for (let i = 0; i < revisionCount; i++) put((i * 7919) % podCount)
  const count = cache.snapshotCount
  const after = heap()
  cache.compact(Infinity)
  return { tree, snapshots: after - heap(), count }
}

/** What the process grows by at most while so many clients read a LIST at once; they keep nothing. */
async function measureLists(
  server: TestApiServer,
  count: number,
  query: string,
): Promise<{ growth: number; bytes: number }> {
  collect()
  const before = process.memoryUsage.rss()
  let peak = before
  let bytes = 0
  const read = async (): Promise<void> => {
    const [response] = await once(get(`${server.url}/api/v1/pods?${query}`, { agent: false }), 'response')
    for await (const chunk of response) {
      bytes += (chunk as Buffer).length
      peak = Math.max(peak, process.memoryUsage.rss())
    }
  }
  await Promise.all(Array.from({ length: count }, read))
  return { growth: peak - before, bytes }
}

const snapshots = measureSnapshots()
const server = await TestApiServer.start({ objects: generatePods(podCount) })
await measureLists(server, 1, '') // what is loaded and compiled at the first one
const one = await measureLists(server, 1, '')
const ten = await measureLists(server, 10, '')
console.log(JSON.stringify({ snapshots, one, ten }))
await server.stop()

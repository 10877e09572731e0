/**
 * Lets updates come faster than a handler returns, and prints what that costs: run it with `--expose-gc`. It is a
 * program of its own so that nothing else is in its memory; what a subscriber holds is what is free when it is gone.
 */
import { type ConfigMap, createInformer, type Delta, resources, type Subscription } from '../../src/index.ts'
import { ManualClock, TestApiServer } from '../../src/testing/index.ts'

const KEYS = 5000
const UPDATES = 50_000
const HANDLER_MS = 1000
/** So many come at a time; between two bursts the handler returns once. */
const BURST = 1000
const OBJECT_BYTES = 1000
const MAX_PENDING = Number(process.argv[2] ?? 1000)

const { configmaps } = resources.core.v1
const gc = (globalThis as { gc?: () => void }).gc!

/** Bytes in use, on the heap and outside of it. */
async function memory(): Promise<number> {
  for (let turn = 0; turn < 5; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    gc()
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage()
  return heapUsed + arrayBuffers
}

async function heldBy(subscription: Subscription): Promise<number> {
  const before = await memory()
  subscription.unsubscribe()
  return before - (await memory())
}

const nameOf = (i: number): string => `c${i % KEYS}`
/** The first updates are all of one object: they wait one by one, since so many may wait as they are. */
const keyOf = (i: number): string => `default/${nameOf(i < KEYS + 1000 ? 0 : i)}`
const contentOf = (i: number): { readonly [key: string]: string } => ({
  i: `${i}`,
  text: `${i}`.padEnd(OBJECT_BYTES),
})

const clock = new ManualClock()
const objects = Array.from({ length: KEYS }, (_, i) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: nameOf(i), namespace: 'default' },
  data: contentOf(i),
}))
await using server = await TestApiServer.start({ clock, objects })
await using informer = createInformer(server.kubeConfig(), configmaps, { clock })
informer.start()
await informer.synced()

const seen = new Map<string, string>()
let calls = 0
async function handle({ type, key, object }: Delta<ConfigMap>): Promise<void> {
  if (type !== 'updated') return
  await new Promise<void>((resolve) => clock.setTimeout(resolve, HANDLER_MS))
  calls++
  seen.set(key, object.data?.['i'] ?? '')
}
const slow = informer.subscribe(handle, { maxPending: MAX_PENDING })
const forEver = new Promise<void>(() => {})
const stuck = informer.subscribe(({ type }) => (type === 'updated' ? forEver : undefined), { maxPending: MAX_PENDING })
await Promise.all([slow.synced(), stuck.synced()])

let mostPending = 0
let behind = 0
for (let i = KEYS; i < KEYS + UPDATES; i++) {
  server.edit(configmaps, keyOf(i), (draft) => void (draft.data = contentOf(i)))
  if ((i + 1) % BURST > 0) continue
  const { resourceVersion } = server.get(configmaps, keyOf(i))!.metadata
  for (let turn = 0; turn < 400 && informer.store.resourceVersion !== resourceVersion; turn++) await clock.advance(0)
  if (informer.store.resourceVersion !== resourceVersion) behind++
  mostPending = Math.max(mostPending, slow.pending, stuck.pending)
  await clock.advance(HANDLER_MS)
}
const { coalesced } = slow
const callsMeanwhile = calls
for (let left = slow.pending + 1; left > 0; left--) await clock.advance(HANDLER_MS)
const heldBytes = await heldBy(stuck) // the slow one holds nothing any more that both could have held
const missed = Array.from({ length: KEYS }, (_, i) => keyOf(KEYS + 1000 + i)).filter(
  (key) => seen.get(key) !== informer.store.get(key)?.data?.['i'],
)
console.log(JSON.stringify({ behind, mostPending, coalesced, callsMeanwhile, calls, heldBytes, missed: missed.length }))

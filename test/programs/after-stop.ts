/**
 * Follows a server, stops, lets go, and prints what is left: run it with `--expose-gc`. It must end by
 * itself; what would keep the process is a leak.
 */
import { getEventListeners } from 'node:events'
import { createInformer, type Informer, type KubeConfigLike, type Pod, resources } from '../../src/index.ts'
import { generatePods, TestApiServer } from '../../src/testing/index.ts'

const PODS = 2000

const gc = (globalThis as { gc?: () => void }).gc!
const signal = new AbortController().signal
const kept: WeakRef<object>[] = []

/** Two turns: what is weakly held is kept until the end of the job that looked at it. */
async function collect(): Promise<void> {
  for (let turn = 0; turn < 4; turn++) {
    await new Promise((resolve) => setImmediate(resolve))
    gc()
  }
}

const arrayBuffers = (): number => process.memoryUsage().arrayBuffers

async function follow(kubeConfig: KubeConfigLike, retain: 'wire' | 'compressed' | 'objects'): Promise<number> {
  const informer: Informer<Pod, 'node'> = createInformer(kubeConfig, resources.core.v1.pods, {
    retain,
    indexes: { node: 'spec.nodeName' },
  })
  const subscription = informer.subscribe({ updated: () => {} }, { resyncPeriodMs: 60_000, signal })
  const status = informer.onStatus(() => {})
  informer.start({ signal })
  await subscription.synced()
  const waiting = informer.caughtUp('999999999', { signal }).catch((error: { code: string }) => error.code)
  const object = informer.store.list()[0]!
  kept.push(new WeakRef(informer), new WeakRef(informer.store), new WeakRef(subscription), new WeakRef(object))
  const inUse = arrayBuffers()
  await informer.stop()
  if ((await waiting) !== 'ERR_STOPPED') throw new Error('caughtUp was not turned away')
  status[Symbol.dispose]()
  return inUse
}

function kubeConfigOf(url: string): KubeConfigLike {
  return {
    getCurrentCluster: () => ({ server: url }),
    getCurrentUser: () => null,
    applySecurityAuthentication: () => Promise.resolve(),
  }
}

const server = await TestApiServer.start({ objects: [...generatePods(PODS)] })
const kubeConfig = kubeConfigOf(server.url)
await follow(kubeConfig, 'wire') // loads and compiles everything that stays loaded
await collect()
const before = arrayBuffers()
const inUse: number[] = []
for (const retain of ['wire', 'compressed', 'objects'] as const) inUse.push(await follow(kubeConfig, retain))
await collect()
const after = arrayBuffers()
// each connection has its other end in this process, which goes a turn later
const sockets = process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length
await server.stop()
await collect()
process.stdout.write(
  JSON.stringify({
    alive: kept.filter((reference) => reference.deref() !== undefined).length,
    sockets,
    listeners: getEventListeners(signal, 'abort').length,
    resources: process.getActiveResourcesInfo().filter((name) => !/^(Pipe|TTY|FS)/.test(name)),
    slabBytes: Math.max(...inUse) - before,
    leftBytes: after - before,
  }),
)

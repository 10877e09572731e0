import { setTimeout } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, test } from 'vitest'
import { InformerFactory } from '../client.ts'
import { createFactoryRig, type FactoryRig } from './factory.test-support.ts'
import { kubeConfigOf, openSockets, pods, webPods } from './informer.test-support.ts'

setFlagsFromString('--expose-gc')
const gc = runInNewContext('gc') as () => void

/** Whether all of them have been collected, sooner or later. */
async function areCollected(refs: readonly WeakRef<object>[]): Promise<boolean> {
  for (let attempt = 0; attempt < 50; attempt++) {
    await setTimeout(5) // a WeakRef holds what it was asked for until the turn is over
    gc()
    if (refs.every((ref) => ref.deref() === undefined)) return true
  }
  return false
}

/** Uses a handle for all that it is for, and stops it. A function of its own, so that nothing else holds it. */
async function useHandle({ factory }: Pick<FactoryRig, 'factory'>): Promise<WeakRef<object>[]> {
  const handle = factory.informer(pods, { indexes: { node: 'spec.nodeName' }, onError: () => {}, observer: {} })
  const aborting = new AbortController()
  handle.start({ signal: aborting.signal })
  const subscription = handle.subscribe(() => {}, { resyncPeriodMs: 1000 })
  handle.onStatus(() => {})
  await handle.synced()
  await subscription.synced()
  const object = handle.store.get('web/a')!
  await handle.stop()
  return [handle, handle.store, subscription, object].map((held) => new WeakRef<object>(held))
}

async function useFactory({ server, clock }: FactoryRig): Promise<WeakRef<object>[]> {
  const factory = new InformerFactory(kubeConfigOf(server), { clock })
  const handle = factory.informer(pods)
  factory.start()
  await factory.synced()
  const used = await useHandle({ factory })
  await factory.stop()
  return [...used, new WeakRef(handle), new WeakRef(factory)]
}

describe('a factory that is stopped', () => {
  test('leaves nothing: no timer, no connection, no memory', async () => {
    const rig = await createFactoryRig({ objects: webPods('a'), start: false })
    const used = await useFactory(rig)
    expect(rig.clock.pending).toBe(0)
    await rig.until(() => openSockets() === 0, 'the end of all connections')
    expect(await areCollected(used)).toBe(true)
  })
})

describe('a factory that runs', () => {
  test('holds no handle that has been stopped, nor the objects of one that was the last', async () => {
    const rig = await createFactoryRig({ objects: webPods('a') })
    for (let round = 0; round < 3; round++) {
      const used = await useHandle(rig)
      expect(await areCollected(used)).toBe(true)
    }
    const other = rig.factory.informer(pods)
    await other.synced()
    const [handle, store, subscription] = await useHandle(rig)
    expect(await areCollected([handle!, store!, subscription!])).toBe(true)
    expect(other.status.synced).toBe(true)
  })
})

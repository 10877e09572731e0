import { describe, expect, test } from 'vitest'
import type { ConfigMap } from '../api/generated/index.ts'
import { createWriter } from '../client.ts'
import { kubeConfigOf } from '../informer/informer.test-support.ts'
import type { Controller } from './controller.ts'
import { configMap, configMaps, ControllerRig } from './controller.test-support.ts'

interface Counting {
  readonly rig: ControllerRig
  readonly controller: Controller
  /** The count that each run has seen. */
  readonly seen: (string | undefined)[]
}

/** A controller that counts in its object how often it ran, while the server's cache stands still. */
async function startCounting(): Promise<Counting> {
  const rig = await ControllerRig.start([configMap('a')])
  const informer = rig.informer(configMaps)
  const writer = createWriter<ConfigMap>(kubeConfigOf(rig.server), configMaps)
  const seen: (string | undefined)[] = []
  const controller = rig.controller({
    informer,
    reconcile: async ({ key }, context) => {
      const object = context.store.get(key)!
      const count = object.data?.['count']
      seen.push(count)
      if (count === '3') return
      rig.server.faults.fallBehind()
      const next = String(Number(count ?? 0) + 1)
      context.wrote(informer, await writer.patch(object, (draft) => void (draft.data = { count: next })))
    },
  })
  controller.start()
  await rig.until(() => seen.length === 1)
  for (let turn = 0; turn < 5; turn++) {
    controller.enqueue('web/a')
    await rig.settled()
  }
  return { rig, controller, seen }
}

describe('a run after a write', () => {
  test('waits until the informer has seen what was written', async () => {
    const { rig, seen } = await startCounting()
    expect(seen).toEqual([undefined])
    for (const count of ['1', '2', '3']) {
      rig.server.faults.catchUp()
      await rig.until(() => seen.at(-1) === count)
    }
    await rig.settled()
    expect([...new Set(seen)]).toEqual([undefined, '1', '2', '3'])
    expect(rig.server.requests.filter(({ verb }) => verb === 'patch')).toHaveLength(3)
    expect(rig.errors).toEqual([])
  })

  test('comes after half a minute all the same, and that is reported', async () => {
    const { rig, seen } = await startCounting()
    await rig.clock.advance(29_999)
    expect(seen).toEqual([undefined])
    await rig.clock.advance(1)
    await rig.until(() => seen.length > 1)
    expect(rig.codes[0]).toBe('ERR_TIMEOUT')
    rig.server.faults.catchUp()
    await rig.until(() => seen.includes('1'))
  })

  test('does not wait for what cannot be waited for', async () => {
    const rig = await ControllerRig.start([configMap('a')])
    const informer = rig.informer(configMaps)
    const controller = rig.controller({
      informer,
      reconcile: (_, context) => {
        context.wrote(informer, { metadata: {} })
        return Promise.resolve()
      },
    })
    controller.start()
    await controller.idle()
    controller.enqueue('web/a')
    await controller.idle()
    expect(rig.runs).toEqual(['web/a', 'web/a'])
    expect(rig.codes).toEqual(['ERR_RESOURCE_VERSION', 'ERR_RESOURCE_VERSION'])
  })

  test('leaves no wait behind when the controller stops', async () => {
    const { rig, controller } = await startCounting()
    await controller.stop()
    await rig.clock.advance(60_000)
    expect(rig.errors).toEqual([])
  })
})

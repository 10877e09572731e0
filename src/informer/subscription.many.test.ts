import { describe, expect, test } from 'vitest'
import type { Delta } from './delta.ts'
import type { Pod } from '../api/generated/index.ts'
import { followingRig, label, pods, webPod, webPods } from './informer.test-support.ts'

/** More than are made into changes at once. */
const NAMES = Array.from({ length: 5000 }, (_, i) => `pod-${i}`)

function shown({ type, object }: Delta<Pod>): string {
  return `${type} ${object.metadata.name} ${object.metadata.labels?.['app'] ?? ''}`.trim()
}

describe('a subscription to thousands of objects', () => {
  test('begins with each of them, once, and hears what changed meanwhile after that', async () => {
    const rig = await followingRig({ objects: webPods(...NAMES) })
    const seen: string[] = []
    let initial = 0
    const subscription = rig.informer.subscribe((delta) => {
      seen.push(shown(delta))
      if (delta.type === 'added' && delta.isInitialList) initial++
    })
    expect(subscription.pending).toBe(NAMES.length)
    label(rig.server, 'web/pod-7', '1')
    rig.server.create(pods, webPod('new'))
    rig.server.delete(pods, 'web/pod-8')
    await rig.until(() => seen.at(-1)?.startsWith('deleted') === true)
    expect(initial).toBe(NAMES.length)
    expect(new Set(seen.slice(0, NAMES.length))).toEqual(new Set(NAMES.map((name) => `added ${name}`)))
    expect(seen.slice(NAMES.length)).toEqual(['updated pod-7 1', 'added new', 'deleted pod-8'])
  })

  test('resyncs them only when the resync before has been told', async () => {
    const rig = await followingRig({ objects: webPods(...NAMES) })
    let resynced = 0
    let release = (): void => {}
    const gate = new Promise<void>((resolve) => (release = resolve))
    const subscription = rig.informer.subscribe(
      (delta) => {
        if (delta.type !== 'updated' || !delta.isResync) return undefined
        return resynced++ === 0 ? gate : undefined
      },
      { resyncPeriodMs: 1000 },
    )
    await rig.until(() => subscription.pending === 0)
    await rig.clock.advance(1000)
    await rig.until(() => resynced === 1)
    await rig.clock.advance(1000)
    expect(subscription.pending).toBe(NAMES.length - 1)
    release()
    await rig.until(() => subscription.pending === 0)
    expect(resynced).toBe(NAMES.length)
    await rig.clock.advance(1000)
    await rig.until(() => resynced === 2 * NAMES.length)
  })
})

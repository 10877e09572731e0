import { getEventListeners } from 'node:events'
import { describe, expect, test } from 'vitest'
import type { Pod } from '../api/generated/index.ts'
import type { Delta } from './delta.ts'
import { createRig, followingRig, label, pods, text, webPod, webPods } from './informer.test-support.ts'

/** A handler that returns when the test lets it. */
function gated() {
  const seen: string[] = []
  let release = (): void => {}
  const handler = (delta: Delta<Pod>): Promise<void> => {
    seen.push(text(delta))
    return new Promise((resolve) => (release = resolve))
  }
  return { seen, handler, next: () => release() }
}

describe('a subscription', () => {
  test('begins with what is there, and goes on with what changes, in order', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    const early = rig.record()
    label(rig.server, 'web/a', '1')
    label(rig.server, 'web/a', '2')
    rig.server.delete(pods, 'web/b')
    rig.server.create(pods, webPod('b'))
    await rig.until(() => early.length === 6)
    const late = rig.record()
    await rig.until(() => late.length === 2)
    expect(early).toEqual([
      'added web/a (initial)',
      'added web/b (initial)',
      'updated web/a',
      'updated web/a',
      'deleted web/b',
      'added web/b',
    ])
    expect(late.toSorted()).toEqual(['added web/a (initial)', 'added web/b (initial)'])
  })

  test('hears before the start of the informer of its first list', async () => {
    const rig = await createRig({ objects: webPods('a'), start: false })
    const seen = rig.record()
    rig.informer.start()
    await rig.until(() => seen.length === 1)
    expect(seen).toEqual(['added web/a (initial)'])
  })

  test('gives the object, what it was before, and the final state', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const deltas: Delta<Pod>[] = []
    rig.informer.subscribe((delta) => void deltas.push(delta))
    label(rig.server, 'web/a', '1')
    label(rig.server, 'web/a', '2')
    rig.server.delete(pods, 'web/a')
    await rig.until(() => deltas.length === 4)
    const apps = deltas.map((delta) => [
      delta.object.metadata.labels?.['app'],
      delta.type === 'updated' ? delta.previous.metadata.labels?.['app'] : '-',
      delta.object.metadata.resourceVersion,
    ])
    expect(apps).toEqual([
      [undefined, '-', '2'],
      ['1', undefined, '3'],
      ['2', '1', '4'],
      ['2', '-', '5'],
    ])
    expect(deltas[1]!.object).toBe(deltas[1]!.object)
    expect(Object.isFrozen(deltas[1]!.object.metadata)).toBe(true)
  })

  test('calls the method that is there for a kind of delta, and none for another', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const seen: unknown[] = []
    rig.informer.subscribe({
      updated: (object, previous, delta) =>
        void seen.push([object.metadata.labels, previous.metadata.labels, delta.type, delta.key]),
    })
    rig.informer.subscribe({ deleted: ({ metadata }, delta) => void seen.push([metadata.name, delta.type]) })
    label(rig.server, 'web/a', '1')
    await rig.until(() => seen.length === 1)
    rig.server.delete(pods, 'web/a')
    await rig.until(() => seen.length === 2)
    expect(seen).toEqual([
      [{ app: '1' }, undefined, 'updated', 'web/a'],
      ['a', 'deleted'],
    ])
  })

  test('waits for its own handler, and holds up no other one', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b', 'c') })
    const { seen, handler, next } = gated()
    const slow = rig.informer.subscribe(handler)
    const fast = rig.record()
    await rig.until(() => fast.length === 3)
    expect([seen.length, slow.pending]).toEqual([1, 2])
    next()
    await rig.until(() => seen.length === 2)
    expect(slow.pending).toBe(1)
  })

  test('folds what a slow handler has not heard, and tells how often', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    const { seen, handler, next } = gated()
    const previous: (string | undefined)[] = []
    const subscription = rig.informer.subscribe(
      (delta) => {
        if (delta.type === 'updated') previous.push(delta.previous.metadata.labels?.['app'])
        return handler(delta)
      },
      { maxPending: 2 },
    )
    await rig.until(() => seen.length === 1)
    for (const app of ['1', '2', '3', '4']) label(rig.server, 'web/a', app)
    rig.server.create(pods, webPod('brief'))
    rig.server.delete(pods, 'web/brief')
    rig.server.delete(pods, 'web/b')
    await rig.until(() => rig.informer.store.resourceVersion === '10')
    expect([subscription.pending, subscription.coalesced]).toEqual([1, 5])
    next()
    await rig.until(() => seen.length === 2)
    next()
    await rig.clock.advance(0)
    expect(seen).toEqual(['added web/a (initial)', 'updated web/a'])
    expect(previous).toEqual([undefined])
  })

  test.each([0, -1, 1.5, Number.NaN])('refuses a maxPending of %d', async (maxPending) => {
    const { informer } = await createRig({ start: false })
    expect(() => informer.subscribe(() => {}, { maxPending })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining('maxPending') }),
    )
  })
})

describe('the end of a subscription', () => {
  test('is at once, in the middle of what waits', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b', 'c') })
    const seen: string[] = []
    const subscription = rig.informer.subscribe((delta) => {
      seen.push(text(delta))
      subscription.unsubscribe()
    })
    await rig.clock.advance(0)
    label(rig.server, 'web/a', '1')
    await rig.until(() => rig.informer.store.resourceVersion === '5')
    await rig.clock.advance(0)
    expect([seen.length, subscription.pending]).toEqual([1, 0])
    subscription.unsubscribe()
    subscription[Symbol.dispose]()
  })

  test('leaves the others as they are, even from their handler', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const doomed = rig.informer.subscribe(() => {})
    rig.informer.subscribe(() => doomed.unsubscribe())
    const last = rig.record()
    await rig.until(() => last.length === 1)
    label(rig.server, 'web/a', '1')
    await rig.until(() => last.length === 2)
  })

  test('comes with the abort of its signal, which is then not listened to any more', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    const controller = new AbortController()
    const { signal } = controller
    const seen: string[] = []
    rig.informer.subscribe((delta) => void (seen.push(text(delta)) && controller.abort()), { signal })
    rig.informer.subscribe(() => {}, { signal }).unsubscribe()
    await rig.until(() => seen.length === 1)
    await rig.clock.advance(0)
    expect(seen).toHaveLength(1)
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    rig.informer.subscribe((delta) => void seen.push(text(delta)), { signal })
    await rig.clock.advance(0)
    expect(seen).toHaveLength(1)
  })

  test('takes its timer and its listener with it when the informer stops', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const { signal } = new AbortController()
    rig.informer.subscribe(() => {}, { signal, resyncPeriodMs: 1000 })
    await rig.informer.stop()
    expect([rig.timers, getEventListeners(signal, 'abort').length]).toEqual([0, 0])
  })

  test('comes with the next stop for one that began after a stop, and it hears nothing of the old run', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    await rig.informer.stop()
    const seen = rig.record()
    await rig.clock.advance(0)
    expect(seen).toEqual([])
    const iteration = rig.informer.events()
    await rig.informer.stop()
    expect(await iteration.next()).toEqual({ done: true, value: undefined })
  })
})

describe('a resync', () => {
  test('tells every object again at its period, without a request', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    const seen: string[] = []
    const subscription = rig.informer.subscribe((delta) => void seen.push(text(delta)), { resyncPeriodMs: 30_000 })
    await rig.clock.advance(29_999)
    expect(seen).toHaveLength(2)
    await rig.clock.advance(1)
    await rig.clock.advance(30_000)
    expect(seen.slice(2)).toEqual(
      ['updated web/a', 'updated web/b', 'updated web/a', 'updated web/b'].map((line) => `${line} (resync)`),
    )
    expect(rig.requests).toEqual([])
    subscription.unsubscribe()
    expect(rig.timers).toBe(1)
    await rig.clock.advance(60_000)
    expect(seen).toHaveLength(6)
  })

  test.each([0, 999, -1, Number.NaN])(
    'is refused with a period of %d ms, and tells nothing',
    async (resyncPeriodMs) => {
      const rig = await followingRig({ objects: webPods('a') })
      const seen: string[] = []
      expect(() => rig.informer.subscribe((delta) => void seen.push(text(delta)), { resyncPeriodMs })).toThrow(
        expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining('resyncPeriodMs') }),
      )
      const others = rig.record()
      await rig.until(() => others.length === 1)
      expect(seen).toEqual([])
    },
  )
})

describe('synced of a subscription', () => {
  test('resolves when its handler has returned from the whole first list', async () => {
    const rig = await createRig({ objects: webPods('a', 'b'), start: false })
    const { seen, handler, next } = gated()
    const subscription = rig.informer.subscribe(handler)
    let isSynced = false
    const waiting = subscription.synced().then(() => (isSynced = true))
    rig.informer.start()
    await rig.until(() => seen.length === 1 && rig.status.synced)
    next()
    await rig.until(() => seen.length === 2)
    await rig.clock.advance(0)
    expect(isSynced).toBe(false)
    next()
    await waiting
    await subscription.synced()
  })

  test('rejects after its time, when the informer is not synced and when the handler is not done', async () => {
    const rig = await createRig({ objects: webPods('a'), before: ({ faults }) => faults.stallList() })
    const { handler } = gated()
    const subscription = rig.informer.subscribe(handler)
    const before = subscription.synced({ timeoutMs: 1000 }).catch((error: unknown) => error)
    await rig.clock.advance(1000)
    expect(await before).toMatchObject({ code: 'ERR_TIMEOUT', informers: [{ status: { phase: 'listing' } }] })
    await rig.clock.advance(100_000)
    await rig.following()
    const after = subscription.synced({ timeoutMs: 1000 }).catch((error: unknown) => error)
    await rig.clock.advance(1000)
    expect(await after).toMatchObject({ code: 'ERR_TIMEOUT', message: '0 deltas still wait for the handler' })
  })

  test('rejects when it ends meanwhile', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const subscription = rig.informer.subscribe(gated().handler)
    const waiting = subscription.synced().catch((error: unknown) => error)
    await rig.clock.advance(0)
    subscription.unsubscribe()
    expect(await waiting).toMatchObject({ code: 'ERR_STOPPED', message: 'the subscription has ended' })
    expect(await subscription.synced().catch((error: unknown) => error)).toMatchObject({ code: 'ERR_STOPPED' })
  })
})

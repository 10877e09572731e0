import { describe, expect, test } from 'vitest'
import { createRig, followingRig, label, pods, text, webPod, webPods } from './informer.test-support.ts'

describe('events', () => {
  test('are subscribed at the call: nothing is missed before the first is asked for', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const events = rig.informer.events()
    label(rig.server, 'web/a', '1')
    rig.server.delete(pods, 'web/a')
    await rig.until(() => rig.informer.store.size === 0)
    const seen: string[] = []
    for await (const delta of events) if (seen.push(text(delta)) === 3) break
    expect(seen).toEqual(['added web/a (initial)', 'updated web/a', 'deleted web/a'])
  })

  test('are held until they are asked for, and folded beyond maxPending', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const events = rig.informer.events({ maxPending: 1 })
    await rig.clock.advance(0) // the first one is on offer
    for (const app of ['1', '2', '3']) label(rig.server, 'web/a', app)
    await rig.until(() => rig.informer.store.resourceVersion === '5')
    const seen = [await events.next(), await events.next()]
    expect(seen.map(({ value }) => value?.object.metadata.labels?.['app'])).toEqual([undefined, '3'])
    await events.return?.()
  })

  test('are unsubscribed by break', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    const events = rig.informer.events({ resyncPeriodMs: 1000 })
    for await (const delta of events) {
      expect(delta.key).toMatch(/^web/)
      break
    }
    expect(rig.timers).toBe(1)
    expect(await events.next()).toEqual({ done: true, value: undefined })
    for await (const delta of events) throw new Error(`it goes on with ${delta.key}`)
  })

  test('are unsubscribed by an error in the loop', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    const events = rig.informer.events({ resyncPeriodMs: 1000 })
    const loop = async (): Promise<void> => {
      for await (const delta of events) throw new Error(`mine: ${delta.type}`)
    }
    await expect(loop()).rejects.toThrow('mine')
    expect(rig.timers).toBe(1)
  })

  test('end without an error when the informer stops, in the middle of a wait too', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const seen: string[] = []
    const loop = (async () => {
      for await (const delta of rig.informer.events()) seen.push(text(delta))
    })()
    await rig.until(() => seen.length === 1)
    await rig.informer.stop()
    await loop
    expect(rig.errors).toEqual([])
  })

  test('end without an error when the signal aborts, with what was not taken', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    const controller = new AbortController()
    const events = rig.informer.events({ signal: controller.signal })
    await rig.clock.advance(0)
    controller.abort(new Error('enough'))
    expect(await events.next()).toEqual({ done: true, value: undefined })
    const ended = rig.informer.events({ signal: AbortSignal.abort() })
    expect(await ended.next()).toEqual({ done: true, value: undefined })
  })

  test('go in order to whoever asks, however many ask at once', async () => {
    const rig = await followingRig()
    const events = rig.informer.events()
    const asked = [events.next(), events.next(), events.next(), events.next()]
    for (const name of ['a', 'b', 'c']) rig.server.create(pods, webPod(name))
    const seen = await Promise.all(asked.slice(0, 3))
    expect(seen.map(({ value }) => value?.key)).toEqual(['web/a', 'web/b', 'web/c'])
    await events.return?.()
    expect(await asked[3]).toEqual({ done: true, value: undefined })
  })

  test('begin before the start of the informer', async () => {
    const rig = await createRig({ objects: webPods('a'), start: false })
    const first = rig.informer.events().next()
    rig.informer.start()
    expect((await first).value).toMatchObject({ type: 'added', key: 'web/a', isInitialList: true })
  })

  test('can be filtered', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    const events = rig.informer.events({ filter: ({ metadata }) => metadata.name === 'b' })
    expect((await events.next()).value?.key).toBe('web/b')
    await events.return?.()
  })
})

import { getEventListeners } from 'node:events'
import { describe, expect, onTestFinished, test } from 'vitest'
import { SyncError } from '../api/errors.ts'
import type { Pod } from '../api/generated/index.ts'
import type { KubeConfigLike } from '../api/kube-config.ts'
import { createInformer } from '../client.ts'
import type { InformerOptions } from './informer.ts'
import {
  createRig,
  kubeConfigOf,
  followingRig,
  label,
  openSockets,
  pods,
  type Rig,
  webPod,
  webPods,
} from './informer.test-support.ts'

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'it did not fail',
    (error: unknown) => error,
  )

/** Nothing of it is left, and nothing comes any more. */
async function expectEnded(rig: Rig): Promise<void> {
  expect(rig.status).toMatchObject({ phase: 'stopped', reason: 'stopped' })
  expect(rig.timers).toBe(0)
  const { length } = rig.server.requests
  await rig.until(() => openSockets() === 0, 'the end of all connections')
  await rig.clock.advance(3_600_000)
  expect(rig.server.requests.length).toBe(length)
  expect(rig.clock.pending).toBe(0)
}

describe('start', () => {
  test('is idempotent', async () => {
    const rig = await createRig({ objects: webPods('a') })
    rig.informer.start()
    await rig.following()
    rig.informer.start()
    rig.informer.start({ signal: AbortSignal.abort() })
    await rig.clock.advance(60_000)
    expect(rig.requests).toEqual(['LIST', 'WATCH rv=2'])
  })

  test('asks for nothing before it is called', async () => {
    const rig = await createRig({ objects: webPods('a'), start: false })
    await rig.clock.advance(3_600_000)
    expect([rig.requests, rig.clock.pending, rig.status.phase]).toEqual([[], 0, 'idle'])
  })

  test('begins with an empty store after stop, and takes the objects as new', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    const before = rig.record()
    await rig.until(() => before.length === 2)
    await rig.informer.stop()
    expect(rig.keys).toEqual(['web/a', 'web/b'])
    rig.server.delete(pods, 'web/a')
    rig.informer.start()
    expect([rig.keys, rig.status.synced, rig.informer.store.resourceVersion]).toEqual([[], false, undefined])
    const after = rig.record()
    await rig.following()
    expect(after).toEqual(['added web/b (initial)'])
    expect(before).toHaveLength(2)
    expect(rig.requests).toEqual(['LIST', 'WATCH rv=4'])
  })

  test('throws what the kubeconfig throws, and may be called again', async () => {
    let isBroken = true
    const given: { kubeConfig?: KubeConfigLike } = {}
    const kubeConfig: KubeConfigLike = {
      getCurrentCluster() {
        if (isBroken) throw new Error('no such file')
        return given.kubeConfig!.getCurrentCluster()
      },
      getCurrentUser: () => null,
      applySecurityAuthentication: () => Promise.resolve(),
    }
    const rig = await createRig({ objects: webPods('a'), start: false, kubeConfig })
    given.kubeConfig = kubeConfigOf(rig.server)
    expect(() => rig.informer.start()).toThrow('no such file')
    expect(rig.status.phase).toBe('idle')
    isBroken = false
    rig.informer.start()
    await rig.following()
    expect(rig.requests).toEqual(['LIST', 'WATCH rv=2'])
  })

  test('does nothing but stop with a signal that has aborted already', async () => {
    const rig = await createRig({ start: false })
    const waiting = failureOf(rig.informer.synced())
    rig.informer.start({ signal: AbortSignal.abort() })
    expect(await waiting).toMatchObject({ code: 'ERR_STOPPED' })
    await rig.informer.stop()
    await expectEnded(rig)
    rig.informer.start()
    await rig.following()
  })

  test('may follow stop at once, while that is still under way', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const first = rig.informer.stop()
    rig.informer.start()
    const seen = rig.record()
    label(rig.server, 'web/a', '1')
    await rig.following()
    await first
    await rig.until(() => seen.length > 0)
    expect(seen).toEqual(['added web/a (initial)'])
    expect(rig.status).toMatchObject({ phase: 'watching', synced: true })
    await rig.informer.stop()
    await expectEnded(rig)
  })
})

describe('stop', () => {
  const states: readonly [name: string, come: (rig: Rig) => Promise<void>][] = [
    ['before start', () => Promise.resolve()],
    ['right after start', async (rig) => rig.informer.start()],
    [
      'before the first byte of a list',
      async (rig) => {
        rig.server.faults.stallList()
        rig.informer.start()
        await rig.requested(1)
      },
    ],
    [
      'in a list',
      async (rig) => {
        rig.server.faults.stallList({ afterItems: 1 })
        rig.informer.start()
        await rig.until(() => rig.status.bytes > 0)
      },
    ],
    [
      'in a watch',
      async (rig) => {
        rig.informer.start()
        await rig.following()
      },
    ],
    [
      'in a watch that is deaf',
      async (rig) => {
        rig.server.faults.stallWatches()
        rig.informer.start()
        await rig.following()
      },
    ],
    [
      'in a backoff',
      async (rig) => {
        rig.server.faults.answer({ status: 500 })
        rig.informer.start()
        await rig.until(() => rig.waits.length === 1)
      },
    ],
  ]

  test.each(states)('%s ends every request, timer and connection', async (_name, come) => {
    const rig = await createRig({ objects: webPods('a', 'b'), start: false })
    await come(rig)
    rig.mark()
    await rig.informer.stop()
    await expectEnded(rig)
    expect(rig.errors).toEqual([])
  })

  test.each(states)('%s turns away who waits for the sync and ends subscriptions', async (_name, come) => {
    const rig = await createRig({ objects: webPods('a', 'b'), start: false })
    const subscription = rig.informer.subscribe(() => {})
    const iteration = rig.informer.events()
    await come(rig)
    const isSynced = rig.status.synced
    const waiting = failureOf(rig.informer.synced())
    const delivered = failureOf(subscription.synced())
    await rig.informer.stop()
    if (!isSynced) {
      expect(await waiting).toMatchObject({ code: 'ERR_STOPPED', message: 'the informer is stopped' })
      expect(await delivered).toMatchObject({ code: 'ERR_STOPPED' })
    }
    expect(await failureOf(rig.informer.synced())).toMatchObject({ code: 'ERR_STOPPED' })
    expect(await iteration.next()).toEqual({ done: true, value: undefined })
  })

  test('resolves when every run has ended, however often it is called', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    let ended = 0
    void rig.informer.stop().then(() => ended++)
    rig.informer.start()
    await rig.requested(1)
    const again = rig.informer.stop()
    expect(rig.informer.stop()).toBe(again)
    await again
    expect(ended).toBe(1)
    await expectEnded(rig)
  })

  test('is what leaving an `await using` block does', async () => {
    const rig = await createRig({ objects: webPods('a') })
    await rig.following()
    {
      await using informer = rig.informer
      expect(informer.status.synced).toBe(true)
    }
    await expectEnded(rig)
  })

  test('is what an abort of the signal of start does; the signal is not listened to any more', async () => {
    const rig = await createRig({ objects: webPods('a'), start: false })
    const controller = new AbortController()
    for (let round = 0; round < 3; round++) {
      rig.informer.start({ signal: controller.signal })
      await rig.following()
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(1)
      await rig.informer.stop()
      expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    }
    rig.informer.start({ signal: controller.signal })
    await rig.following()
    controller.abort(new Error('enough'))
    await rig.until(() => rig.status.phase === 'stopped')
    await expectEnded(rig)
  })
})

describe('a listener that ends the informer in the middle of its work', () => {
  const fail = (): never => {
    throw new Error('no')
  }
  const places: readonly [name: string, optionsOf: (act: () => void) => InformerOptions<Pod>][] = [
    ['a filter in a list', (act) => ({ filter: () => (act(), true) })],
    ['a transform in a list', (act) => ({ transform: (object: Pod) => (act(), object) })],
    ['onError', (act) => ({ onError: act, filter: fail })],
  ]

  test.each(['listing', 'watching', 'backoff', 'idle'] as const)('may be called for the phase %s', async (phase) => {
    const rig = await createRig({
      objects: webPods('a'),
      start: false,
      before: ({ faults }) => phase === 'backoff' && faults.answer({ status: 500 }),
    })
    let stopped: Promise<void> | undefined
    rig.informer.onStatus((status) => {
      if (status.phase === phase || phase === 'idle') stopped ??= rig.informer.stop()
    })
    rig.informer.start()
    await rig.until(() => stopped !== undefined)
    await stopped
    await expectEnded(rig)
  })

  test('has it ended when the promise resolves, though another informer keeps the connection', async () => {
    const rig = await createRig({ objects: webPods('a'), start: false })
    const other = createInformer(rig.kubeConfig, pods, { clock: rig.clock })
    onTestFinished(() => other.stop())
    other.start()
    await other.synced()
    let stopped: Promise<void> | undefined
    rig.informer.onStatus(({ phase }) => {
      if (phase === 'listing') stopped ??= rig.informer.stop()
    })
    rig.informer.start()
    await stopped
    expect(rig.timers).toBe(0)
  })

  test.each(places)('%s: nothing is committed, nothing told', async (_name, optionsOf) => {
    let rig: Rig | undefined
    let stopped: Promise<void> | undefined
    const options = optionsOf(() => void (stopped ??= rig!.informer.stop()))
    rig = await createRig({ objects: webPods('a', 'b'), ...options, start: false })
    const seen = rig.record()
    rig.informer.start()
    await rig.until(() => stopped !== undefined)
    await stopped
    await expectEnded(rig)
    expect([seen, rig.keys, rig.requests]).toEqual([[], [], ['LIST']])
  })

  test('may start it again at once: who follows the new run hears nothing of the old one', async () => {
    let isArmed = false
    const late: string[] = []
    const rig = await createRig({
      objects: webPods('a', 'b'),
      filter: ({ metadata }) => {
        if (isArmed && metadata.name === 'c') {
          isArmed = false
          void rig.informer.stop()
          rig.informer.start()
          rig.informer.subscribe((delta) => void late.push(`${delta.type} ${delta.key}`))
        }
        return true
      },
    })
    await rig.following()
    rig.mark()
    isArmed = true
    rig.server.create(pods, webPod('c'))
    rig.server.create(pods, webPod('d'))
    await rig.until(() => late.length === 4)
    await rig.following()
    expect(late).toEqual(['added web/a', 'added web/b', 'added web/c', 'added web/d'])
    expect(rig.requests).toEqual(['LIST', 'WATCH rv=5'])
  })

  test('may subscribe in the middle of a commit', async () => {
    const rig = await createRig({ objects: webPods('a', 'b'), start: false })
    const seen: string[] = []
    let isSubscribed = false
    rig.informer.onStatus(({ synced }) => {
      if (!synced || isSubscribed) return
      isSubscribed = true
      rig.informer.subscribe((delta) => void seen.push(`${delta.type} ${delta.key}`))
    })
    rig.informer.start()
    await rig.following()
    await rig.until(() => seen.length === 2)
    expect(seen).toEqual(['added web/a', 'added web/b'])
  })
})

describe('synced', () => {
  test('waits before start, for the start', async () => {
    const rig = await createRig({ objects: webPods('a'), start: false })
    let isSynced = false
    const waiting = rig.informer.synced().then(() => (isSynced = true))
    await rig.clock.advance(60_000)
    expect(isSynced).toBe(false)
    rig.informer.start()
    await waiting
    expect(rig.keys).toEqual(['web/a'])
    await rig.informer.synced()
  })

  test('rejects with the status when it takes too long; the informer goes on', async () => {
    const rig = await createRig({
      objects: webPods('a'),
      before: ({ faults }) => faults.answer({ status: 403, times: 3, message: 'pods is forbidden' }),
    })
    const waiting = failureOf(rig.informer.synced({ timeoutMs: 1000 }))
    await rig.clock.advance(1000)
    const error = await waiting
    expect(error).toBeInstanceOf(SyncError)
    expect(error).toMatchObject({
      code: 'ERR_TIMEOUT',
      retryable: true,
      cause: { code: 'ERR_FORBIDDEN' },
      informers: [{ resource: pods, status: { phase: 'backoff', attempts: 2, synced: false } }],
    })
    expect((error as Error).message).toMatch(/^not synced: pods: the next list in 0\.8 s, after: .*pods is forbidden$/)
    await rig.clock.advance(60_000)
    await rig.following()
    await rig.informer.synced({ timeoutMs: 1 })
    expect(rig.requests.filter((request) => request === 'LIST')).toHaveLength(4)
  })

  test('rejects with the reason of its signal, and leaves no listener', async () => {
    const rig = await createRig({ start: false })
    const controller = new AbortController()
    const waiting = [failureOf(rig.informer.synced(controller)), failureOf(rig.informer.synced(controller))]
    controller.abort(new Error('enough'))
    for (const error of await Promise.all(waiting)) expect(error).toMatchObject({ message: 'enough' })
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0)
    expect(await failureOf(rig.informer.synced(controller))).toMatchObject({ message: 'enough' })
  })

  test('leaves no listener and no timer when it resolves', async () => {
    const rig = await createRig({ objects: webPods('a') })
    const { signal } = new AbortController()
    await rig.informer.synced({ signal, timeoutMs: 1000 })
    await rig.following()
    expect(getEventListeners(signal, 'abort')).toHaveLength(0)
    expect(rig.timers).toBe(1) // the deadline of the watch
  })
})

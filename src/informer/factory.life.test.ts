import { describe, expect, test } from 'vitest'
import type { Pod } from '../api/generated/index.ts'
import type { KubeConfigLike } from '../api/kube-config.ts'
import { InformerFactory } from '../client.ts'
import { createFactoryRig, type FactoryRig } from './factory.test-support.ts'
import { kubeConfigOf, label, nodes, openSockets, pods, text, webPod, webPods } from './informer.test-support.ts'
import type { Informer } from './informer.ts'

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'it did not fail',
    (error: unknown) => error,
  )

/** Every delta from now on, as text. */
function record(informer: Informer<Pod>): string[] {
  const seen: string[] = []
  informer.subscribe((delta) => void seen.push(text(delta)))
  return seen
}

async function expectEnded(rig: FactoryRig): Promise<void> {
  const { length } = rig.requests
  await rig.until(() => openSockets() === 0, 'the end of all connections')
  await rig.clock.advance(3_600_000)
  expect(rig.requests).toHaveLength(length)
  expect(rig.clock.pending).toBe(0)
}

describe('a factory', () => {
  test('starts what is asked of it later at once', async () => {
    const rig = await createFactoryRig({ objects: webPods('a') })
    const informer = rig.factory.informer(pods)
    await informer.synced()
    expect(rig.lists).toEqual(['pods'])
  })

  test('begins anew after stop, with empty stores', async () => {
    const rig = await createFactoryRig({ objects: webPods('a', 'b') })
    const informer = rig.factory.informer(pods)
    const before = record(informer)
    await rig.until(() => before.length === 2)
    await rig.factory.stop()
    expect([informer.status.phase, [...informer.store.keys()]]).toEqual(['stopped', ['web/a', 'web/b']])
    await expectEnded(rig)
    rig.server.delete(pods, 'web/a')
    rig.factory.start()
    expect([informer.status.synced, informer.store.size]).toEqual([false, 0])
    const after = record(informer)
    await rig.until(() => after.length === 1)
    expect([before.length, after]).toEqual([2, ['added web/b (initial)']])
    expect(rig.lists).toEqual(['pods', 'pods'])
  })

  test('may be started while its stop is under way', async () => {
    const rig = await createFactoryRig({ objects: webPods('a') })
    const informer = rig.factory.informer(pods)
    await rig.factory.synced()
    const stopping = rig.factory.stop()
    rig.factory.start()
    await rig.factory.synced()
    await stopping
    label(rig.server, 'web/a', 'new')
    await rig.until(() => informer.store.get('web/a')?.metadata.labels?.['app'] === 'new')
    expect(informer.status.phase).toBe('watching')
  })

  test('does not start again what its owner has stopped', async () => {
    const rig = await createFactoryRig()
    const [a, b] = [rig.factory.informer(pods), rig.factory.informer(nodes)]
    await rig.factory.synced()
    await a.stop()
    await rig.factory.stop()
    rig.factory.start()
    await rig.factory.synced()
    expect([a.status.phase, b.status.synced, rig.lists]).toEqual(['stopped', true, ['pods', 'nodes', 'nodes']])
    a.start()
    await rig.factory.synced()
    expect([a.status.synced, rig.lists.length]).toEqual([true, 4])
  })

  test('stops with its signal, also with one that has aborted before', async () => {
    const rig = await createFactoryRig({ start: false })
    const informer = rig.factory.informer(pods)
    const aborting = new AbortController()
    rig.factory.start({ signal: aborting.signal })
    await rig.factory.synced()
    aborting.abort()
    expect(informer.status.phase).toBe('stopped')
    rig.factory.start({ signal: aborting.signal })
    expect(await failureOf(rig.factory.synced())).toMatchObject({ code: 'ERR_STOPPED' })
    rig.factory.start()
    await rig.factory.synced()
  })

  test('is idempotent in start', async () => {
    const rig = await createFactoryRig()
    rig.factory.informer(pods)
    rig.factory.start()
    await rig.factory.synced()
    rig.factory.start({ signal: AbortSignal.abort() })
    await rig.settle()
    expect(rig.requests).toEqual(['LIST pods', 'WATCH pods rv=1'])
  })

  test('waits in stop for what was stopped before', async () => {
    const rig = await createFactoryRig()
    const informer = rig.factory.informer(pods)
    await rig.factory.synced()
    let isEnded = false
    void informer.stop().then(() => (isEnded = true))
    await rig.factory.stop()
    expect(isEnded).toBe(true)
  })

  test('throws what the kubeconfig throws, and may be started again', async () => {
    const rig = await createFactoryRig()
    let isBroken = true
    const kubeConfig: KubeConfigLike = {
      ...kubeConfigOf(rig.server),
      getCurrentCluster() {
        if (isBroken) throw new Error('no such file')
        return { server: rig.server.url }
      },
    }
    await using factory = new InformerFactory(kubeConfig, { clock: rig.clock })
    const informer = factory.informer(pods)
    expect(() => factory.start()).toThrow('no such file')
    isBroken = false
    factory.start()
    await informer.synced()
    isBroken = true
    expect(() => factory.informer(nodes)).toThrow('no such file')
    isBroken = false
    await factory.synced()
    expect(rig.lists).toEqual(['pods'])
  })

  test.each([0, -1, 0.5])('refuses %d lists at once', async (maxConcurrentSyncs) => {
    const make = () => new InformerFactory(kubeConfigOf({ url: 'http://127.0.0.1:1' }), { maxConcurrentSyncs })
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})

describe('a handle', () => {
  test('rejects those who wait for it when it is stopped, and no others', async () => {
    const rig = await createFactoryRig({ start: false })
    rig.server.faults.stallList({ times: 9 })
    const [a, b] = [rig.factory.informer(pods), rig.factory.informer(pods)]
    const waiting = [a.synced(), a.caughtUp('5'), a.verify(), a.subscribe(() => {}).synced()].map(failureOf)
    const others = b.synced({ timeoutMs: 60_000 })
    rig.factory.start()
    await rig.settle()
    await a.stop()
    for (const failure of waiting) expect(await failure).toMatchObject({ code: 'ERR_STOPPED' })
    const late = failureOf(others)
    await rig.clock.advance(60_000)
    expect(await late).toMatchObject({ code: 'ERR_TIMEOUT', informers: [{ resource: pods }] })
    for (const call of [a.synced(), a.caughtUp('5'), a.verify()])
      expect(await failureOf(call)).toMatchObject({ code: 'ERR_STOPPED' })
  })

  test('ends its iterations without an error, and tells its listeners', async () => {
    const rig = await createFactoryRig({ objects: webPods('a') })
    const [a, b] = [rig.factory.informer(pods), rig.factory.informer(pods)]
    const phases: string[] = []
    a.onStatus(({ phase }) => void phases.push(phase))
    const events = a.events()
    expect((await events.next()).value?.key).toBe('web/a')
    const next = events.next()
    await a.stop()
    expect(await next).toEqual({ done: true, value: undefined })
    const { length } = phases
    expect(phases.at(-1)).toBe('stopped')
    await rig.until(() => b.status.phase === 'watching')
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.until(() => b.status.attempts > 0)
    expect(phases).toHaveLength(length)
  })

  test('stops with its own signal, whoever has started what it shares', async () => {
    const rig = await createFactoryRig({ objects: webPods('a') })
    const [a, b] = [rig.factory.informer(pods), rig.factory.informer(pods)]
    const aborting = new AbortController()
    a.start({ signal: aborting.signal })
    await rig.factory.synced()
    aborting.abort()
    expect([a.status.phase, b.status.synced]).toEqual(['stopped', true])
    a.start({ signal: AbortSignal.abort() })
    expect(a.status.phase).toBe('stopped')
  })

  test('that starts again joins what others still share', async () => {
    const rig = await createFactoryRig({ objects: webPods('a') })
    const [a, b] = [rig.factory.informer(pods), rig.factory.informer(pods)]
    await rig.factory.synced()
    await a.stop()
    a.start()
    const seen = record(a)
    await rig.until(() => seen.length === 1)
    expect(rig.lists).toEqual(['pods'])
    await Promise.all([a.stop(), b.stop()])
    rig.server.create(pods, webPod('b'))
    a.start()
    expect(a.store.size).toBe(0)
    await a.synced()
    expect([[...a.store.keys()], b.status.phase, rig.lists.length]).toEqual([['web/a', 'web/b'], 'stopped', 2])
  })

  test('hears, of a subscription made while it is stopped, what comes after its next start', async () => {
    const rig = await createFactoryRig({ objects: webPods('a') })
    const [a] = [rig.factory.informer(pods), rig.factory.informer(pods)]
    await rig.factory.synced()
    await a!.stop()
    const seen = record(a!)
    label(rig.server, 'web/a', '1')
    await rig.settle()
    expect(seen).toEqual([])
    a!.start()
    await rig.until(() => seen.length > 0)
    expect(seen).toEqual(['added web/a (initial)'])
  })

  test('verifies, and ends what it asks for when it is stopped', async () => {
    const rig = await createFactoryRig({ objects: webPods('a') })
    const [a, b] = [rig.factory.informer(pods), rig.factory.informer(pods)]
    await rig.factory.synced()
    expect(await b.verify()).toMatchObject({ compared: 1, missing: [], extra: [], stale: [] })
    rig.server.faults.stallList()
    const verifying = failureOf(a.verify())
    await rig.until(() => rig.lists.length === 3)
    await a.stop()
    expect(await verifying).toMatchObject({ code: 'ERR_STOPPED' })
    expect((await b.verify()).compared).toBe(1)
  })
})

describe('setScope of a handle', () => {
  test('is refused where others share its informer, and changes nothing', async () => {
    const rig = await createFactoryRig({ objects: webPods('a') })
    const [a, b] = [rig.factory.informer(pods), rig.factory.informer(pods)]
    await rig.factory.synced()
    expect(await failureOf(a.setScope({ namespaces: ['other'] }))).toMatchObject({ code: 'ERR_SCOPE_SHARED' })
    expect([a.store.size, b.store.size]).toEqual([1, 1])
    await b.stop()
    await a.setScope({ namespaces: ['other'] })
    expect(a.store.size).toBe(0)
  })

  test('makes it one that nobody else joins', async () => {
    const rig = await createFactoryRig({ objects: [...webPods('a'), webPod('b', { namespace: 'other' })] })
    const a = rig.factory.informer(pods)
    await a.setScope({ namespaces: ['web'] })
    const [whole, web] = [rig.factory.informer(pods), rig.factory.informer(pods, { namespaces: ['web'] })]
    await rig.factory.synced()
    await a.setScope({ namespaces: ['other'] })
    expect([a, whole, web].map(({ store }) => [...store.keys()].sort())).toEqual([
      ['other/b'],
      ['other/b', 'web/a'],
      ['web/a'],
    ])
  })

  test('says what it follows after its next start, for itself alone', async () => {
    const rig = await createFactoryRig({ objects: [...webPods('a'), webPod('b', { namespace: 'other' })] })
    const [a, b] = [rig.factory.informer(pods), rig.factory.informer(pods)]
    await a.stop()
    await a.setScope({ namespaces: ['other'] })
    a.start()
    await rig.factory.synced()
    expect([[...a.store.keys()], b.store.size]).toEqual([['other/b'], 2])
    await rig.factory.stop()
    rig.factory.start()
    await rig.factory.synced()
    expect([[...a.store.keys()], b.store.size]).toEqual([['other/b'], 2])
  })

  test('refuses what cannot be meant, and leaves it shared', async () => {
    const rig = await createFactoryRig({ objects: webPods('a') })
    const a = rig.factory.informer(pods)
    expect(await failureOf(a.setScope({ namespaces: [''] }))).toMatchObject({ code: 'ERR_OPTION' })
    rig.factory.informer(pods)
    await rig.factory.synced()
    expect(rig.lists).toEqual(['pods'])
  })
})

import { describe, expect, test } from 'vitest'
import { resources } from '../api/generated/index.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Resource } from '../api/resource.ts'
import { SyncError } from '../api/errors.ts'
import { createFactoryRig, type FactoryRig } from './factory.test-support.ts'
import { nodes, pods, webPods } from './informer.test-support.ts'
import type { Informer } from './informer.ts'

const { configmaps, secrets, services, endpoints, events } = resources.core.v1
const ALL: readonly Resource[] = [pods, nodes, configmaps, secrets, services, endpoints]
/** After so long a list that has been silent is given up. */
const SILENCE_MS = 90_000

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'it did not fail',
    (error: unknown) => error,
  )

const phases = (informers: readonly Informer<KubernetesObject>[]) => informers.map(({ status }) => status.phase)

/** Each of them stalls, so many times. */
function stall({ server }: FactoryRig, resource: Resource, times = 1): void {
  server.faults.stallList({ resource, times })
}

describe('first lists', () => {
  test('are made four at a time, in the order in which the informers were asked for', async () => {
    const rig = await createFactoryRig({ start: false })
    for (const resource of ALL) stall(rig, resource)
    const informers = ALL.map((resource) => rig.factory.informer(resource))
    rig.factory.start()
    await rig.until(() => rig.lists.length === 4)
    await rig.settle()
    expect(rig.lists.toSorted()).toEqual(['configmaps', 'nodes', 'pods', 'secrets'])
    expect(phases(informers)).toEqual(['listing', 'listing', 'listing', 'listing', 'idle', 'idle'])
    expect(informers[5]!.status.reason).toBe('waits for a place among 4 first lists')
    await rig.clock.advance(SILENCE_MS - 1)
    expect(rig.lists).toHaveLength(4)
    await rig.clock.advance(1)
    await rig.until(() => rig.lists.length >= 6)
    expect(rig.lists.slice(4)).toEqual(expect.arrayContaining(['services', 'endpoints']))
    await rig.clock.advance(SILENCE_MS + 60_000)
    await rig.factory.synced()
  })

  test.each([1, 2, 3])('are never more than %d under way', async (maxConcurrentSyncs) => {
    const rig = await createFactoryRig({ objects: webPods('a'), maxConcurrentSyncs, start: false })
    let most = 0
    const begun = new Set<string>()
    const informers = ALL.map((resource) => rig.factory.informer(resource))
    const count = (): void => {
      const listing = informers.filter(({ status }) => status.phase === 'listing' && !status.synced)
      most = Math.max(most, listing.length)
      for (const { resource } of listing) begun.add(resource.plural)
    }
    for (const informer of informers) informer.onStatus(count)
    rig.factory.start()
    await rig.factory.synced()
    expect(most).toBe(maxConcurrentSyncs)
    expect([...begun]).toEqual(ALL.map(({ plural }) => plural))
    expect(rig.lists.toSorted()).toEqual([...begun].toSorted()) // of those under way at once any may come first
  })

  test('wait in line by namespace', async () => {
    const rig = await createFactoryRig({ maxConcurrentSyncs: 1, start: false })
    stall(rig, pods)
    const informer = rig.factory.informer(pods, { namespaces: ['a', 'b', 'c'] })
    const other = rig.factory.informer(nodes)
    rig.factory.start()
    await rig.settle()
    expect(informer.status.scopes.map(({ phase }) => phase)).toEqual(['listing', 'idle', 'idle'])
    expect(other.status.reason).toBe('waits for a place among 1 first list')
    await rig.clock.advance(SILENCE_MS + 60_000)
    await rig.factory.synced()
  })

  test('give their place back while they wait after an error, for ever if need be', async () => {
    const rig = await createFactoryRig({ maxConcurrentSyncs: 1, start: false })
    rig.server.faults.answer({ status: 403, resource: pods, times: Infinity })
    const forbidden = rig.factory.informer(pods)
    const others = [nodes, configmaps].map((resource) => rig.factory.informer(resource as Resource))
    rig.factory.start()
    await rig.until(() => others.every(({ status }) => status.phase === 'watching'))
    expect([rig.lists, forbidden.status.phase]).toEqual([['pods', 'nodes', 'configmaps'], 'backoff'])
    await rig.clock.advance(600_000)
    expect(forbidden.status).toMatchObject({ phase: 'backoff', synced: false })
    expect(rig.lists.length).toBeGreaterThan(20)
    rig.server.faults.clear()
    await rig.clock.advance(60_000)
    await rig.factory.synced()
  })

  test('come again at the end of the line when they have failed', async () => {
    const rig = await createFactoryRig({ maxConcurrentSyncs: 1, start: false })
    rig.server.faults.answer({ status: 500, resource: pods })
    stall(rig, nodes)
    const informers = [pods, nodes, configmaps].map((resource) => rig.factory.informer(resource as Resource))
    rig.factory.start()
    await rig.until(() => informers[0]!.status.phase === 'backoff' && rig.lists.length === 2)
    await rig.clock.advance(60_000)
    expect(rig.lists).toEqual(['pods', 'nodes'])
    expect(informers[0]!.status).toMatchObject({ phase: 'idle', attempts: 1, lastError: { code: 'ERR_API' } })
    await rig.clock.advance(30_000)
    await rig.until(() => rig.lists.length >= 4)
    expect(rig.lists.slice(0, 4)).toEqual(['pods', 'nodes', 'configmaps', 'pods'])
    await rig.clock.advance(60_000)
    await rig.factory.synced()
  })

  test('go on in their turn when they broke off', async () => {
    const names = Array.from({ length: 501 }, (_, i) => `p${i}`)
    const rig = await createFactoryRig({ objects: webPods(...names), maxConcurrentSyncs: 1, start: false })
    const page = (): void => rig.server.faults.answer({ status: 429, retryAfter: 1, verb: 'list', resource: pods })
    const broken = rig.factory.informer(pods, { sync: 'paged', observer: { page } })
    rig.factory.informer(nodes)
    stall(rig, nodes)
    rig.factory.start()
    await rig.until(() => broken.status.phase === 'backoff' && rig.lists.length === 3)
    await rig.clock.advance(60_000)
    expect(rig.lists).toEqual(['pods', 'pods', 'nodes'])
    expect(broken.status).toMatchObject({ phase: 'idle', synced: false, items: 500 })
    rig.server.faults.clear()
    await rig.clock.advance(SILENCE_MS)
    await rig.until(() => broken.status.synced)
    expect(rig.requests.find((request, i) => i > 2 && request.startsWith('LIST pods'))).toBe(
      'LIST pods limit=500 continue',
    )
    await rig.clock.advance(60_000)
    await rig.factory.synced()
  })

  test('do not wait for relists, and relists not for them', async () => {
    const rig = await createFactoryRig({ maxConcurrentSyncs: 1 })
    rig.factory.informer(pods)
    await rig.factory.synced()
    await rig.clock.advance(5000)
    stall(rig, nodes)
    rig.factory.informer(nodes)
    await rig.until(() => rig.lists.length === 2)
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.until(() => rig.lists.length === 3)
    expect(rig.lists).toEqual(['pods', 'nodes', 'pods'])
    await rig.until(() => rig.watches.length === 2)
    stall(rig, pods)
    await rig.clock.advance(5000)
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.until(() => rig.lists.length === 4)
    await rig.clock.advance(SILENCE_MS + 60_000)
    await rig.factory.synced()
  })

  test('free their places when they are stopped', async () => {
    const rig = await createFactoryRig({ maxConcurrentSyncs: 2, start: false })
    for (const resource of [pods, nodes]) stall(rig, resource)
    const [first, second, third] = [pods, nodes, configmaps].map((one) => rig.factory.informer(one as Resource))
    rig.factory.start()
    await rig.until(() => rig.lists.length === 2)
    await third!.stop() // it was waiting
    await first!.stop()
    rig.factory.informer(secrets)
    await rig.until(() => rig.watches.includes('secrets'))
    expect([rig.lists.toSorted(), second!.status.phase]).toEqual([['nodes', 'pods', 'secrets'], 'listing'])
    await rig.factory.stop()
    rig.factory.start()
    await rig.factory.synced()
    expect(rig.lists.slice(3).toSorted()).toEqual(['nodes', 'secrets'])
  })
})

describe('synced', () => {
  test('waits for start, and for informers that are added meanwhile', async () => {
    const rig = await createFactoryRig({ start: false })
    let isSynced = false
    const waiting = rig.factory.synced().then(() => (isSynced = true))
    rig.factory.informer(pods)
    await rig.clock.advance(60_000)
    expect(isSynced).toBe(false)
    stall(rig, pods)
    stall(rig, nodes)
    rig.factory.start()
    await rig.clock.advance(60_000)
    const late = rig.factory.informer(nodes)
    await rig.clock.advance(60_000)
    expect([isSynced, late.status.synced]).toEqual([false, false])
    await rig.clock.advance(60_000)
    await waiting
    expect(late.status.synced).toBe(true)
  })

  test('names everyone who waits, and for what', async () => {
    const rig = await createFactoryRig({ maxConcurrentSyncs: 2, start: false })
    rig.server.faults.answer({ status: 403, resource: pods, times: Infinity })
    stall(rig, nodes, 9)
    stall(rig, secrets, 9)
    for (const resource of [pods, nodes, configmaps, secrets, services]) rig.factory.informer(resource as Resource)
    rig.factory.start()
    const failing = failureOf(rig.factory.synced({ timeoutMs: 60_000 }))
    await rig.clock.advance(60_000)
    const error = (await failing) as SyncError
    expect(error).toBeInstanceOf(SyncError)
    expect(error).toMatchObject({ code: 'ERR_TIMEOUT', retryable: true, cause: { code: 'ERR_FORBIDDEN' } })
    expect(error.informers.map(({ resource }) => resource.plural)).toEqual(['pods', 'nodes', 'secrets', 'services'])
    expect(error.message).toMatch(
      /^not synced: pods: .*; nodes: first list.*; secrets: first list.*; services: waits for a place among 2/,
    )
  })

  test('rejects at once where waiting cannot help', async () => {
    const rig = await createFactoryRig({ start: false })
    rig.server.faults.answer({ status: 400, resource: pods, times: Infinity })
    stall(rig, nodes)
    rig.factory.informer(pods)
    rig.factory.informer(nodes)
    const failing = failureOf(rig.factory.synced())
    rig.factory.start()
    const error = (await failing) as SyncError
    expect(error).toMatchObject({ code: 'ERR_SYNC', retryable: false, cause: { code: 'ERR_BAD_REQUEST' } })
    expect(error.informers.map(({ resource }) => resource.plural)).toEqual(['pods', 'nodes'])
    expect(await failureOf(rig.factory.synced())).toMatchObject({ code: 'ERR_SYNC' })
  })

  test('waits no longer for one that is stopped', async () => {
    const rig = await createFactoryRig()
    stall(rig, pods, 9)
    const stalled = rig.factory.informer(pods)
    rig.factory.informer(nodes)
    const waiting = rig.factory.synced()
    await rig.settle()
    void stalled.stop()
    await waiting
  })

  test('resolves without informers, and for those that follow no namespace', async () => {
    const rig = await createFactoryRig({ start: false })
    const waiting = rig.factory.synced()
    rig.factory.start()
    await waiting
    rig.factory.informer(pods, { namespaces: [] })
    await rig.factory.synced()
    expect(rig.requests).toEqual([])
  })

  test('rejects with the reason of its signal, and by stop', async () => {
    const rig = await createFactoryRig()
    rig.factory.informer(events)
    stall(rig, events)
    const aborting = new AbortController()
    const aborted = failureOf(rig.factory.synced({ signal: aborting.signal }))
    const stopped = failureOf(rig.factory.synced())
    aborting.abort('enough')
    expect(await aborted).toBe('enough')
    void rig.factory.stop()
    expect(await stopped).toMatchObject({ code: 'ERR_STOPPED' })
    expect(await failureOf(rig.factory.synced())).toMatchObject({ code: 'ERR_STOPPED' })
  })
})

import { hasSubscribers } from 'node:diagnostics_channel'
import { describe, expect, onTestFinished, test } from 'vitest'
import { CENSUS_CHANNEL } from '../api/channels.ts'
import type { Pod } from '../api/generated/index.ts'
import { InformerFactory } from '../client.ts'
import { createRig, followingRig, label, pods, webPod, webPods } from '../informer/informer.test-support.ts'
import { pod } from '../testing/pods.ts'
import { meteredRegistry } from './metrics.test-support.ts'

const PODS = '{resource="v1/pods"}'
const NAMED = '{name="v1/pods"}'

describe('the metrics of an informer', () => {
  test('say what is in its store, and that it is synced and hears from the server', async () => {
    const { scrape } = meteredRegistry()
    const rig = await followingRig({ objects: webPods('a', 'b') })
    await rig.clock.advance(30_000)
    const seen = await scrape()
    expect(seen.value(`kubeflume_informer_synced${PODS}`)).toBe(1)
    expect(seen.value(`kubeflume_store_objects${PODS}`)).toBe(2)
    expect(seen.value(`kubeflume_store_bytes${PODS}`)).toBeGreaterThan(500)
    expect(seen.value(`kubeflume_informer_last_contact_age_seconds${PODS}`)).toBe(30)
    expect(seen.of('kubeflume_informers')).toEqual({ '{resource="v1/pods",phase="watching"}': 1 })
    expect(seen.value(`reflector_lists_total${NAMED}`)).toBe(1)
    expect(seen.value(`reflector_items_per_list_sum${NAMED}`)).toBe(2)
    expect(seen.value(`kubeflume_list_bytes_total${PODS}`)).toBeGreaterThan(400)
  })

  test('say what is, also of one that was started before they were registered', async () => {
    await followingRig({ objects: webPods('a') })
    const { scrape } = meteredRegistry()
    expect((await scrape()).of('kubeflume_store_objects')).toEqual({ [PODS]: 1 })
  })

  test('say that it is not synced, and how often it failed, while the server refuses', async () => {
    const { scrape } = meteredRegistry()
    const rig = await createRig({ before: ({ faults }) => faults.answer({ verb: 'list', status: 403, times: 100 }) })
    await rig.passWait()
    await rig.until(() => rig.status.attempts === 2)
    const seen = await scrape()
    expect(seen.of('kubeflume_informer_synced')).toEqual({ [PODS]: 0 })
    expect(seen.of('kubeflume_informer_failed_attempts')).toEqual({ [PODS]: 2 })
    expect(seen.of('kubeflume_list_failures_total')).toEqual({ '{resource="v1/pods",code="ERR_FORBIDDEN"}': 2 })
    expect(seen.of('reflector_lists_total')).toEqual({ [NAMED]: 2 })
    expect(seen.of('reflector_items_per_list_count')).toEqual({})
  })

  test('are gone with it, and what was counted stays', async () => {
    const { scrape } = meteredRegistry()
    const rig = await followingRig({ objects: webPods('a') })
    rig.record()
    await rig.informer.stop()
    const seen = await scrape()
    const gauges = [
      'kubeflume_informers',
      'kubeflume_informer_synced',
      'kubeflume_store_objects',
      'kubeflume_subscriptions',
    ]
    expect(gauges.map((name) => seen.of(name))).toEqual([{}, {}, {}, {}])
    expect(seen.of('reflector_lists_total')).toEqual({ [NAMED]: 1 })
    expect(hasSubscribers(CENSUS_CHANNEL)).toBe(false)
  })

  test('count the ends of watches by code, the waits, and relists by reason', async () => {
    const { scrape } = meteredRegistry()
    const rig = await followingRig({ objects: webPods('a') })
    rig.server.faults.answer({ verb: 'watch', status: 410 })
    rig.server.faults.dropWatches()
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    const seen = await scrape()
    expect(seen.of('kubeflume_watch_ends_total')).toEqual({
      '{resource="v1/pods",code="none"}': 1,
      '{resource="v1/pods",code="ERR_RESOURCE_EXPIRED"}': 1,
    })
    expect(seen.of('kubeflume_relists_total')).toEqual({ '{resource="v1/pods",reason="the watch expired"}': 1 })
    expect(seen.of('reflector_short_watches_total')).toEqual({ [NAMED]: 2 })
    expect(seen.of('kubeflume_backoffs_total')).toEqual({ [PODS]: 2 })
    expect(seen.value(`kubeflume_backoff_seconds_total${PODS}`)).toBeCloseTo(rig.waits.reduce((a, b) => a + b) / 1000)
  })

  test('count what nobody can read', async () => {
    const { scrape } = meteredRegistry()
    const transform = (object: Pod): Pod => (object.metadata.name === 'a' ? (undefined as never) : object)
    await followingRig({ objects: webPods('a', 'b'), transform })
    const seen = await scrape()
    expect(seen.of('kubeflume_store_quarantined_objects')).toEqual({ [PODS]: 1 })
    expect(seen.of('kubeflume_quarantined_total')).toEqual({ '{resource="v1/pods",code="ERR_TRANSFORM"}': 1 })
  })

  test('say how far its handlers are behind, how long they take, and what was folded', async () => {
    const { scrape } = meteredRegistry()
    const rig = await followingRig({ objects: webPods('a', 'b', 'c') })
    const release = Promise.withResolvers<void>()
    rig.informer.subscribe(
      async ({ key }) => {
        await release.promise
        if (key === 'web/b') throw new Error('no')
      },
      { maxPending: 1 },
    )
    await rig.clock.advance(2000)
    label(rig.server, 'web/c', '1')
    await rig.informer.caughtUp('5')
    label(rig.server, 'web/c', '2')
    await rig.informer.caughtUp('6')
    const behind = await scrape()
    expect(behind.of('kubeflume_subscriptions')).toEqual({ [PODS]: 1 })
    expect(behind.of('kubeflume_subscription_pending_deltas')).toEqual({ [PODS]: 2 })
    expect(behind.of('kubeflume_coalesced_deltas_total')).toEqual({ [PODS]: 2 })
    release.resolve()
    await rig.until(() => rig.codes.length === 1)
    await rig.clock.advance(0)
    const seen = await scrape()
    expect(seen.of('kubeflume_subscription_pending_deltas')).toEqual({ [PODS]: 0 })
    expect(seen.value('kubeflume_handler_duration_seconds_sum{resource="v1/pods",type="added"}')).toBe(2)
    expect(seen.value('kubeflume_handler_duration_seconds_count{resource="v1/pods",type="added"}')).toBe(3)
    expect(seen.of('kubeflume_handler_errors_total')).toEqual({ '{resource="v1/pods",type="added"}': 1 })
  })
})

describe('the metrics of several informers of one resource', () => {
  test('are one: sums, the worst age, and synced when all are', async () => {
    const { scrape } = meteredRegistry()
    const rig = await followingRig({ objects: webPods('a', 'b') })
    await rig.clock.advance(10_000)
    const other = await createRig({ before: ({ faults }) => faults.answer({ verb: 'list', status: 403, times: 100 }) })
    await other.until(() => other.status.phase === 'backoff')
    const seen = await scrape()
    expect(seen.of('kubeflume_informer_synced')).toEqual({ [PODS]: 0 })
    expect(seen.of('kubeflume_store_objects')).toEqual({ [PODS]: 2 })
    expect(seen.of('kubeflume_informer_last_contact_age_seconds')).toEqual({ [PODS]: 10 })
    expect(seen.of('kubeflume_informers')).toEqual({
      '{resource="v1/pods",phase="watching"}': 1,
      '{resource="v1/pods",phase="backoff"}': 1,
    })
  })
})

describe('the metrics of an informer that handles share', () => {
  test('count what is shared once, and the subscriptions of each', async () => {
    const { scrape } = meteredRegistry()
    const rig = await createRig({ objects: webPods('a', 'b'), start: false })
    const factory = new InformerFactory(rig.kubeConfig, { clock: rig.clock })
    onTestFinished(() => factory.stop())
    const seen: string[] = []
    const handles = [factory.informer(pods), factory.informer(pods)]
    for (const handle of handles) handle.subscribe(({ key }) => void seen.push(key))
    factory.start()
    await rig.until(() => seen.length === 4 && handles[0]!.status.phase === 'watching')
    const both = await scrape()
    expect(both.of('kubeflume_informers')).toEqual({ '{resource="v1/pods",phase="watching"}': 1 })
    expect(both.of('reflector_lists_total')).toEqual({ [NAMED]: 1 })
    expect(both.of('kubeflume_subscriptions')).toEqual({ [PODS]: 2 })
    expect(both.value('kubeflume_handler_duration_seconds_count{resource="v1/pods",type="added"}')).toBe(4)
    await handles[0]!.stop()
    const one = await scrape()
    expect([one.of('kubeflume_informers'), one.of('kubeflume_subscriptions')]).toEqual([
      { '{resource="v1/pods",phase="watching"}': 1 },
      { [PODS]: 1 },
    ])
    await factory.stop()
    expect(hasSubscribers(CENSUS_CHANNEL)).toBe(false)
  })
})

describe('the number of series', () => {
  test('does not grow with objects and namespaces', async () => {
    const { scrape } = meteredRegistry()
    const series = async (): Promise<Set<string>> =>
      new Set((await scrape()).names.map((name) => name.replace(/host="[^"]*"/, 'host="one of the servers"')))
    const few = await followingRig({ objects: [webPod('a')] })
    const first = few.record()
    await few.until(() => first.length === 1)
    const before = await series()
    await few.informer.stop()
    const names = Array.from({ length: 1000 }, (_, at) => `team-${at}`)
    const objects = names.map((name) => pod({ namespace: name, name }))
    const all = await followingRig({ objects })
    const some = await followingRig({ objects, namespaces: names.slice(0, 10) })
    const seen = all.record()
    await all.until(() => seen.length === 1000)
    expect(some.status.scopes).toHaveLength(10)
    expect((await scrape()).of('kubeflume_store_objects')).toEqual({ [PODS]: 1010 })
    expect([...(await series())].filter((name) => !before.has(name))).toEqual([])
  })
})

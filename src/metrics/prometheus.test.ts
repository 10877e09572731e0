import { hasSubscribers } from 'node:diagnostics_channel'
import { Gauge, register as globalRegister, Registry, type RegistryContentType } from 'prom-client'
import { describe, expect, test } from 'vitest'
import { CENSUS_CHANNEL, CHANNELS } from '../api/channels.ts'
import { followingRig, webPods } from '../informer/informer.test-support.ts'
import { INSTRUMENTS } from './instruments.ts'
import { meteredRegistry, Scrape } from './metrics.test-support.ts'
import { registerMetrics } from './prometheus.ts'

const EVENT_CHANNELS = Object.values(CHANNELS).flatMap((channels) => Object.values<string>(channels))

describe('registerMetrics', () => {
  test('registers every instrument, by its kind, and leaves nothing behind when it is disposed', async () => {
    const { register, registered, scrape } = meteredRegistry()
    expect(Object.fromEntries((await scrape()).types)).toEqual(
      Object.fromEntries(INSTRUMENTS.map(({ name, kind }) => [name, kind])),
    )
    expect(EVENT_CHANNELS.filter((name) => !hasSubscribers(name))).toEqual([CHANNELS.informer.page])
    registered[Symbol.dispose]()
    expect(register.getMetricsAsArray()).toEqual([])
    expect([...EVENT_CHANNELS, CENSUS_CHANNEL].filter((name) => hasSubscribers(name))).toEqual([])
  })

  test('has values for every label that an instrument names, and no other', async () => {
    const { register } = meteredRegistry()
    const rig = await followingRig({ objects: webPods('a') })
    const seen = rig.record()
    await rig.until(() => seen.length === 1)
    const series = (await register.getMetricsAsJSON()).flatMap(({ name, values }) =>
      values.map(
        ({ labels }) =>
          [
            name,
            Object.keys(labels)
              .filter((label) => label !== 'le')
              .toSorted(),
          ] as const,
      ),
    )
    const declared = new Map(INSTRUMENTS.map(({ name, labels }) => [name, [...labels].toSorted()]))
    expect(series.length).toBeGreaterThan(50)
    for (const [name, labels] of series) expect([name, labels]).toEqual([name, declared.get(name)])
  })

  test('twice for one registry counts once, and lasts until both are disposed', async () => {
    const { register, registered, scrape } = meteredRegistry()
    const second = registerMetrics({ register })
    await followingRig({ objects: webPods('a') })
    second[Symbol.dispose]()
    second[Symbol.dispose]()
    expect((await scrape()).of('reflector_lists_total')).toEqual({ '{name="v1/pods"}': 1 })
    registered[Symbol.dispose]()
    expect(register.getMetricsAsArray()).toEqual([])
    using _again = registerMetrics({ register })
    expect(register.getMetricsAsArray()).toHaveLength(INSTRUMENTS.length)
  })

  test('registers anew after the registry was cleared, and leaves the metrics of others', async () => {
    const { register, registered, scrape } = meteredRegistry()
    register.clear()
    const again = registerMetrics({ register })
    await followingRig({ objects: webPods('a') })
    expect((await scrape()).of('reflector_lists_total')).toEqual({ '{name="v1/pods"}': 1 })
    again[Symbol.dispose]()
    expect(register.getMetricsAsArray()).toHaveLength(INSTRUMENTS.length) // the first hold is one on these, too
    register.clear()
    register.registerMetric(new Gauge({ name: 'workqueue_depth', help: 'mine', registers: [] }))
    registered[Symbol.dispose]()
    expect(register.getMetricsAsArray()).toHaveLength(1)
    expect(EVENT_CHANNELS.filter((name) => hasSubscribers(name))).toEqual([])
  })

  test('for two registries counts in both', async () => {
    const [one, other] = [meteredRegistry(), meteredRegistry({ prefix: 'my_' })]
    await followingRig({ objects: webPods('a') })
    expect((await one.scrape()).of('reflector_lists_total')).toEqual({ '{name="v1/pods"}': 1 })
    expect((await other.scrape()).of('my_reflector_lists_total')).toEqual({ '{name="v1/pods"}': 1 })
  })

  test('takes the global registry where none is given', () => {
    const registered = registerMetrics()
    expect(globalRegister.getSingleMetric('workqueue_depth')).toBeDefined()
    registered[Symbol.dispose]()
    expect(globalRegister.getSingleMetric('workqueue_depth')).toBeUndefined()
  })

  test('writes for a registry of OpenMetrics, too, and is removed from it', async () => {
    const register: Registry<RegistryContentType> = new Registry()
    register.setContentType(Registry.OPENMETRICS_CONTENT_TYPE)
    const registered = registerMetrics({ register })
    await followingRig({ objects: webPods('a') })
    await register.metrics()
    const text = await register.metrics()
    expect(new Scrape(text).of('reflector_lists_total')).toEqual({ '{name="v1/pods"}': 1 })
    expect(text.trimEnd().endsWith('# EOF')).toBe(true)
    registered[Symbol.dispose]()
    expect(register.getMetricsAsArray()).toEqual([])
  })

  test('refuses a registry that has another metric of the name, and registers nothing', () => {
    const register = new Registry()
    register.registerMetric(new Gauge({ name: 'workqueue_depth', help: 'mine', registers: [] }))
    expect(() => registerMetrics({ register })).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
    expect(register.getMetricsAsArray()).toHaveLength(1)
    expect(EVENT_CHANNELS.filter((name) => hasSubscribers(name))).toEqual([])
  })

  test('refuses a prefix that no name begins with', () => {
    expect(() => registerMetrics({ register: new Registry(), prefix: 'my-' })).toThrow(
      expect.objectContaining({ code: 'ERR_OPTION' }),
    )
  })
})

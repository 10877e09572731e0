import { hasSubscribers } from 'node:diagnostics_channel'
import {
  AggregationTemporality,
  type Histogram,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { expect, onTestFinished, test } from 'vitest'
import { CHANNELS } from '../api/channels.ts'
import { followingRig, webPods } from '../informer/informer.test-support.ts'
import { meteredRegistry } from './metrics.test-support.ts'
import { registerMetrics } from './opentelemetry.ts'

/** A meter of the real SDK, and what it has exported, as Prometheus would write it. */
function meterRig() {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 1_000_000 })
  const provider = new MeterProvider({ readers: [reader] })
  onTestFinished(() => provider.shutdown())
  const exported = async (): Promise<{ [series: string]: number }> => {
    exporter.reset()
    await reader.forceFlush()
    const metrics = exporter.getMetrics().flatMap(({ scopeMetrics }) => scopeMetrics.flatMap((scope) => scope.metrics))
    return Object.fromEntries(
      metrics.flatMap(({ descriptor, dataPoints }) =>
        dataPoints.map(({ attributes, value }) => {
          const labels = Object.entries(attributes).map(([name, label]) => `${name}="${String(label)}"`)
          const isHistogram = typeof value === 'object'
          const name = isHistogram ? `${descriptor.name}_count` : descriptor.name
          return [`${name}{${labels.join()}}`, isHistogram ? (value as Histogram).count : (value as number)]
        }),
      ),
    )
  }
  return { meter: provider.getMeter('kubeflume'), exported }
}

test('a meter of OpenTelemetry gets the same series and values as a registry of prom-client', async () => {
  const { meter, exported } = meterRig()
  using _registered = registerMetrics({ meter })
  const { scrape } = meteredRegistry()
  const rig = await followingRig({ objects: webPods('a', 'b') })
  const seen = rig.record()
  await rig.until(() => seen.length === 2)
  rig.server.faults.answer({ verb: 'watch', status: 410 })
  rig.server.faults.dropWatches()
  await rig.passWait()
  await rig.passWait()
  await rig.following()
  const [byMeter, byRegistry] = [await exported(), await scrape()]
  const series = byRegistry.names.filter((name) => !/_(bucket|sum)($|\{)/.test(name))
  expect(series.length).toBeGreaterThan(20)
  expect(byMeter).toEqual(Object.fromEntries(series.map((name) => [name, byRegistry.value(name)])))
})

test('a meter of OpenTelemetry hears of what runs, and of nothing more when that is disposed', async () => {
  const { meter, exported } = meterRig()
  const registered = registerMetrics({ meter })
  const objects = async (): Promise<number | undefined> =>
    (await exported())['kubeflume_store_objects{resource="v1/pods"}']
  const rig = await followingRig({ objects: webPods('a') })
  expect([await objects(), await objects()]).toEqual([1, 1])
  await rig.informer.stop()
  expect(await exported()).toMatchObject({
    'kubeflume_store_objects{resource="v1/pods"}': 0,
    'kubeflume_informer_synced{resource="v1/pods"}': 1, // or an alert would go off for what was stopped
  })
  registered[Symbol.dispose]()
  await followingRig({ objects: webPods('a', 'b') })
  expect(await objects()).toBe(0)
  expect(hasSubscribers(CHANNELS.informer.list)).toBe(false)
})

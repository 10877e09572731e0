/**
 * Metrics for OpenTelemetry: `docs/metrics.md`.
 *
 * @module kubeflume/opentelemetry
 */
import { readGauges, type Sample } from './gauges.ts'
import type { Instrument, Labels, Sink } from './instrument.ts'
import { INSTRUMENTS } from './instruments.ts'
import { record } from './record.ts'

/** The labels of a series. */
export type Attributes = { readonly [name: string]: string }

/** What a meter is told of an instrument. */
export interface InstrumentOptions {
  description: string
  /** Of a histogram. */
  advice?: { explicitBucketBoundaries: number[] }
}

/** Takes the values of gauges when they are read. */
export interface GaugeResult<G> {
  observe(gauge: G, value: number, attributes: Attributes): void
}

/** What is used of a Meter of `@opentelemetry/api`; structural, so that none of its versions is needed. */
export interface MeterLike<G> {
  createCounter(name: string, options: InstrumentOptions): { add(value: number, attributes: Attributes): void }
  createHistogram(name: string, options: InstrumentOptions): { record(value: number, attributes: Attributes): void }
  createObservableGauge(name: string, options: InstrumentOptions): G
  addBatchObservableCallback(callback: (result: GaugeResult<G>) => void, gauges: G[]): void
  removeBatchObservableCallback(callback: (result: GaugeResult<G>) => void, gauges: G[]): void
}

/** Where measurements go. */
export interface RegisterMetricsOptions<G> {
  /** For each meter call it once: who calls it twice counts twice. */
  readonly meter: MeterLike<G>
}

/**
 * Gives an OpenTelemetry meter what `kubeflume/prometheus` gives prom-client: the same instruments by the same names,
 * from the same channels, until it is disposed. OpenTelemetry keeps what it was told: then all of it stays as it is. The
 * gauges of what runs no more are 0, but `kubeflume_informer_synced` is 1: what has ended is nothing to be woken for.
 */
export function registerMetrics<G>({ meter }: RegisterMetricsOptions<G>): Disposable {
  const gauges = new Map<Instrument, G>()
  for (const instrument of INSTRUMENTS)
    if (instrument.kind === 'gauge')
      gauges.set(instrument, meter.createObservableGauge(instrument.name, { description: instrument.help }))
  const gone = new GoneSeries()
  const observe = (result: GaugeResult<G>): void => {
    for (const [instrument, samples] of gone.filledIn(readGauges()))
      for (const { labels, value } of samples) result.observe(gauges.get(instrument)!, value, labels)
  }
  const observables = [...gauges.values()]
  meter.addBatchObservableCallback(observe, observables)
  const recording = record(new MeterSink(meter))
  return {
    [Symbol.dispose]() {
      recording[Symbol.dispose]()
      meter.removeBatchObservableCallback(observe, observables)
    },
  }
}

class MeterSink<G> implements Sink {
  readonly #counters = new Map<Instrument, ReturnType<MeterLike<G>['createCounter']>>()
  readonly #histograms = new Map<Instrument, ReturnType<MeterLike<G>['createHistogram']>>()

  constructor(meter: MeterLike<G>) {
    for (const instrument of INSTRUMENTS) {
      const { name, kind, help, buckets = [] } = instrument
      const options = { description: help }
      if (kind === 'counter') this.#counters.set(instrument, meter.createCounter(name, options))
      else if (kind === 'histogram') {
        const advice = { explicitBucketBoundaries: [...buckets] }
        this.#histograms.set(instrument, meter.createHistogram(name, { ...options, advice }))
      }
    }
  }

  add(instrument: Instrument, labels: Labels, value = 1): void {
    this.#counters.get(instrument)!.add(value, labels)
  }

  observe(instrument: Instrument, labels: Labels, value: number): void {
    this.#histograms.get(instrument)!.record(value, labels)
  }
}

/** The SDK goes on to export the last value of what is not observed any more: it gets that of nothing instead. */
class GoneSeries {
  readonly #seen = new Map<Instrument, Map<string, Labels>>()

  filledIn(now: ReadonlyMap<Instrument, readonly Sample[]>): ReadonlyMap<Instrument, readonly Sample[]> {
    for (const instrument of now.keys()) if (!this.#seen.has(instrument)) this.#seen.set(instrument, new Map())
    return new Map(
      [...this.#seen].map(([instrument, seen]) => [
        instrument,
        withGone(seen, now.get(instrument) ?? [], valueOfNone(instrument)),
      ]),
    )
  }
}

function withGone(seen: Map<string, Labels>, samples: readonly Sample[], gone: number): readonly Sample[] {
  const keyed = new Map(samples.map((sample) => [JSON.stringify(sample.labels), sample]))
  for (const [key, { labels }] of keyed) seen.set(key, labels)
  return [...seen].map(([key, labels]) => keyed.get(key) ?? { labels, value: gone })
}

/** Of no informers at all, each is synced. */
function valueOfNone({ combine }: Instrument): number {
  return combine === 'min' ? 1 : 0
}

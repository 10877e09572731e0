import {
  Counter,
  Gauge,
  Histogram,
  type Metric,
  register as globalRegister,
  type Registry,
  type RegistryContentType,
} from 'prom-client'
import { KubeflumeError } from '../api/errors.ts'
import { readGauges, type Sample } from './gauges.ts'
import type { Instrument, Labels, Sink } from './instrument.ts'
import { INSTRUMENTS } from './instruments.ts'
import { record } from './record.ts'

/** Where metrics are registered, and by which names. */
export interface RegisterMetricsOptions {
  /** @default prom-client's global one */
  readonly register?: Registry<RegistryContentType> | undefined
  /** Put before every name. With one, dashboards and alerts for the usual names do not find them. None by default. */
  readonly prefix?: string | undefined
}

/** Metrics in a registry. */
interface Held {
  /** `clear` of the registry takes them out of it. */
  readonly isWhole: () => boolean
  readonly end: () => void
}

interface Registration {
  users: number
  held: Held
}

const registrations = new WeakMap<Registry<RegistryContentType>, Map<string, Registration>>()

/**
 * Registers metrics of all informers, subscriptions, controllers, electors and requests of this process with prom-client, and
 * keeps them until what it returns is disposed. What is registered, with which labels, is in docs/metrics.md.
 *
 * It listens to the channels of `node:diagnostics_channel`: what happened before is not counted; what is (objects,
 * queues, whether synced) is asked for when the registry is read, whatever was started first. The same registry and
 * prefix again gives a second hold on the same metrics: they go when both are disposed. After a `clear` of the registry
 * it registers them anew.
 *
 * @throws {KubeflumeError} `ERR_OPTION` when the registry has another metric of one of the names, or the prefix cannot
 *   begin one; then nothing has been registered
 */
export function registerMetrics({ register = globalRegister, prefix = '' }: RegisterMetricsOptions = {}): Disposable {
  const byPrefix = registrations.get(register) ?? new Map<string, Registration>()
  registrations.set(register, byPrefix)
  const registration = byPrefix.get(prefix) ?? { users: 0, held: registerIn(register, prefix) }
  if (!registration.held.isWhole()) {
    registration.held.end()
    registration.held = registerIn(register, prefix)
  }
  byPrefix.set(prefix, registration)
  registration.users++
  let isDisposed = false
  return {
    [Symbol.dispose]() {
      if (isDisposed) return
      isDisposed = true
      if (--registration.users > 0) return
      byPrefix.delete(prefix)
      registration.held.end()
    },
  }
}

function registerIn(register: Registry<RegistryContentType>, prefix: string): Held {
  if (!/^([a-zA-Z_:][\w:]*)?$/.test(prefix))
    throw new KubeflumeError('ERR_OPTION', `the prefix ${JSON.stringify(prefix)} cannot begin the name of a metric`)
  const taken = INSTRUMENTS.find(({ name }) => register.getSingleMetric(prefix + name) !== undefined)
  if (taken !== undefined)
    throw new KubeflumeError('ERR_OPTION', `the registry has another metric called ${prefix}${taken.name}`)
  const sink = new PrometheusSink(prefix)
  for (const metric of sink.metrics.values()) register.registerMetric(metric)
  const recording = record(sink)
  const remaining = (): string[] =>
    [...sink.metrics].filter(([name, metric]) => register.getSingleMetric(name) === metric).map(([name]) => name)
  return {
    isWhole: () => remaining().length === sink.metrics.size,
    end() {
      recording[Symbol.dispose]()
      for (const name of remaining()) register.removeSingleMetric(name)
    },
  }
}

class PrometheusSink implements Sink {
  /** By name. */
  readonly metrics: ReadonlyMap<string, Metric>
  readonly #counters = new Map<Instrument, Counter>()
  readonly #histograms = new Map<Instrument, Histogram>()
  /** Of the scrape under way: it asks for all gauges in one go. */
  #gauges: ReadonlyMap<Instrument, readonly Sample[]> | undefined

  constructor(prefix: string) {
    this.metrics = new Map(
      INSTRUMENTS.map((instrument) => [prefix + instrument.name, this.#create(instrument, prefix + instrument.name)]),
    )
  }

  add(instrument: Instrument, labels: Labels, value = 1): void {
    this.#counters.get(instrument)!.inc(labels, value)
  }

  observe(instrument: Instrument, labels: Labels, value: number): void {
    this.#histograms.get(instrument)!.observe(labels, value)
  }

  #create(instrument: Instrument, name: string): Metric {
    const { kind, help, labels, buckets = [], combine = 'sum' } = instrument
    const shared = { name, help, labelNames: labels, registers: [] }
    if (kind === 'gauge') return new Gauge({ ...shared, aggregator: combine, collect: this.#collector(instrument) })
    if (kind === 'counter') {
      const counter = new Counter(shared)
      this.#counters.set(instrument, counter)
      return counter
    }
    const histogram = new Histogram({ ...shared, buckets: [...buckets] })
    this.#histograms.set(instrument, histogram)
    return histogram
  }

  #collector(instrument: Instrument): (this: Gauge) => void {
    const samples = (): readonly Sample[] => this.#readGauges().get(instrument) ?? []
    return function collect() {
      this.reset() // of what runs no more, nothing is said
      for (const { labels, value } of samples()) this.set(labels, value)
    }
  }

  #readGauges(): ReadonlyMap<Instrument, readonly Sample[]> {
    if (this.#gauges === undefined) {
      this.#gauges = readGauges()
      queueMicrotask(() => (this.#gauges = undefined))
    }
    return this.#gauges
  }
}

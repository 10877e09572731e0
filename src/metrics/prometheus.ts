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

export interface RegisterMetricsOptions {
  /** @default prom-client's global one */
  readonly register?: Registry<RegistryContentType> | undefined
  /** Put before every name. With one, dashboards and alerts for the usual names do not find them. None by default. */
  readonly prefix?: string | undefined
}

interface Registration {
  readonly end: () => void
  users: number
}

const registrations = new WeakMap<Registry<RegistryContentType>, Map<string, Registration>>()

/**
 * Registers metrics of all informers, subscriptions, controllers, electors and requests of this process with prom-client, and
 * keeps them until what it returns is disposed. What is registered, with which labels, is in docs/metrics.md.
 *
 * It listens to the channels of `node:diagnostics_channel`: what happened before is not counted; what is (objects,
 * queues, whether synced) is asked for when the registry is read, whatever was started first. The same registry and
 * prefix again gives a second hold on the same metrics: they go when both are disposed.
 *
 * @throws {KubeflumeError} `ERR_OPTION` when the registry has another metric of one of the names, or the prefix cannot
 *   begin one; then nothing has been registered
 */
export function registerMetrics({ register = globalRegister, prefix = '' }: RegisterMetricsOptions = {}): Disposable {
  const byPrefix = registrations.get(register) ?? new Map<string, Registration>()
  registrations.set(register, byPrefix)
  const registration = byPrefix.get(prefix) ?? { users: 0, end: registerIn(register, prefix) }
  byPrefix.set(prefix, registration)
  registration.users++
  let isDisposed = false
  return {
    [Symbol.dispose]() {
      if (isDisposed) return
      isDisposed = true
      if (--registration.users > 0) return
      byPrefix.delete(prefix)
      registration.end()
    },
  }
}

function registerIn(register: Registry<RegistryContentType>, prefix: string): () => void {
  if (!/^([a-zA-Z_:][\w:]*)?$/.test(prefix))
    throw new KubeflumeError('ERR_OPTION', `the prefix ${JSON.stringify(prefix)} cannot begin the name of a metric`)
  const taken = INSTRUMENTS.find(({ name }) => register.getSingleMetric(prefix + name) !== undefined)
  if (taken !== undefined)
    throw new KubeflumeError('ERR_OPTION', `the registry has another metric called ${prefix}${taken.name}`)
  const sink = new PrometheusSink(register, prefix)
  const recording = record(sink)
  return () => {
    recording[Symbol.dispose]()
    for (const { name } of INSTRUMENTS) register.removeSingleMetric(prefix + name)
  }
}

class PrometheusSink implements Sink {
  readonly #counters = new Map<Instrument, Counter>()
  readonly #histograms = new Map<Instrument, Histogram>()
  /** Of the scrape under way: it asks for all gauges in one go. */
  #gauges: ReadonlyMap<Instrument, readonly Sample[]> | undefined

  constructor(register: Registry<RegistryContentType>, prefix: string) {
    for (const instrument of INSTRUMENTS) register.registerMetric(this.#create(instrument, prefix + instrument.name))
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

import { Registry } from 'prom-client'
import { onTestFinished } from 'vitest'
import { registerMetrics, type RegisterMetricsOptions } from './prometheus.ts'

/** Series of a scrape by `name{label="value"}`, labels in their order; parsed from the text that Prometheus gets. */
export class Scrape {
  readonly types: ReadonlyMap<string, string>
  readonly #series: ReadonlyMap<string, number>

  constructor(text: string) {
    const lines = text.split('\n').filter((line) => line !== '')
    this.types = new Map(
      lines
        .map((line) => /^# TYPE (\S+) (\S+)$/.exec(line))
        .filter((match) => match !== null)
        .map(([, name, type]) => [name!, type!]),
    )
    this.#series = new Map(
      lines
        .filter((line) => !line.startsWith('#'))
        .map((line) => {
          const [, series, value] = /^([a-z_]+(?:\{.*\})?) (\S+)$/.exec(line) ?? []
          if (series === undefined) throw new Error(`no sample: ${line}`)
          return [series, Number(value)]
        }),
    )
  }

  get names(): string[] {
    return [...this.#series.keys()]
  }

  value(series: string): number | undefined {
    return this.#series.get(series)
  }

  /** Those of a metric, by their labels. */
  of(name: string): { [labels: string]: number } {
    const found = [...this.#series].filter(([series]) => series === name || series.startsWith(`${name}{`))
    return Object.fromEntries(found.map(([series, value]) => [series.slice(name.length), value]))
  }
}

/** Metrics in a registry of their own, until the test is over. */
export function meteredRegistry(options: Omit<RegisterMetricsOptions, 'register'> = {}): {
  readonly register: Registry
  readonly registered: Disposable
  readonly scrape: () => Promise<Scrape>
} {
  const register = new Registry()
  const registered = registerMetrics({ register, ...options })
  onTestFinished(() => registered[Symbol.dispose]())
  return { register, registered, scrape: async () => new Scrape(await register.metrics()) }
}

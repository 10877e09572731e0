/** What is measured, whoever exports it. Durations are in seconds, sizes in bytes, as Prometheus wants them. */
export interface Instrument {
  readonly name: string
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly help: string
  readonly labels: readonly string[]
  /** Of a histogram. */
  readonly buckets?: readonly number[]
  /** What several of the same labels are together, here and in a cluster of processes. @default 'sum' */
  readonly combine?: 'sum' | 'min' | 'max'
}

/** The labels of one series: values by names. */
export type Labels = { readonly [label: string]: string }

/** Takes what happens. What is, is asked for: see `readGauges`. */
export interface Sink {
  /** To a counter: 1 where no value is given; 0 lets its series begin. */
  add(instrument: Instrument, labels: Labels, value?: number): void
  /** By a histogram. */
  observe(instrument: Instrument, labels: Labels, value: number): void
}

export function counter(name: string, labels: readonly string[], help: string): Instrument {
  return { name, kind: 'counter', help, labels }
}

export function gauge(
  name: string,
  labels: readonly string[],
  help: string,
  combine: 'sum' | 'min' | 'max' = 'sum',
): Instrument {
  return { name, kind: 'gauge', help, labels, combine }
}

export function histogram(
  name: string,
  labels: readonly string[],
  buckets: readonly number[],
  help: string,
): Instrument {
  return { name, kind: 'histogram', help, labels, buckets }
}

export function seconds(ms: number): number {
  return ms / 1000
}

import { median } from '../measure.ts'

/** How a figure is written: three digits that count. */
export function digits(value: number): string {
  if (value >= 100) return Math.round(value).toLocaleString('en')
  return value >= 10 ? value.toFixed(1) : value.toFixed(value < 0.1 ? 3 : 2)
}

export function seconds(ms: number): string {
  return `${digits(ms / 1000)} s`
}

export function milliseconds(ms: number): string {
  return `${digits(ms)} ms`
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6).toLocaleString('en')} MB`
}

export function times(ratio: number): string {
  return `${digits(ratio)} x`
}

/** The median, and in brackets from where to where the rounds lay, when there was more than one. */
export function spread(values: readonly number[], write: (value: number) => string): string {
  if (values.length === 0) return ''
  const middle = write(median(values))
  return values.length === 1 ? middle : `${middle} (${write(Math.min(...values))} – ${write(Math.max(...values))})`
}

import { formatDuration } from '../../decode/protobuf/go-time.ts'

const SECONDS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
const MICROS = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/
const RFC_3339 = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.(\d+))?(?:Z|[+-]\d\d:\d\d)$/

/** Go's zero time, which it writes as null. */
const ZERO = '0001-01-01T00:00:00'

/**
 * A date as `metav1.Time` writes it: in UTC, in whole seconds. null for the zero time, undefined for what
 * is no date.
 */
export function canonicalTime(text: string): string | null | undefined {
  const time = SECONDS.test(text) ? text : inUtc(text, '')
  return time?.startsWith(ZERO) ? null : time
}

/** As {@link canonicalTime}, for `metav1.MicroTime`: always six digits of a fraction. */
export function canonicalMicroTime(text: string): string | null | undefined {
  const micros = RFC_3339.exec(text)?.[1] ?? ''
  const time = MICROS.test(text) ? text : inUtc(text, `.${micros.slice(0, 6).padEnd(6, '0')}`)
  return time === `${ZERO}.000000Z` ? null : time
}

function inUtc(text: string, fraction: string): string | undefined {
  const date = RFC_3339.test(text) ? new Date(text) : undefined
  if (date === undefined || Number.isNaN(date.getTime())) return undefined
  return `${date.toISOString().slice(0, 19)}${fraction}Z`
}

/** Seconds since 1970 of a canonical date. */
export function secondsOf(time: string): number {
  return Math.floor(Date.parse(time) / 1000)
}

/** The nanoseconds beyond its second of a canonical date in microseconds. */
export function nanosOf(time: string): number {
  return Number(time.slice(20, 26)) * 1000
}

const UNITS: { readonly [unit: string]: bigint } = {
  h: 3_600_000_000_000n,
  m: 60_000_000_000n,
  s: 1_000_000_000n,
  ms: 1_000_000n,
  us: 1_000n,
  µs: 1_000n,
  μs: 1_000n,
  ns: 1n,
}
const DURATION = /^[+-]?(?:\d+(?:\.\d*)?(?:h|ms|us|µs|μs|ns|m|s))+$/
const PART = /(\d+)(?:\.(\d*))?(h|ms|us|µs|μs|ns|m|s)/g

/** Nanoseconds of Go's `time.ParseDuration`; undefined for what is no duration. */
export function nanosOfDuration(text: string): bigint | undefined {
  if (text === '0') return 0n
  if (!DURATION.test(text)) return undefined
  let nanos = 0n
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(PART)) {
    const scale = UNITS[unit] ?? 0n
    nanos += BigInt(whole) * scale + (BigInt(`0${fraction}`) * scale) / 10n ** BigInt(fraction.length)
  }
  return text.startsWith('-') ? -nanos : nanos
}

export function canonicalDuration(text: string): string | undefined {
  const nanos = nanosOfDuration(text)
  return nanos === undefined ? undefined : formatDuration(nanos)
}

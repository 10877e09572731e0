/** Dates and durations as Go writes them, character for character. */

const DAY = 86_400

/** Dates already written, by second: the dates of one object, and of objects made together, repeat. */
const RECENT = 1024
const recentSeconds = new Float64Array(RECENT).fill(Number.NaN)
const recent: string[] = Array.from({ length: RECENT }, () => '')

/** `2006-01-02T15:04:05Z` from seconds since 1970. Years that need more than four digits get them, as in Go. */
export function formatSeconds(seconds: number): string {
  const slot = seconds & (RECENT - 1)
  if (recentSeconds[slot] === seconds) return recent[slot] as string
  const text = write(seconds)
  recentSeconds[slot] = seconds
  recent[slot] = text
  return text
}

function write(seconds: number): string {
  const days = Math.floor(seconds / DAY)
  const rest = seconds - days * DAY
  const hours = Math.trunc(rest / 3600)
  const minutes = Math.trunc((rest % 3600) / 60)
  return join(date(days), hours, minutes, rest % 60)
}

/**
 * One flat string, by its characters. A template would be a tree of its parts, of ten times the size, until
 * someone looks into it.
 */
function join(day: string, hours: number, minutes: number, seconds: number): string {
  if (day.length !== 10) return `${day}T${two(hours)}:${two(minutes)}:${two(seconds)}Z`
  const d = day
  // prettier-ignore
  return fromCharCode(
    d.charCodeAt(0), d.charCodeAt(1), d.charCodeAt(2), d.charCodeAt(3), d.charCodeAt(4), d.charCodeAt(5),
    d.charCodeAt(6), d.charCodeAt(7), d.charCodeAt(8), d.charCodeAt(9), T, tens(hours), ones(hours), COLON,
    tens(minutes), ones(minutes), COLON, tens(seconds), ones(seconds), Z,
  )
}

const { fromCharCode } = String
const T = 84
const Z = 90
const COLON = 58
const tens = (value: number): number => 48 + ((value / 10) | 0)
const ones = (value: number): number => 48 + (value % 10)

/** `2006-01-02T15:04:05.000000Z`: a MicroTime, which drops what is below a microsecond. */
export function formatMicros(seconds: number, nanos: number): string {
  const micros = Math.trunc(nanos / 1000)
  const carried = Math.floor(micros / 1_000_000)
  const fraction = String(micros - carried * 1_000_000).padStart(6, '0')
  return `${formatSeconds(seconds + carried).slice(0, -1)}.${fraction}Z`
}

/** The day of the last call. */
let lastDays = Number.NaN
let lastDate = ''

function date(days: number): string {
  if (days === lastDays) return lastDate
  lastDays = days
  lastDate = civil(days)
  return lastDate
}

/** Howard Hinnant's `civil_from_days`, in years that begin in March so that a leap day is the last one. */
function civil(days: number): string {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const ofEra = shifted - era * 146_097
  const yearOfEra = Math.trunc(
    (ofEra - Math.trunc(ofEra / 1460) + Math.trunc(ofEra / 36_524) - Math.trunc(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.trunc(yearOfEra / 4) - Math.trunc(yearOfEra / 100))
  const march = Math.trunc((5 * ofYear + 2) / 153)
  const day = ofYear - Math.trunc((153 * march + 2) / 5) + 1
  const month = march < 10 ? march + 3 : march - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  return `${year < 0 ? '-' : ''}${String(Math.abs(year)).padStart(4, '0')}-${two(month)}-${two(day)}`
}

const TWO: readonly string[] = Array.from({ length: 60 }, (_, value) => String(value).padStart(2, '0'))

function two(value: number): string {
  return TWO[value] as string
}

/**
 * `1h2m3.5s`, `1.5µs`, `0s`: Go's `time.Duration.String`, in integers up to the last nanosecond.
 */
export function formatDuration(nanos: bigint): string {
  if (nanos === 0n) return '0s'
  const sign = nanos < 0n ? '-' : ''
  const left = nanos < 0n ? -nanos : nanos
  if (left < 1_000n) return `${sign}${left}ns`
  if (left < 1_000_000n) return `${sign}${decimal(left, 3)}µs`
  if (left < 1_000_000_000n) return `${sign}${decimal(left, 6)}ms`
  const minutes = left / 60_000_000_000n
  const seconds = `${decimal(left % 60_000_000_000n, 9)}s`
  if (minutes === 0n) return sign + seconds
  if (minutes < 60n) return `${sign}${minutes}m${seconds}`
  return `${sign}${minutes / 60n}h${minutes % 60n}m${seconds}`
}

/** `value` with the point before its last `places` digits, and no zeros at the end. */
function decimal(value: bigint, places: number): string {
  const digits = value.toString().padStart(places + 1, '0')
  const fraction = digits.slice(-places).replace(/0+$/, '')
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`)
}

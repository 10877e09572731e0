const MINUTE = 60
const HOUR = 3600
const DAY = 86_400
const YEAR = 365 * DAY

/** A span as kubectl shows an age: the larger it is, the coarser (apimachinery `pkg/util/duration`, `HumanDuration`). */
export function humanDuration(ms: number): string {
  const seconds = Math.trunc(ms / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 2 * MINUTE) return `${Math.max(seconds, 0)}s`
  if (seconds < 10 * MINUTE) return two(seconds, MINUTE, 'm', 1, 's')
  if (seconds < 3 * HOUR) return `${Math.trunc(seconds / MINUTE)}m`
  if (seconds < 8 * HOUR) return two(seconds, HOUR, 'h', MINUTE, 'm')
  if (seconds < 2 * DAY) return `${Math.trunc(seconds / HOUR)}h`
  if (seconds < 8 * DAY) return two(seconds, DAY, 'd', HOUR, 'h')
  if (seconds < 2 * YEAR) return `${Math.trunc(seconds / DAY)}d`
  return seconds < 8 * YEAR ? two(seconds, YEAR, 'y', DAY, 'd') : `${Math.trunc(seconds / YEAR)}y`
}

/** How long ago a date is; what Go shows for none. */
export function ageOf(time: string | null | undefined, now: number): string {
  return time === null || time === undefined || time === '' ? '<unknown>' : humanDuration(now - Date.parse(time))
}

function two(seconds: number, unit: number, name: string, smaller: number, smallerName: string): string {
  const rest = Math.trunc((seconds % unit) / smaller)
  return `${Math.trunc(seconds / unit)}${name}${rest === 0 ? '' : `${rest}${smallerName}`}`
}

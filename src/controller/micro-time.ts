/** A moment as Kubernetes' MicroTime writes it: `2026-01-01T00:00:00.123456Z`. */
export function microTime(ms: number): string {
  return ofMicroseconds(Math.floor(ms * 1000))
}

/** That of `ms`, but never the same as `previous`. */
export function otherMicroTime(ms: number, previous: string | undefined): string {
  const microseconds = Math.floor(ms * 1000)
  const time = ofMicroseconds(microseconds)
  return time === previous ? ofMicroseconds(microseconds + 1) : time
}

function ofMicroseconds(microseconds: number): string {
  const rest = microseconds % 1000
  const milliseconds = new Date((microseconds - rest) / 1000).toISOString()
  return `${milliseconds.slice(0, -1)}${String(rest).padStart(3, '0')}Z`
}

import type { Clock } from './clock.ts'
import { orAborted } from './abort.ts'

/** How long a caller is willing to wait. Both may be given; the first one to strike ends the wait. */
export interface Until {
  /** An abort rejects with `signal.reason`. */
  readonly signal?: AbortSignal | undefined
  /** The end of this rejects with `ERR_TIMEOUT`. Without it there is no end. */
  readonly timeoutMs?: number | undefined
}

/** Follows `promise` as long as the caller wants. `late` makes the error, when it took too long. */
export async function waitFor<T>(promise: Promise<T>, until: Until, clock: Clock, late: () => Error): Promise<T> {
  if (until.timeoutMs === undefined) return orAborted(promise, until.signal)
  const expired = Promise.withResolvers<never>()
  const timer = clock.setTimeout(() => expired.reject(late()), until.timeoutMs)
  try {
    return await orAborted(Promise.race([promise, expired.promise]), until.signal)
  } finally {
    timer[Symbol.dispose]()
  }
}

/** What is left of the time after some of it has passed. */
export function remaining({ signal, timeoutMs }: Until, passedMs: number): Until {
  return { signal, timeoutMs: timeoutMs && Math.max(0, timeoutMs - Math.max(0, passedMs)) }
}

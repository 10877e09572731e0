import { ApiError, type KubeflumeError } from '../api/errors.ts'
import type { Backoff } from './backoff.ts'
import type { Active, ListPlan, Waiting } from './state.ts'
import type { StrategyMemory } from './strategy-memory.ts'

/** A programmer's error is asked again at this pace: someone may fix the server's side. */
const PERMANENT_RETRY_MS = 30_000
/** Where "Too large resource version" comes without a time to wait. */
const DEFAULT_RETRY_MS = 1000

/** What a reflector remembers beside its state. */
export interface Memory {
  /** The newest version that a list, an event or a bookmark had. */
  readonly lastSeen: string | undefined
  readonly first: ListPlan
  readonly backoff: Backoff
  readonly strategies: StrategyMemory
}

export function waiting(delayMs: number, error: KubeflumeError | undefined, next: Active): Waiting {
  return { name: 'waiting', delayMs, after: error?.message ?? 'a watch that was closed at once', next }
}

/** The wait that an error asks for; it may say the time itself. */
export function pause(error: KubeflumeError, backoff: Backoff, next: Active): Waiting {
  if (!error.retryable) return waiting(PERMANENT_RETRY_MS, error, next)
  return waiting(retryAfter(error, backoff) ?? backoff.next(), error, next)
}

/** The wait for a server that is behind, which it gets once: it knows how long it takes to catch up. */
export function catchUpPause(error: KubeflumeError, backoff: Backoff, next: Active): Waiting {
  return waiting(retryAfter(error, backoff) ?? DEFAULT_RETRY_MS, error, next)
}

/** A connection that ended before it should have. What was half sent is sent again to who asks again. */
export function isCut({ code }: KubeflumeError): boolean {
  return code === 'ERR_CONNECTION_LOST' || code === 'ERR_SERVER_SILENT' || code === 'ERR_DECODE_TRUNCATED'
}

function retryAfter(error: KubeflumeError, backoff: Backoff): number | undefined {
  const ms = error instanceof ApiError ? error.retryAfterMs : undefined
  return ms === undefined || ms === 0 ? undefined : backoff.spread(ms)
}

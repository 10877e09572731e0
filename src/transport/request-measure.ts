import type { KubeflumeError } from '../api/errors.ts'
import type { RequestObservation, RequestObserver } from '../api/request-observer.ts'
import { systemClock } from '../internal/clock.ts'
import type { OutgoingRequest } from './request-headers.ts'

type RequestEnd = { readonly status: number } | { readonly error: KubeflumeError }

/** Measures a request that is sent now: what it returns is called at its end. Undefined where nobody hears of it. */
export function measureRequest(
  observer: RequestObserver,
  { method, query }: OutgoingRequest,
  origin: string,
): ((end: RequestEnd) => void) | undefined {
  if (observer.request === undefined) return undefined
  const startedAt = systemClock.now()
  const about = { method, host: origin.replace(/^https?:\/\//, ''), isWatch: query['watch'] !== undefined }
  return (end) => {
    const outcome: Pick<RequestObservation, 'status' | 'error'> = { status: undefined, error: undefined, ...end }
    observer.request?.({ ...about, ...outcome, durationMs: systemClock.now() - startedAt })
  }
}

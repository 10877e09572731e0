import type { RequestObserver } from '../api/request-observer.ts'
import { counter, histogram, type Instrument, seconds, type Sink } from './instrument.ts'

/** Kubernetes' (component-base/metrics/prometheus/restclient). */
const REQUEST_SECONDS = [0.005, 0.025, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60]

const REQUESTS = counter(
  'rest_client_requests_total',
  ['code', 'method', 'host'],
  'Requests to API servers, by the status of the answer, where one came.',
)
const DURATION = histogram(
  'rest_client_request_duration_seconds',
  ['verb', 'host'],
  REQUEST_SECONDS,
  'How long it took until the head of an answer came, watches left out.',
)

export const REQUEST_INSTRUMENTS: readonly Instrument[] = [REQUESTS, DURATION]

/** Counts what is asked of API servers. */
export function requestRecorder(sink: Sink): RequestObserver {
  return {
    request({ method, host, status, isWatch, durationMs }) {
      sink.add(REQUESTS, { code: String(status ?? '<error>'), method, host })
      if (!isWatch) sink.observe(DURATION, { verb: method, host }, seconds(durationMs))
    },
  }
}

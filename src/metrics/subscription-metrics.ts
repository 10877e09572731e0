import type { Observer } from '../api/observer.ts'
import { resourceName } from '../api/resource-name.ts'
import { counter, histogram, type Instrument, seconds, type Sink } from './instrument.ts'

const HANDLER_SECONDS = [0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 60]

const HANDLED = histogram(
  'kubeflume_handler_duration_seconds',
  ['resource', 'type'],
  HANDLER_SECONDS,
  'How long handlers took, until they returned or their promise settled, by the type of the delta.',
)
const HANDLER_ERRORS = counter(
  'kubeflume_handler_errors_total',
  ['resource', 'type'],
  'Handlers that threw, by the type of the delta.',
)
const COALESCED = counter(
  'kubeflume_coalesced_deltas_total',
  ['resource'],
  'Deltas that were folded into others because a handler had not kept up.',
)
const QUARANTINED = counter(
  'kubeflume_quarantined_total',
  ['resource', 'code'],
  'Versions of objects that could not be read, by the code of the error.',
)

export const SUBSCRIPTION_INSTRUMENTS: readonly Instrument[] = [HANDLED, HANDLER_ERRORS, COALESCED, QUARANTINED]

/** Counts what becomes of objects: those that handlers got, and those that nobody could read. */
export function subscriptionRecorder(sink: Sink): Observer {
  return {
    handled({ resource, type, durationMs, error }) {
      const labels = { resource: resourceName(resource), type }
      sink.observe(HANDLED, labels, seconds(durationMs))
      if (error !== undefined) sink.add(HANDLER_ERRORS, labels)
    },
    coalesced({ resource, count }) {
      sink.add(COALESCED, { resource: resourceName(resource) }, count)
    },
    quarantined({ resource, error }) {
      sink.add(QUARANTINED, { resource: resourceName(resource), code: error.code })
    },
  }
}

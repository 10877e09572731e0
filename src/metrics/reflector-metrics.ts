import type { Observer } from '../api/observer.ts'
import { resourceName } from '../api/resource-name.ts'
import { counter, histogram, type Instrument, seconds, type Sink } from './instrument.ts'

const LIST_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300]
const LIST_ITEMS = [0, 10, 100, 500, 1000, 5000, 10_000, 50_000, 100_000, 500_000, 1_000_000]
/** A server ends a watch after five to ten minutes. */
const WATCH_SECONDS = [1, 5, 30, 60, 120, 300, 360, 420, 480, 540, 600]
const WATCH_ITEMS = [0, 1, 10, 100, 1000, 10_000, 100_000]
/** As client-go has it (tools/cache/reflector.go). */
const SHORT_WATCH_MS = 1000

const LISTS = counter('reflector_lists_total', ['name'], 'Lists that have ended, whole or not.')
const LIST_DURATION = histogram(
  'reflector_list_duration_seconds',
  ['name'],
  LIST_SECONDS,
  'How long a list took that is in the store, from its request to its commit. Of one that was resumed: its last part.',
)
const LIST_SIZE = histogram('reflector_items_per_list', ['name'], LIST_ITEMS, 'How many items a list had.')
const WATCHES = counter('reflector_watches_total', ['name'], 'Watches that have ended.')
const SHORT_WATCHES = counter(
  'reflector_short_watches_total',
  ['name'],
  'Watches that ended within a second and had brought nothing.',
)
const WATCH_DURATION = histogram(
  'reflector_watch_duration_seconds',
  ['name'],
  WATCH_SECONDS,
  'How long a watch lasted.',
)
const WATCH_SIZE = histogram(
  'reflector_items_per_watch',
  ['name'],
  WATCH_ITEMS,
  'How many events a watch brought, bookmarks included.',
)
const LIST_BYTES = counter('kubeflume_list_bytes_total', ['resource'], 'Bytes of the lists in the store, inflated.')
const WASTED_BYTES = counter(
  'kubeflume_list_wasted_bytes_total',
  ['resource'],
  'Bytes that were read in vain: of lists that broke off and could not be resumed.',
)
const LIST_FAILURES = counter(
  'kubeflume_list_failures_total',
  ['resource', 'code'],
  'Lists that failed, by the code of the error.',
)
const RELISTS = counter(
  'kubeflume_relists_total',
  ['resource', 'reason'],
  'Lists of what had been listed before, by the reason: each takes the server a full list.',
)
const WATCH_ENDS = counter(
  'kubeflume_watch_ends_total',
  ['resource', 'code'],
  'Watches that have ended, by the code of the error; none: ended by the server in good order.',
)
const BACKOFFS = counter('kubeflume_backoffs_total', ['resource'], 'Waits after something that failed.')
const BACKOFF_SECONDS = counter('kubeflume_backoff_seconds_total', ['resource'], 'How long those waits were set to be.')

export const REFLECTOR_INSTRUMENTS: readonly Instrument[] = [
  LISTS,
  LIST_DURATION,
  LIST_SIZE,
  WATCHES,
  SHORT_WATCHES,
  WATCH_DURATION,
  WATCH_SIZE,
  LIST_BYTES,
  WASTED_BYTES,
  LIST_FAILURES,
  RELISTS,
  WATCH_ENDS,
  BACKOFFS,
  BACKOFF_SECONDS,
]

/** Counts what reflectors do: lists, watches, and the waits between them. */
export function reflectorRecorder(sink: Sink): Observer {
  return {
    list({ resource, items, bytes, bytesReadAgain, durationMs, error }) {
      const name = resourceName(resource)
      sink.add(LISTS, { name })
      if (error !== undefined) {
        sink.add(LIST_FAILURES, { resource: name, code: error.code })
        return
      }
      sink.observe(LIST_DURATION, { name }, seconds(durationMs))
      sink.observe(LIST_SIZE, { name }, items)
      sink.add(LIST_BYTES, { resource: name }, bytes)
      sink.add(WASTED_BYTES, { resource: name }, bytesReadAgain)
    },
    relist({ resource, reason }) {
      sink.add(RELISTS, { resource: resourceName(resource), reason })
    },
    watchEnd({ resource, events, durationMs, error }) {
      const name = resourceName(resource)
      sink.add(WATCHES, { name })
      if (durationMs < SHORT_WATCH_MS && events === 0) sink.add(SHORT_WATCHES, { name })
      sink.observe(WATCH_DURATION, { name }, seconds(durationMs))
      sink.observe(WATCH_SIZE, { name }, events)
      sink.add(WATCH_ENDS, { resource: name, code: error?.code ?? 'none' })
    },
    backoff({ resource, delayMs }) {
      sink.add(BACKOFFS, { resource: resourceName(resource) })
      sink.add(BACKOFF_SECONDS, { resource: resourceName(resource) }, seconds(delayMs))
    },
  }
}

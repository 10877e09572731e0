import type { ControllerObserver, ReconciledObservation } from '../controller/controller-observer.ts'
import { counter, histogram, type Instrument, type Labels, seconds, type Sink } from './instrument.ts'

/** controller-runtime's (pkg/metrics/workqueue.go): 10 ns to 1,000 s. */
const QUEUE_SECONDS = Array.from({ length: 12 }, (_, exponent) => Number(`1e${exponent - 8}`))
/** controller-runtime's (pkg/internal/controller/metrics). */
const RECONCILE_SECONDS = [
  0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2,
  2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
]
/** controller-runtime gives both, client-go the first: dashboards of either find theirs. */
const QUEUE_LABELS = ['name', 'controller']

/** controller-runtime has one more, which ours cannot ask for: requeue, without a time. */
const RESULTS = ['success', 'requeue_after', 'error'] as const

const ADDS = counter('workqueue_adds_total', QUEUE_LABELS, 'Keys that came to wait for a run.')
const QUEUE_DURATION = histogram(
  'workqueue_queue_duration_seconds',
  QUEUE_LABELS,
  QUEUE_SECONDS,
  'How long a key waited for its run.',
)
const WORK_DURATION = histogram(
  'workqueue_work_duration_seconds',
  QUEUE_LABELS,
  QUEUE_SECONDS,
  'How long the run of a key took.',
)
const RETRIES = counter('workqueue_retries_total', QUEUE_LABELS, 'Keys that failed and wait to be tried again.')
const RECONCILES = counter(
  'controller_runtime_reconcile_total',
  ['controller', 'result'],
  'Runs that have ended, by result: success, requeue_after, error.',
)
const ERRORS = counter('controller_runtime_reconcile_errors_total', ['controller'], 'Runs that failed.')
const TERMINAL_ERRORS = counter(
  'controller_runtime_terminal_reconcile_errors_total',
  ['controller'],
  'Runs that failed such that they are not tried again.',
)
const RECONCILE_TIME = histogram(
  'controller_runtime_reconcile_time_seconds',
  ['controller'],
  RECONCILE_SECONDS,
  'How long a run took.',
)

export const CONTROLLER_INSTRUMENTS: readonly Instrument[] = [
  ADDS,
  QUEUE_DURATION,
  WORK_DURATION,
  RETRIES,
  RECONCILES,
  ERRORS,
  TERMINAL_ERRORS,
  RECONCILE_TIME,
]

/** Counts what controllers do. */
export function controllerRecorder(sink: Sink): ControllerObserver {
  const known = new Set<string>()
  return {
    enqueued({ controller }) {
      if (!known.has(controller)) beginAtZero(sink, controller)
      known.add(controller)
      sink.add(ADDS, queueLabels(controller))
    },
    started({ controller, waitedMs }) {
      sink.observe(QUEUE_DURATION, queueLabels(controller), seconds(waitedMs))
    },
    reconciled(event) {
      const { controller, durationMs, outcome } = event
      sink.observe(WORK_DURATION, queueLabels(controller), seconds(durationMs))
      sink.observe(RECONCILE_TIME, { controller }, seconds(durationMs))
      sink.add(RECONCILES, { controller, result: resultOf(event) })
      if (outcome !== 'done') sink.add(ERRORS, { controller })
      if (outcome === 'terminal') sink.add(TERMINAL_ERRORS, { controller })
    },
    retry({ controller }) {
      sink.add(RETRIES, queueLabels(controller))
    },
  }
}

/** A rate does not see the first of what begins at one: a first error would be none. */
function beginAtZero(sink: Sink, controller: string): void {
  for (const result of RESULTS) sink.add(RECONCILES, { controller, result }, 0)
  for (const instrument of [ERRORS, TERMINAL_ERRORS]) sink.add(instrument, { controller }, 0)
  sink.add(RETRIES, queueLabels(controller), 0)
}

export function queueLabels(controller: string): Labels {
  return { name: controller, controller }
}

function resultOf({ outcome, requeueAfterMs }: ReconciledObservation): (typeof RESULTS)[number] {
  if (outcome !== 'done') return 'error'
  return requeueAfterMs === undefined ? 'success' : 'requeue_after'
}

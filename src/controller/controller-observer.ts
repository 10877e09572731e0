import type { KubeflumeError } from '../api/errors.ts'

/** `'low'`: initial lists and resyncs, which wait while anything else does. */
export type Priority = 'normal' | 'low'

/** A key has come to wait for a run; one that waits already does not come again. */
export interface EnqueuedObservation {
  readonly controller: string
  readonly key: string
  readonly priority: Priority
  /** How many keys wait, with this one. */
  readonly depth: number
}

/** A run begins. */
export interface StartedObservation {
  readonly controller: string
  readonly key: string
  readonly attempt: number
  /** Since the key came to wait. */
  readonly waitedMs: number
  /** How many keys wait still. */
  readonly depth: number
}

/** A run has ended. */
export interface ReconciledObservation {
  readonly controller: string
  readonly key: string
  readonly attempt: number
  readonly durationMs: number
  readonly outcome: 'done' | 'failed' | 'terminal'
  /** What a run that is done has asked for. */
  readonly requeueAfterMs: number | undefined
  readonly error: KubeflumeError | undefined
}

/** A failed key waits to be tried again. */
export interface RetryObservation {
  readonly controller: string
  readonly key: string
  /** That of the run that failed. */
  readonly attempt: number
  readonly delayMs: number
}

/**
 * Hears what a controller does. A controller has one by its `observer` option; and each method is a channel of
 * `node:diagnostics_channel`, to which all controllers of the process publish while it has subscribers:
 * `kubeflume:enqueued`, `kubeflume:started`, `kubeflume:reconciled`, `kubeflume:retry`. Every method is optional, is called synchronously where the thing happens,
 * must return quickly, and what it throws is reported like an error of a handler. Durations are those of the
 * controller's clock.
 */
export interface ControllerObserver {
  readonly enqueued?: ((event: EnqueuedObservation) => void) | undefined
  readonly started?: ((event: StartedObservation) => void) | undefined
  readonly reconciled?: ((event: ReconciledObservation) => void) | undefined
  readonly retry?: ((event: RetryObservation) => void) | undefined
}

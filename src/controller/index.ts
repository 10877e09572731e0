/**
 * Controllers over informers, their work queue, and leader election.
 *
 * @module kubeflume/controller
 */
export { createController } from '../controllers.ts'
export type {
  Controller,
  ControllerOptions,
  ReconcileContext,
  ReconcileRequest,
  ReconcileResult,
} from './controller.ts'
export type {
  ControllerObserver,
  EnqueuedObservation,
  Priority,
  ReconciledObservation,
  RetryObservation,
  StartedObservation,
} from './controller-observer.ts'
export { createEventRecorder, type EventRecorderOptions } from '../event-recorder.ts'
export type { EventRecorder } from './event-recorder.ts'
export type { EventDetails } from './new-event.ts'
export { LeaderElector } from '../leader-elector.ts'
export type { LeaderElectorOptions, LeaderElectorStatus, LeaderTerm } from './leader-elector-options.ts'
export type { FinalizerOptions, FinalizerWriter } from './finalizer.ts'
export { terminal } from './terminal.ts'
export { owns, type Trigger, watches } from './trigger.ts'

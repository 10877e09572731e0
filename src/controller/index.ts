export { createController } from './create-controller.ts'
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
export type { FinalizerOptions, FinalizerWriter } from './finalizer.ts'
export { terminal } from './terminal.ts'
export { owns, type Trigger, watches } from './trigger.ts'

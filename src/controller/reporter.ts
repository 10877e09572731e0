import { KubeflumeError } from '../api/errors.ts'
import { callGuarded } from '../internal/call-guarded.ts'
import { reporterOf } from '../internal/reporter.ts'
import type {
  ControllerObserver,
  EnqueuedObservation,
  ReconciledObservation,
  RetryObservation,
  StartedObservation,
} from './controller-observer.ts'

export type Report = (error: KubeflumeError) => void

/** Where a controller's errors go: to its `onError`, or into warnings of the process. */
export function controllerReporter(onError: Report | undefined): Report {
  return reporterOf<KubeflumeError>(onError, (cause) => new KubeflumeError('ERR_HANDLER', 'onError threw', { cause }))
}

/** The observers as one, such that nothing they throw goes further than the report. A method is there while one of them has it. */
export function guardedObservers(observers: readonly ControllerObserver[], report: Report): ControllerObserver {
  const guarded = <E>(name: keyof ControllerObserver): ((event: E) => void) | undefined => {
    const hearing = (observers as readonly Hearing[]).filter((observer) => observer[name] !== undefined)
    if (hearing.length === 0) return undefined
    const threw = (cause: unknown): void =>
      report(new KubeflumeError('ERR_HANDLER', `an observer threw on ${name}`, { cause }))
    return (event) => {
      for (const observer of hearing) callGuarded(() => observer[name]?.(event), threw)
    }
  }
  return {
    get enqueued() {
      return guarded<EnqueuedObservation>('enqueued')
    },
    get started() {
      return guarded<StartedObservation>('started')
    },
    get reconciled() {
      return guarded<ReconciledObservation>('reconciled')
    },
    get retry() {
      return guarded<RetryObservation>('retry')
    },
  }
}

type Hearing = { readonly [name in keyof ControllerObserver]?: (event: unknown) => void }

import { KubeflumeError } from '../api/errors.ts'
import { callGuarded } from '../internal/call-guarded.ts'
import { reporterOf } from '../internal/reporter.ts'
import type { ControllerObserver } from './controller-observer.ts'

export type Report = (error: KubeflumeError) => void

/** Where a controller's errors go: to its `onError`, or into warnings of the process. */
export function controllerReporter(onError: Report | undefined): Report {
  return reporterOf<KubeflumeError>(onError, (cause) => new KubeflumeError('ERR_HANDLER', 'onError threw', { cause }))
}

/** The observer, such that nothing it throws goes further than the report. */
export function guardedObserver(observer: ControllerObserver, report: Report): ControllerObserver {
  const guarded = <E>(name: keyof ControllerObserver): ((event: E) => void) | undefined => {
    if (observer[name] === undefined) return undefined
    const threw = (cause: unknown): void =>
      report(new KubeflumeError('ERR_HANDLER', `an observer threw on ${name}`, { cause }))
    return (event) => callGuarded(() => (observer[name] as ((event: E) => void) | undefined)?.(event), threw)
  }
  return {
    enqueued: guarded('enqueued'),
    started: guarded('started'),
    reconciled: guarded('reconciled'),
    retry: guarded('retry'),
  }
}

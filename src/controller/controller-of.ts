import type { AnswerCensus } from '../api/census.ts'
import { KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import { systemClock } from '../internal/clock.ts'
import type { Controller, ControllerOptions } from './controller.ts'
import type { ControllerObserver } from './controller-observer.ts'
import { checkFinalizer } from './finalizer.ts'
import { ReconcilingController } from './reconciling-controller.ts'
import { controllerReporter, guardedObservers } from './reporter.ts'
import { checkTrigger } from './trigger.ts'

/** Who hears of every controller of the process. */
export interface ControllerAudience {
  readonly observer: ControllerObserver
  readonly answerCensus: AnswerCensus
}

/** @throws {KubeflumeError} `ERR_OPTION` */
export function controllerOf<T extends KubernetesObject, I extends string>(
  options: ControllerOptions<T, I>,
  { observer, answerCensus }: ControllerAudience,
): Controller {
  const { name, informer, concurrency = 1, runTimeoutMs, drainTimeoutMs = 20_000, resyncPeriodMs, finalizer } = options
  if (typeof name !== 'string' || name === '') throw optionError('the name of a controller is missing')
  if (!Number.isInteger(concurrency) || concurrency < 1)
    throw optionError(`concurrency is ${concurrency}: expected a whole number above 0`)
  if (runTimeoutMs !== undefined && !(Number.isFinite(runTimeoutMs) && runTimeoutMs > 0))
    throw optionError(`runTimeoutMs is ${runTimeoutMs}: expected more than 0`)
  if (!(Number.isFinite(drainTimeoutMs) && drainTimeoutMs >= 0))
    throw optionError(`drainTimeoutMs is ${drainTimeoutMs}: expected 0 or more`)
  if (resyncPeriodMs !== undefined && !(resyncPeriodMs >= 1000))
    throw optionError(`resyncPeriodMs is ${resyncPeriodMs}: expected 1000 or more`)
  if (finalizer !== undefined) checkFinalizer(finalizer.name)
  const report = controllerReporter(options.onError)
  return new ReconcilingController<T, I>({
    name,
    informer,
    concurrency,
    runTimeoutMs,
    drainTimeoutMs,
    resyncPeriodMs,
    finalizer,
    triggers: (options.triggers ?? []).map((trigger) => checkTrigger(trigger, informer.resource)),
    reconcile: (request, context) => options.reconcile(request, context),
    clock: options.clock ?? systemClock,
    observer: guardedObservers([observer, ...(options.observer === undefined ? [] : [options.observer])], report),
    answerCensus,
    report,
  })
}

function optionError(message: string): KubeflumeError {
  return new KubeflumeError('ERR_OPTION', message)
}

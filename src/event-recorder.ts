import { hostname } from 'node:os'
import { KubeflumeError } from './api/errors.ts'
import { resources } from './api/generated/index.ts'
import type { KubeConfigLike } from './api/kube-config.ts'
import { createWriter } from './client.ts'
import { type EventRecorder, SeriesRecorder } from './controller/event-recorder.ts'
import { controllerReporter } from './controller/reporter.ts'
import { type Clock, systemClock } from './internal/clock.ts'

/** In whose name events are recorded. */
export interface EventRecorderOptions {
  /** Who records, `example.com/operator` or `operator`: up to 63 characters behind the slash. */
  controller: string
  /** Which of its replicas. What is above 128 characters is cut off. @default the controller and the host's name */
  instance?: string | undefined
  /** Every event that is dropped, as `ERR_EVENT`. Without it: `process.emitWarning`. */
  onError?: ((error: KubeflumeError) => void) | undefined
  clock?: Clock | undefined
}

// k8s.io/apimachinery/pkg/util/validation: IsQualifiedName
const QUALIFIED_NAME = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/
const MAX_INSTANCE_LENGTH = 128

/**
 * Makes a recorder of events.k8s.io/v1 events. It connects with the first one; `close` it when the controller has
 * stopped.
 *
 * @throws {KubeflumeError} `ERR_OPTION`
 */
export function createEventRecorder(kubeConfig: KubeConfigLike, options: EventRecorderOptions): EventRecorder {
  const { controller, onError, clock } = options
  if (typeof controller !== 'string' || !QUALIFIED_NAME.test(controller))
    throw optionError(`the controller of events is ${JSON.stringify(controller)}: no qualified name`)
  const { instance = `${controller.replace('/', '-')}-${hostname()}` } = options
  if (instance === '') throw optionError('the instance of events is empty')
  return new SeriesRecorder({
    source: { controller, instance: instance.slice(0, MAX_INSTANCE_LENGTH) },
    sink: (signal) => createWriter(kubeConfig, resources.events.v1.events, { clock, signal }),
    clock: clock ?? systemClock,
    wallTime: clock === undefined ? () => Date.now() : () => clock.now(),
    report: controllerReporter(onError),
  })
}

function optionError(message: string): KubeflumeError {
  return new KubeflumeError('ERR_OPTION', message)
}

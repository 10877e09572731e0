import type { KubernetesObject } from './api/object.ts'
import { answerCensus, channelControllerObserver } from './channel-observer.ts'
import type { Controller, ControllerOptions } from './controller/controller.ts'
import { controllerOf } from './controller/controller-of.ts'

/**
 * Makes a controller. It does nothing before `start`.
 *
 * @throws {KubeflumeError} `ERR_OPTION`
 */
export function createController<T extends KubernetesObject, I extends string = never>(
  options: ControllerOptions<T, I>,
): Controller {
  return controllerOf(options, { observer: channelControllerObserver, answerCensus })
}

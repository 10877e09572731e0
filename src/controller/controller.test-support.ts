import { onTestFinished } from 'vitest'
import { type ConfigMap, resources, type Secret } from '../api/generated/index.ts'
import type { KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Resource } from '../api/resource.ts'
import { createInformer } from '../client.ts'
import { createController } from '../controllers.ts'
import type { Informer, InformerOptions } from '../informer/informer.ts'
import { kubeConfigOf } from '../informer/informer.test-support.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { TestApiServer } from '../testing/server.ts'
import type { Controller, ControllerOptions } from './controller.ts'

export const configMaps: Resource<ConfigMap> = resources.core.v1.configmaps
export const secrets: Resource<Secret> = resources.core.v1.secrets

const MAX_TURNS = 400

export function configMap(name: string, metadata: object = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { namespace: 'web', name, ...metadata } }
}

/** A server with ConfigMaps `web/a` and `web/b` unless told otherwise; the controllers of a test end with it, and must leave no timer behind. */
export class ControllerRig {
  readonly clock: ManualClock
  readonly server: TestApiServer
  readonly errors: KubeflumeError[] = []
  /** Keys in the order in which their runs began. */
  readonly runs: string[] = []
  readonly #controllers: Controller[] = []
  readonly #informers: Informer<KubernetesObject>[] = []

  static async start(objects: readonly object[] = [configMap('a'), configMap('b')]): Promise<ControllerRig> {
    const clock = new ManualClock()
    const rig = new ControllerRig(await TestApiServer.start({ clock, objects, freshnessTimeoutMs: 0 }), clock)
    onTestFinished(() => rig.#end())
    return rig
  }

  private constructor(server: TestApiServer, clock: ManualClock) {
    this.server = server
    this.clock = clock
  }

  get codes(): string[] {
    return this.errors.map(({ code }) => code)
  }

  readonly onError = (error: KubeflumeError): void => void this.errors.push(error)

  informer<T extends KubernetesObject>(resource: Resource<T>, options: InformerOptions<T> = {}): Informer<T> {
    const { clock, onError } = this
    const informer = createInformer(kubeConfigOf(this.server), resource, { clock, onError, ...options })
    this.#informers.push(informer)
    return informer
  }

  /** Of ConfigMaps, that notes its runs, unless told otherwise. It is not started. */
  controller(options: Partial<ControllerOptions<ConfigMap>> = {}): Controller {
    const { clock, onError } = this
    const { informer = this.informer(configMaps), reconcile = () => Promise.resolve(), ...rest } = options
    const noted: ControllerOptions<ConfigMap>['reconcile'] = (request, context) => {
      this.runs.push(request.key)
      return reconcile(request, context)
    }
    const controller = createController({ name: 'test', informer, clock, onError, ...rest, reconcile: noted })
    this.#controllers.push(controller)
    return controller
  }

  /** Lets code and sockets go on, not time, until it holds. */
  async until(holds: () => boolean): Promise<void> {
    for (let turn = 0; turn < MAX_TURNS && !holds(); turn++) await this.clock.advance(0)
    if (holds()) return
    throw new Error(`it never came to ${String(holds)}; runs: ${this.runs.join()}; errors: ${this.errors.join()}`)
  }

  /** Lets what has been written arrive, and what follows from it be done, in no time. */
  async settled(): Promise<string[]> {
    for (let turn = 0; turn < 20; turn++) await this.clock.advance(0)
    return this.runs.splice(0).sort()
  }

  async #end(): Promise<void> {
    for (const controller of this.#controllers) await controller.stop()
    for (const informer of this.#informers) await informer.stop()
    await this.server.stop()
    if (this.clock.pending > 0) throw new Error(`${this.clock.pending} timers are left`)
  }
}

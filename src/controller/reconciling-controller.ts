import { KubeflumeError } from '../api/errors.ts'
import { normalizeKey, type ObjectKey } from '../api/key.ts'
import type { KubernetesObject } from '../api/object.ts'
import { onAbort } from '../internal/abort.ts'
import { type Until, waitFor } from '../internal/until.ts'
import type { Controller } from './controller.ts'
import { ControllerRun, type ControllerRunOptions } from './controller-run.ts'

/** The controller: its runs one after the other, each from a start to a stop. */
export class ReconcilingController<T extends KubernetesObject, I extends string> implements Controller {
  readonly #options: ControllerRunOptions<T, I>
  /** The one that runs, or else the next one. */
  #run: ControllerRun<T, I>
  #state: 'idle' | 'running' | 'stopped' = 'idle'
  #stopping: Promise<void> = Promise.resolve()
  #aborting: Disposable | undefined

  constructor(options: ControllerRunOptions<T, I>) {
    this.#options = options
    this.#run = new ControllerRun(options)
  }

  start({ signal }: { signal?: AbortSignal | undefined } = {}): void {
    if (this.#state === 'running' || signal?.aborted) return
    this.#state = 'running'
    const run = this.#run
    const begun = this.#stopping.then(() => run.start()) // no key runs twice at once, not even across a stop
    void begun.catch((cause: unknown) => this.#giveUp(run, cause))
    this.#aborting = onAbort(signal, () => {
      run.abort(signal?.reason)
      if (this.#run === run) void this.stop()
    })
  }

  enqueue(key: ObjectKey): void {
    this.#run.enqueue(normalizeKey(key, this.#options.informer.resource))
  }

  async idle(until: Until = {}): Promise<void> {
    if (this.#state === 'stopped') throw this.#stopped()
    const late = (): Error =>
      new KubeflumeError('ERR_TIMEOUT', `${this.#options.name} is not idle after ${until.timeoutMs} ms`, {
        retryable: true,
      })
    await waitFor(this.#run.idle(), until, this.#options.clock, late)
  }

  stop(): Promise<void> {
    if (this.#state !== 'stopped') this.#stopping = this.#end(this.#stopping)
    this.#state = 'stopped'
    return this.#stopping
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  #giveUp(run: ControllerRun<T, I>, cause: unknown): void {
    const { name, report } = this.#options
    report(new KubeflumeError('ERR_SYNC', `${name}: its informers could not be started: it stops`, { cause }))
    if (this.#run === run) void this.stop()
  }

  /** What it ends it takes at the call: another start may come before this one has ended. */
  async #end(before: Promise<void>): Promise<void> {
    const run = this.#run
    const aborting = this.#aborting
    this.#run = new ControllerRun(this.#options)
    await run.stop(this.#stopped())
    aborting?.[Symbol.dispose]()
    await before
  }

  #stopped(): KubeflumeError {
    return new KubeflumeError('ERR_STOPPED', `${this.#options.name} is stopped`)
  }
}

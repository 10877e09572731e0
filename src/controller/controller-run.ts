import type { AnswerCensus } from '../api/census.ts'
import { KubeflumeError } from '../api/errors.ts'
import { normalizeKey, type ObjectKey } from '../api/key.ts'
import { NOT_STARTED } from '../api/informer-status.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Delta } from '../informer/delta.ts'
import type { Informer } from '../informer/informer.ts'
import type { Subscription } from '../informer/subscription.ts'
import { orAborted } from '../internal/abort.ts'
import type { Clock } from '../internal/clock.ts'
import { deferred } from '../internal/deferred.ts'
import type { ControllerOptions } from './controller.ts'
import type { ControllerObserver, Priority } from './controller-observer.ts'
import { Reconciler } from './reconciler.ts'
import type { Report } from './reporter.ts'
import { syncedAtLast } from './synced-at-last.ts'
import type { KeyedTrigger } from './trigger.ts'
import { WorkQueue } from './work-queue.ts'

export interface ControllerRunOptions<T extends KubernetesObject, I extends string> extends Pick<
  ControllerOptions<T, I>,
  'name' | 'informer' | 'finalizer' | 'runTimeoutMs' | 'resyncPeriodMs'
> {
  readonly reconcile: ControllerOptions<T, I>['reconcile']
  readonly triggers: readonly KeyedTrigger[]
  readonly concurrency: number
  readonly drainTimeoutMs: number
  readonly clock: Clock
  readonly report: Report
  readonly observer: ControllerObserver
  readonly answerCensus: AnswerCensus
}

/** A controller from a start to a stop: what it listens to, what it started, and its queue. */
export class ControllerRun<T extends KubernetesObject, I extends string> {
  readonly #options: ControllerRunOptions<T, I>
  readonly #queue: WorkQueue
  readonly #subscriptions: Subscription[] = []
  readonly #started: Informer<KubernetesObject>[] = []
  readonly #opened = deferred<void>()
  #answering: Disposable | undefined
  /** Aborts with the stop: nothing is waited for any more. */
  readonly #closing = new AbortController()
  /** Aborts the runs that are under way. */
  readonly #ending = new AbortController()

  constructor(options: ControllerRunOptions<T, I>) {
    this.#options = options
    const reconciler = new Reconciler<T, I>({
      ...options,
      signal: this.#ending.signal,
      closing: this.#closing.signal,
      hold: (key, come) => this.#queue.hold(key, come),
    })
    this.#queue = new WorkQueue({ ...options, run: (key, attempt) => reconciler.run(key, attempt) })
  }

  enqueue(key: string): void {
    this.#queue.add(key)
  }

  /** Listens first, so that nothing is missed; runs nothing before all is known. */
  start(): void {
    if (this.#closing.signal.aborted) return
    const { informer, triggers, resyncPeriodMs, answerCensus } = this.#options
    this.#answering = answerCensus((census) => census.controller?.(this.#queue.report()))
    this.#subscriptions.push(
      informer.subscribe((delta: Delta<T>) => this.#queue.add(delta.key, priorityOf(delta)), { resyncPeriodMs }),
      ...triggers.map((trigger) => trigger.informer.subscribe((delta) => this.#pull(trigger, delta))),
    )
    const informers = new Set<Informer<KubernetesObject>>([informer, ...triggers.map((trigger) => trigger.informer)])
    for (const one of informers) {
      const { phase, reason } = one.status
      if (phase === 'stopped' || reason === NOT_STARTED) this.#started.push(one)
      one.start()
    }
    void this.#open([...informers]).catch(() => {}) // stopped meanwhile
  }

  /** Turns away with the stop. */
  idle(): Promise<void> {
    return orAborted(this.#idle(), this.#closing.signal)
  }

  /** Resolves when no run is under way, and what was started is stopped. */
  async stop(reason: KubeflumeError): Promise<void> {
    this.#closing.abort(reason)
    for (const subscription of this.#subscriptions) subscription.unsubscribe()
    const { clock, drainTimeoutMs } = this.#options
    const drained = this.#queue.stop()
    using _ending = clock.setTimeout(() => this.#hurry(reason), drainTimeoutMs)
    await drained
    this.#answering?.[Symbol.dispose]()
    await Promise.all(this.#started.map((informer) => informer.stop()))
  }

  /** Runs that are under way are told to end. */
  abort(reason: unknown): void {
    this.#ending.abort(reason)
  }

  #hurry(reason: KubeflumeError): void {
    const { name, drainTimeoutMs, report } = this.#options
    const message = `${name}: there are runs still ${drainTimeoutMs} ms after the stop, whose signals abort now`
    report(new KubeflumeError('ERR_TIMEOUT', message))
    this.abort(reason)
  }

  async #open(informers: readonly Informer<KubernetesObject>[]): Promise<void> {
    const { signal } = this.#closing
    await Promise.all(informers.map((informer) => syncedAtLast(informer, signal, this.#options.report)))
    if (signal.aborted) return
    this.#queue.start()
    this.#opened.resolve()
  }

  /** What the informers know and have not told yet is told within a few turns. */
  async #idle(): Promise<void> {
    await this.#opened.promise
    for (;;) {
      await this.#queue.idle()
      if (this.#closing.signal.aborted || this.#subscriptions.every(({ pending }) => pending === 0)) return
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  /** Runs whom the object concerns, and whom it concerned before. */
  #pull(trigger: KeyedTrigger, delta: Delta<KubernetesObject>): void {
    const priority = priorityOf(delta)
    if (delta.type === 'updated' && !delta.isResync)
      this.#guarded(trigger, delta.key, () => this.#addAll(trigger.keysOf(delta.previous, this.#resource), priority))
    this.#guarded(trigger, delta.key, () => this.#addAll(trigger.keysOf(delta.object, this.#resource), priority))
  }

  #addAll(keys: Iterable<ObjectKey>, priority: Priority): void {
    for (const key of keys) this.#queue.add(normalizeKey(key, this.#resource), priority)
  }

  #guarded({ informer }: KeyedTrigger, key: string, call: () => void): void {
    try {
      call()
    } catch (cause) {
      const what = `${this.#options.name}: the trigger of ${informer.resource.plural} failed on ${key}`
      const code = cause instanceof KubeflumeError && cause.code === 'ERR_KEY' ? 'ERR_KEY' : 'ERR_HANDLER'
      this.#options.report(new KubeflumeError(code, what, { cause }))
    }
  }

  get #resource(): Informer<T>['resource'] {
    return this.#options.informer.resource
  }
}

/** What is not news can wait. */
function priorityOf<T>(delta: Delta<T>): Priority {
  if (delta.type === 'added') return delta.isInitialList ? 'low' : 'normal'
  return delta.type === 'updated' && delta.isResync ? 'low' : 'normal'
}

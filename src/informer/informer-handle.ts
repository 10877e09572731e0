import type { AnswerCensus } from '../api/census.ts'
import { KubeflumeError } from '../api/errors.ts'
import type { InformerStatus } from '../api/informer-status.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Observer } from '../api/observer.ts'
import type { Lister } from '../api/query.ts'
import type { Resource } from '../api/resource.ts'
import { onAbort } from '../internal/abort.ts'
import type { Until } from '../internal/until.ts'
import type { Change } from '../store/change.ts'
import type { IndexDefinition } from '../store/index-definition.ts'
import { StoreLister } from '../store/store-lister.ts'
import type { Delta, DeltaHandler, Handlers } from './delta.ts'
import { errorReporter } from './error-reporter.ts'
import { stopped } from './informer-errors.ts'
import type {
  Gone,
  Informer,
  InformerOptions,
  InformerScope,
  VerifyOptions,
  VerifyReport,
  Versioned,
} from './informer.ts'
import { Observers } from './observers.ts'
import type { ResolvedOptions } from './options.ts'
import { resolveScope, type Scope } from './scope.ts'
import type { Member, SharedInformer } from './shared-informer.ts'
import { StatusFeed } from './status-feed.ts'
import { Subscribers } from './subscribers.ts'
import type { SubscribeOptions, Subscription } from './subscription.ts'
import { Waits } from './waits.ts'

/** Where handles find what they share. */
export interface HandleHost {
  /** Hears all, beside a handle's own observer. */
  readonly observer: Observer
  readonly onError: ((error: KubeflumeError) => void) | undefined
  readonly answerCensus: AnswerCensus | undefined
  /** Finds what the handle may share, or makes it. */
  join<T extends KubernetesObject, I extends string>(handle: InformerHandle<T, I>): SharedInformer<T>
  /** Nobody joins it from now on. */
  isolate(shared: object): void
  /** The handle is being stopped by its owner: it is not to be started with the others. */
  forget(handle: object, stopping: Promise<void>): void
}

/** One user's hold on an informer that others may share: an informer of its own, as far as its user can see. */
export class InformerHandle<T extends KubernetesObject, I extends string> implements Informer<T, I>, Member<T> {
  readonly resource: Resource<T>
  readonly store: Lister<T, I>
  readonly options: ResolvedOptions<T>
  readonly indexes: { readonly [name: string]: IndexDefinition<T> }
  readonly onError: ((error: KubeflumeError) => void) | undefined
  readonly observer: Observer
  readonly #host: HandleHost
  readonly #subscribers: Subscribers<T>
  readonly #statusFeed: StatusFeed
  #scope: Scope
  #isAlone = false
  #shared!: SharedInformer<T>
  /** From a join to a stop: those who wait for the shared informer on behalf of this handle. */
  #waits = new Waits()
  #following: Disposable | undefined
  #aborting: Disposable | undefined
  /** Its status as it was when it was stopped. */
  #lastStatus: InformerStatus | undefined
  #isStarted = false
  #stopping: Promise<void> = Promise.resolve()

  /** @throws {KubeflumeError} `ERR_INDEX_CONFLICT` */
  constructor(host: HandleHost, options: ResolvedOptions<T>, given: InformerOptions<T, I>) {
    const { resource, omitted, scope, clock, ingest } = options
    this.#host = host
    this.options = options
    this.resource = resource
    this.#scope = scope
    this.indexes = ingest.indexes ?? {}
    this.onError = given.onError
    const report = errorReporter(() => [host.onError, this.onError])
    this.observer = new Observers(given.observer === undefined ? [] : [given.observer], report)
    this.#statusFeed = new StatusFeed({ clock, onError: report, read: () => this.status })
    this.#subscribers = new Subscribers<T>({
      resource,
      clock,
      observer: new Observers([host.observer, this.observer], report),
      onError: report,
      answerCensus: host.answerCensus,
      entries: () => (this.#isStopped ? [] : this.#shared.informer.objects.told()),
      synced: (until) => this.synced(until),
      isRunning: () => !this.#isStopped && this.#shared.isRunning,
    })
    this.store = new StoreLister<T, I>({
      resource,
      omitted,
      store: () => this.#shared.informer.objects,
      resourceVersion: () => this.#shared.informer.store.resourceVersion,
    })
    this.#join()
  }

  get scope(): Scope {
    return this.#scope
  }

  /** Whether it shares with nobody. */
  get isAlone(): boolean {
    return this.#isAlone
  }

  get status(): InformerStatus {
    return this.#lastStatus ?? this.#shared.informer.status
  }

  onStatus(listener: (status: InformerStatus) => void): Disposable {
    return this.#statusFeed.add(listener)
  }

  start({ signal }: { readonly signal?: AbortSignal | undefined } = {}): void {
    if (this.#isStarted) return
    if (signal?.aborted) {
      void this.stop()
      return
    }
    this.run()
    this.#isStarted = true
    this.#aborting = onAbort(signal, () => void this.stop())
  }

  synced(until: Until = {}): Promise<void> {
    return this.#unlessStopped(until, (within) => this.#shared.informer.synced(within))
  }

  caughtUp(to: string | Versioned | Gone, until: Until = {}): Promise<void> {
    return this.#unlessStopped(until, (within) => this.#shared.informer.caughtUp(to, within))
  }

  verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    return this.#unlessStopped(options, (within) => this.#shared.informer.verify({ ...options, ...within }))
  }

  async setScope(scope: InformerScope): Promise<void> {
    const next = resolveScope(this.resource, scope)
    if (!this.#isStopped) {
      if (this.#shared.size > 1) throw isShared(this.resource, this.#shared.size)
      this.#host.isolate(this.#shared)
    }
    this.#scope = next
    this.#isAlone = true
    if (!this.#isStopped) await this.#unlessStopped({}, () => this.#shared.informer.setScope(scope))
  }

  subscribe(handler: Handlers<T> | DeltaHandler<T>, options?: SubscribeOptions<T>): Subscription {
    return this.#subscribers.subscribe(handler, options)
  }

  events(options?: SubscribeOptions<T>): AsyncIterableIterator<Delta<T>> {
    return this.#subscribers.events(options)
  }

  stop(): Promise<void> {
    const stopping = this.halt()
    this.#host.forget(this, stopping)
    return stopping
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /** Runs, though nobody has called `start`. */
  run(): void {
    if (this.#isStopped) this.#join()
    this.#shared.start()
  }

  /** Stops, and stays with its host. */
  halt(): Promise<void> {
    if (!this.#isStopped) {
      this.#lastStatus = { ...this.status, phase: 'stopped', reason: 'stopped' }
      this.#isStarted = false
      this.#aborting?.[Symbol.dispose]()
      this.#following?.[Symbol.dispose]()
      this.#stopping = this.#end(this.#stopping)
      this.#statusFeed.tell()
    }
    this.#subscribers.end()
    return this.#stopping
  }

  onChanges(changes: readonly Change<T>[]): void {
    this.#subscribers.push(changes)
  }

  onStarted(): void {
    this.#subscribers.started()
  }

  get #isStopped(): boolean {
    return this.#lastStatus !== undefined
  }

  #join(): void {
    this.#shared = this.#host.join(this)
    this.#lastStatus = undefined
    this.#waits = new Waits()
    this.#following = this.#shared.informer.followStatus(() => this.#statusFeed.tell())
    if (this.#shared.isRunning) this.#subscribers.started()
  }

  async #end(before: Promise<void>): Promise<void> {
    await Promise.all([this.#waits.end(stopped()), this.#shared.leave(this), before])
  }

  async #unlessStopped<R>(until: Until, wait: (until: Until) => Promise<R>): Promise<R> {
    if (this.#isStopped) throw stopped()
    return this.#waits.run(until, wait)
  }
}

function isShared({ plural }: Resource, handles: number): KubeflumeError {
  const message = `this informer of ${plural} has ${handles} handles: its scope is theirs, too`
  return new KubeflumeError('ERR_SCOPE_SHARED', message)
}

import type { AnswerCensus } from '../api/census.ts'
import { KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Observer } from '../api/observer.ts'
import type { Resource } from '../api/resource.ts'
import { onAbort } from '../internal/abort.ts'
import { type Clock, systemClock } from '../internal/clock.ts'
import { type Until, waitFor } from '../internal/until.ts'
import { InformerHandle, type HandleHost } from './informer-handle.ts'
import { notSynced } from './informer-errors.ts'
import { InformerIdentities } from './informer-identity.ts'
import type { Informer, InformerOptions } from './informer.ts'
import { type ResolvedOptions, resolveOptions } from './options.ts'
import type { ReflectingInformer } from './reflecting-informer.ts'
import { SharedInformer, type SharedHooks } from './shared-informer.ts'
import { SyncBudget } from './sync-budget.ts'
import { Waiters } from './waiters.ts'

const DEFAULT_MAX_CONCURRENT_SYNCS = 4

export interface SharedInformersOptions {
  readonly maxConcurrentSyncs?: number | undefined
  readonly onError?: ((error: KubeflumeError) => void) | undefined
  readonly clock?: Clock | undefined
  readonly observer: Observer
  readonly answerCensus?: AnswerCensus | undefined
  readonly create: <T extends KubernetesObject>(
    options: ResolvedOptions<T>,
    hooks: SharedHooks<T>,
  ) => ReflectingInformer<T, never>
}

/** The informers of one cluster, each shared by all who ask for the same. */
export class SharedInformers implements HandleHost {
  readonly observer: Observer
  readonly onError: ((error: KubeflumeError) => void) | undefined
  readonly answerCensus: AnswerCensus | undefined
  readonly #create: SharedInformersOptions['create']
  readonly #clock: Clock
  readonly #budget: SyncBudget
  readonly #identities = new InformerIdentities()
  readonly #shared = new Set<AnyShared>()
  readonly #byIdentity = new Map<string, AnyShared>()
  readonly #handles = new Set<AnyHandle>()
  readonly #ending = new Set<Promise<void>>()
  readonly #syncing = new Waiters()
  #state: 'idle' | 'running' | 'stopped' = 'idle'
  #aborting: Disposable | undefined

  /** @throws {KubeflumeError} `ERR_OPTION` */
  constructor(options: SharedInformersOptions) {
    this.observer = options.observer
    this.onError = options.onError
    this.answerCensus = options.answerCensus
    this.#create = options.create
    this.#clock = options.clock ?? systemClock
    this.#budget = new SyncBudget(options.maxConcurrentSyncs ?? DEFAULT_MAX_CONCURRENT_SYNCS)
  }

  informer<T extends KubernetesObject, I extends string>(
    resource: Resource<T>,
    options: InformerOptions<T, I>,
  ): Informer<T, I> {
    const resolved = resolveOptions(resource, { ...options, clock: options.clock ?? this.#clock })
    const handle = new InformerHandle<T, I>(this, resolved, options)
    if (this.#state === 'running') this.#run(handle)
    return handle
  }

  start({ signal }: { readonly signal?: AbortSignal | undefined } = {}): void {
    if (this.#state === 'running') return
    if (signal?.aborted) {
      void this.stop()
      return
    }
    for (const handle of this.#handles) handle.run()
    this.#state = 'running'
    this.#aborting = onAbort(signal, () => void this.stop())
    this.#syncing.wake()
  }

  async synced(until: Until = {}): Promise<void> {
    if (this.#state === 'stopped') throw stopped()
    const late = (): Error => notSynced('ERR_TIMEOUT', this.#unsynced())
    await this.#syncing.until(
      () => this.#isSynced(),
      (come) => waitFor(come, until, this.#clock, late),
    )
  }

  async stop(): Promise<void> {
    this.#state = 'stopped'
    this.#aborting?.[Symbol.dispose]()
    this.#syncing.turnAway(stopped)
    await Promise.all([...this.#handles].map((handle) => handle.halt()))
    await Promise.all(this.#ending) // of handles that have been stopped before
  }

  join<T extends KubernetesObject, I extends string>(handle: InformerHandle<T, I>): SharedInformer<T> {
    const { options, scope, isAlone } = handle
    const identity = isAlone ? undefined : this.#identities.of(options, scope)
    const known = identity === undefined ? undefined : this.#byIdentity.get(identity)
    const shared = (known as SharedInformer<T> | undefined) ?? this.#share({ ...options, scope }, identity)
    shared.join(handle)
    this.#handles.add(handle as unknown as AnyHandle)
    return shared
  }

  isolate(shared: object): void {
    for (const [identity, one] of this.#byIdentity) if (one === shared) this.#byIdentity.delete(identity)
  }

  forget(handle: object, stopping: Promise<void>): void {
    this.#handles.delete(handle as AnyHandle)
    this.#ending.add(stopping)
    void stopping.finally(() => this.#ending.delete(stopping))
  }

  #share<T extends KubernetesObject>(options: ResolvedOptions<T>, identity: string | undefined): SharedInformer<T> {
    // indexes come with the handles
    const unindexed = { ...options, budget: this.#budget, ingest: { ...options.ingest, indexes: undefined } }
    const shared: SharedInformer<T> = new SharedInformer<T>({
      create: (hooks) => this.#create(unindexed, hooks),
      observer: this.observer,
      onError: this.onError,
      onEnd: () => {
        this.isolate(shared)
        this.#shared.delete(shared as unknown as AnyShared)
        this.#syncing.wake()
      },
    })
    const { informer } = shared
    informer.followStatus(() => {
      // who still lists, as a thousand others do, ends nobody's wait
      if (informer.isSynced || informer.permanentError !== undefined) this.#syncing.wake()
    })
    this.#shared.add(shared as unknown as AnyShared)
    if (identity !== undefined) this.#byIdentity.set(identity, shared as unknown as AnyShared)
    return shared
  }

  /** One that cannot start leaves nothing behind. */
  #run(handle: { run(): void; stop(): Promise<void> }): void {
    try {
      handle.run()
    } catch (error) {
      void handle.stop()
      throw error
    }
  }

  /** @throws {SyncError} `ERR_SYNC` where waiting does not help */
  #isSynced(): boolean {
    if (this.#state !== 'running') return false
    const waiting = this.#unsynced()
    if (waiting.some(({ permanentError }) => permanentError !== undefined)) throw notSynced('ERR_SYNC', waiting)
    return waiting.length === 0
  }

  #unsynced(): readonly AnyShared['informer'][] {
    return [...this.#shared].map(({ informer }) => informer).filter(({ isSynced }) => !isSynced)
  }
}

type AnyShared = SharedInformer<KubernetesObject>
type AnyHandle = InformerHandle<KubernetesObject, never>

function stopped(): KubeflumeError {
  return new KubeflumeError('ERR_STOPPED', 'the informers are stopped')
}

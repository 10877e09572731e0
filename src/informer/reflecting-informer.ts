import type { KubeflumeError } from '../api/errors.ts'
import type { AnswerCensus, InformerReport } from '../api/census.ts'
import type { InformerStatus } from '../api/informer-status.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Lister } from '../api/query.ts'
import type { Resource } from '../api/resource.ts'
import { onAbort, orAborted } from '../internal/abort.ts'
import { remaining, type Until, waitFor } from '../internal/until.ts'
import type { Change } from '../store/change.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { StoreLister } from '../store/store-lister.ts'
import { caughtUpTest } from './caught-up.ts'
import type { DeltaHandler, Delta, Handlers } from './delta.ts'
import type { Follower } from './follower.ts'
import { notCaughtUp, notSynced, notVerified, stopped } from './informer-errors.ts'
import type { Gone, Informer, InformerScope, VerifyOptions, VerifyReport, Versioned } from './informer.ts'
import type { ListWatcher } from './list-watcher.ts'
import { Run, type RunListener, type RunOptions } from './run.ts'
import { resolveScope, type Scope } from './scope.ts'
import { StatusFeed } from './status-feed.ts'
import { statusOf } from './status.ts'
import { Subscribers } from './subscribers.ts'
import type { SubscribeOptions, Subscription } from './subscription.ts'
import { Waiters } from './waiters.ts'

/** How long `caughtUp` waits where nobody says: a write is seen within moments, a bookmark comes once a minute. */
const CAUGHT_UP_MS = 30_000

/** What connects an informer to its cluster, from a start to a stop. */
export interface Connection<T> {
  listWatcherOf(namespace: string | undefined): ListWatcher<T>
  close(): Promise<void>
}

export interface ReflectingInformerOptions<T extends KubernetesObject> extends RunOptions<T> {
  readonly connect: () => Connection<T>
  readonly onError: (error: KubeflumeError) => void
  readonly answerCensus?: AnswerCensus | undefined
  /** Hears what its subscribers hear, at once. */
  readonly onChanges?: ((changes: readonly Change<T>[]) => void) | undefined
}

/** The informer: its runs, who subscribes to it, and who waits for it. */
export class ReflectingInformer<T extends KubernetesObject, I extends string> implements Informer<T, I> {
  readonly resource: Resource<T>
  readonly store: Lister<T, I>
  readonly #options: ReflectingInformerOptions<T>
  readonly #subscribers: Subscribers<T>
  readonly #verifying = new Set<Promise<VerifyReport>>()
  readonly #statusFeed: StatusFeed
  readonly #syncing = new Waiters()
  readonly #catchingUp = new Waiters()
  #scope: Scope
  #run: Run<T>
  #state: 'idle' | 'running' | 'stopped' = 'idle'
  #stopping: Promise<void> = Promise.resolve()
  #connection: Connection<T> | undefined
  #aborting: Disposable | undefined
  #answering: Disposable | undefined

  constructor(options: ReflectingInformerOptions<T>) {
    this.#options = options
    this.resource = options.resource
    this.#scope = options.scope
    this.#statusFeed = new StatusFeed({ ...options, read: () => this.status })
    this.#run = new Run(options, this.#listener)
    this.#subscribers = new Subscribers<T>({
      ...options,
      // what a stopped informer still shows is not where the next run begins
      entries: () => (this.#state === 'stopped' ? [] : this.#run.store.told()),
      synced: (until) => this.synced(until),
      isRunning: () => this.#state === 'running',
    })
    const { resource, omitted } = options
    this.store = new StoreLister<T, I>({
      resource,
      omitted,
      store: () => this.#run.store,
      resourceVersion: () => (this.#run.isSynced ? this.#run.resourceVersion : undefined),
    })
  }

  get status(): InformerStatus {
    return statusOf(this.#run)
  }

  /** What is in `store`, as those see it who share this informer. */
  get objects(): ObjectStore<T> {
    return this.#run.store
  }

  /** Whether all of the first lists is in the store and has been told. */
  get isSynced(): boolean {
    return this.#state === 'running' && this.#run.hasTold
  }

  /** The error that keeps it from its sync until somebody changes the request; undefined where waiting may help. */
  get permanentError(): KubeflumeError | undefined {
    return this.isSynced ? undefined : this.#run.permanentError
  }

  onStatus(listener: (status: InformerStatus) => void): Disposable {
    return this.#statusFeed.add(listener)
  }

  /** Hears of the same as `onStatus`, without a status: that of many scopes is not put together for each of them. */
  followStatus(run: () => void): Disposable {
    return this.#statusFeed.follow(run)
  }

  start({ signal }: { readonly signal?: AbortSignal | undefined } = {}): void {
    if (this.#state === 'running') return
    if (signal?.aborted) {
      void this.stop()
      return
    }
    const connection = this.#options.connect()
    if (this.#state === 'stopped') this.#run = new Run({ ...this.#options, scope: this.#scope }, this.#listener)
    this.#state = 'running'
    this.#subscribers.started()
    this.#connection = connection
    this.#answering = this.#options.answerCensus?.((census) => census.informer?.(this.#report()))
    this.#aborting = onAbort(signal, () => void this.stop())
    this.#run.start((namespace) => connection.listWatcherOf(namespace))
    this.#wake() // there may be no namespace to wait for
  }

  async synced(until: Until = {}): Promise<void> {
    if (this.#state === 'stopped') throw stopped()
    if (this.permanentError !== undefined) throw notSynced('ERR_SYNC', [this])
    const late = (): Error => notSynced('ERR_TIMEOUT', [this])
    await this.#syncing.until(
      () => this.isSynced,
      (come) => waitFor(come, until, this.#options.clock, late),
    )
  }

  async caughtUp(to: string | Versioned | Gone, until: Until = {}): Promise<void> {
    if (this.#state === 'stopped') throw stopped()
    const hasCaughtUp = caughtUpTest(to, this.resource, this.#run)
    const within = { ...until, timeoutMs: until.timeoutMs ?? CAUGHT_UP_MS }
    const late = (): Error => notCaughtUp(this, within.timeoutMs)
    await this.#catchingUp.until(
      () => hasCaughtUp() && this.#state === 'running',
      (come) => waitFor(come, within, this.#options.clock, late),
    )
  }

  async verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    const verifying = this.#verify(options)
    this.#verifying.add(verifying)
    try {
      return await verifying
    } finally {
      this.#verifying.delete(verifying)
    }
  }

  async #verify({ content = false, repair = false, ...until }: VerifyOptions): Promise<VerifyReport> {
    const { clock } = this.#options
    const startedAt = clock.now()
    await this.synced(until)
    const run = this.#run
    const ending = new AbortController()
    using _stopping = onAbort(run.signal, () => ending.abort(run.signal.reason))
    const settled = (follower: Follower<T>): Promise<void> =>
      this.#catchingUp.until(
        () => follower.isStopped || follower.progress.phase === 'watching',
        (come) => orAborted(come, ending.signal),
      )
    const report = run.verify({ content, repair, signal: ending.signal }, settled)
    const late = (): Error => notVerified(until.timeoutMs)
    try {
      return await waitFor(report, remaining(until, clock.now() - startedAt), clock, late)
    } finally {
      ending.abort(stopped())
      await report.catch(() => {}) // its requests end before the caller goes on
      this.#catchingUp.wake() // somebody may wait for what was put right
    }
  }

  async setScope(scope: InformerScope): Promise<void> {
    this.#scope = resolveScope(this.resource, scope)
    if (this.#state === 'stopped') return
    this.#run.rescope(this.#scope)
    this.#statusFeed.tell()
    this.#wake()
    if (this.#state !== 'running') return
    await this.#run.removed
    await this.synced()
    await this.#run.removed // what the first list of the new scope has left over
  }

  subscribe(handler: Handlers<T> | DeltaHandler<T>, options?: SubscribeOptions<T>): Subscription {
    return this.#subscribers.subscribe(handler, options)
  }

  events(options?: SubscribeOptions<T>): AsyncIterableIterator<Delta<T>> {
    return this.#subscribers.events(options)
  }

  stop(): Promise<void> {
    if (this.#state !== 'stopped') {
      this.#state = 'stopped'
      this.#stopping = this.#end(this.#stopping)
      this.#syncing.turnAway(stopped)
      this.#catchingUp.turnAway(stopped)
    }
    this.#subscribers.end()
    return this.#stopping
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /** What it ends it takes at the call: a new run may start before this one, or the one before it, has ended. */
  async #end(before: Promise<void>): Promise<void> {
    const connection = this.#connection
    this.#connection = undefined
    this.#aborting?.[Symbol.dispose]()
    this.#answering?.[Symbol.dispose]()
    await this.#run.stop(stopped())
    await Promise.allSettled(this.#verifying) // each ends its requests and its timer
    await connection?.close()
    await before
  }

  readonly #listener: RunListener<T> = {
    onChanges: (changes) => {
      this.#subscribers.push(changes)
      this.#options.onChanges?.(changes)
    },
    onProgress: () => {
      this.#catchingUp.wake()
      this.#statusFeed.tell()
    },
    onListProgress: () => this.#statusFeed.tellProgress(),
    onAdvanced: () => this.#catchingUp.wake(),
    onNewEpoch: () => this.#catchingUp.wake(),
    onSynced: () => {
      this.#wake()
      this.#statusFeed.tell()
    },
    onError: (error) => {
      this.#options.onError(error)
      if (this.#run.permanentError !== undefined) this.#syncing.turnAway(() => notSynced('ERR_SYNC', [this]))
      this.#statusFeed.tell()
    },
  }

  #report(): InformerReport {
    const { resource, status } = this
    const { lastContactAt } = status
    const contactAgeMs = lastContactAt === undefined ? undefined : this.#options.clock.now() - lastContactAt
    return { resource, status, contactAgeMs, storedBytes: this.#run.store.storedBytes }
  }

  #wake(): void {
    this.#syncing.wake()
    this.#catchingUp.wake()
  }
}

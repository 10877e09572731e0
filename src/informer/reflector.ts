import type { KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Observer } from '../api/observer.ts'
import { isOlder } from '../api/resource-version.ts'
import type { Resource } from '../api/resource.ts'
import type { WireEvent } from '../decode/decoder.ts'
import { orAborted } from '../internal/abort.ts'
import type { Clock } from '../internal/clock.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { Replacement } from '../store/replacement.ts'
import { Backoff } from './backoff.ts'
import { followWatch } from './follow-watch.ts'
import { limitOf, queryOf } from './list-plan.ts'
import { ListUnderWay } from './list-under-way.ts'
import type { ListWatcher, Query } from './list-watcher.ts'
import type { Memory } from './pause.ts'
import { probe } from './probe.ts'
import { asKubeflumeError, duplicateKey, eventError, olderList } from './reflector-errors.ts'
import { ReflectorObserver } from './reflector-observer.ts'
import type { ReflectorProgress } from './reflector-progress.ts'
import { afterListFailure, afterResumeFailure, type ListFailure, newer, suited } from './relist.ts'
import { afterProbeFailure, afterWatchEnd } from './rewatch.ts'
import {
  type Listing,
  listing,
  type ListPlan,
  type Probing,
  type ReflectorState,
  type Resuming,
  type Waiting,
  type Watching,
  watching,
} from './state.ts'
import type { StrategyMemory } from './strategy-memory.ts'
import type { SyncBudget } from './sync-budget.ts'
import { WatchStream } from './watch-stream.ts'

export interface ReflectorOptions<T extends KubernetesObject> {
  readonly resource: Resource<T>
  /** Whose objects these are; undefined: all. */
  readonly namespace: string | undefined
  readonly store: ObjectStore<T>
  readonly listWatcher: ListWatcher<T>
  /** `labelSelector` and `fieldSelector`, sent with every request. */
  readonly selectors: Query
  readonly first: ListPlan
  readonly strategies: StrategyMemory
  readonly trustsVersions: boolean
  readonly clock: Clock
  readonly progress: ReflectorProgress
  /** Must not throw. */
  readonly observer: Observer
  /** What a list has to wait for before it begins; undefined: nothing. */
  readonly mayList: (signal: AbortSignal) => Promise<void> | undefined
  /** For first lists alone; undefined: they are made at once. */
  readonly budget?: SyncBudget | undefined
}

/**
 * Keeps one scope of a store like its collection on the server: a list, then a watch from there, for
 * ever. It never stops on an error. What follows what is decided in `relist.ts` and `rewatch.ts`; here it
 * is done.
 *
 *     listing -> watching -> watching -> …      a watch ends: the next one, from the last version seen
 *      |   ^       |   \-> probing -> watching  it had brought nothing: first a question
 *      |   \-------/                            410, or an event was lost
 *      \-> resuming -> watching                 the list was cut: the rest of it
 *
 * with a wait before any of them, when something failed.
 */
export class Reflector<T extends KubernetesObject> {
  readonly #options: ReflectorOptions<T>
  readonly #progress: ReflectorProgress
  readonly #observer: ReflectorObserver
  readonly #backoff: Backoff
  #lastSeen: string | undefined
  /** Kept from a cut until it is resumed. */
  #list: ListUnderWay<T> | undefined
  /** The watch that is open, or that has been opened beside a list. */
  #stream: WatchStream<T> | undefined

  constructor(options: ReflectorOptions<T>) {
    this.#options = options
    this.#progress = options.progress
    this.#observer = new ReflectorObserver(options)
    this.#backoff = new Backoff(options.clock)
  }

  /** Runs until the signal aborts; then it resolves, with every request ended. */
  async run(signal: AbortSignal): Promise<void> {
    let state: ReflectorState = listing(this.#options.first)
    try {
      while (!signal.aborted) state = await this.#step(state, signal)
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      this.#drop()
      this.#endWatch()
    }
  }

  #step(state: ReflectorState, signal: AbortSignal): Promise<ReflectorState> {
    switch (state.name) {
      case 'listing':
        return this.#inTurn(() => this.#beginList(state, signal), signal)
      case 'resuming':
        return this.#inTurn(() => this.#resume(state, signal), signal)
      case 'watching':
        return this.#watch(state, signal)
      case 'probing':
        return this.#probe(state, signal)
      case 'waiting':
        return this.#wait(state, signal)
      default:
        return state satisfies never
    }
  }

  /** Of a first list each attempt has a place of the budget, from its request to its end: none is held over a backoff. */
  async #inTurn(list: () => Promise<ReflectorState>, signal: AbortSignal): Promise<ReflectorState> {
    const { budget } = this.#options
    if (budget === undefined || this.#lastSeen !== undefined) return list()
    const place = budget.take(signal)
    if (place !== undefined) {
      this.#progress.queued(budget.size)
      await place
    }
    try {
      return await list()
    } finally {
      budget.giveBack()
    }
  }

  async #beginList(asked: Listing, signal: AbortSignal): Promise<ReflectorState> {
    const { mayList } = this.#options
    for (let wait = mayList(signal); wait !== undefined; wait = mayList(signal)) {
      this.#progress.held()
      await wait
    }
    const plan = suited(asked.plan, this.#memory())
    const state = { ...asked, plan }
    const query = queryOf(plan)
    const list = this.#newList(plan, signal)
    this.#list = list
    this.#progress.listing(plan)
    if (this.#lastSeen !== undefined) this.#observer.relist(plan)
    const read = () => (plan.strategy === 'watch-list' ? list.readWatchList(query) : list.readPages(query, signal))
    return this.#finish(state, { list, read }, signal)
  }

  #resume(state: Resuming, signal: AbortSignal): Promise<ReflectorState> {
    const list = this.#list!
    this.#progress.resuming(state)
    return this.#finish(state, { list, read: () => list.readRest(state.token, limitOf(state.plan), signal) }, signal)
  }

  /** Puts a list in place at its verified end, or decides what follows its failure. */
  async #finish(
    state: Listing | Resuming,
    { list, read }: { readonly list: ListUnderWay<T>; readonly read: () => Promise<string> },
    signal: AbortSignal,
  ): Promise<ReflectorState> {
    const startedAt = this.#options.clock.now()
    const ended = (error?: KubeflumeError) =>
      this.#observer.list(state.plan, { list, durationMs: this.#options.clock.now() - startedAt, error })
    try {
      const resourceVersion = await read()
      signal.throwIfAborted()
      await this.#commit(state.plan, list, resourceVersion)
      ended()
      return watching(resourceVersion)
    } catch (cause) {
      signal.throwIfAborted()
      const error = asKubeflumeError(cause)
      const { resourceVersion, items, token, hasBegun } = list
      const durationMs = this.#options.clock.now() - startedAt
      const next = this.#afterFailure(state, { error, durationMs, resourceVersion, items, token, hasBegun })
      this.#progress.failed(error, next.name === 'listing')
      ended(error)
      this.#keepOrDrop(next)
      return next
    }
  }

  #afterFailure(state: Listing | Resuming, failure: ListFailure): ReflectorState {
    const memory = this.#memory()
    return state.name === 'listing'
      ? afterListFailure(state, failure, memory)
      : afterResumeFailure(state, failure, memory)
  }

  /** What has come of a list that failed is of use only to who resumes it. */
  #keepOrDrop(next: ReflectorState): void {
    if (next.name === 'waiting' && next.next.name === 'resuming') this.#list?.openWatch()
    else {
      this.#drop()
      this.#endWatch() // of a list that could not be put in place
    }
  }

  async #commit(plan: ListPlan, list: ListUnderWay<T>, resourceVersion: string): Promise<void> {
    const goesBack = this.#lastSeen !== undefined && isOlder(resourceVersion, this.#lastSeen)
    if (goesBack && !plan.mayGoBack) throw olderList(resourceVersion, this.#lastSeen!)
    if (plan.strategy === 'watch-list') this.#options.strategies.worked()
    this.#lastSeen = resourceVersion // before the commit: who hears of it may ask
    this.#list = undefined
    this.#stream = list.takeWatch()
    await this.#progress.committed(resourceVersion, () => list.commit())
  }

  async #watch(state: Watching, signal: AbortSignal): Promise<ReflectorState> {
    const { clock } = this.#options
    const stream = this.#stream ?? this.#openWatch({ resourceVersion: state.resourceVersion }, signal)
    this.#stream = stream
    const { events, error } = await followWatch(stream, {
      onOpen: () => this.#progress.watching(this.#lastSeen ?? state.resourceVersion),
      onEvent: (event) => this.#apply(event),
    })
    signal.throwIfAborted()
    if (error !== undefined) this.#progress.failed(error)
    const durationMs = clock.now() - stream.startedAt
    this.#endWatch()
    this.#observer.watchEnd({ error, events, durationMs })
    const end = { error, hasOpened: stream.hasOpened, sawEvents: events > 0, durationMs }
    return afterWatchEnd(state, end, this.#memory())
  }

  #apply(event: WireEvent<T>): void {
    if (event.type === 'ERROR') throw eventError(event.status)
    if (event.type === 'DELETED') this.#options.store.delete(event.object)
    else if (event.type !== 'BOOKMARK') this.#options.store.put(event.object)
    this.#lastSeen = newer(this.#lastSeen, event.object.resourceVersion || this.#lastSeen!)
    this.#progress.advanced(this.#lastSeen, event.type === 'BOOKMARK' ? undefined : event.object.key)
  }

  async #probe(state: Probing, signal: AbortSignal): Promise<ReflectorState> {
    const { listWatcher, selectors, clock } = this.#options
    const { resourceVersion } = state.next
    this.#progress.probing(resourceVersion)
    try {
      const found = await probe(listWatcher.metadata, { selectors, resourceVersion, clock, signal })
      if (isOlder(found, resourceVersion)) throw olderList(found, resourceVersion)
      return state.next
    } catch (cause) {
      signal.throwIfAborted()
      const error = asKubeflumeError(cause)
      this.#progress.failed(error)
      return afterProbeFailure(state, error, this.#memory())
    }
  }

  async #wait(state: Waiting, signal: AbortSignal): Promise<ReflectorState> {
    this.#progress.waiting(state)
    this.#observer.backoff(state)
    const over = Promise.withResolvers<void>()
    const timer = this.#options.clock.setTimeout(over.resolve, state.delayMs)
    try {
      await orAborted(over.promise, signal)
    } finally {
      timer[Symbol.dispose]()
    }
    return state.next
  }

  #newList(plan: ListPlan, signal: AbortSignal): ListUnderWay<T> {
    const { store, namespace, trustsVersions, listWatcher, selectors, clock } = this.#options
    let duplicates = 0
    const replacement = new Replacement<T>(store, {
      namespace,
      trustsVersions: trustsVersions && plan.mayGoBack !== true,
      isInitialList: this.#lastSeen === undefined,
      onDuplicate: (key) => {
        if (duplicates++ === 0) this.#progress.survived(duplicateKey(key))
      },
    })
    return new ListUnderWay<T>({
      replacement,
      listWatcher,
      selectors,
      clock,
      onProgress: (items, progress) => this.#progress.received(items, progress),
      onPage: (page) => this.#observer.page(page),
      openWatch: (query) => this.#openWatch(query, signal),
    })
  }

  #openWatch(query: Query, signal: AbortSignal): WatchStream<T> {
    const { listWatcher, selectors, clock } = this.#options
    return new WatchStream<T>({ listWatcher, clock, signal, query: { ...selectors, ...query } })
  }

  #drop(): void {
    if (this.#list === undefined) return
    this.#list[Symbol.dispose]()
    this.#observer.dropped(this.#list)
    this.#progress.dropped()
    this.#list = undefined
  }

  #endWatch(): void {
    this.#stream?.[Symbol.dispose]()
    this.#stream = undefined
  }

  #memory(): Memory {
    const { first, strategies } = this.#options
    return { lastSeen: this.#lastSeen, first, strategies, backoff: this.#backoff }
  }
}

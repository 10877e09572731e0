import type { KubernetesObject } from '../api/object.ts'
import type { Observer } from '../api/observer.ts'
import type { Resource } from '../api/resource.ts'
import type { Clock } from '../internal/clock.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { HoldableListWatcher } from './holdable-list-watcher.ts'
import type { ListWatcher, Query } from './list-watcher.ts'
import { type ProgressListener, ReflectorProgress } from './reflector-progress.ts'
import { Reflector } from './reflector.ts'
import type { ListPlan } from './state.ts'
import type { StrategyMemory } from './strategy-memory.ts'
import type { SyncBudget } from './sync-budget.ts'

export interface FollowerOptions<T extends KubernetesObject> {
  readonly resource: Resource<T>
  /** undefined: all. */
  readonly namespace: string | undefined
  readonly selectors: Query
  readonly first: ListPlan
  /** The newest version that others had seen before, where the first list is of the newest state. */
  readonly seenBefore?: string | undefined
  readonly strategies: StrategyMemory
  readonly budget?: SyncBudget | undefined
  readonly trustsVersions: boolean
  readonly store: ObjectStore<T>
  readonly clock: Clock
  readonly observer: Observer
  readonly listener: ProgressListener
}

/** Follows one scope: a reflector with its own beginning and end, whose answers can be held back. */
export class Follower<T extends KubernetesObject> {
  readonly namespace: string | undefined
  readonly selectors: Query
  readonly progress: ReflectorProgress
  /** How many lists it has put in place. */
  commits = 0
  /** Whether everything of its first list has gone to the subscribers. */
  hasTold = false
  #committing: PromiseWithResolvers<void> | undefined
  readonly #appliedListeners = new Set<(key: string) => void>()
  readonly #options: FollowerOptions<T>
  readonly #abort = new AbortController()
  #isHeld = false
  #listWatcher: HoldableListWatcher<T> | undefined

  constructor(options: FollowerOptions<T>) {
    this.#options = options
    const { namespace, clock, listener, seenBefore } = options
    this.namespace = namespace
    this.selectors = options.selectors
    this.progress = new ReflectorProgress(namespace, clock, listener, seenBefore)
  }

  /** Resolves when it has been stopped and every request of it has ended. */
  async run(listWatcher: ListWatcher<T>): Promise<void> {
    if (this.#abort.signal.aborted) return
    const holdable = new HoldableListWatcher(listWatcher)
    this.#listWatcher = holdable
    this.hold(this.#isHeld)
    const mayList = (signal: AbortSignal) => (holdable.isHeld ? holdable.released(signal) : undefined)
    const reflector = new Reflector<T>({ ...this.#options, listWatcher: holdable, progress: this.progress, mayList })
    await reflector.run(this.#abort.signal)
  }

  /** While it is held it begins no list and applies no event. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld
    if (isHeld) this.#listWatcher?.hold()
    else this.#listWatcher?.release()
  }

  /** Its reflector is about to put a list in place. */
  committing(): void {
    this.commits++
    this.#committing = Promise.withResolvers<void>()
  }

  /** All of that list has been told. */
  committed(): void {
    this.hasTold = true
    this.#committing?.resolve()
    this.#committing = undefined
  }

  get isCommitting(): boolean {
    return this.#committing !== undefined
  }

  /** Whether a list of it has begun, and has been neither told nor dropped. */
  get isListing(): boolean {
    return this.progress.hasOpenList || this.isCommitting
  }

  /** Whether it has part of a list and waits for the rest, which may never be had. */
  get isInterrupted(): boolean {
    return this.progress.hasOpenList && this.progress.phase === 'backoff'
  }

  /** Resolves when no list is being put in place. */
  get isIdle(): Promise<void> {
    return this.#committing?.promise ?? Promise.resolve()
  }

  /** Its reflector has applied an event of this key, or (undefined) a bookmark or a list. */
  advanced(key: string | undefined): void {
    if (key === undefined) return
    for (const listener of this.#appliedListeners) listener(key)
  }

  /** Calls the listener with the key of each event that is applied. */
  onApplied(listener: (key: string) => void): Disposable {
    this.#appliedListeners.add(listener)
    return { [Symbol.dispose]: () => this.#appliedListeners.delete(listener) }
  }

  stop(reason: Error): void {
    this.#abort.abort(reason)
  }

  /** Whether nobody wants it any more: what it has followed is not the store's. */
  get isStopped(): boolean {
    return this.#abort.signal.aborted
  }

  covers(namespace: string | undefined): boolean {
    return this.namespace === undefined || this.namespace === namespace
  }

  /** Whether an object may belong to both. */
  overlaps(other: { readonly namespace: string | undefined }): boolean {
    return this.covers(other.namespace) || other.namespace === undefined
  }
}

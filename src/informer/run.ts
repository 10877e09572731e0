import type { Compressor } from '../api/compressor.ts'
import type { KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import { isOlder } from '../api/resource-version.ts'
import { namespaceOf } from '../api/key.ts'
import { apiVersionOf, isMetadataOnly, type Resource } from '../api/resource.ts'
import { kindSchema } from '../decode/protobuf/schema.ts'
import { wireCodec } from '../decode/wire-codec.ts'
import type { Observer } from '../api/observer.ts'
import type { Clock } from '../internal/clock.ts'
import type { Change } from '../store/change.ts'
import type { IngestOptions } from '../store/ingest.ts'
import { ObjectStore } from '../store/object-store.ts'
import { FollowerSet } from './follower-set.ts'
import { Follower } from './follower.ts'
import type { ListWatcher, Query } from './list-watcher.ts'
import type { ProgressListener, ReflectorProgress } from './reflector-progress.ts'
import type { VerifyReport } from './informer.ts'
import { mergeReports, type VerifyContext, verifyScope } from './verify.ts'
import { newer } from './relist.ts'
import type { Scope } from './scope.ts'
import type { ListPlan } from './state.ts'
import type { StrategyMemory } from './strategy-memory.ts'
import type { SyncBudget } from './sync-budget.ts'

/** What an informer follows, and how: the same for every run, but for the scope, which may be changed. */
export interface RunOptions<T extends KubernetesObject> {
  readonly resource: Resource<T>
  readonly scope: Scope
  readonly first: ListPlan
  readonly strategies: StrategyMemory
  /** Shared with other informers, whose first lists take turns. */
  readonly budget?: SyncBudget | undefined
  /** Fields that the store does not have, whatever the objects have. */
  readonly omitted: readonly (readonly string[])[]
  readonly ingest: IngestOptions<T>
  /** For `retain: 'compressed'`. */
  readonly compressor?: Compressor | undefined
  readonly clock: Clock
  readonly observer: Observer
}

export interface RunListener<T> extends Omit<ProgressListener, 'onCommitting' | 'onCommitted' | 'onAdvanced'> {
  onChanges(changes: readonly Change<T>[]): void
  onAdvanced(): void
  /** The first list of a scope is in the store, and all of it has been told. */
  onSynced(): void
}

/** An informer between a start and a stop: one store, and a follower for each namespace of its scope. */
export class Run<T extends KubernetesObject> {
  readonly store: ObjectStore<T>
  readonly #options: RunOptions<T>
  readonly #listener: RunListener<T>
  readonly #stopped = new AbortController()
  readonly #running = new Set<Promise<void>>()
  readonly #followers: FollowerSet<T>
  #listWatcherOf: ((namespace: string | undefined) => ListWatcher<T>) | undefined
  #epoch = 0

  constructor(options: RunOptions<T>, listener: RunListener<T>) {
    this.#options = options
    this.#listener = listener
    this.store = new ObjectStore<T>({
      ...options.ingest,
      codec: wireCodec,
      compressor: options.compressor,
      onChanges: (changes) => {
        // what still arrives when it has been stopped is not for those who follow the next run
        if (!this.#stopped.signal.aborted) listener.onChanges(changes)
      },
      onQuarantine: (key, error, resourceVersion) => {
        listener.onError(error)
        const { resource, observer } = options
        const { namespace } = this.followers.find((one) => one.covers(namespaceOf(key))) ?? {}
        observer.quarantined?.({ resource, namespace, key, resourceVersion, error })
      },
    })
    this.#followers = new FollowerSet(this.store)
    this.#follow(options.scope, options.first)
  }

  start(listWatcherOf: (namespace: string | undefined) => ListWatcher<T>): void {
    this.#listWatcherOf = listWatcherOf
    for (const follower of this.followers) this.#run(follower)
  }

  get followers(): readonly Follower<T>[] {
    return this.#followers.wanted
  }

  get progress(): readonly ReflectorProgress[] {
    return this.followers.map(({ progress }) => progress)
  }

  get isSynced(): boolean {
    return this.followers.every(({ progress }) => progress.isSynced)
  }

  /** Whether everything of the first lists has gone to the subscribers, too. */
  get hasTold(): boolean {
    return this.followers.every(({ hasTold }) => hasTold)
  }

  /** Counts how often the storage of the server was found to be another one. Versions of two epochs mean different things. */
  get epoch(): number {
    return this.#epoch
  }

  /** The oldest of the scopes' versions; undefined while one of them has none. */
  get resourceVersion(): string | undefined {
    const versions = this.progress.map(({ resourceVersion }) => resourceVersion)
    return versions.reduce((oldest, version) => {
      if (oldest === undefined || version === undefined) return undefined
      return isOlder(version, oldest) ? version : oldest
    }, versions[0])
  }

  get permanentError(): KubeflumeError | undefined {
    return this.progress.find(({ permanentError }) => permanentError !== undefined)?.permanentError
  }

  /**
   * Follows another scope from now on. A namespace that is new is listed; where the selectors are new,
   * what followed the old ones serves until the list is put in its place. What is in no namespace of the
   * new scope leaves the store.
   */
  rescope(scope: Scope): void {
    const { first } = this.#options
    if (this.#listWatcherOf === undefined) {
      this.#follow(scope, first)
      return
    }
    for (const follower of this.#follow(scope, newest(first))) void this.removed.then(() => this.#run(follower))
  }

  /** Resolves when what no scope covers any more has left the store. */
  get removed(): Promise<unknown> {
    return this.#followers.removed
  }

  /** Aborts when it is stopped. */
  get signal(): AbortSignal {
    return this.#stopped.signal
  }

  /** Verifies every scope, one after the other; anew, when they are others meanwhile. */
  async verify(
    context: Pick<VerifyContext<T>, 'content' | 'repair' | 'signal'>,
    settled: (follower: Follower<T>) => Promise<void>,
  ): Promise<VerifyReport> {
    const { store } = this
    const { clock } = this.#options
    const reports: VerifyReport[] = []
    for (const follower of this.followers) {
      const listWatcher = this.#listWatcherOf!(follower.namespace)
      const scoped = { ...context, store, clock, follower, listWatcher, settled: () => settled(follower) }
      const report = await verifyScope(scoped)
      if (report === undefined) return this.verify(context, settled)
      reports.push(report)
    }
    return mergeReports(reports)
  }

  /** Resolves when every request of it has ended. */
  async stop(reason: Error): Promise<void> {
    this.#stopped.abort(reason)
    for (const follower of this.#followers.all) follower.stop(reason)
    this.store.end()
    await Promise.resolve() // a status listener may stop it while `start` is under way: what ends is known a turn later
    await Promise.all(this.#running)
    for (const progress of this.progress) progress.stopped()
  }

  #follow(scope: Scope, first: ListPlan): readonly Follower<T>[] {
    return this.#followers.change(scope, (namespace) => this.#follower(namespace, scope.selectors, first))
  }

  #follower(namespace: string | undefined, selectors: Query, first: ListPlan): Follower<T> {
    const { resource, clock, observer, strategies, budget } = this.#options
    const trustsVersions = isStoredByApiServer(resource)
    const { store } = this
    const listener = this.#listenerOf(() => follower)
    const follower: Follower<T> = new Follower({
      resource,
      namespace,
      selectors,
      first,
      seenBefore: this.#newestSeen,
      strategies,
      budget,
      trustsVersions,
      store,
      clock,
      observer,
      listener,
    })
    return follower
  }

  /** Undefined before the start: what lists then may ask for any state. */
  get #newestSeen(): string | undefined {
    return this.#followers.all.reduce<string | undefined>(
      (seen, { progress: { resourceVersion } }) =>
        resourceVersion === undefined ? seen : newer(seen, resourceVersion),
      undefined,
    )
  }

  #listenerOf(follower: () => Follower<T>): ProgressListener {
    const listener = this.#listener
    return {
      ...listener,
      onProgress: () => {
        this.#followers.updateHolds()
        listener.onProgress()
      },
      onCommitting: () => {
        follower().committing()
        this.#followers.supersede(follower())
      },
      onAdvanced: (key) => {
        follower().advanced(key)
        listener.onAdvanced()
      },
      onNewEpoch: () => {
        this.#epoch++
        listener.onNewEpoch()
      },
      onCommitted: () => {
        const isFirst = !follower().hasTold
        follower().committed()
        this.#followers.updateHolds()
        if (isFirst) listener.onSynced()
      },
    }
  }

  #run(follower: Follower<T>): void {
    const running = follower.run(this.#listWatcherOf!(follower.namespace))
    this.#running.add(running)
    void running.finally(() => this.#running.delete(running)) // what it throws is a mistake of ours, and heard
  }
}

/**
 * What was seen before must not come back: a list of a cache of any age will not do. Who lists has seen no version
 * that would tell it of a restored storage; so it takes none for the state that the store has.
 */
function newest({ strategy }: ListPlan): ListPlan {
  return { strategy, atLeast: undefined, reason: 'the scope has changed', mayGoBack: true }
}

/** Custom resources are converted on the way out, and an aggregated API keeps its objects as it likes. */
function isStoredByApiServer(resource: Resource): boolean {
  return kindSchema(apiVersionOf(resource), resource.kind) !== undefined && !isMetadataOnly(resource)
}

import type { Clock } from '../../internal/clock.ts'
import type { ServedResource } from '../catalog/registry.ts'
import type { Gates } from '../catalog/release.ts'
import type { Collection, StoredVersion } from './collection.ts'
import { digestOf } from './digest.ts'
import type { Storage } from './storage.ts'
import { WatchCache, type WatchCacheOptions } from './watch-cache.ts'

/** As kube-apiserver's, without its jitter. */
const CHECK_MS = 5 * 60_000

export interface ReplicaOptions {
  readonly storage: Storage
  readonly clock: Clock
  readonly gates: Gates
}

/** How a replica starts. */
export interface ReplicaStart {
  /** For so long after its start the caches are not ready. */
  readonly initializingMs?: number | undefined
  /** Whose memory it has; by default it knows the present state and nothing of the past. */
  readonly copyOf?: Replica | undefined
}

/**
 * One server process on a storage that others may share: a watch cache for each resource.
 *
 * Every five minutes it compares each cache with the storage, by a hash over keys and revisions at the
 * revision of the cache. One that has diverged loses its snapshots and makes none until a check has
 * found it good again, so that exact reads go to the storage meanwhile; and it is filled anew, which ends
 * its watches. (A real server does the former only: the cache stays wrong until its next relist.) A check
 * is made by the first who reads after it has fallen due; while there are watches, by a timer.
 */
export class Replica {
  readonly #options: ReplicaOptions
  readonly #caches = new Map<Collection, WatchCache>()
  /** What a cache that is made only now would have begun with. */
  #startRevision: number
  readonly #startedAt: number
  #readyAt: number
  #laggingSince: number | undefined
  #checkedAt: number
  #checkTimer: Disposable | undefined

  constructor(options: ReplicaOptions, { initializingMs, copyOf }: ReplicaStart = {}) {
    this.#options = options
    this.#startedAt = options.clock.now()
    this.#readyAt = initializingMs === undefined ? -Infinity : this.#startedAt + initializingMs
    this.#checkedAt = this.#startedAt
    this.#startRevision = options.storage.revision
    if (copyOf === undefined) return
    this.#startRevision = copyOf.#startRevision
    this.#laggingSince = copyOf.#laggingSince
    for (const [collection, cache] of copyOf.#caches) {
      this.#caches.set(collection, cache.copy(this.#cacheOptions()))
    }
  }

  /** How long it has not been ready, in milliseconds; undefined: it is. */
  get downMs(): number | undefined {
    const now = this.#options.clock.now()
    return now < this.#readyAt ? Math.max(now - this.#startedAt, 0) : undefined
  }

  becomeReady(): void {
    this.#readyAt = -Infinity
  }

  cache(served: ServedResource): WatchCache {
    const collection = this.#options.storage.collection(served)
    return this.#caches.get(collection) ?? this.#createCache(collection, this.#options.storage.revision)
  }

  /** A write has been made; `isUnheard`: the caches do not learn of it, though they see that the storage has moved on. */
  receive(version: StoredVersion, served: ServedResource, isUnheard: boolean): void {
    const collection = this.#options.storage.collection(served)
    const cache = this.#caches.get(collection) ?? this.#createCache(collection, version.revision - 1)
    if (!isUnheard) cache.receive(version)
    for (const other of this.#caches.values()) other.progress()
  }

  compact(revision: number): void {
    for (const cache of this.#caches.values()) cache.compact(revision)
  }

  /** Its caches, or that of one resource, learn nothing from now on. */
  fallBehind(served?: ServedResource): void {
    if (served !== undefined) return this.cache(served).fallBehind()
    this.#laggingSince ??= this.#options.storage.revision
    for (const cache of this.#caches.values()) cache.fallBehind()
  }

  /** They learn what they have missed, up to a revision or all of it. */
  catchUp(served?: ServedResource, revision?: number): void {
    if (served !== undefined) return this.cache(served).catchUp(revision)
    for (const cache of this.#caches.values()) cache.catchUp(revision)
    this.#laggingSince = revision === undefined || this.#laggingSince === undefined ? undefined : revision
  }

  /** Forgets every event and snapshot; what is open goes on. */
  forget(): void {
    this.#startRevision = this.#laggingSince ?? this.#options.storage.revision
    for (const cache of this.#caches.values()) cache.forget()
  }

  withdraw(served: ServedResource, isLast: boolean): void {
    this.cache(served).endWatches()
    if (isLast) this.#caches.delete(this.#options.storage.collection(served))
  }

  /** Ends its watches and waits: the process goes. */
  retire(): void {
    for (const cache of this.#caches.values()) cache.endWatches()
    this.stop()
  }

  /** Makes the consistency checks that have fallen due. */
  checkIfDue(): void {
    const rounds = Math.max(Math.floor((this.#options.clock.now() - this.#checkedAt) / CHECK_MS), 0)
    this.#checkedAt += rounds * CHECK_MS
    // A second one finds good what the first has mended; more would find nothing else.
    if (this.#options.gates.detectCacheInconsistency) for (let i = 0; i < Math.min(rounds, 2); i++) this.#check()
    this.#checkLater()
  }

  stop(): void {
    for (const cache of this.#caches.values()) cache.stop()
    this.#checkTimer?.[Symbol.dispose]()
  }

  /** `revision` is any at which the resource was what it was at the start. */
  #createCache(collection: Collection, revision: number): WatchCache {
    const state = { revision: this.#startRevision, versions: collection.read({ prefix: '', revision }) }
    const cache = new WatchCache(state, this.#cacheOptions())
    this.#caches.set(collection, cache)
    if (this.#laggingSince !== undefined) cache.fallBehind(this.#laggingSince)
    return cache
  }

  #cacheOptions(): WatchCacheOptions {
    const { clock, storage, gates } = this.#options
    return {
      clock,
      newestRevision: () => storage.revision,
      hasSnapshots: gates.listFromCacheSnapshot,
      watchesChanged: () => this.#checkLater(),
    }
  }

  #check(): void {
    for (const [collection, cache] of this.#caches) {
      const { revision } = cache
      if (revision < collection.compactedRevision) continue // nothing to compare with
      const stored = collection.read({ prefix: '', revision })
      const isConsistent = digestOf(cache.tree.values()) === digestOf(stored)
      cache.markConsistent(isConsistent)
      if (!isConsistent) cache.reset({ revision, versions: stored })
    }
  }

  /** Only watches need it: reads make their checks themselves. */
  #checkLater(): void {
    const isNeeded = [...this.#caches.values()].some((cache) => cache.watcherCount > 0)
    if (isNeeded === (this.#checkTimer !== undefined)) return
    this.#checkTimer?.[Symbol.dispose]()
    const { clock } = this.#options
    const ms = this.#checkedAt + CHECK_MS - clock.now()
    this.#checkTimer = isNeeded ? clock.setTimeout(() => this.#checkInTime(), ms) : undefined
  }

  #checkInTime(): void {
    this.#checkTimer = undefined
    this.checkIfDue()
  }
}

import type { Clock } from '../../internal/clock.ts'
import { type Deferred, deferred } from '../../internal/deferred.ts'
import { type Until, waitFor } from '../../internal/until.ts'
import type { StoredVersion } from './collection.ts'
import { EventRing } from './event-ring.ts'
import { type KeyTree, keyTree } from './key-tree.ts'
import { Snapshots } from './snapshots.ts'

/** Who hears of what happens in a cache: an open watch. */
export interface CacheWatcher {
  hear(version: StoredVersion): void
  /** The cache has begun anew: what it says from now on does not follow from what it has said. */
  end(): void
}

export interface WatchCacheOptions {
  readonly clock: Clock
  /** Where the storage stands. */
  readonly newestRevision: () => number
  /** ListFromCacheSnapshot. */
  readonly hasSnapshots: boolean
  /** The first watch has begun, or the last one ended, or something in between. */
  readonly watchesChanged: () => void
}

/** State that a cache begins with. */
export interface CacheState {
  readonly revision: number
  readonly versions: Iterable<StoredVersion>
}

/** How a cache falls behind its storage. */
interface Lag {
  /** The last revision that it knows of. */
  revision: number
  readonly pending: StoredVersion[]
}

/**
 * The watch cache of one resource in one server process: the newest state that it knows, the newest
 * events, and a snapshot of the state at each of them (apiserver `pkg/storage/cacher`).
 *
 * It learns of a write when the write is made, unless it {@link fallBehind falls behind}.
 */
export class WatchCache {
  readonly #options: WatchCacheOptions
  #tree = keyTree<StoredVersion>()
  #ring = new EventRing()
  #snapshots = new Snapshots()
  #isSnapshotting: boolean
  /** The revision of the state that it began with: everything since is in the ring, until that has lost one. */
  #listedRevision = 0
  #hasLostEvents = false
  #lag: Lag | undefined
  readonly #watchers = new Set<CacheWatcher>()
  /** Those who wait until it knows a revision. */
  readonly #waiting = new Map<Deferred<void>, number>()

  constructor(state: CacheState, options: WatchCacheOptions) {
    this.#options = options
    this.#isSnapshotting = options.hasSnapshots
    this.#fill(state)
  }

  /** It knows all that has happened to its resource up to here. */
  get revision(): number {
    return this.#lag?.revision ?? this.#options.newestRevision()
  }

  get tree(): KeyTree<StoredVersion> {
    return this.#tree
  }

  get watcherCount(): number {
    return this.#watchers.size
  }

  get snapshotCount(): number {
    return this.#snapshots.size
  }

  /** Watches can begin from here on. */
  get oldestWatchable(): number {
    return this.#hasLostEvents ? this.#ring.oldest!.version.revision - 1 : this.#listedRevision
  }

  /** Events that a watcher may leave unread: about a second's worth (`suggestedWatchChannelSize`). */
  bufferSize(hasIndex: boolean): number {
    return Math.min(Math.max(Math.ceil(this.#ring.capacity / 75), 10), hasIndex ? 1000 : 100)
  }

  /** The state at a revision that it has known. undefined: it has no snapshot that tells. */
  snapshotAt(revision: number): KeyTree<StoredVersion> | undefined {
    return this.#snapshots.at(revision)
  }

  /** What happened after a revision, in order. */
  since(revision: number): StoredVersion[] {
    return this.#ring.since(revision)
  }

  watch(watcher: CacheWatcher): void {
    this.#watchers.add(watcher)
    this.#options.watchesChanged()
  }

  unwatch(watcher: CacheWatcher): void {
    this.#watchers.delete(watcher)
    this.#options.watchesChanged()
  }

  /** A write of its resource. */
  receive(version: StoredVersion): void {
    if (this.#lag === undefined) this.#apply(version)
    else this.#lag.pending.push(version)
  }

  /** Its storage has moved on, with this resource or another. */
  progress(): void {
    for (const [wait, revision] of this.#waiting) if (revision <= this.revision) wait.resolve()
  }

  /** Waits until it knows a revision. Whether it does; false too when the cache is given up. */
  async reaches(revision: number, until: Until): Promise<boolean> {
    if (revision <= this.revision) return true
    if (until.timeoutMs === 0) return false
    const wait = deferred<void>()
    this.#waiting.set(wait, revision)
    const late = new Error('not fresh')
    try {
      await waitFor(wait.promise, until, this.#options.clock, () => late)
    } catch (error) {
      if (error !== late) throw error
    } finally {
      this.#waiting.delete(wait)
    }
    return revision <= this.revision
  }

  /** From now on it learns nothing; it knows all up to a revision. */
  fallBehind(revision: number = this.revision): void {
    this.#lag ??= { revision, pending: [] }
  }

  /** Learns what it has missed: up to a revision, or all, and keeps up again. */
  catchUp(revision: number = Infinity): void {
    const lag = this.#lag
    if (lag === undefined) return
    while (lag.pending.length > 0 && lag.pending[0]!.revision <= revision) this.#apply(lag.pending.shift()!)
    if (revision === Infinity) this.#lag = undefined
    else lag.revision = Math.max(lag.revision, revision)
    this.progress()
  }

  /** Puts something else in place of what it holds under a key, or nothing. Nobody hears of it. */
  corrupt(key: string, version: StoredVersion | undefined): void {
    if (version === undefined) this.#tree.delete(key)
    else this.#tree.set(key, version)
    if (this.#isSnapshotting) this.#snapshots.add(this.revision, this.#tree)
  }

  compact(revision: number): void {
    this.#snapshots.removeBefore(revision)
  }

  /** What a consistency check has found: snapshots are kept only while the last check was good. */
  markConsistent(isConsistent: boolean): void {
    this.#isSnapshotting = isConsistent && this.#options.hasSnapshots
    if (!isConsistent) this.#snapshots.clear()
  }

  /** Begins anew with another state: no event is remembered and every watch ends. */
  reset(state: CacheState): void {
    this.#fill(state)
    this.endWatches()
  }

  endWatches(): void {
    for (const watcher of this.#watchers) watcher.end()
    this.#watchers.clear()
    this.#options.watchesChanged()
  }

  /** Forgets every event and snapshot. Watches that are open go on. */
  forget(): void {
    this.#beginAt(this.revision)
  }

  /** Ends what waits for it. */
  stop(): void {
    for (const wait of this.#waiting.keys()) wait.resolve()
  }

  /** What another process would hold that has seen the same. Nobody watches or waits there. */
  copy(options: WatchCacheOptions): WatchCache {
    const copy = new WatchCache({ revision: this.#listedRevision, versions: [] }, options)
    copy.#tree = this.#tree.clone()
    copy.#ring = this.#ring.copy()
    copy.#snapshots = this.#snapshots.copy()
    copy.#isSnapshotting = this.#isSnapshotting
    copy.#hasLostEvents = this.#hasLostEvents
    copy.#lag = this.#lag && { ...this.#lag, pending: [...this.#lag.pending] }
    return copy
  }

  #fill({ revision, versions }: CacheState): void {
    this.#tree = keyTree()
    for (const version of versions) this.#tree.set(version.key, version)
    this.#beginAt(revision)
  }

  #beginAt(revision: number): void {
    this.#ring.clear()
    this.#hasLostEvents = false
    this.#listedRevision = revision
    this.#snapshots.clear()
    if (this.#isSnapshotting) this.#snapshots.add(revision, this.#tree)
  }

  #apply(version: StoredVersion): void {
    const { key, revision } = version
    const event = { ...version, previous: this.#tree.get(key) }
    if (this.#ring.push({ version: event, at: this.#options.clock.now() })) this.#hasLostEvents = true
    if (version.isDeleted) this.#tree.delete(key)
    else this.#tree.set(key, version)
    if (this.#isSnapshotting) {
      if (this.#ring.isFull) this.#snapshots.removeBefore(this.#ring.oldest!.version.revision)
      this.#snapshots.add(revision, this.#tree)
    }
    for (const watcher of this.#watchers) watcher.hear(event)
  }
}

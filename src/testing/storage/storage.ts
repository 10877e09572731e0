import { joinKey } from '../../api/key.ts'
import { Collection, type StoredVersion } from './collection.ts'
import type { CompactionSchedule } from './compaction-schedule.ts'
import { type AnyObject, encode, parse } from '../encoding/encoding.ts'
import type { ServedResource } from '../catalog/registry.ts'
import { fieldsOf } from '../reads/selectable-fields.ts'

/** As etcd's: the first write gets 2. */
const FIRST_REVISION = 1

type WriteListener = (version: StoredVersion, served: ServedResource) => void

/**
 * What etcd is to a real server: one counter of revisions for all resources, and a collection with its
 * history for each.
 *
 * An object is encoded once, at its write. Nothing here knows of requests, and nothing that it was
 * given or hands out is shared with a caller.
 */
export class Storage {
  #revision = FIRST_REVISION
  #isSeeding = false
  /** By what the versions of a resource have in common. */
  readonly #collections = new Map<string, Collection>()
  readonly #listeners = new Set<WriteListener>()
  readonly #compactionListeners = new Set<(revision: number) => void>()
  readonly #restoreListeners = new Set<() => void>()
  readonly #schedule: CompactionSchedule | undefined

  /** Without a schedule it is compacted on command only. */
  constructor(schedule?: CompactionSchedule) {
    this.#schedule = schedule
  }

  get revision(): number {
    return this.#revision
  }

  /** The oldest revision whose whole state is remembered. */
  get oldestRevision(): number {
    return Math.max(FIRST_REVISION, ...[...this.#collections.values()].map((each) => each.compactedRevision))
  }

  /** The same one for all resources that share their objects: what is read of it is to be converted. */
  collection(served: ServedResource): Collection {
    const { storageKey } = served
    let collection = this.#collections.get(storageKey)
    if (collection === undefined) {
      collection = new Collection(FIRST_REVISION)
      this.#collections.set(storageKey, collection)
    }
    return collection
  }

  /** Writes an object that has a name; its resourceVersion becomes that of the write. */
  put(served: ServedResource, object: AnyObject): StoredVersion {
    return this.#write(served, object, false)
  }

  /** Removes an object. The version that says so carries its last state. */
  remove(served: ServedResource, last: StoredVersion): StoredVersion {
    return this.#write(served, parse(last.bytes), true)
  }

  /**
   * Writes what is there from the start. Objects that come with a decimal resourceVersion keep it, and
   * must come in order of it; the counter goes on from the highest. In the end it stands at
   * `resourceVersion`, where that is given and higher.
   */
  seed(write: () => void, resourceVersion?: number): void {
    this.#isSeeding = true
    try {
      write()
    } finally {
      this.#isSeeding = false
    }
    this.#revision = Math.max(this.#revision, resourceVersion ?? 0)
  }

  /** Hears of every write, in order, before the write returns. */
  onWrite(listener: WriteListener): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  /** Hears up to which revision the past has been forgotten. */
  onCompact(listener: (revision: number) => void): Disposable {
    this.#compactionListeners.add(listener)
    return { [Symbol.dispose]: () => this.#compactionListeners.delete(listener) }
  }

  /** Hears of every return to an earlier revision, once it is done. */
  onRestore(listener: () => void): Disposable {
    this.#restoreListeners.add(listener)
    return { [Symbol.dispose]: () => this.#restoreListeners.delete(listener) }
  }

  /** Forgets every state before a revision: the present one, unless said otherwise. */
  compact(revision: number = this.#revision): void {
    for (const collection of this.#collections.values()) collection.compact(revision)
    for (const listener of this.#compactionListeners) listener(revision)
  }

  /** Compacts, if that has fallen due since somebody last asked. */
  compactIfDue(): void {
    const due = this.#schedule?.due(this.#revision)
    if (due !== undefined) this.compact(Math.min(due, this.#revision)) // it may have been restored since
  }

  /**
   * Goes back to an earlier revision, as etcd restored from a backup: what was written since is gone,
   * and its revisions are given out again.
   */
  restore(revision: number): void {
    for (const collection of this.#collections.values()) collection.restore(revision)
    this.#revision = revision
    for (const listener of this.#restoreListeners) listener()
  }

  #write(served: ServedResource, object: AnyObject, isDeleted: boolean): StoredVersion {
    this.compactIfDue()
    const revision = this.#revisionOf(object)
    const version = versionOf(served, object, { revision, isDeleted })
    this.#revision = Math.max(this.#revision, revision)
    this.collection(served).put(version)
    for (const listener of this.#listeners) listener(version, served)
    return version
  }

  #revisionOf({ metadata: { resourceVersion = '' } }: AnyObject): number {
    return this.#isSeeding && /^[1-9]\d*$/.test(resourceVersion) ? Number(resourceVersion) : this.#revision + 1
  }
}

/** An object as it lies in the storage and in the caches. Its resourceVersion becomes that revision. */
export function versionOf(
  served: ServedResource,
  object: AnyObject,
  { revision, isDeleted }: { readonly revision: number; readonly isDeleted: boolean },
): StoredVersion {
  const stamped = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
  const { name = '', namespace, uid = '', labels } = stamped.metadata
  return {
    key: joinKey(namespace, name),
    apiVersion: served.apiVersion,
    namespace,
    name,
    uid,
    revision,
    labels: { ...labels },
    fields: fieldsOf(served, stamped),
    bytes: encode(served, stamped),
    isDeleted,
    previous: undefined,
  }
}

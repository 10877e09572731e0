import { joinKey } from '../../api/key.ts'
import { Collection, type StoredVersion } from './collection.ts'
import { type AnyObject, encode, parse } from '../encoding/encoding.ts'
import type { ServedResource } from '../catalog/registry.ts'
import { fieldsOf } from '../reads/selectable-fields.ts'

/** As etcd's: the first write gets 2. */
const FIRST_REVISION = 1

type WriteListener = (version: StoredVersion, served: ServedResource) => void

/**
 * Everything the server holds: one counter of revisions for all resources, and a collection for each.
 *
 * An object is encoded once, at its write. Nothing here knows of requests, and nothing that it was
 * given or hands out is shared with a caller.
 */
export class Storage {
  #revision = FIRST_REVISION
  readonly #collections = new Map<ServedResource, Collection>()
  readonly #listeners = new Set<WriteListener>()

  get revision(): number {
    return this.#revision
  }

  collection(served: ServedResource): Collection {
    let collection = this.#collections.get(served)
    if (collection === undefined) {
      collection = new Collection(served, FIRST_REVISION)
      this.#collections.set(served, collection)
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

  /** Hears of every write, in order, before the write returns. */
  onWrite(listener: WriteListener): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  /** Forgets every state and event before the present one. */
  compact(): void {
    for (const collection of this.#collections.values()) collection.compact(this.#revision)
  }

  /** What a new process of the server knows: all the states, none of the events. */
  forgetEvents(): void {
    for (const collection of this.#collections.values()) collection.forgetEvents(this.#revision)
  }

  /**
   * Goes back to an earlier revision, as etcd restored from a backup: what was written since is gone,
   * and its revisions are given out again.
   */
  restore(revision: number): void {
    for (const collection of this.#collections.values()) collection.restore(revision)
    this.#revision = revision
  }

  #write(served: ServedResource, object: AnyObject, isDeleted: boolean): StoredVersion {
    const revision = ++this.#revision
    const stamped = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
    const { name = '', namespace, uid = '', labels } = stamped.metadata
    const version: StoredVersion = {
      key: joinKey(namespace, name),
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
    this.collection(served).put(version)
    for (const listener of this.#listeners) listener(version, served)
    return version
  }
}

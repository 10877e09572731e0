import type { KubernetesObject } from '../api/object.ts'
import { isOlder } from '../api/resource-version.ts'
import type { WireObject } from '../api/wire-object.ts'
import type { Change } from './change.ts'
import type { Entry } from './entry.ts'
import { isSameVersion, type ObjectStore } from './object-store.ts'

export interface ReplacementOptions {
  /** Whose objects are replaced; undefined: all. */
  readonly namespace: string | undefined
  readonly isInitialList: boolean
  /**
   * Whether uid and resourceVersion say that an object is unchanged. They do for what kube-apiserver
   * stores; a custom resource can change without them (a new conversion, another served version), and
   * what an aggregated API does is its own affair, so there the bytes must be equal too.
   */
  readonly trustsVersions: boolean
  readonly onDuplicate: (key: string) => void
}

/**
 * A new state for one scope, put together while its list arrives and committed at its verified end.
 * Until then readers see the old state, and a list that breaks off has changed nothing. An object
 * that the store already has is only marked as seen: a relist costs memory for what has changed.
 */
export class Replacement<T extends KubernetesObject> {
  readonly #store: ObjectStore<T>
  readonly #options: ReplacementOptions
  readonly #staged = new Map<string, Entry<T>>()

  constructor(store: ObjectStore<T>, options: ReplacementOptions) {
    this.#store = store
    this.#options = options
  }

  /** Items so far. */
  get size(): number {
    return this.#staged.size
  }

  /** Takes an item. A key that was there already is told, and the newer of the two versions counts. */
  stage(wire: WireObject<T>): void {
    const before = this.#staged.get(wire.key)
    if (before !== undefined) {
      this.#options.onDuplicate(wire.key)
      if (isOlder(wire.resourceVersion, before.resourceVersion)) return
    }
    this.#staged.set(wire.key, this.#entryOf(wire))
  }

  /** Puts the staged state in place: one step for readers. What it did is told afterwards. */
  commit(): void {
    const changes: Change<T>[] = []
    for (const entry of this.#store.known(this.#options.namespace)) {
      if (this.#staged.has(entry.key)) continue
      this.#store.remove(entry)
      if (entry.isVisible) changes.push({ type: 'deleted', object: entry, finalStateKnown: false })
    }
    for (const entry of this.#staged.values()) {
      if (this.#store.find(entry.key) !== entry) changes.push(...this.#store.replaceEntry(entry, this.#options))
    }
    this.#staged.clear()
    this.#store.tell(changes)
  }

  /** The entry that is there, where the item is the same object in the same state; otherwise a new one. */
  #entryOf(wire: WireObject<T>): Entry<T> {
    const known = this.#store.find(wire.key)
    if (known === undefined || !isSameVersion(known, wire)) return this.#store.prepare(wire)
    if (this.#options.trustsVersions) return known
    if (known.bytes !== undefined && Buffer.compare(known.bytes, wire.bytes) === 0) return known
    const entry = this.#store.prepare(wire)
    return entry.reads(known) ? known : entry
  }
}

import { KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { WireObject } from '../api/wire-object.ts'
import type { Change } from './change.ts'
import { Entry } from './entry.ts'
import { Ingest, type IngestOptions } from './ingest.ts'
import { ValueIndex } from './value-index.ts'

export interface ObjectStoreOptions<T> extends Omit<IngestOptions<T>, 'onQuarantine'> {
  /** Hears of each object that cannot be read, once for each of its versions. */
  readonly onQuarantine: (key: string, error: KubeflumeError) => void
  /** Hears of what each write did, in order, after readers see it. */
  readonly onChanges: (changes: readonly Change<T>[]) => void
}

/** The objects of one informer, by key. Synchronous: a write is done, and told, when its method returns. */
export class ObjectStore<T extends KubernetesObject> {
  readonly #ingest: Ingest<T>
  readonly #onChanges: (changes: readonly Change<T>[]) => void
  readonly #visible = new Map<string, Entry<T>>()
  /** What the filter keeps out: known, so that a relist does not decode it again. */
  readonly #hidden = new Map<string, Entry<T>>()
  readonly #quarantined = new Map<string, Entry<T>>()
  readonly #byNamespace = new ValueIndex()
  readonly #indexes = new Map<string, ValueIndex>()

  constructor(options: ObjectStoreOptions<T>) {
    this.#onChanges = options.onChanges
    this.#ingest = new Ingest<T>({
      ...options,
      onQuarantine: (entry, error) => {
        // a version that is staged, or has been replaced meanwhile, is not the store's
        if (this.#visible.get(entry.key) === entry) this.#quarantined.set(entry.key, entry)
        options.onQuarantine(entry.key, error)
      },
    })
    for (const name of this.#ingest.indexNames) this.#indexes.set(name, new ValueIndex())
  }

  get size(): number {
    return this.#visible.size
  }

  /** The objects that cannot be read, as far as anyone has tried. */
  get quarantined(): readonly Entry<T>[] {
    return [...this.#quarantined.values()]
  }

  get(key: string): Entry<T> | undefined {
    return this.#visible.get(key)
  }

  entries(): IterableIterator<Entry<T>> {
    return this.#visible.values()
  }

  keysInNamespace(namespace: string): ReadonlySet<string> {
    return this.#byNamespace.get(namespace)
  }

  /** @throws {KubeflumeError} `ERR_INDEX` for a name that is no index */
  keysByIndex(name: string, value: string): ReadonlySet<string> {
    const index = this.#indexes.get(name)
    if (index === undefined) throw new KubeflumeError('ERR_INDEX', `there is no index ${JSON.stringify(name)}`)
    return index.get(value)
  }

  /** What is known under a key, inside the view or not. */
  find(key: string): Entry<T> | undefined {
    return this.#visible.get(key) ?? this.#hidden.get(key)
  }

  /** Everything that is known of one namespace, or of all. */
  *known(namespace: string | undefined): IterableIterator<Entry<T>> {
    for (const entries of [this.#visible, this.#hidden]) {
      for (const entry of entries.values()) if (namespace === undefined || entry.namespace === namespace) yield entry
    }
  }

  /** Makes an entry, outside the store: a list stages its items before it is committed. */
  prepare(wire: WireObject<T>): Entry<T> {
    return this.#ingest.entry(wire)
  }

  /** Applies an ADDED or MODIFIED. The same version again changes nothing. */
  put(wire: WireObject<T>): void {
    const known = this.find(wire.key)
    if (known !== undefined && isSameVersion(known, wire)) return
    this.#onChanges(this.replaceEntry(this.prepare(wire), { isInitialList: false }))
  }

  /** Applies a DELETED, whose object is the last state. What is not known was deleted before. */
  delete(wire: WireObject<T>): void {
    const known = this.find(wire.key)
    if (known === undefined) return
    this.remove(known)
    if (known.isVisible) this.#onChanges([this.#deletion(wire, known)])
  }

  /** Puts one prepared entry in place; returns what that did, and tells nobody. A changed uid is a delete and an add. */
  replaceEntry(entry: Entry<T>, { isInitialList }: { readonly isInitialList: boolean }): Change<T>[] {
    const known = this.find(entry.key)
    if (known !== undefined) this.remove(known)
    this.#insert(entry)
    const previous = known?.isVisible ? known : undefined
    if (!entry.isVisible)
      return previous === undefined ? [] : [{ type: 'deleted', object: previous, finalStateKnown: true }]
    if (previous === undefined) return [{ type: 'added', object: entry, isInitialList }]
    if (previous.uid === entry.uid) return [{ type: 'updated', object: entry, previous, isResync: false }]
    return [
      { type: 'deleted', object: previous, finalStateKnown: false },
      { type: 'added', object: entry, isInitialList },
    ]
  }

  remove(entry: Entry<T>): void {
    this.#hidden.delete(entry.key)
    this.#quarantined.delete(entry.key)
    if (!this.#visible.delete(entry.key)) return
    if (entry.namespace !== undefined) this.#byNamespace.remove(entry.key, [entry.namespace])
    for (const [name, values] of entry.indexValues ?? []) this.#indexes.get(name)!.remove(entry.key, values)
  }

  tell(changes: readonly Change<T>[]): void {
    if (changes.length > 0) this.#onChanges(changes)
  }

  #insert(entry: Entry<T>): void {
    if (!entry.isVisible) {
      this.#hidden.set(entry.key, entry)
      return
    }
    this.#visible.set(entry.key, entry)
    if (entry.error !== undefined) this.#quarantined.set(entry.key, entry)
    if (entry.namespace !== undefined) this.#byNamespace.add(entry.key, [entry.namespace])
    for (const [name, values] of entry.indexValues ?? []) this.#indexes.get(name)!.add(entry.key, values)
  }

  /** What left the view: the final state, or the one before where the filter keeps the final one out or it cannot be read. */
  #deletion(wire: WireObject<T>, known: Entry<T>): Change<T> {
    const entry = this.prepare(wire)
    if (entry.error !== undefined) return { type: 'deleted', object: known, finalStateKnown: false }
    if (!entry.isVisible) return { type: 'deleted', object: known, finalStateKnown: true }
    return { type: 'deleted', object: entry, before: known, finalStateKnown: true }
  }
}

export function isSameVersion(
  a: Pick<WireObject, 'uid' | 'resourceVersion'>,
  b: Pick<WireObject, 'uid' | 'resourceVersion'>,
): boolean {
  return a.uid === b.uid && a.resourceVersion === b.resourceVersion && a.uid !== '' && a.resourceVersion !== ''
}

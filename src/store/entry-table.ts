import type { Entry } from './entry.ts'
import type { Indexer } from './indexer.ts'
import { ShardedMap } from './sharded-map.ts'
import { ValueIndex } from './value-index.ts'

/** Which entries are asked for: all conditions must hold. */
export interface Selection {
  readonly namespace?: string | undefined
  /** The number of an index, and a value. */
  readonly index?: readonly [number: number, value: string] | undefined
}

interface Namespace<T> {
  /** What the keys in it begin with, the slash included; undefined: they have no slash. */
  readonly prefix: string | undefined
  readonly entries: ShardedMap<Entry<T>>
  visible: number
}

/** Entries by key, by namespace and by the values that they have in each index. Those outside the view are in no index. */
export class EntryTable<T> {
  readonly #indexer: Indexer<T>
  readonly #namespaces = new Map<string, Namespace<T>>()
  /** The one that was asked for last: lists come by namespace, and to cut its name out of each key costs as much as all else here. */
  #last: Namespace<T> | undefined
  /** By the index's number. One that was added later is made when it is asked for, or before. */
  readonly #indexes: ValueIndex<Entry<T>>[]
  #building: Iterator<void> | undefined
  #visible = 0
  #size = 0

  constructor(indexer: Indexer<T>) {
    this.#indexer = indexer
    this.#indexes = Array.from({ length: indexer.count }, () => new ValueIndex<Entry<T>>())
  }

  /** With those outside the view. */
  get size(): number {
    return this.#size
  }

  get(key: string): Entry<T> | undefined {
    return this.#size === 0 ? undefined : this.#namespaceOf(key)?.entries.get(key)
  }

  insert(entry: Entry<T>): void {
    const namespace = this.#namespaceOf(entry.key) ?? this.#addNamespace(entry.key)
    namespace.entries.set(entry.key, entry)
    this.#size++
    if (!entry.isVisible) return
    namespace.visible++
    this.#visible++
    for (let number = 0; number < this.#indexes.length; number++) this.#addTo(number, entry)
  }

  remove(entry: Entry<T>): void {
    const namespace = this.#namespaceOf(entry.key)!
    namespace.entries.delete(entry.key)
    if (namespace.entries.size === 0) this.#removeNamespace(entry.key)
    this.#size--
    if (!entry.isVisible) return
    namespace.visible--
    this.#visible--
    const { indexValues = [] } = entry
    for (const [number, values] of indexValues.entries()) this.#indexes[number]?.remove(entry, values)
  }

  /** How many of a namespace are in the view; undefined: of all. */
  countVisible(namespace: string | undefined): number {
    return namespace === undefined ? this.#visible : (this.#namespaces.get(namespace)?.visible ?? 0)
  }

  /** With those outside the view, where no index is asked for. Goes on over changes that are made meanwhile. */
  *select({ namespace, index }: Selection): IterableIterator<Entry<T>> {
    if (index !== undefined) {
      this.finishIndexes()
      for (const entry of this.#indexes[index[0]]!.get(index[1]))
        if (namespace === undefined || namespaceOf(entry.key) === namespace) yield entry
    } else if (namespace !== undefined) {
      const found = this.#namespaces.get(namespace)
      if (found !== undefined) yield* found.entries.values()
    } else {
      for (const { entries } of this.#namespaces.values()) yield* entries.values()
    }
  }

  /** The same as an array, without those outside the view. What changes later does not change it. */
  visibleOf(selection: Selection): Entry<T>[] {
    const { namespace, index } = selection
    if (index !== undefined) return [...this.select(selection)]
    const found: Entry<T>[] = []
    const chosen = namespace === undefined ? this.#namespaces.values() : [this.#namespaces.get(namespace)]
    let areAllVisible = true
    for (const one of chosen) {
      one?.entries.addTo(found)
      if (one !== undefined && one.visible < one.entries.size) areAllVisible = false
    }
    return areAllVisible ? found : found.filter((entry) => entry.isVisible)
  }

  /** One step of making the indexes that were added later; true when that is done. */
  buildIndexes(): boolean {
    if (this.#building === undefined) {
      if (this.#indexes.length === this.#indexer.count) return true
      this.#building = this.#build()
    }
    if (!this.#building.next().done) return false
    this.#building = undefined
    return this.#indexes.length === this.#indexer.count
  }

  finishIndexes(): void {
    while (!this.buildIndexes());
  }

  *#build(): Generator<void> {
    const from = this.#indexes.length
    while (this.#indexes.length < this.#indexer.count) this.#indexes.push(new ValueIndex<Entry<T>>())
    for (const entry of this.select({})) {
      if (entry.isVisible && this.get(entry.key) === entry)
        for (let number = from; number < this.#indexes.length; number++) this.#addTo(number, entry)
      yield
    }
  }

  #namespaceOf(key: string): Namespace<T> | undefined {
    const prefix = this.#last?.prefix
    if (prefix !== undefined && key.startsWith(prefix)) return this.#last
    this.#last = this.#namespaces.get(namespaceOf(key))
    return this.#last
  }

  #addNamespace(key: string): Namespace<T> {
    const name = namespaceOf(key)
    const namespace = { prefix: name === '' ? undefined : `${name}/`, entries: new ShardedMap<Entry<T>>(), visible: 0 }
    this.#namespaces.set(name, namespace)
    return namespace
  }

  #removeNamespace(key: string): void {
    this.#namespaces.delete(namespaceOf(key))
    this.#last = undefined
  }

  #addTo(number: number, entry: Entry<T>): void {
    this.#indexes[number]!.add(entry, this.#indexer.complete(entry)[number]!)
  }
}

/** Cluster-scoped objects are in the namespace without a name. */
export function namespaceOf(key: string): string {
  const slash = key.indexOf('/')
  return slash === -1 ? '' : key.slice(0, slash)
}

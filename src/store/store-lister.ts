import { normalizeKey, type ObjectKey } from '../api/key.ts'
import type { DeepReadonly, KubernetesObject, ObjectMeta } from '../api/object.ts'
import type { Lister, ListQuery } from '../api/query.ts'
import type { Resource } from '../api/resource.ts'
import { matchesLabels, parseSelector } from '../api/selector.ts'
import type { Entry } from './entry.ts'
import type { ObjectStore } from './object-store.ts'

/** The read-only face of a store. */
export class StoreLister<T extends KubernetesObject, I extends string> implements Lister<T, I> {
  readonly #store: () => ObjectStore<T>
  readonly #resource: Resource<T>
  readonly #resourceVersion: () => string | undefined

  /** The store is asked for at each read: a restarted informer has a new one. */
  constructor(store: () => ObjectStore<T>, resource: Resource<T>, resourceVersion: () => string | undefined) {
    this.#store = store
    this.#resource = resource
    this.#resourceVersion = resourceVersion
  }

  get size(): number {
    return this.#store().size
  }

  get resourceVersion(): string | undefined {
    return this.#resourceVersion()
  }

  get(key: ObjectKey): DeepReadonly<T> | undefined {
    return this.#store().get(normalizeKey(key, this.#resource))?.read()
  }

  has(key: ObjectKey): boolean {
    return this.#store().get(normalizeKey(key, this.#resource)) !== undefined
  }

  count(query?: ListQuery<I>): number {
    return query === undefined ? this.size : this.#select(query).length
  }

  keys(query?: ListQuery<I>): IterableIterator<string> {
    return this.#select(query)
      .map((entry) => entry.key)
      .values()
  }

  list(query?: ListQuery<I>): DeepReadonly<T>[] {
    return this.#select(query)
      .map((entry) => entry.tryRead())
      .filter((object) => object !== undefined)
  }

  iterate(query?: ListQuery<I>): IterableIterator<DeepReadonly<T>> {
    return this.#select(query)
      .values()
      .map((entry) => entry.read())
  }

  /** The entries that meet every condition, cheapest conditions first. */
  #select(query: ListQuery<I> = {}): Entry<T>[] {
    const store = this.#store()
    const sets: ReadonlySet<string>[] = []
    if (query.namespace !== undefined) sets.push(store.keysInNamespace(query.namespace))
    if (query.index !== undefined) sets.push(store.keysByIndex(...query.index))
    const requirements = query.labelSelector === undefined ? [] : parseSelector(query.labelSelector)
    const entries = sets.length === 0 ? [...store.entries()] : intersect(sets).map((key) => store.get(key)!)
    if (requirements.length === 0) return entries
    return entries.filter((entry) => {
      const object = entry.tryRead()
      return object !== undefined && matchesLabels(requirements, object.metadata.labels as ObjectMeta['labels'])
    })
  }
}

function intersect(sets: readonly ReadonlySet<string>[]): string[] {
  const [smallest, ...others] = sets.toSorted((a, b) => a.size - b.size)
  return [...smallest!].filter((key) => others.every((set) => set.has(key)))
}

import { KubeflumeError } from '../api/errors.ts'
import { isWithin } from '../api/field-path.ts'
import { normalizeKey, type ObjectKey } from '../api/key.ts'
import type { DeepReadonly, KubernetesObject, ObjectMeta } from '../api/object.ts'
import type { Lister, ListQuery } from '../api/query.ts'
import type { Resource } from '../api/resource.ts'
import { matchesLabels, parseSelector } from '../api/selector.ts'
import type { Entry } from './entry.ts'
import { labelPath } from './ingest.ts'
import type { ObjectStore } from './object-store.ts'

export interface StoreListerOptions<T extends KubernetesObject> {
  readonly resource: Resource<T>
  /** Asked for at each read: a restarted informer has a new one. */
  readonly store: () => ObjectStore<T>
  readonly resourceVersion: () => string | undefined
  /** Fields that were cut out of the objects before they came here. */
  readonly omitted: readonly (readonly string[])[]
}

/** The read-only face of a store. */
export class StoreLister<T extends KubernetesObject, I extends string> implements Lister<T, I> {
  readonly #options: StoreListerOptions<T>

  constructor(options: StoreListerOptions<T>) {
    this.#options = options
  }

  get size(): number {
    return this.#store().size
  }

  get resourceVersion(): string | undefined {
    return this.#options.resourceVersion()
  }

  get(key: ObjectKey): DeepReadonly<T> | undefined {
    return this.#store().get(normalizeKey(key, this.#options.resource))?.read()
  }

  has(key: ObjectKey): boolean {
    return this.#store().get(normalizeKey(key, this.#options.resource)) !== undefined
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

  #store(): ObjectStore<T> {
    return this.#options.store()
  }

  /** A label that was cut away would match nothing, or everything. */
  #requireLabel(label: string): void {
    if (isWithin(labelPath(label), this.#options.omitted))
      throw new KubeflumeError('ERR_SELECTOR', `the label ${label} is omitted: the store cannot select by it`)
  }

  /** The entries that meet every condition, cheapest conditions first. */
  #select(query: ListQuery<I> = {}): Entry<T>[] {
    const store = this.#store()
    const sets: ReadonlySet<string>[] = []
    if (query.namespace !== undefined) sets.push(store.keysInNamespace(query.namespace))
    if (query.index !== undefined) sets.push(store.keysByIndex(...query.index))
    const requirements = query.labelSelector === undefined ? [] : parseSelector(query.labelSelector)
    for (const { key } of requirements) this.#requireLabel(key)
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

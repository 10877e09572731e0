import { KubeflumeError } from '../api/errors.ts'
import { isWithin } from '../api/field-path.ts'
import { normalizeKey, type ObjectKey } from '../api/key.ts'
import type { DeepReadonly, KubernetesObject } from '../api/object.ts'
import type { Lister, ListQuery } from '../api/query.ts'
import type { Resource } from '../api/resource.ts'
import { matchesLabels, parseSelector, type Requirement } from '../api/selector.ts'
import type { Entry } from './entry.ts'
import { labelPath } from './index-definition.ts'
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
      .values()
      .map((entry) => entry.key)
  }

  list(query?: ListQuery<I>): DeepReadonly<T>[] {
    return this.#store()
      .inOrderOfBytes(this.#select(query))
      .map((entry) => entry.tryRead())
      .filter((object) => object !== undefined)
  }

  iterate(query?: ListQuery<I>): IterableIterator<DeepReadonly<T>> {
    return this.#select(query)
      .values()
      .map((entry) => entry.readOnce())
  }

  #store(): ObjectStore<T> {
    return this.#options.store()
  }

  /** A label that was cut away would match nothing, or everything. */
  #requireLabel(label: string): void {
    if (isWithin(labelPath(label), this.#options.omitted))
      throw new KubeflumeError('ERR_SELECTOR', `the label ${label} is omitted: the store cannot select by it`)
  }

  /** The entries that meet every condition. Labels are read from the bytes, last. */
  #select({ namespace, index, labelSelector }: ListQuery<I> = {}): Entry<T>[] {
    const store = this.#store()
    const requirements = labelSelector === undefined ? [] : parseSelector(labelSelector)
    for (const { key } of requirements) this.#requireLabel(key)
    const numbered = index && ([store.indexer.numberOf(index[0]), index[1]] as const)
    const entries = store.selected({ namespace, index: numbered })
    if (requirements.length === 0) return entries
    return store.inOrderOfBytes(entries).filter((entry) => hasLabels(entry, requirements))
  }
}

/** What cannot be read has no labels to go by. */
function hasLabels<T>(entry: Entry<T>, requirements: readonly Requirement[]): boolean {
  const labels: { [label: string]: string } = {}
  try {
    for (const { key } of requirements) {
      const [value] = entry.readPath(labelPath(key))
      if (value !== undefined) labels[key] = String(value)
    }
  } catch (error) {
    if (error instanceof KubeflumeError) return false
    throw error
  }
  return matchesLabels(requirements, labels)
}

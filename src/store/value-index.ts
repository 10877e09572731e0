import { ShardedMap } from './sharded-map.ts'

/** Which objects have which value. An object may have several values, or none; a value without objects is forgotten. */
export class ValueIndex<E extends { readonly key: string }> {
  /** Most values of an index have one object (an owner, an address) or a great many (a node, a phase). */
  readonly #byValue = new ShardedMap<E | ShardedMap<E>>()

  /** Takes the place of another one with the same key. */
  add(entry: E, values: readonly string[]): void {
    for (const value of values) {
      const found = this.#byValue.get(value)
      if (found instanceof ShardedMap) found.set(entry.key, entry)
      else if (found === undefined || found.key === entry.key) this.#byValue.set(value, entry)
      else this.#byValue.set(value, mapOf(found, entry))
    }
  }

  remove(entry: E, values: readonly string[]): void {
    for (const value of values) {
      const found = this.#byValue.get(value)
      if (found === entry) this.#byValue.delete(value)
      if (!(found instanceof ShardedMap) || found.get(entry.key) !== entry) continue
      found.delete(entry.key)
      if (found.size === 0) this.#byValue.delete(value)
    }
  }

  get(value: string): Iterable<E> {
    const found = this.#byValue.get(value)
    if (found instanceof ShardedMap) return found.values()
    return found === undefined ? [] : [found]
  }

  /** How many values there are. */
  get size(): number {
    return this.#byValue.size
  }
}

function mapOf<E extends { readonly key: string }>(...entries: readonly E[]): ShardedMap<E> {
  const map = new ShardedMap<E>()
  for (const entry of entries) map.set(entry.key, entry)
  return map
}

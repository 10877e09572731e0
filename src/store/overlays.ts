import { type EntryTable, namespaceOf } from './entry-table.ts'

/** A state that readers see in place of the store's own, until it has been put in place. */
export interface Overlay<T> {
  /** Whose objects it has; undefined: all. */
  readonly namespace: string | undefined
  /** What the entries are marked with that it shares with the store. */
  readonly id: number
  /** What it has besides those. */
  readonly staged: EntryTable<T>
  /** How many of all these are in the view. */
  readonly visible: number
}

/** What is published in front of a store's own table: of each namespace one at most. */
export class Overlays<T> {
  #all: readonly Overlay<T>[] = []

  get isEmpty(): boolean {
    return this.#all.length === 0
  }

  [Symbol.iterator](): IterableIterator<Overlay<T>> {
    return this.#all.values()
  }

  /** The one that has a key's namespace, if any. */
  of(key: string): Overlay<T> | undefined {
    if (this.isEmpty) return undefined
    const own = namespaceOf(key)
    return this.#all.find(({ namespace }) => namespace === undefined || namespace === own)
  }

  add(overlay: Overlay<T>): void {
    this.#all = [...this.#all, overlay]
  }

  delete(overlay: Overlay<T>): void {
    this.#all = this.#all.filter((one) => one !== overlay)
  }
}

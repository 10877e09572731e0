import type { InformerStatus } from '../api/informer-status.ts'
import type { Entry } from './entry.ts'

type Listed = InformerStatus['quarantined']

/** The entries of a store that cannot be read, as far as anyone has tried. The list of them is made once for each change. */
export class Quarantine<T> {
  readonly #entries = new Map<string, Entry<T>>()
  #listed: Listed | undefined

  add(entry: Entry<T>): void {
    this.#entries.set(entry.key, entry)
    this.#listed = undefined
  }

  /** Nothing where another entry of its key is here. */
  remove(entry: Entry<T>): void {
    if (this.#entries.get(entry.key) !== entry) return
    this.#entries.delete(entry.key)
    this.#listed = undefined
  }

  /** All of them: the same array until one comes or goes. */
  get listed(): Listed {
    return (this.#listed ??= this.listedWhere(() => true))
  }

  listedWhere(isListed: (entry: Entry<T>) => boolean): Listed {
    const entries = [...this.#entries.values()].filter(isListed)
    return entries.map(({ key, resourceVersion, error }) => ({ key, resourceVersion, error: error! }))
  }
}

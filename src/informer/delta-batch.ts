import type { Change } from '../store/change.ts'
import type { Entry } from '../store/entry.ts'

/**
 * One change for each of many objects, made when its turn comes: a hundred thousand at once would keep the event
 * loop for as long as it takes to make them.
 */
export class DeltaBatch<T> {
  readonly type = 'batch'
  /** From the end, which is where an array gives up what is taken. */
  readonly #entries: Entry<T>[]
  readonly #toChange: (entry: Entry<T>) => Change<T>

  constructor(entries: readonly Entry<T>[], toChange: (entry: Entry<T>) => Change<T>) {
    this.#entries = entries.toReversed()
    this.#toChange = toChange
  }

  /** How many have not been told yet. */
  get pending(): number {
    return this.#entries.length
  }

  shift(): Change<T> | undefined {
    const entry = this.#entries.pop()
    return entry && this.#toChange(entry)
  }

  clear(): void {
    this.#entries.length = 0
  }
}

import { KubeflumeError } from '../api/errors.ts'
import { orAborted } from '../internal/abort.ts'

/** How many first lists may be under way at once. Who finds no place waits in line, first come, first served. */
export class SyncBudget {
  readonly size: number
  readonly #line = new Set<() => void>()
  #free: number

  /** @throws {KubeflumeError} `ERR_OPTION` */
  constructor(size: number) {
    if (!Number.isSafeInteger(size) || size < 1)
      throw new KubeflumeError('ERR_OPTION', `maxConcurrentSyncs is ${size}: expected a whole number above 0`)
    this.size = size
    this.#free = size
  }

  /** Takes a place: at once, or (a promise) as soon as there is one. An abort while it waits rejects, and takes none. */
  take(signal: AbortSignal): Promise<void> | undefined {
    if (this.#free === 0) return this.#wait(signal)
    this.#free--
    return undefined
  }

  /** The next one in line has the place in this same turn: nobody comes in between. */
  giveBack(): void {
    const [next] = this.#line
    if (next === undefined) this.#free++
    else {
      this.#line.delete(next)
      next()
    }
  }

  async #wait(signal: AbortSignal): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#line.add(resolve)
    try {
      await orAborted(promise, signal)
    } catch (error) {
      if (!this.#line.delete(resolve)) this.giveBack() // it was given one as the signal aborted
      throw error
    }
  }
}

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

  /**
   * Does the work as soon as there is a place for it, which it has until it ends; `onWait` is called where there is
   * none at once. An abort of the signal while it waits rejects, and the work is not begun.
   */
  async run<R>(work: () => Promise<R>, signal: AbortSignal, onWait: () => void): Promise<R> {
    if (this.#free > 0) this.#free--
    else {
      const place = this.#wait(signal)
      onWait()
      await place
    }
    try {
      return await work()
    } finally {
      this.#giveBack()
    }
  }

  /** The next one in line has the place in this same turn: nobody comes in between. */
  #giveBack(): void {
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
      if (!this.#line.delete(resolve)) this.#giveBack() // it was given one as the signal aborted
      throw error
    }
  }
}

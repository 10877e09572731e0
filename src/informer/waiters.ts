import { type Deferred, deferred } from '../internal/deferred.ts'

interface Waiter {
  /** Whether it has come; throws where it never will. */
  readonly hasCome: () => boolean
  readonly wait: Deferred<void>
}

/** Those who wait for something to be so. Who changes what they look at wakes them; nobody polls. */
export class Waiters {
  readonly #waiting = new Set<Waiter>()

  /** Runs `wait` with a promise that settles when it has come, or never will, or everyone is turned away. */
  async until(hasCome: () => boolean, wait: (come: Promise<void>) => Promise<void>): Promise<void> {
    if (hasCome()) return
    const waiter = { hasCome, wait: deferred<void>() }
    this.#waiting.add(waiter)
    try {
      await wait(waiter.wait.promise)
    } finally {
      this.#waiting.delete(waiter)
    }
  }

  wake(): void {
    for (const waiter of this.#waiting) {
      try {
        if (waiter.hasCome()) waiter.wait.resolve()
      } catch (error) {
        waiter.wait.reject(error)
      }
    }
  }

  /** Rejects everyone who waits now; who comes later waits anew. */
  turnAway(makeError: () => Error): void {
    if (this.#waiting.size === 0) return
    const error = makeError()
    for (const { wait } of this.#waiting) wait.reject(error)
  }
}

import { type Deferred, deferred } from '../internal/deferred.ts'

/** Who waits for the first sync, and what they are told. Closed at first; opens once. */
export class SyncGate {
  readonly #waiting = new Set<Deferred<void>>()
  #isOpen = false

  get isOpen(): boolean {
    return this.#isOpen
  }

  /** Runs `wait` with a promise that settles when the gate opens or turns everyone away. */
  async pass(wait: (opened: Promise<void>) => Promise<void>): Promise<void> {
    if (this.#isOpen) return
    const waiter = deferred<void>()
    this.#waiting.add(waiter)
    try {
      await wait(waiter.promise)
    } finally {
      this.#waiting.delete(waiter)
    }
  }

  open(): void {
    this.#isOpen = true
    for (const waiter of this.#waiting) waiter.resolve()
  }

  /** Rejects everyone who waits now; who comes later waits anew. */
  turnAway(makeError: () => Error): void {
    if (this.#waiting.size === 0) return
    const error = makeError()
    for (const waiter of this.#waiting) waiter.reject(error)
  }
}

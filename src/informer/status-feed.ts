import { KubeflumeError } from '../api/errors.ts'
import type { InformerStatus } from '../api/informer-status.ts'
import { callGuarded } from '../internal/call-guarded.ts'
import type { Clock } from '../internal/clock.ts'

/** While a list arrives, listeners hear of it at this pace. */
const PROGRESS_INTERVAL_MS = 100

export interface StatusFeedOptions {
  readonly read: () => InformerStatus
  readonly clock: Clock
  readonly onError: (error: KubeflumeError) => void
}

/** Tells a status to those who listen. It is put together only where somebody does. */
export class StatusFeed {
  readonly #options: StatusFeedOptions
  readonly #listeners = new Set<(status: InformerStatus) => void>()
  readonly #followers = new Set<() => void>()
  #lastProgressAt = -Infinity

  constructor(options: StatusFeedOptions) {
    this.#options = options
  }

  add(listener: (status: InformerStatus) => void): Disposable {
    this.#listeners.add(listener)
    return { [Symbol.dispose]: () => this.#listeners.delete(listener) }
  }

  /** Runs whenever there is something to tell, and costs no status. It must not throw. */
  follow(run: () => void): Disposable {
    this.#followers.add(run)
    return { [Symbol.dispose]: () => this.#followers.delete(run) }
  }

  tell(): void {
    for (const run of this.#followers) run()
    if (this.#listeners.size === 0) return
    const status = this.#options.read()
    const threw = (cause: unknown): void =>
      this.#options.onError(new KubeflumeError('ERR_HANDLER', 'a status listener threw', { cause }))
    for (const listener of this.#listeners) callGuarded(() => listener(status), threw)
  }

  /** Tells it, but not more often than is of use. */
  tellProgress(): void {
    const now = this.#options.clock.now()
    if (Math.abs(now - this.#lastProgressAt) < PROGRESS_INTERVAL_MS) return
    this.#lastProgressAt = now
    this.tell()
  }
}

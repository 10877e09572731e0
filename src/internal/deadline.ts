import { onAbort } from './abort.ts'
import type { Clock } from './clock.ts'

/**
 * A signal that aborts with another one, or with `late()` when `ms` pass without a word of progress.
 * A word is cheap: it sets a time, no timer. Dispose it when the operation is over.
 */
export class Deadline implements Disposable {
  readonly #controller = new AbortController()
  readonly #clock: Clock
  readonly #late: () => Error
  readonly #following: Disposable
  #timer: Disposable
  #ms: number
  #startedAt: number

  constructor(parent: AbortSignal, clock: Clock, ms: number, late: () => Error) {
    this.#clock = clock
    this.#late = late
    this.#ms = ms
    this.#startedAt = clock.now()
    this.#timer = clock.setTimeout(this.#check, ms)
    this.#following = onAbort(parent, () => this.#controller.abort(parent.reason))
  }

  get signal(): AbortSignal {
    return this.#controller.signal
  }

  /** Counts from now on, with another length where one is given. */
  progress(ms: number = this.#ms): void {
    this.#startedAt = this.#clock.now()
    if (ms === this.#ms) return
    this.#ms = ms
    this.#timer[Symbol.dispose]()
    this.#timer = this.#clock.setTimeout(this.#check, ms)
  }

  /** Aborts now: whatever is left of the operation ends with this reason. */
  end(reason: Error): void {
    this.#controller.abort(reason)
  }

  [Symbol.dispose](): void {
    this.#timer[Symbol.dispose]()
    this.#following[Symbol.dispose]()
  }

  /** A clock that jumped back must not make this wait longer than once more. */
  readonly #check = (): void => {
    const now = this.#clock.now()
    if (now < this.#startedAt) this.#startedAt = now
    const remaining = this.#startedAt + this.#ms - now
    if (remaining > 0) this.#timer = this.#clock.setTimeout(this.#check, remaining)
    else this.#controller.abort(this.#late())
  }
}

import type { Clock } from '../internal/clock.ts'

/**
 * Lets through a burst, and then so many a second: who comes too early is told how long to wait. The rule is
 * that of Go's `rate.Limiter.Reserve`, by which client-go spaces the retries of a queue.
 */
export class TokenBucket {
  readonly #clock: Clock
  readonly #perSecond: number
  readonly #burst: number
  /** Below 0 while reservations wait for their time. */
  #tokens: number
  #countedAt: number

  constructor(clock: Clock, { perSecond, burst }: { readonly perSecond: number; readonly burst: number }) {
    this.#clock = clock
    this.#perSecond = perSecond
    this.#burst = burst
    this.#tokens = burst
    this.#countedAt = clock.now()
  }

  /** Takes the next place, and returns how many milliseconds it is away. */
  reserve(): number {
    this.#earn()
    this.#tokens--
    return Math.max(0, (-this.#tokens / this.#perSecond) * 1000)
  }

  /** Takes a place if there is one now. */
  take(): boolean {
    this.#earn()
    if (this.#tokens < 1) return false
    this.#tokens--
    return true
  }

  #earn(): void {
    const now = this.#clock.now()
    const earned = (Math.max(0, now - this.#countedAt) / 1000) * this.#perSecond
    this.#countedAt = now
    this.#tokens = Math.min(this.#burst, this.#tokens + earned)
  }
}

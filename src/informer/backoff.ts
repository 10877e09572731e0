import type { Clock } from '../internal/clock.ts'

const FIRST_MS = 800
const MAX_MS = 30_000
const QUIET_MS = 2 * 60_000

/**
 * How long to wait after a failure: 0.8 s doubling to 30 s, with full jitter, from the start again
 * after two minutes without a failure. The figures are client-go's (`NewReflector`); the jitter is
 * full, so that the informers of a restarted server do not come back in step.
 */
export class Backoff {
  readonly #clock: Clock
  readonly #random: () => number
  #ceilingMs = FIRST_MS
  #lastFailureAt = -Infinity

  constructor(clock: Clock, random: () => number = Math.random) {
    this.#clock = clock
    this.#random = random
  }

  /** Records a failure and returns the wait, in milliseconds. */
  next(): number {
    const now = this.#clock.now()
    if (now - this.#lastFailureAt >= QUIET_MS) this.#ceilingMs = FIRST_MS
    this.#lastFailureAt = now
    const ceiling = this.#ceilingMs
    this.#ceilingMs = Math.min(ceiling * 2, MAX_MS)
    return Math.round(ceiling * this.#random())
  }

  /** A wait that the server asked for, lengthened by up to a fifth: everyone else got the same number. */
  spread(ms: number): number {
    return Math.round(ms * (1 + 0.2 * this.#random()))
  }
}

import type { Clock } from '../internal/clock.ts'
import { TokenBucket } from './token-bucket.ts'

const FIRST_MS = 5
const MAX_MS = 1_000_000

/**
 * When a key that failed is tried again: after 5 ms, doubling to 1,000 s with each failure in a row, and of
 * all keys together a hundred at once and then ten a second; the later of the two. The figures are client-go's
 * (`DefaultTypedControllerRateLimiter` in util/workqueue/default_rate_limiters.go).
 */
export class RetryPace {
  readonly #overall: TokenBucket

  constructor(clock: Clock) {
    this.#overall = new TokenBucket(clock, { perSecond: 10, burst: 100 })
  }

  /** The wait after so many failures in a row, in milliseconds. */
  next(failures: number): number {
    return Math.max(Math.min(FIRST_MS * 2 ** (failures - 1), MAX_MS), this.#overall.reserve())
  }
}

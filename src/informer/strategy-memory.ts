import type { Clock } from '../internal/clock.ts'

const FORGET_MS = 30 * 60_000
const MAX_SILENCES = 2

/**
 * What is known of a resource's server beside its objects: whether it has watch-lists. One for an
 * informer: its scopes share it, and it outlives their runs. After half an hour it is tried again,
 * since servers are upgraded.
 */
export class StrategyMemory {
  readonly #clock: Clock
  #refusedAt = -Infinity
  #silences = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get hasWatchList(): boolean {
    return this.#clock.now() - this.#refusedAt >= FORGET_MS
  }

  /** The server has said that it has none. */
  refused(): void {
    this.#refusedAt = this.#clock.now()
    this.#silences = 0
  }

  /** A watch-list began and never came to its end. Once may be chance. */
  silent(): void {
    if (++this.#silences >= MAX_SILENCES) this.refused()
  }

  worked(): void {
    this.#silences = 0
  }
}

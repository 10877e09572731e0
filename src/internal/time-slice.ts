const SLICE_MS = 5

/**
 * Keeps work that never waits from keeping the event loop: promises alone do not let it turn. Who has much
 * to do asks between two pieces, and waits a turn when a slice of 5 ms is over. It goes by real time, since
 * it is about the real loop.
 */
export class TimeSlice {
  #endsAt = performance.now() + SLICE_MS

  get isOver(): boolean {
    return performance.now() >= this.#endsAt
  }

  /** Lets the event loop turn, and begins the next slice. */
  async turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.#endsAt = performance.now() + SLICE_MS
  }
}

const SLICE_MS = 5
/** What everybody gets in each turn of the loop, however many there are. */
const LEAST_MS = 1

/** When the present turn of the event loop was first asked about; undefined: not yet. */
let turnBegunAt: number | undefined

/**
 * Keeps work that never waits from keeping the event loop: promises alone do not let it turn. Who has much
 * to do asks between two pieces, and waits a turn when a slice is over: 5 ms, shared by all who work in the
 * same turn, of which each gets at least one. It goes by real time, since it is about the real loop.
 */
export class TimeSlice {
  #begunAt = performance.now()

  get isOver(): boolean {
    const now = performance.now()
    const own = now - this.#begunAt
    return own >= SLICE_MS || (own >= LEAST_MS && now - beginningOfTurn(now) >= SLICE_MS)
  }

  /** Lets the event loop turn, and begins the next slice. */
  async turn(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve))
    this.#begunAt = performance.now()
  }
}

function beginningOfTurn(now: number): number {
  if (turnBegunAt === undefined) {
    turnBegunAt = now
    setImmediate(() => (turnBegunAt = undefined))
  }
  return turnBegunAt
}

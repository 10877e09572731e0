import { KubeflumeError } from '../api/errors.ts'
import type { Clock } from '../internal/clock.ts'

interface Timer {
  at: number
  readonly run: () => void
}

/** Enough for a request to go to a server in this process and for its answer to come back, several times. */
const TURNS = 12

/**
 * Time that stands still until a test moves it. What runs on it is a matter of code and sockets alone,
 * so a test of ten minutes takes a few milliseconds and always goes the same way.
 */
export class ManualClock implements Clock {
  #now: number
  /** In order of time; those of one moment in the order in which they were set. */
  readonly #timers: Timer[] = []

  /** Starts at the given moment, in milliseconds; 2026-01-01 unless said otherwise. */
  constructor(startMs: number = Date.UTC(2026, 0, 1)) {
    this.#now = startMs
  }

  /** Timers that are set and have not run: 0 when everything on this clock has been stopped. */
  get pending(): number {
    return this.#timers.length
  }

  now(): number {
    return this.#now
  }

  setTimeout(run: () => void, ms: number): Disposable {
    const timer: Timer = { at: this.#now + Math.max(ms, 0), run }
    const after = this.#timers.findIndex(({ at }) => at > timer.at)
    this.#timers.splice(after === -1 ? this.#timers.length : after, 0, timer)
    return {
      [Symbol.dispose]: () => {
        const index = this.#timers.indexOf(timer)
        if (index !== -1) this.#timers.splice(index, 1)
      },
    }
  }

  /**
   * Lets `ms` milliseconds pass. Every timer that falls due runs at its own moment, in order of time,
   * those included that are set on the way; before, between and after them promises, immediates and
   * sockets go on. What needs more than a few turns of the event loop (a long list, say) may still be
   * under way at the end: await its own result.
   *
   * @throws {KubeflumeError} `ERR_OPTION` for what is no span of time
   */
  async advance(ms: number): Promise<void> {
    if (!Number.isFinite(ms)) throw new KubeflumeError('ERR_OPTION', `a clock cannot be advanced by ${ms} ms`)
    const end = this.#now + Math.max(ms, 0)
    await settle()
    for (let timer = this.#timers[0]; timer !== undefined && timer.at <= end; timer = this.#timers[0]) {
      this.#timers.shift()
      this.#now = Math.max(this.#now, timer.at)
      timer.run()
      await settle()
    }
    this.#now = Math.max(this.#now, end)
  }

  /**
   * Changes what `now` says, forwards or backwards, and runs nothing: a clock that is set while timers
   * go on to measure spans, as real ones do.
   */
  jump(ms: number): void {
    this.#now += ms
    for (const timer of this.#timers) timer.at += ms
  }
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < TURNS; turn++) await new Promise((resolve) => setImmediate(resolve))
}

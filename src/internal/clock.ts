/**
 * Time, as everything here sees it. Tests own it.
 *
 * `now` is in milliseconds and should not jump; nothing breaks when it does, but durations computed
 * from it are then wrong once.
 */
export interface Clock {
  /** In milliseconds. */
  now(): number
  /** Runs `run` once, `ms` milliseconds from now, unless disposed before. */
  setTimeout(run: () => void, ms: number): Disposable
}

/** Node turns a longer delay into 1 ms. */
const MAX_DELAY_MS = 2 ** 31 - 1

/**
 * The process's own time: monotonic, so that a correction of the wall clock cannot end a watch or
 * lengthen a backoff. Its timers keep the process alive only through what they wait for.
 */
export const systemClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  setTimeout(run, ms) {
    const timer = setTimeout(run, Math.min(Math.max(ms, 0), MAX_DELAY_MS))
    return { [Symbol.dispose]: () => clearTimeout(timer) }
  },
}

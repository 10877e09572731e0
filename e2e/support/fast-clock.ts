import type { Clock } from '../../src/index.ts'

/**
 * The process's time, so many times as fast: for tests in which backoffs, which grow to half a minute, would
 * be most of the time. The server is asked sooner and more often, never less.
 */
export function fastClock(times: number): Clock {
  return {
    now: () => performance.now() * times,
    setTimeout(run, ms) {
      const timer = setTimeout(run, ms / times)
      return { [Symbol.dispose]: () => clearTimeout(timer) }
    },
  }
}

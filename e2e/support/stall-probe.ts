/** What a process was kept from doing, in milliseconds. */
export interface Stalls {
  readonly longestMs: number
  readonly percentile99Ms: number
  readonly samples: number
}

/**
 * Measures how late timers fire: a timer of one millisecond repeats, and what lies between two of its
 * turns beyond that millisecond is time in which nothing else could run either.
 *
 * @returns Ends the measurement and says what was found.
 */
export function measureStalls(): () => Stalls {
  const lateMs: number[] = []
  let last = performance.now()
  const note = (): void => {
    const now = performance.now()
    lateMs.push(Math.max(0, now - last - 1))
    last = now
  }
  const timer = setInterval(note, 1)
  return () => {
    clearInterval(timer)
    note() // a stall that lasts until now would be missed otherwise
    const sorted = lateMs.toSorted((a, b) => a - b)
    return {
      longestMs: sorted.at(-1)!,
      percentile99Ms: sorted[Math.ceil(sorted.length * 0.99) - 1]!,
      samples: sorted.length,
    }
  }
}

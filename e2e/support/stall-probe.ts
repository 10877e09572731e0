/** What a process was kept from doing, in milliseconds. */
export interface Stalls {
  readonly longestMs: number
  /**
   * The longest that the thread computed without a break. A stall that is longer had no processor for
   * the rest, which on a machine that does other things besides says nothing about the program.
   * Undefined before Node 24.
   */
  readonly longestComputingMs: number | undefined
  readonly percentile99Ms: number
  readonly samples: number
}

interface Sample {
  readonly lateMs: number
  readonly computingMs: number | undefined
}

/**
 * Measures how late timers fire: a timer of one millisecond repeats, and what lies between two of its
 * turns beyond that millisecond is time in which nothing else could run either.
 *
 * @returns Ends the measurement and says what was found.
 */
export function measureStalls(): () => Stalls {
  const samples: Sample[] = []
  let last = performance.now()
  let lastComputing = computedMs()
  const note = (): void => {
    const now = performance.now()
    const computing = computedMs()
    samples.push({ lateMs: Math.max(0, now - last - 1), computingMs: computing && computing - lastComputing! })
    last = now
    lastComputing = computing
  }
  const timer = setInterval(note, 1)
  return () => {
    clearInterval(timer)
    note() // a stall that lasts until now would be missed otherwise
    const sorted = samples.map(({ lateMs }) => lateMs).toSorted((a, b) => a - b)
    const computing = samples.map(({ computingMs }) => computingMs).filter((ms) => ms !== undefined)
    return {
      longestMs: sorted.at(-1)!,
      longestComputingMs: computing.length > 0 ? Math.max(...computing) : undefined,
      percentile99Ms: sorted[Math.ceil(sorted.length * 0.99) - 1]!,
      samples: sorted.length,
    }
  }
}

/** What this thread has used of a processor so far. */
function computedMs(): number | undefined {
  const { threadCpuUsage } = process as { threadCpuUsage?: () => NodeJS.CpuUsage }
  if (threadCpuUsage === undefined) return undefined
  const { user, system } = threadCpuUsage()
  return (user + system) / 1000
}

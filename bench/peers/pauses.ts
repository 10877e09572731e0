import { constants, PerformanceObserver } from 'node:perf_hooks'
import { measureStalls } from '../../e2e/support/stall-probe.ts'

/** What kept the event loop from turning while a phase lasted. */
export interface Pauses {
  readonly longestStallMs: number
  /** The longest that the thread computed without a break: a busy machine does not disturb it. */
  readonly longestComputingMs: number | undefined
  readonly stall99Ms: number
  readonly collectionMs: number
  readonly longestCollectionMs: number
  /** Which kind of collection that was. */
  readonly longestCollection: string | undefined
}

/** An entry of type `gc`, which the types know nothing of. */
interface Collection {
  readonly duration: number
  readonly detail: { readonly kind: number }
}

const KINDS: { readonly [kind: number]: string } = {
  [constants.NODE_PERFORMANCE_GC_MAJOR]: 'major',
  [constants.NODE_PERFORMANCE_GC_MINOR]: 'minor',
  [constants.NODE_PERFORMANCE_GC_INCREMENTAL]: 'incremental',
  [constants.NODE_PERFORMANCE_GC_WEAKCB]: 'weak callbacks',
}

/** Measures until the returned function is called. */
export function measurePauses(): () => Promise<Pauses> {
  let total = 0
  let longest = { ms: 0, kind: undefined as string | undefined }
  const observer = new PerformanceObserver((list) => {
    for (const { duration, detail } of list.getEntries() as unknown as readonly Collection[]) {
      total += duration
      if (duration > longest.ms) longest = { ms: duration, kind: KINDS[detail.kind] }
    }
  })
  observer.observe({ entryTypes: ['gc'] })
  const stalls = measureStalls()
  return async () => {
    const found = stalls()
    await new Promise((resolve) => setImmediate(resolve)) // collections are told a turn later
    observer.disconnect()
    return {
      longestStallMs: found.longestMs,
      longestComputingMs: found.longestComputingMs,
      stall99Ms: found.percentile99Ms,
      collectionMs: total,
      longestCollectionMs: longest.ms,
      longestCollection: longest.kind,
    }
  }
}

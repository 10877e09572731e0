import type { InformerStatus } from '../api/informer-status.ts'
import type { Resource } from '../api/resource.ts'

/** Says what is wrong, in words that may be shown to anyone; undefined: nothing. It must return at once. */
export type HealthCheck = () => string | undefined

/** One line of a report. */
export interface CheckResult {
  readonly name: string
  /** undefined: it is well. */
  readonly problem: string | undefined
}

/** What is asked of an informer. */
export interface CheckedInformer {
  readonly resource: Resource
  readonly status: InformerStatus
}

/** What is asked of a LeaderElector. */
export interface CheckedElector {
  readonly status: {
    /** How long work has gone on after the lease was lost. */
    readonly overdueMs: number
  }
}

/** Whether an informer has what it is to have, and hears of what changes. */
export function informerProblem({ status }: CheckedInformer, now: number, staleAfterMs: number): string | undefined {
  const { phase, synced, reason, lastContactAt } = status
  if (phase === 'stopped') return 'stopped'
  if (!synced) return `not synced: ${reason}`
  const ageMs = lastContactAt === undefined ? 0 : now - lastContactAt
  if (ageMs > staleAfterMs) return `stale: nothing came for ${Math.round(ageMs / 1000)} s: ${reason}`
  return undefined
}

/** Whether something that was to end with a lease goes on without it. */
export function electorProblem({ status: { overdueMs } }: CheckedElector, toleratedMs: number): string | undefined {
  if (overdueMs <= toleratedMs) return undefined
  return `the lease was lost ${Math.round(overdueMs / 1000)} s ago, and what was to end with it goes on`
}

import type { Pauses } from '../peers/pauses.ts'
import type { Samples } from './samples.ts'

type Figure = 'longestStallMs' | 'longestComputingMs'

/** A phase in which the event loop stood still, and for how long. */
export interface Stall {
  readonly scenario: string
  readonly phase: string
  readonly pauses: Pauses
}

/** The longest of each round, over all that was run in it. */
export function stalls(samples: Samples, figure: Figure): number[] {
  const longest: number[] = []
  for (const { round, pauses } of phases(samples)) {
    longest[round] = Math.max(longest[round] ?? 0, pauses[figure] ?? 0)
  }
  return longest.filter((ms) => ms > 0)
}

/** The phases with the longest stalls in any round, the worst first. */
export function worstStalls(samples: Samples, count: number): Stall[] {
  const worst = new Map<string, Stall>()
  for (const { scenario, phase, pauses } of phases(samples)) {
    const key = `${scenario} ${phase}`
    if ((worst.get(key)?.pauses.longestStallMs ?? 0) < pauses.longestStallMs)
      worst.set(key, { scenario, phase, pauses })
  }
  return [...worst.values()].toSorted((a, b) => b.pauses.longestStallMs - a.pauses.longestStallMs).slice(0, count)
}

function* phases(samples: Samples): Generator<Stall & { readonly round: number }> {
  for (const [scenario, outcomes] of Object.entries(samples.outcomes)) {
    for (const [round, outcome] of outcomes.entries()) {
      if ('error' in outcome) continue
      for (const [phase, pauses] of Object.entries(outcome.pauses ?? {})) yield { scenario, phase, pauses, round }
    }
  }
}

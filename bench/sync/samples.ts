import type { PeerSample } from '../peers/peer-sample.ts'
import type { Outcome } from './run-scenario.ts'
import { nameOf, type Scenario } from './scenario.ts'

/** All that was measured, by scenario and round. */
export class Samples {
  readonly outcomes: Record<string, Outcome[]> = {}

  add(scenario: Scenario, outcome: Outcome): void {
    ;(this.outcomes[nameOf(scenario)] ??= []).push(outcome)
  }

  /** A figure of a scenario, round by round; undefined where it was not measured, or failed. */
  of(scenario: Scenario, figure: string): readonly (number | undefined)[] {
    return this.samplesOf(scenario).map((sample) => sample?.figures[figure])
  }

  samplesOf(scenario: Scenario): readonly (PeerSample | undefined)[] {
    return (this.outcomes[nameOf(scenario)] ?? []).map((outcome) => ('error' in outcome ? undefined : outcome))
  }
}

/** The values of two series, round by round, where both have one. */
export function combine(
  left: readonly (number | undefined)[],
  right: readonly (number | undefined)[],
  how: (a: number, b: number) => number,
): number[] {
  return left.flatMap((value, round) => {
    const other = right[round]
    return value === undefined || other === undefined ? [] : [how(value, other)]
  })
}

export const ratio = (a: number, b: number): number => a / b

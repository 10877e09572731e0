import type { Samples } from '../sync/samples.ts'
import type { Scenario } from '../sync/scenario.ts'
import { JSON_LIST, PROTOBUF, YARDSTICK } from './gate-scenarios.ts'

/** A figure of ours against one of the yardstick's: the smallest of all rounds, of each. */
export interface GateRow {
  readonly what: string
  readonly ratio: number
}

export function gateRows(samples: Samples): GateRow[] {
  const line = (what: string, scenario: Scenario, figure: string, against: string): GateRow => ({
    what,
    ratio: least(samples, scenario, figure) / least(samples, YARDSTICK, against),
  })
  return [
    line('20,000 pods synced, protobuf: CPU', PROTOBUF, 'cpuMs', 'cpuMs'),
    line('20,000 pods synced, JSON: CPU', JSON_LIST, 'cpuMs', 'cpuMs'),
    line('every object decoded, protobuf: CPU', PROTOBUF, 'decodeCpuMs', 'cpuMs'),
    line('20,000 pods synced, protobuf: peak RSS', PROTOBUF, 'peakRssBytes', 'peakRssBytes'),
    line('20,000 pods synced, JSON: peak RSS', JSON_LIST, 'peakRssBytes', 'peakRssBytes'),
    line('20,000 pods, protobuf: memory that stays', PROTOBUF, 'keptBytes', 'keptBytes'),
    line('20,000 pods, JSON: memory that stays', JSON_LIST, 'keptBytes', 'keptBytes'),
  ]
}

export function printGate(rows: readonly GateRow[], limits?: ReadonlyMap<string, number>): void {
  console.table(
    rows.map(({ what, ratio }) => {
      const limit = limits?.get(what)
      const measured = { "what, / the yardstick's": what, measured: ratio.toFixed(3) }
      if (limits === undefined) return measured
      return { ...measured, 'at most': limit?.toFixed(3), met: limit !== undefined && ratio <= limit ? 'yes' : 'NO' }
    }),
  )
}

function least(samples: Samples, scenario: Scenario, figure: string): number {
  return Math.min(...samples.of(scenario, figure).map((value) => value ?? Number.POSITIVE_INFINITY))
}

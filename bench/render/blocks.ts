import { megabytes, seconds, spread } from './figures.ts'
import { growthTable } from './growth.ts'
import { limitTable } from './limit-block.ts'
import { beyondTable, eventsTable, kindsTable, listTable, relistTable, trafficTable } from './list-blocks.ts'
import { Measured } from './peer-rows.ts'
import type { CompareResult, ResultHead, Results } from './results.ts'
import { askedTable, ownTable, realAskedTable, realTable, serverTable } from './server-blocks.ts'
import { NOT_MEASURED, table } from './table.ts'

const PEERS = ['client-go', 'go', 'client-node', 'kubernetes-fluent-client', 'kube-rs', 'rust', 'kubernetes'] as const

/** The text of each block, by the name in its marker. */
export function blocks(results: Results): { readonly [name: string]: () => string } {
  const { compare, store, real, server } = results
  const of = <T>(result: T | undefined, render: (result: T) => string): string =>
    result === undefined ? NOT_MEASURED : render(result)
  return {
    summary: () => of(compare, summaryTable),
    runs: () => runsTable(results),
    small: () => of(compare, (result) => pictured(listTable(result, 'A'), 'synced', 'memory')),
    large: () => of(compare, (result) => listTable(result, 'B')),
    beyond: () => of(compare, beyondTable),
    relist: () => of(compare, relistTable),
    events: () => of(compare, eventsTable),
    kinds: () => of(compare, kindsTable),
    traffic: () => of(compare, trafficTable),
    growth: () => of(compare, (result) => pictured(growthTable(result), 'growth-time', 'growth-memory')),
    asked: () => of(store, askedTable),
    'semi-space': () => of(results['store-semi-space'], ownTable),
    real: () => of(real, realTable),
    'real-asked': () => of(real, realAskedTable),
    server: () => of(server, (result) => pictured(serverTable(result), 'server')),
    limits: () => limitTable(results),
  }
}

/** A table with the plots of the same figures above it, which say themselves what they are. */
function pictured(rows: string, ...plots: readonly string[]): string {
  if (rows === NOT_MEASURED) return rows
  return `${plots.map((plot) => `![${plot}](plots/${plot}.svg)`).join('\n')}\n\n${rows}`
}

/** The few lines that a reader in a hurry wants. */
function summaryTable(compare: CompareResult): string {
  const wanted = [
    ['kubeflume, protobuf', 'kubeflume A protobuf memory'],
    ['kubeflume, JSON', 'kubeflume A json memory'],
    ['client-go, protobuf', 'client-go A protobuf decode+memory'],
    ['client-node, JSON', 'client-node A json decode+memory'],
    ['kubernetes-fluent-client, JSON', 'kubernetes-fluent-client A json decode+memory'],
    ['kube-rs, JSON', 'kube-rs A json decode+memory'],
  ] as const
  const rows = wanted.flatMap(([label, scenario]) => {
    const found = new Measured(compare, scenario)
    if (!found.exists) return []
    const stall = found.stall('sync', 'longestStallMs')
    const kept = found.median('keptBytes') ?? found.median('heapBytes')!
    const memory = [megabytes(found.median('peakRssBytes')!), megabytes(kept)]
    return [[label, spread(found.values('syncedMs'), seconds), ...memory, stall === undefined ? '' : seconds(stall)]]
  })
  return table(['20,000 pods', 'synced', 'peak RSS', 'stays', 'event loop stood still'], rows)
}

/** Where and when each result was measured, and what else the machine did. */
function runsTable(results: Results): string {
  const rows = Object.entries(results as { readonly [name: string]: ResultHead | undefined }).flatMap(
    ([name, result]) => {
      if (result === undefined) return []
      const machine = `${result.cpu}, ${result.cores} cores, ${(result.memoryBytes / 1e9).toFixed(0)} GB`
      const versions = PEERS.flatMap((peer) => (peer in result ? [`${peer} ${String(result[peer])}`] : []))
      const loads = loadsOf(result)
      const commit = `${result.commit}${result.isModified ? ', changed' : ''}`
      const load = `${Math.min(...loads).toFixed(1)} – ${Math.max(...loads).toFixed(1)}`
      return [[name, result.date.slice(0, 10), commit, machine, load, [`Node ${result.node}`, ...versions].join(', ')]]
    },
  )
  return table(['result', 'date', 'commit', 'machine', 'load', 'versions'], rows)
}

function loadsOf(result: ResultHead): readonly number[] {
  const { loads, groups } = result as Partial<{ loads: number[]; groups: CompareResult['groups'] }>
  return loads ?? groups?.flatMap((group) => group.loads) ?? []
}

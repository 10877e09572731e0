import { median } from '../measure.ts'
import type { PeerSample } from '../peers/peer-sample.ts'
import type { CompareResult } from './results.ts'

/** All rounds of one scenario. */
export class Measured {
  readonly #samples: readonly PeerSample[]
  /** Why it failed, if it did each time. */
  readonly error: string | undefined

  constructor({ samples }: CompareResult, scenario: string) {
    const outcomes = samples[scenario] ?? []
    this.#samples = outcomes.flatMap((outcome) => ('error' in outcome ? [] : [outcome]))
    this.error = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []))[0]
  }

  get exists(): boolean {
    return this.#samples.length > 0
  }

  values(figure: string): number[] {
    return this.#samples.map(({ figures }) => figures[figure]).filter((value) => value !== undefined)
  }

  median(figure: string): number | undefined {
    const values = this.values(figure)
    return values.length === 0 ? undefined : median(values)
  }

  /** In the phase, the longest of a round as the median of rounds. */
  stall(phase: string, figure: 'longestStallMs' | 'stall99Ms' | 'longestComputingMs'): number | undefined {
    const values = this.#samples.map(({ pauses }) => pauses?.[phase]?.[figure]).filter((value) => value !== undefined)
    return values.length === 0 ? undefined : median(values)
  }
}

/** A peer and how it reads, as a table names it. */
export interface PeerRow {
  readonly label: string
  /** The scenario's name behind the corpus: see bench/sync/scenario.ts. */
  readonly peer: string
  readonly rest: string
  /** The scenario in which every object is decoded, where it is another. */
  readonly decodeRest?: string
}

export const PEER_ROWS: readonly PeerRow[] = [
  { label: 'kubeflume, protobuf', peer: 'kubeflume', rest: 'protobuf memory', decodeRest: 'protobuf decode' },
  { label: 'kubeflume, protobuf, watch-list', peer: 'kubeflume', rest: 'protobuf watch-list memory' },
  { label: 'kubeflume, JSON', peer: 'kubeflume', rest: 'json memory', decodeRest: 'json decode' },
  { label: 'client-go, protobuf', peer: 'client-go', rest: 'protobuf decode+memory' },
  { label: 'client-go, protobuf, watch-list', peer: 'client-go', rest: 'protobuf watch-list decode+memory' },
  { label: 'client-go, JSON', peer: 'client-go', rest: 'json decode+memory' },
  { label: 'client-node, JSON', peer: 'client-node', rest: 'json decode+memory' },
  { label: 'kubernetes-fluent-client, JSON', peer: 'kubernetes-fluent-client', rest: 'json decode+memory' },
  { label: 'kube-rs, JSON', peer: 'kube-rs', rest: 'json decode+memory' },
  { label: 'kube-rs, JSON, watch-list', peer: 'kube-rs', rest: 'json watch-list decode+memory' },
  { label: 'read and drop, protobuf', peer: 'nowhere', rest: 'protobuf' },
  { label: 'read and drop, JSON', peer: 'nowhere', rest: 'json' },
]

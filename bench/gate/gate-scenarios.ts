import type { Scenario } from '../sync/scenario.ts'

/** The program is not that of its peer, but the yardstick's. */
export const YARDSTICK: Scenario = { peer: 'nowhere', corpus: 'A', encoding: 'json', variant: 'watch-list' }

export const PROTOBUF: Scenario = { peer: 'kubeflume', corpus: 'A', encoding: 'protobuf', steps: ['memory', 'decode'] }
export const JSON_LIST: Scenario = { peer: 'kubeflume', corpus: 'A', encoding: 'json', steps: ['memory'] }
export const OURS: readonly Scenario[] = [PROTOBUF, JSON_LIST]

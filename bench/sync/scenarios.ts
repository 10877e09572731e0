import type { Encoding } from '../corpora/frames.ts'
import type { Scenario } from './scenario.ts'

const ENCODINGS: readonly Encoding[] = ['protobuf', 'json']

/** 20,000 pods: in every run. */
const SMALL: readonly Scenario[] = [
  ...ENCODINGS.flatMap((encoding): Scenario[] => [
    { peer: 'nowhere', corpus: 'A', encoding },
    { peer: 'client-go', corpus: 'A', encoding, steps: ['decode', 'memory', 'get'] },
    { peer: 'kubeflume', corpus: 'A', encoding, retain: 'wire', steps: ['memory'] },
  ]),
  { peer: 'client-go', corpus: 'A', encoding: 'protobuf', variant: 'watch-list', steps: ['memory'] },
  { peer: 'kubeflume', corpus: 'A', encoding: 'protobuf', variant: 'watch-list', steps: ['memory'] },
  { peer: 'client-go', corpus: 'A', encoding: 'protobuf', variant: 'stripped', steps: ['memory'] },
  { peer: 'client-go', corpus: 'A', encoding: 'protobuf', steps: ['relist'] },
  { peer: 'client-go', corpus: 'A', encoding: 'protobuf', steps: ['events'] },
  { peer: 'kubeflume', corpus: 'A', encoding: 'protobuf', retain: 'compressed', steps: ['memory'] },
  { peer: 'kubeflume', corpus: 'A', encoding: 'protobuf', retain: 'objects', steps: ['decode', 'memory'] },
  { peer: 'kubeflume', corpus: 'A', encoding: 'protobuf', retain: 'wire', steps: ['decode'] },
  { peer: 'kubeflume', corpus: 'A', encoding: 'protobuf', retain: 'wire', steps: ['relist'] },
  { peer: 'kubeflume', corpus: 'A', encoding: 'protobuf', retain: 'compressed', steps: ['relist'] },
  { peer: 'kubeflume', corpus: 'A', encoding: 'protobuf', retain: 'wire', steps: ['events'] },
  { peer: 'kubeflume', corpus: 'A', encoding: 'protobuf', retain: 'wire', steps: ['read-events'] },
  { peer: 'kubeflume', corpus: 'A', encoding: 'protobuf', retain: 'compressed', steps: ['events'] },
  { peer: 'kubeflume', corpus: 'A', encoding: 'protobuf', retain: 'wire', steps: ['get'] },
]

/** 100,000 and 1,000,000 pods. */
const LARGE: readonly Scenario[] = [
  ...ENCODINGS.flatMap((encoding): Scenario[] => [
    { peer: 'nowhere', corpus: 'B', encoding },
    { peer: 'client-go', corpus: 'B', encoding, steps: ['decode', 'memory'] },
    { peer: 'kubeflume', corpus: 'B', encoding, retain: 'wire', steps: ['memory'] },
  ]),
  { peer: 'client-go', corpus: 'B', encoding: 'protobuf', variant: 'watch-list', steps: ['memory'] },
  { peer: 'kubeflume', corpus: 'B', encoding: 'protobuf', variant: 'watch-list', steps: ['memory'] },
  { peer: 'kubeflume', corpus: 'B', encoding: 'protobuf', retain: 'compressed', steps: ['memory'] },
  { peer: 'kubeflume', corpus: 'B', encoding: 'protobuf', retain: 'wire', steps: ['decode'] },
  { peer: 'kubeflume', corpus: 'B', encoding: 'protobuf', retain: 'wire', steps: ['relist'] },
  { peer: 'nowhere', corpus: 'C', encoding: 'protobuf' },
  { peer: 'kubeflume', corpus: 'C', encoding: 'protobuf', retain: 'compressed', steps: ['memory'] },
]

export function scenarios(isFull: boolean): readonly Scenario[] {
  return isFull ? [...SMALL, ...LARGE] : SMALL
}

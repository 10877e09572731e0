import type { CorpusName } from '../corpora/corpus-spec.ts'
import type { Encoding } from '../corpora/frames.ts'
import type { PeerName, Scenario, Step } from '../sync/scenario.ts'

/** What is measured in turn with one another, so many times. */
export interface Group {
  readonly name: 'small' | 'large' | 'beyond' | 'relist' | 'events' | 'gzip' | 'kinds' | 'growth'
  readonly rounds: number
  readonly scenarios: readonly Scenario[]
}

const pods = (peer: PeerName, corpus: CorpusName, encoding: Encoding, steps: readonly Step[]): Scenario => ({
  peer,
  corpus,
  encoding,
  ...(peer === 'nowhere' ? {} : { steps }),
})

/** A list by everyone, in each encoding that they read, by LIST and by watch-list. */
function everyone(corpus: CorpusName): Scenario[] {
  const list: readonly Step[] = ['decode', 'memory']
  const both = (peer: PeerName, steps: readonly Step[]): Scenario[] =>
    (['protobuf', 'json'] as const).map((encoding) => pods(peer, corpus, encoding, steps))
  return [
    ...both('nowhere', []),
    ...both('kubeflume', ['memory']),
    pods('kubeflume', corpus, 'protobuf', ['decode']),
    pods('kubeflume', corpus, 'json', ['decode']),
    ...both('client-go', list),
    pods('client-node', corpus, 'json', list),
    pods('kubernetes-fluent-client', corpus, 'json', list),
    pods('kube-rs', corpus, 'json', list),
    { ...pods('kubeflume', corpus, 'protobuf', ['memory']), variant: 'watch-list' },
    { ...pods('client-go', corpus, 'protobuf', list), variant: 'watch-list' },
    { ...pods('kube-rs', corpus, 'json', list), variant: 'watch-list' },
  ]
}

const READ_ALIKE: readonly (readonly [PeerName, Encoding])[] = [
  ['kubeflume', 'protobuf'],
  ['kubeflume', 'json'],
  ['client-go', 'protobuf'],
  ['client-node', 'json'],
  ['kube-rs', 'json'],
]

function afterSync(step: Step, more: readonly Scenario[] = []): Scenario[] {
  return [...READ_ALIKE.map(([peer, encoding]) => pods(peer, 'A', encoding, [step])), ...more]
}

function gzipped(): Scenario[] {
  return READ_ALIKE.filter(([peer]) => peer === 'kubeflume' || peer === 'client-go').map(([peer, encoding]) => ({
    ...pods(peer, 'A', encoding, ['memory']),
    gzip: true,
  }))
}

/** What is not pods: few large objects, many small ones. */
function otherKinds(): Scenario[] {
  const list = (corpus: CorpusName, peers: readonly (readonly [PeerName, Encoding])[]): Scenario[] =>
    peers.map(([peer, encoding]) => pods(peer, corpus, encoding, ['memory']))
  const builtIn = [
    ['nowhere', 'protobuf'],
    ['nowhere', 'json'],
    ['kubeflume', 'protobuf'],
    ['kubeflume', 'json'],
    ['client-go', 'protobuf'],
    ['client-node', 'json'],
  ] as const
  const custom = [
    ['nowhere', 'json'],
    ['kubeflume', 'json'],
    ['client-node', 'json'],
  ] as const
  return [
    ...list('configmaps', builtIn),
    ...list('secrets', builtIn),
    ...list('events', builtIn),
    ...list('widgets', custom),
  ]
}

/** Protobuf from the beginning of the longest corpus, JSON from that which a string can hold. */
function growing(): Scenario[] {
  const sizes = [1_000, 10_000, 50_000, 100_000, 200_000]
  const grow = (peer: PeerName, encoding: Encoding): Scenario[] =>
    sizes
      .filter((items) => encoding === 'protobuf' || items <= 100_000)
      .map((items) => ({ peer, corpus: encoding === 'protobuf' ? 'C' : 'B', encoding, steps: ['memory'], items }))
  return [
    ...grow('kubeflume', 'protobuf'),
    ...grow('kubeflume', 'json'),
    ...grow('client-go', 'protobuf'),
    ...grow('client-node', 'json'),
  ]
}

/** All that is compared; without `isFull`, what a few minutes are enough for. */
export function groups(isFull: boolean): Group[] {
  const small: Group = { name: 'small', rounds: isFull ? 3 : 1, scenarios: everyone('A') }
  if (!isFull) return [small]
  const readEvents: Scenario = { ...pods('kubeflume', 'A', 'protobuf', ['read-events']) }
  const beyond = (['kubeflume', 'client-node', 'kubernetes-fluent-client'] as const).map((peer) =>
    pods(peer, 'D', 'json', ['memory']),
  )
  return [
    small,
    { name: 'large', rounds: 1, scenarios: everyone('B') },
    { name: 'beyond', rounds: 1, scenarios: beyond },
    { name: 'relist', rounds: 1, scenarios: afterSync('relist') },
    { name: 'events', rounds: 1, scenarios: afterSync('events', [readEvents]) },
    { name: 'gzip', rounds: 1, scenarios: gzipped() },
    { name: 'kinds', rounds: 1, scenarios: otherKinds() },
    { name: 'growth', rounds: 1, scenarios: growing() },
  ]
}

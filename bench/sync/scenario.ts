import { bodyFile, type BodyName, type CorpusName, EVENTS, RELIST_VERSION } from '../corpora/corpus-spec.ts'
import type { Encoding } from '../corpora/frames.ts'

export type PeerName = 'client-go' | 'kubeflume' | 'nowhere'
export type Retain = 'wire' | 'compressed' | 'objects'
/** What a peer does once it has synced, in the order given. */
export type Step = 'decode' | 'memory' | 'relist' | 'events' | 'read-events' | 'get'

/** What one process is asked to do. */
export interface Scenario {
  readonly peer: PeerName
  readonly corpus: CorpusName
  readonly encoding: Encoding
  readonly steps?: readonly Step[]
  /** kubeflume's. @default 'wire' */
  readonly retain?: Retain
  /** By a watch-list; or client-go's with managedFields cut by a transform. */
  readonly variant?: 'watch-list' | 'stripped'
}

/** Says all of it: samples are kept under this name. */
export function nameOf({ peer, corpus, encoding, steps, retain, variant }: Scenario): string {
  return [peer, corpus, encoding, retain, variant, steps?.join('+')].filter((part) => part !== undefined).join(' ')
}

/** Whether all of the words are in the scenario's name; no words are in every one. */
export function hasWords(scenario: Scenario, words: string): boolean {
  const name = nameOf(scenario).split(/[ +]/)
  return words.split(' ').every((word) => word === '' || name.includes(word))
}

/** The bodies that the replay server must have; the first ones it has in memory. */
export function bodiesOf({ steps = [], variant }: Scenario): readonly BodyName[] {
  const bodies: BodyName[] = [variant === 'watch-list' ? 'watch-list' : 'list']
  if (steps.includes('relist')) bodies.push('relist')
  if (steps.includes('events') || steps.includes('read-events')) bodies.push('events')
  return bodies
}

/** Those of a scenario's bodies that are sent from memory: events come slower than any disk gives them. */
export function preloadsOf(scenario: Scenario): readonly string[] {
  return bodiesOf(scenario)
    .filter((body) => body !== 'events')
    .map((body) => bodyFile(body, scenario.encoding))
}

/** How long compression may take after the sync before memory is measured: "some seconds". */
const SETTLE_MS: { readonly [retain in Retain]: number } = { wire: 1000, objects: 1000, compressed: 5000 }

/** The arguments of the peer's program, and what it wants in its environment. */
export function invocation(
  scenario: Scenario,
  url: string,
): { readonly args: string[]; readonly env: NodeJS.ProcessEnv } {
  const { peer, encoding, steps = [], retain = 'wire', variant } = scenario
  if (peer === 'nowhere') return { args: [`--url=${url}`, `--encoding=${encoding}`], env: {} }
  const settleMs = SETTLE_MS[retain]
  const args = [
    `--url=${url}`,
    `--encoding=${encoding}`,
    `--steps=${steps.join(',')}`,
    `--settle=${settleMs}${peer === 'client-go' ? 'ms' : ''}`,
    `--relist-version=${RELIST_VERSION}`,
    `--events=${EVENTS}`,
  ]
  // frozen objects are for development; nobody measures that
  if (peer === 'kubeflume') {
    if (variant === 'watch-list') args.push('--sync=watch-list')
    return { args: [...args, `--retain=${retain}`], env: { NODE_ENV: 'production' } }
  }
  if (variant === 'stripped') args.push('--strip-managed-fields')
  return { args, env: { KUBE_FEATURE_WatchListClient: String(variant === 'watch-list') } }
}

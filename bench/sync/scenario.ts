import { bodyFile, type BodyName, CORPORA, type CorpusName, EVENTS, RELIST_VERSION } from '../corpora/corpus-spec.ts'
import type { Encoding } from '../corpora/frames.ts'

export type PeerName = 'client-go' | 'client-node' | 'kube-rs' | 'kubeflume' | 'kubernetes-fluent-client' | 'nowhere'
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
  /** Only so many of the list's first objects. */
  readonly items?: number
  /** The body is compressed, as a server does it that is not on loopback. */
  readonly gzip?: boolean
}

/** Says all of it: samples are kept under this name. */
export function nameOf({ peer, corpus, encoding, steps, retain, variant, items, gzip }: Scenario): string {
  const parts = [peer, corpus, encoding, retain, variant, steps?.join('+'), items, gzip ? 'gzip' : undefined]
  return parts.filter((part) => part !== undefined).join(' ')
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

/** What the replay server is told: the corpus, and what it sends of it from memory; events come slower than any disk gives them. */
export function serverArguments(scenario: Scenario): readonly string[] {
  const { corpus, encoding, items, gzip = false } = scenario
  const preloaded = bodiesOf(scenario).filter((body) => body !== 'events')
  const files = preloaded.map((body) => bodyFile(body, encoding))
  return [corpus, ...files, ...(items === undefined ? [] : [`--items=${items}`]), ...(gzip ? ['--gzip'] : [])]
}

/** How long compression may take after the sync before memory is measured: "some seconds". */
const SETTLE_MS: { readonly [retain in Retain]: number } = { wire: 1000, objects: 1000, compressed: 5000 }

/** The arguments of the peer's program, and what it wants in its environment. */
export function invocation(
  scenario: Scenario,
  url: string,
): { readonly args: string[]; readonly env: NodeJS.ProcessEnv } {
  const { peer, encoding, steps = [], retain = 'wire', variant } = scenario
  const resource = `--resource=${CORPORA[scenario.corpus].resource}`
  if (peer === 'nowhere') return { args: [`--url=${url}`, resource, `--encoding=${encoding}`], env: {} }
  // nobody asks a server on loopback to compress; this address is the same machine, and not called so
  const server = scenario.gzip ? url.replace('127.0.0.1', '0.0.0.0') : url
  const settleMs = SETTLE_MS[retain]
  const args = [
    `--url=${server}`,
    resource,
    `--encoding=${encoding}`,
    `--steps=${steps.join(',')}`,
    `--settle=${settleMs}${peer === 'client-go' ? 'ms' : ''}`,
    `--relist-version=${RELIST_VERSION}`,
    `--events=${EVENTS[encoding]}`,
  ]
  if (peer === 'client-go') {
    if (variant === 'stripped') args.push('--strip-managed-fields')
    return { args, env: { KUBE_FEATURE_WatchListClient: String(variant === 'watch-list') } }
  }
  if (peer === 'kube-rs') return { args: [...args, `--variant=${variant ?? 'list'}`], env: {} }
  if (peer === 'kubeflume') args.push(`--retain=${retain}`, ...(variant === 'watch-list' ? ['--sync=watch-list'] : []))
  // frozen objects are for development; nobody measures that
  return { args, env: { NODE_ENV: 'production' } }
}

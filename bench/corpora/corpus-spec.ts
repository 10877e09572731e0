import { type Encoding, type Kind, POD } from './frames.ts'
import type { Shape } from './pod-shape.ts'

export type PodCorpus = 'A' | 'B' | 'C' | 'D'
/** The other corpora are called as their resource is. */
export type OtherCorpus = 'configmaps' | 'secrets' | 'widgets' | 'events'
export type CorpusName = PodCorpus | OtherCorpus
/** `events` are watch events that follow the list, `relist` is the list with 1 % changed; only pods have these. */
export type BodyName = 'list' | 'watch-list' | 'relist' | 'events'

export interface CorpusSpec {
  /** As it stands in a path. */
  readonly resource: 'pods' | OtherCorpus
  readonly kind: Kind
  readonly count: number
}

/** Pods are alike but for their managedFields. */
export const SHAPES: { readonly [name in PodCorpus]: Shape } = { A: 'A', B: 'B', C: 'B', D: 'B' }

export const CORPORA: { readonly [name in CorpusName]: CorpusSpec } = {
  A: { resource: 'pods', kind: POD, count: 20_000 },
  B: { resource: 'pods', kind: POD, count: 100_000 },
  C: { resource: 'pods', kind: POD, count: 1_000_000 },
  /** As JSON longer than the 512 MiB that a string of V8 can have. */
  D: { resource: 'pods', kind: POD, count: 150_000 },
  /** Of 1 MB each. */
  configmaps: { resource: 'configmaps', kind: { apiVersion: 'v1', kind: 'ConfigMap' }, count: 200 },
  secrets: { resource: 'secrets', kind: { apiVersion: 'v1', kind: 'Secret' }, count: 200 },
  /** Custom resources, of which there is no protobuf. */
  widgets: { resource: 'widgets', kind: { apiVersion: 'bench.kubeflume.dev/v1', kind: 'Widget' }, count: 50_000 },
  events: { resource: 'events', kind: { apiVersion: 'v1', kind: 'Event' }, count: 200_000 },
}

export function isPods(name: CorpusName): name is PodCorpus {
  return name in SHAPES
}

export const LIST_VERSION = 2_000_000
export const RELIST_VERSION = 3_000_000
/** How many watch events follow the list: so many JSON events as lie on the disk in a third of the room. */
export const EVENTS: { readonly [encoding in Encoding]: number } = { protobuf: 200_000, json: 50_000 }
/** One of so many has changed in `relist`. */
export const CHANGED = 100
export const SEED = 1

export function bodyFile(body: BodyName, encoding: Encoding): string {
  return `${body}.${encoding}`
}

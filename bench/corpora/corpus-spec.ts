import type { Encoding } from './frames.ts'
import type { Shape } from './pod-shape.ts'

export type CorpusName = 'A' | 'B' | 'C'
/** `events` are 200,000 watch events that follow the list, `relist` is the list with 1 % changed. */
export type BodyName = 'list' | 'watch-list' | 'relist' | 'events'

export interface CorpusSpec {
  readonly shape: Shape
  readonly count: number
}

export const CORPORA: { readonly [name in CorpusName]: CorpusSpec } = {
  A: { shape: 'A', count: 20_000 },
  B: { shape: 'B', count: 100_000 },
  C: { shape: 'B', count: 1_000_000 },
}

export const LIST_VERSION = 2_000_000
export const RELIST_VERSION = 3_000_000
export const EVENTS = 200_000
/** One of so many has changed in `relist`. */
export const CHANGED = 100
export const SEED = 1

export function bodyFile(body: BodyName, encoding: Encoding): string {
  return `${body}.${encoding}`
}

import type { Query } from './list-watcher.ts'

/** What the next list asks for, and why it is made. */
export interface ListPlan {
  /** `resourceVersion`, `resourceVersionMatch` and `limit`, as far as they are sent. */
  readonly query: Query
  readonly reason: string
  /** The answer may be older than what was seen: versions may then mean something else than they did. */
  readonly mayGoBack?: boolean
}

/** A list is being made. */
export interface Listing {
  readonly name: 'listing'
  readonly plan: ListPlan
  /** Answers in a row that said "Too large resource version". */
  readonly tooLarge: number
}

/** A watch is open, or being opened, from this version on. */
export interface Watching {
  readonly name: 'watching'
  readonly resourceVersion: string
  /** In a row: InternalError events. */
  readonly internalErrors: number
  /** In a row: watches that were closed within a second, without an event. */
  readonly emptyCloses: number
}

/** Something failed; after `delayMs` it goes on with `next`. */
export interface Waiting {
  readonly name: 'waiting'
  readonly delayMs: number
  /** What failed, in words. */
  readonly after: string
  readonly next: Listing | Watching
}

/** A reflector is always in one of these, until it is stopped. */
export type ReflectorState = Listing | Watching | Waiting

export function listing(plan: ListPlan): Listing {
  return { name: 'listing', plan, tooLarge: 0 }
}

export function watching(resourceVersion: string): Watching {
  return { name: 'watching', resourceVersion, internalErrors: 0, emptyCloses: 0 }
}

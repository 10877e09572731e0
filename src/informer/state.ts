import type { ListReason } from '../api/observer.ts'

/** How a list is made: in one body, as the beginning of a watch, or in pages. */
export type Strategy = 'stream' | 'watch-list' | 'paged'

/** What the next list asks for, and why it is made. `queryOf` says it to the server. */
export interface ListPlan {
  readonly strategy: Strategy
  /** The answer must not be older than this version; `'0'`: it may be of any age; undefined: it must be the newest. */
  readonly atLeast: string | undefined
  readonly reason: ListReason
  /** The answer may be older than what was seen: versions may then mean something else than they did. */
  readonly mayGoBack?: boolean
}

/** What went wrong since the last list that succeeded. */
export interface Setbacks {
  /** Answers in a row that said "Too large resource version". */
  readonly tooLarge: number
  /** Lists of the same strategy that were cut. */
  readonly cuts: number
  /** Pages, or exact lists, whose version the server had forgotten. */
  readonly expired: number
}

/** A list is being made. */
export interface Listing extends Setbacks {
  readonly name: 'listing'
  readonly plan: ListPlan
}

/** A list that was cut, or whose next page was refused, is being completed: its rest is asked for, of the same version. */
export interface Resuming extends Setbacks {
  readonly name: 'resuming'
  /** The plan of the list that was cut. */
  readonly plan: ListPlan
  readonly resourceVersion: string
  /** How many items have come. */
  readonly items: number
  /** Leads to what is missing; undefined: the place has to be found first. */
  readonly token: string | undefined
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

/** A watch brought nothing: before the next one the server is asked whether it has reached its version at all. */
export interface Probing {
  readonly name: 'probing'
  readonly next: Watching
  /** Answers in a row that said "Too large resource version". */
  readonly tooLarge: number
}

/** Something failed; after `delayMs` it goes on with `next`. */
export interface Waiting {
  readonly name: 'waiting'
  readonly delayMs: number
  /** What failed, in words. */
  readonly after: string
  readonly next: Active
}

/** Every state in which something is asked of the server. */
export type Active = Listing | Resuming | Watching | Probing

/** A reflector is always in one of these, until it is stopped. */
export type ReflectorState = Active | Waiting

const NO_SETBACKS: Setbacks = { tooLarge: 0, cuts: 0, expired: 0 }

export function listing(plan: ListPlan, setbacks: Setbacks = NO_SETBACKS): Listing {
  const { tooLarge, cuts, expired } = setbacks
  return { name: 'listing', plan, tooLarge, cuts, expired }
}

export function watching(resourceVersion: string): Watching {
  return { name: 'watching', resourceVersion, internalErrors: 0, emptyCloses: 0 }
}

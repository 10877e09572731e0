import type { KubeflumeError } from './errors.ts'
import type { Resource } from './resource.ts'

/** Why a list is made: one of these, and no other words. */
export type ListReason =
  | 'first list'
  | 'the scope has changed'
  | 'the watch expired'
  | 'the watch was closed again and again'
  | 'the watch failed again and again'
  | 'the server is behind'
  | 'the server is behind the list that was cut'
  | 'the server is older than what was seen'
  | 'the server lost an object'
  | 'the resource was not served'
  | 'an event was lost'
  | 'the list was cut'
  | 'the list expired'
  | 'the list expired twice'
  | 'the rest of the list cannot be had'
  | 'the server has no watch-list'
  | 'the watch-list fell silent'
  | 'the watch-list was cut again and again'

/** Whose doing an event tells of. */
export interface Observed {
  readonly resource: Resource
  /** undefined: all namespaces, or a resource that has none. */
  readonly namespace: string | undefined
}

/** A list came to its end, whole or not. */
export interface ListObservation extends Observed {
  readonly reason: ListReason
  readonly strategy: 'stream' | 'watch-list' | 'paged'
  readonly items: number
  readonly bytes: number
  /** Read in vain before that: of lists that were dropped since the last one that was whole, and to find where a cut one goes on. */
  readonly bytesReadAgain: number
  readonly durationMs: number
  /** undefined: it is in the store. */
  readonly error: KubeflumeError | undefined
}

/** One page of a list was read. */
export interface PageObservation extends Observed {
  /** Counts from 1. */
  readonly page: number
  readonly items: number
  readonly resourceVersion: string
}

/** A list is about to be made of what was listed before. */
export interface RelistObservation extends Observed {
  readonly reason: ListReason
  /** No older than this; undefined: the newest. */
  readonly resourceVersion: string | undefined
}

export interface WatchEndObservation extends Observed {
  /** In words: 'ended by the server'. */
  readonly reason: string
  readonly events: number
  readonly durationMs: number
  readonly error: KubeflumeError | undefined
}

export interface QuarantineObservation extends Observed {
  readonly key: string
  readonly resourceVersion: string
  readonly error: KubeflumeError
}

export interface BackoffObservation extends Observed {
  /** In milliseconds, jitter included. */
  readonly delayMs: number
  /** What failed, in words. */
  readonly after: string
}

/** A handler of a subscription has returned, or thrown. */
export interface HandlerObservation {
  readonly resource: Resource
  readonly type: 'added' | 'updated' | 'deleted'
  readonly key: string
  /** Until it returned or its promise settled. */
  readonly durationMs: number
  readonly error: unknown
}

/** Deltas were folded into others, because the handler has not kept up. */
export interface CoalescedObservation {
  readonly resource: Resource
  readonly count: number
}

/**
 * Hears what informers do. An informer has one by its `observer` option; and each method is a channel of
 * `node:diagnostics_channel`, to which all informers of the process publish while it has subscribers:
 * `kubeflume:list`, `kubeflume:page`, `kubeflume:relist`, `kubeflume:watch-end`, `kubeflume:quarantined`,
 * `kubeflume:backoff`, `kubeflume:handled`, `kubeflume:coalesced`. (What a subscriber of a channel throws is an uncaught exception,
 * by Node's rule.)
 * Every method is optional, is called synchronously where the thing happens,
 * must return quickly, and what it throws is reported like an error of a handler. Durations are those
 * of the informer's clock.
 */
export interface Observer {
  readonly list?: ((event: ListObservation) => void) | undefined
  readonly page?: ((event: PageObservation) => void) | undefined
  readonly relist?: ((event: RelistObservation) => void) | undefined
  readonly watchEnd?: ((event: WatchEndObservation) => void) | undefined
  readonly quarantined?: ((event: QuarantineObservation) => void) | undefined
  readonly backoff?: ((event: BackoffObservation) => void) | undefined
  readonly handled?: ((event: HandlerObservation) => void) | undefined
  readonly coalesced?: ((event: CoalescedObservation) => void) | undefined
}

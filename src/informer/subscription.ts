import type { DeepReadonly } from '../api/object.ts'
import type { Until } from '../internal/until.ts'

/** What one subscriber hears, and how much may wait for him. */
export interface SubscribeOptions<in T> {
  /** Narrows what is heard: an object that comes to match is `added`, one that ceases to is `deleted`. */
  readonly filter?: ((object: DeepReadonly<T>) => boolean) | undefined
  /**
   * Tells every object again as `updated` with `isResync`, at this period. No request is made for it. Of thousands of
   * objects only when the last time has been told to its end. None by default.
   */
  readonly resyncPeriodMs?: number | undefined
  /**
   * Deltas that wait beyond this many are coalesced by key; but not with those by which a subscription to more than
   * 4,096 objects begins, or resyncs, nor past them. @default 1000
   */
  readonly maxPending?: number | undefined
  /** Unsubscribes when it aborts. */
  readonly signal?: AbortSignal | undefined
}

/** One subscriber's hold on an informer. Disposing it is `unsubscribe`. */
export interface Subscription extends Disposable {
  /** Deltas that wait for the handler. */
  readonly pending: number
  /** How many deltas have been folded into others, so far. */
  readonly coalesced: number
  /**
   * Resolves when the informer is synced and the handler has returned from every object of the first
   * list.
   *
   * @throws {KubeflumeError} as `Informer.synced` does; `ERR_STOPPED` after `unsubscribe`
   */
  synced(until?: Until): Promise<void>
  /** Ends delivery at once; a call that is under way is not interrupted. */
  unsubscribe(): void
}

import type { KubeflumeError } from '../api/errors.ts'
import type { FieldPath } from '../api/field-path.ts'
import type { InformerStatus } from '../api/informer-status.ts'
import type { DeepReadonly, KubernetesObject } from '../api/object.ts'
import type { Lister } from '../api/query.ts'
import type { Resource } from '../api/resource.ts'
import type { Selector } from '../api/selector.ts'
import type { Clock } from '../internal/clock.ts'
import type { Until } from '../internal/until.ts'
import type { Delta, DeltaHandler, Handlers } from './delta.ts'
import type { SubscribeOptions, Subscription } from './subscription.ts'

/**
 * Keeps a local copy of a collection and tells what changes in it.
 *
 * It never stops on a server's error: it reports, waits and goes on until `stop` or an abort. The
 * store is at every moment a state that the server had (of each namespace, where several are
 * followed), and never goes back to an older one, unless the server itself does.
 */
export interface Informer<out T extends KubernetesObject, in I extends string = never> extends AsyncDisposable {
  readonly resource: Resource<T>
  readonly store: Lister<T, I>
  /** A fresh snapshot at each read. */
  readonly status: InformerStatus
  /** Calls the listener when the status changes: at once for phases and errors, every tenth of a second while a list arrives. */
  onStatus(listener: (status: InformerStatus) => void): Disposable
  /** Starts, once; after `stop` it begins anew with an empty store. An abort of the signal is a `stop`. */
  start(options?: { readonly signal?: AbortSignal | undefined }): void
  /**
   * Resolves when the first list of every scope is in the store. Before `start` it waits.
   *
   * @throws {SyncError} `ERR_SYNC` at once for what waiting cannot mend (400, 405, 406, 422);
   *   `ERR_TIMEOUT` after `timeoutMs`, with the status; `ERR_STOPPED`
   * @throws `signal.reason` when the signal aborts
   */
  synced(until?: Until): Promise<void>
  /**
   * Delivers every change from now on, after the objects that are there already (`added`, with
   * `isInitialList`). Handlers are awaited one by one; one that throws is reported to `onError`, and
   * the next delta comes.
   */
  subscribe(handler: Handlers<T> | DeltaHandler<T>, options?: SubscribeOptions<T>): Subscription
  /** The same as an iteration: subscribed at the call, ended without an error by `stop` or an abort, unsubscribed by `break`. */
  events(options?: SubscribeOptions<T>): AsyncIterableIterator<Delta<T>>
  /** Ends every request, timer and subscription; resolves when they are ended. */
  stop(): Promise<void>
}

export interface InformerOptions<T, I extends string = never> {
  /** undefined: all namespaces. `[]`: none, never all. */
  readonly namespaces?: readonly string[] | undefined
  readonly labelSelector?: Selector | undefined
  /** Which fields a server can select by is for it to say. */
  readonly fieldSelector?: string | undefined
  /** How lists are made: unpaged, in pages of 500, or as suits the resource. @default 'auto' */
  readonly sync?: 'auto' | 'stream' | 'paged' | undefined
  /** `'any'`: the first list takes what the server's cache has, which may be minutes old. @default 'latest' */
  readonly freshness?: 'latest' | 'any' | undefined
  /**
   * What is asked of the server. `'auto'`: protobuf where the resource has it, and JSON is taken too;
   * `'protobuf'` is an `ERR_OPTION` for a custom resource. What comes is decoded by its Content-Type.
   * @default 'auto'
   */
  readonly encoding?: 'auto' | 'protobuf' | 'json' | undefined
  /** They are often half of an object; dropped on the wire form, before the store. @default false */
  readonly keepManagedFields?: boolean | undefined
  /** Fields that are cut out of the bytes before anything is kept. */
  readonly omit?: readonly FieldPath[] | undefined
  /** What does not match is neither stored nor told. Sees the object before `transform`. Decodes every object. */
  readonly filter?: ((object: DeepReadonly<T>) => boolean) | undefined
  /** Changes an object before it is kept, decoded. Must be pure; cannot change name, namespace, uid or resourceVersion. */
  readonly transform?: ((object: T) => T) | undefined
  /** For `list` and its kin: a field, a label, or a function that returns values. */
  readonly indexes?:
    | { readonly [K in I]: FieldPath | { readonly label: string } | ((object: DeepReadonly<T>) => readonly string[]) }
    | undefined
  /** Larger objects are skipped and quarantined. @default 16 MiB */
  readonly maxItemBytes?: number | undefined
  /** Every error that an informer survives, and every handler that throws. Without it: `process.emitWarning`. Never swallowed. */
  readonly onError?: ((error: KubeflumeError) => void) | undefined
  readonly clock?: Clock | undefined
}

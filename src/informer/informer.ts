import type { KubeflumeError } from '../api/errors.ts'
import type { FieldPath } from '../api/field-path.ts'
import type { InformerStatus } from '../api/informer-status.ts'
import type { ObjectKey } from '../api/key.ts'
import type { DeepReadonly, KubernetesObject } from '../api/object.ts'
import type { Observer } from '../api/observer.ts'
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
  /** The local copy. Empty before the first sync. */
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
  /**
   * Resolves when the store shows what the caller has written or knows of: read your own writes.
   *
   * - an object, as a write returned it: everything up to its `resourceVersion`, in its own namespace
   * - a resourceVersion: everything up to it, in every namespace that is followed
   * - `{ deleted: key, uid }`: the object with that uid is gone, whatever has its name now; one that the store
   *   has not heard of yet counts as gone
   *
   * An object that the selectors leave out makes no event: it is confirmed by the next bookmark, about a
   * minute later. Before `start` it waits.
   *
   * @param until 30 s unless it says otherwise
   * @throws {KubeflumeError} `ERR_TIMEOUT`; `ERR_STOPPED`; `ERR_RESOURCE_VERSION` at once for a version
   *   that is missing, or is not decimal (aggregated APIs) and not just the one that is there;
   *   `ERR_STORAGE_RESTORED` when the server's storage went back, so that the version means nothing any
   *   more; `ERR_OPTION` for a namespace that is not followed; `ERR_KEY`
   * @throws `signal.reason` when the signal aborts
   */
  caughtUp(to: string | Versioned | Gone, until?: Until): Promise<void>
  /**
   * Holds the store against the server and says what differs: the objects of each namespace, as they were at
   * its version, against a list of exactly that version. The watch goes on meanwhile.
   *
   * - `content`: compares the objects themselves, not only their uids and resourceVersions
   * - `repair`: puts right what is wrong, and has not changed since; subscribers hear of it. The report then
   *   still says what was wrong.
   *
   * It costs the server one list of metadata (of the whole objects with `content`), and one list more where
   * something is to be put right. Before the first sync it waits; it begins anew when the scope is changed.
   *
   * @throws {KubeflumeError} `ERR_TIMEOUT` after `timeoutMs`, for which there is no default; `ERR_STOPPED`; as
   *   `synced` does; the error of the list, where that fails, or has no version to be had three times
   * @throws `signal.reason` when the signal aborts
   */
  verify(options?: VerifyOptions): Promise<VerifyReport>
  /**
   * Follows another scope: the whole of it, as in the options. What is left out is not "as before" but all
   * namespaces, and no selector. Before `start` (and after `stop`) it says what the next start will follow.
   *
   * Of an informer that runs, a namespace that is new is listed and watched; the objects of one that is no
   * longer followed leave the store, told as `deleted`. New selectors are listed anew in each namespace: the
   * old watch serves until that list is put in its place, in one step, and subscribers hear the difference.
   * Calls may overlap: the last one wins, and all of them resolve with it.
   *
   * Resolves when the new scope is synced. Rejects as `synced` does; the informer goes on trying all the same.
   *
   * @throws {KubeflumeError} `ERR_OPTION`, `ERR_SELECTOR`; `ERR_SCOPE_SHARED` of an InformerFactory's informer that has
   *   other handles: then the scope is as it was
   */
  setScope(scope: InformerScope): Promise<void>
  /** Ends every request, timer and subscription; resolves when they are ended. */
  stop(): Promise<void>
}

/** Something with a resourceVersion: an object as a write returned it, of any client. */
export type Versioned = {
  readonly metadata?: { readonly resourceVersion?: string | undefined } | undefined
}

/** An object that was deleted. */
export type Gone = { readonly deleted: ObjectKey; readonly uid: string }

export interface VerifyOptions extends Until {
  /** @default false */
  readonly content?: boolean | undefined
  /** @default false */
  readonly repair?: boolean | undefined
}

/** How a store differed from the server. */
export interface VerifyReport {
  /** At which version; the oldest one, of several namespaces. */
  readonly resourceVersion: string
  /** How many objects there were, on either side. */
  readonly compared: number
  /** Keys that the server has and the store had not. */
  readonly missing: readonly string[]
  /** Keys that the store had and the server has not. */
  readonly extra: readonly string[]
  /** Keys of objects that were others, or in another state. */
  readonly stale: readonly string[]
  /** Whether something was wrong and is not any more: it was put right, or has changed since. */
  readonly repaired: boolean
}

/** Which objects of its resource an informer follows. */
export interface InformerScope {
  /** undefined: all namespaces. `[]`: none, never all. */
  readonly namespaces?: readonly string[] | undefined
  readonly labelSelector?: Selector | undefined
  /** Which fields a server can select by is for it to say. */
  readonly fieldSelector?: string | undefined
}

export interface InformerOptions<T, I extends string = never> extends InformerScope {
  /**
   * How a list begins: unpaged, as the beginning of a watch (where the server has that), in pages of 500, or as
   * suits the resource. A list that is cut, or expires, is made in another way. @default 'auto'
   */
  readonly sync?: 'auto' | 'stream' | 'watch-list' | 'paged' | undefined
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
  /**
   * What is kept of an object: `'wire'`, the bytes that came, decoded when they are read; `'compressed'`, those
   * in blocks of some objects together, a fifth of the size, a read of which takes some ten microseconds more;
   * `'objects'`, the decoded object, which takes several times the bytes. A transform makes it `'objects'`. @default 'wire'
   */
  readonly retain?: 'wire' | 'compressed' | 'objects' | undefined
  /** Larger objects are skipped and quarantined. @default 16 MiB */
  readonly maxItemBytes?: number | undefined
  /** Every error that an informer survives, and every handler that throws. Without it: `process.emitWarning`. Never swallowed. */
  readonly onError?: ((error: KubeflumeError) => void) | undefined
  /** Hears what the informer does, beside the channels of `node:diagnostics_channel` that all informers publish to. */
  readonly observer?: Observer | undefined
  readonly clock?: Clock | undefined
}

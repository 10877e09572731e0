import type { ObjectKey } from '../api/key.ts'
import type { DeepReadonly, KubernetesObject, New, Partially } from '../api/object.ts'
import type { Clock } from '../internal/clock.ts'

/** How a writer writes. */
export interface WriterOptions {
  /**
   * Under which name the server notes what `create` and `patch` write.
   *
   * @default the server's: the first word of our `User-Agent`, `kubeflume`
   */
  readonly fieldManager?: string | undefined
  /**
   * What the server does with fields that it does not know: refuse the write, drop them and warn where nobody
   * reads it, or drop them. kubectl's default is this one too.
   *
   * @default 'Strict'
   */
  readonly fieldValidation?: 'Strict' | 'Warn' | 'Ignore' | undefined
  /**
   * An abort ends the writes under way and refuses all later ones; both reject with `signal.reason`. A write
   * that was under way may have been done.
   *
   * The signal of a leader's term also refuses by the clock, right before a request is written to its socket: a
   * timer comes late in a process that was stopped.
   */
  readonly signal?: AbortSignal | undefined
  /** @default the system's */
  readonly clock?: Clock | undefined
}

/** Of one server-side apply. */
export interface ApplyOptions {
  /** Who applies: up to 128 characters. The server keeps for each manager which fields are its own. */
  fieldManager: string
  /** Takes over the fields that others apply, instead of a conflict. @default false */
  force?: boolean | undefined
  /** `'status'`, `'scale'` … @default the object itself */
  subresource?: string | undefined
}

/** Of one patch. */
export interface PatchOptions {
  /** `'status'`, `'scale'` … @default the object itself */
  subresource?: string | undefined
  /**
   * Whether the patch is refused with 409 if the object is no longer the one that was edited.
   *
   * @default true if the edit changed, added or removed an array: arrays are sent whole, and what somebody
   *   else has put into one meanwhile would be lost
   */
  lock?: boolean | undefined
}

/** Of one delete. */
export interface DeleteOptions {
  /** What becomes of the objects that it owns. @default the resource's own: `Background` for almost all */
  propagation?: 'Foreground' | 'Background' | 'Orphan' | undefined
  /** Deletes only that one: 409 if the name belongs to another meanwhile. @default that of the object, if one was passed */
  uid?: string | undefined
}

/**
 * Writes the objects of one resource as they are on the wire: JSON names, strings for dates. What it returns is
 * the object as the server has it then, the caller's own and mutable.
 *
 * Every write is sent once (again only after a 401, which says that nothing was done): there is no retry, not
 * after 429 or 503 either. `retryable` and `retryAfterMs` of the error say what its user may do.
 * `ERR_CONNECTION_LOST` and `ERR_SERVER_SILENT` (no answer within 90 s; the server itself gives up after 60 s)
 * leave open whether the write was done.
 *
 * All methods reject with a `KubeflumeError`: `ERR_KEY` and `ERR_OPTION` before anything is sent, an
 * {@link ApiError} with `status`, `reason` and `body` for what the server refuses (`ERR_CONFLICT` for 409,
 * `ERR_NOT_FOUND` for 404 …), and what the way to the server brings.
 */
export interface Writer<T extends KubernetesObject> {
  /**
   * Creates an object. `apiVersion` and `kind` are filled in. `metadata.generateName` makes the server choose
   * the end of the name. A `status` is dropped by the server where the kind has that subresource.
   *
   * @throws {KubeflumeError} `ERR_KEY` without a name, or without a namespace where the resource has them; {ApiError}
   *   409 `AlreadyExists`, 400 for a field that the server does not know
   */
  create(object: New<T>): Promise<T>
  /**
   * Server-side apply: the object becomes what is passed where this manager says something, is created if it
   * is not there, and loses the fields that the manager applied before and leaves out now.
   *
   * Pass what you want and nothing else; a whole object that was read claims every field of it. Of `metadata`
   * `managedFields` (the server refuses it) and what only the server writes (`creationTimestamp`,
   * `generation`, `deletionTimestamp`, `deletionGracePeriodSeconds`, `selfLink`) are left out. `uid` and
   * `resourceVersion` are sent if they are there, and make the apply conditional: `ERR_CONFLICT` for another one.
   *
   * @throws {KubeflumeError} `ERR_KEY` without a name or namespace, `ERR_OPTION` without a field manager; {ApiError} 409
   *   for a field that another manager applies
   */
  apply(object: Partially<T>, options: ApplyOptions): Promise<T>
  /**
   * Sends the difference that `edit` makes to a copy of `current` as a JSON merge patch (RFC 7386), so that
   * what was not edited is not sent, not even where `omit` has cut it or this version of the types lacks it.
   *
   * The exception is an array: it is sent whole, so whoever edits one must have read all of it. An edit of an array
   * that the informer's `omit` has cut, or of which it cuts something, is refused. That is known of a store's objects
   * and of what `mutable` makes of them, not of other copies; and what a `transform` leaves out nobody knows here.
   * Fields that this version of the types lacks are in the arrays of objects that were read as JSON alone.
   *
   * A property that is removed, or set to undefined or null, is removed on the server. The `uid` goes with
   * the patch, so that the object of the same name that came after `current` is left alone: `ERR_CONFLICT`. Of a
   * custom resource's `status` the server does not look at it; there `lock` does the same. Where the edit changes nothing, nothing is sent and a copy of `current` is returned.
   *
   * @param current as it was read, or written; of a type with `unknown` fields only the former is a `DeepReadonly<T>`
   * @param edit changes its draft in place, synchronously; what it throws is thrown
   * @throws {KubeflumeError} `ERR_OPTION` if the edit changed what identifies the object or its
   *   `resourceVersion`, changed an array that was read in parts, is asynchronous, or made something that JSON cannot hold; {ApiError} 409 `Conflict`
   *   where `lock` found another version
   */
  patch(current: DeepReadonly<T> | T, edit: (draft: T) => void, options?: PatchOptions): Promise<T>
  /**
   * Deletes an object: of one that is passed, only itself, by its `uid`.
   *
   * @returns the object where the server sends it: what waits for finalizers or a grace period, and some kinds
   *   always. Otherwise undefined
   * @throws {ApiError} 404 `NotFound`, 409 `Conflict` for another uid
   */
  delete(object: ObjectKey | DeepReadonly<T> | T, options?: DeleteOptions): Promise<T | undefined>
}

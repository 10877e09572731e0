import type { ObjectKey } from './key.ts'
import type { DeepReadonly } from './object.ts'
import type { Selector } from './selector.ts'

/** All given conditions must hold. */
export interface ListQuery<out I extends string = never> {
  /** All of them, where it is left out. */
  readonly namespace?: string | undefined
  readonly labelSelector?: Selector | undefined
  /**
   * Objects for which that index has that value.
   *
   * @throws {KubeflumeError} `ERR_INDEX` for one that is not there
   */
  readonly index?: readonly [name: I, value: string] | undefined
}

/** Synchronous reads of one published state. What they return is shared: read-only, and frozen in development. */
export interface Lister<out T, in I extends string = never> {
  /** Objects in the store, quarantined ones included. */
  readonly size: number
  /** The oldest of its scopes' versions; undefined before the first sync. */
  readonly resourceVersion: string | undefined
  /**
   * @throws {KubeflumeError} `ERR_KEY` for a key of the wrong form; `ERR_DECODE_OBJECT` for an object
   *   that is there and cannot be decoded: undefined would say that it is gone.
   */
  get(key: ObjectKey): DeepReadonly<T> | undefined
  /**
   * Quarantined objects included.
   *
   * @throws {KubeflumeError} `ERR_KEY`
   */
  has(key: ObjectKey): boolean
  /**
   * Quarantined objects included.
   *
   * @throws {KubeflumeError} `ERR_INDEX`, `ERR_SELECTOR`
   */
  count(query?: ListQuery<I>): number
  /** Fixed at the call, quarantined objects included. Throws as `count` does. */
  keys(query?: ListQuery<I>): IterableIterator<string>
  /** In no particular order. Quarantined objects are left out. */
  list(query?: ListQuery<I>): DeepReadonly<T>[]
  /** Fixes its keys at the call and decodes one object at a time. Throws as `get` does. */
  iterate(query?: ListQuery<I>): IterableIterator<DeepReadonly<T>>
}

/** What the head of a LIST says about the whole. */
export interface ListMetadata {
  readonly resourceVersion: string
  /** Present, and not empty, where there are more pages. */
  readonly continue?: string
  readonly remainingItemCount?: number
}

/**
 * One object in the form in which it came over the wire. What identifies it has been read from the
 * bytes; the rest is decoded when someone asks.
 */
export interface WireObject<T = unknown> {
  /** `namespace/name`, or `name` for what is cluster-scoped. */
  readonly key: string
  readonly namespace: string | undefined
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly encoding: 'json' | 'protobuf'
  /** Stays valid for ever: nobody writes into it again. */
  readonly bytes: Uint8Array
  /**
   * Builds a new object at each call, with `apiVersion` and `kind` filled in.
   *
   * @throws {DecodeError} `ERR_DECODE_OBJECT`, or `ERR_DECODE_TOO_LARGE` for an item that was skipped.
   */
  decode(): T
}

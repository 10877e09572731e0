import type { FieldPath } from '../api/field-path.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Resource } from '../api/resource.ts'
import type { ListMetadata, WireObject } from '../api/wire-object.ts'

/** The size over which an item is skipped: etcd refuses objects of a tenth of it. */
export const DEFAULT_MAX_ITEM_BYTES: number = 16 * 1024 * 1024

/** What a decoder must know of the body. */
export interface DecoderOptions<T extends KubernetesObject = KubernetesObject> {
  /** The response's Content-Type: it decides how the bytes are read. */
  readonly contentType: string
  /** Whose items these are. Without it, the list's own kind decides. */
  readonly resource?: Resource<T> | undefined
  /**
   * Fields that are cut out of the bytes before anything is kept. None by default: a decoder is faithful. A map
   * that loses its last entry is `{}` in JSON and not there in protobuf, which has no empty maps.
   */
  readonly omit?: readonly FieldPath[] | undefined
  /** Items over this many bytes are skipped, not buffered: only their key comes out, and `decode` throws. @default 16 MiB */
  readonly maxItemBytes?: number | undefined
  /** `'frames'`, or `'tokens'`: stream-json, slow and independent, to hold the first one against. JSON lists only. @default 'frames' */
  readonly decoder?: 'frames' | 'tokens' | undefined
}

/**
 * Turns the body of one LIST response into items, while it arrives.
 *
 * It is pushed bytes and returns items. It does no I/O, starts no timer and never waits. It holds at
 * most one unfinished item, and no reference to an item that it has handed out. One decoder serves
 * one body; after an error it only repeats that error.
 */
export interface ListDecoder<T> {
  /**
   * Takes the next bytes, cut anywhere, and returns the items that they completed: the good ones
   * before a bad one are returned before it throws. What it keeps it copies: the caller may reuse
   * `chunk` at once.
   *
   * @throws {DecodeError} `ERR_DECODE_SYNTAX`, `ERR_DECODE_TRUNCATED` (the server gave up in the
   *   middle and said so), `ERR_DECODE_TOO_DEEP`, `ERR_DECODE_TOO_LARGE` (a too large item whose key
   *   was not among its first bytes), `ERR_DECODE_KEY`
   * @throws {KubeflumeError} `ERR_UNEXPECTED_KIND` for what is no list of the resource
   */
  push(chunk: Uint8Array): readonly WireObject<T>[]
  /**
   * Says that the body is over. Only this makes the items a list: until it returns, the body may
   * turn out to be cut, and its items must not replace anything.
   *
   * @throws {DecodeError} `ERR_DECODE_TRUNCATED` where the body stopped inside the list
   * @throws {ApiError} where the body was a Status and no list
   */
  end(): ListMetadata
  /** As soon as it has been read: before the items of built-ins, after those of custom resources. */
  readonly head: ListMetadata | undefined
  /** Bytes that were pushed so far. */
  readonly bytesRead: number
  /** The length of the body, where the encoding says it first (protobuf). */
  readonly totalBytes: number | undefined
}

/** One event of a watch. `ERROR` has a Status object, and the watch ends. */
export type WireEvent<T> =
  | { readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'; readonly object: WireObject<T> }
  | { readonly type: 'ERROR'; readonly status: unknown }

/** Turns the body of one WATCH into events, by the same rules. A BOOKMARK's object has a resourceVersion and no key. */
export interface WatchDecoder<T> {
  /** Throws as `ListDecoder.push` does; an event that cannot be read is lost, and with it the right to go on from here. */
  push(chunk: Uint8Array): readonly WireEvent<T>[]
  /** @throws {DecodeError} `ERR_DECODE_TRUNCATED` where the stream ended inside an event */
  end(): void
}

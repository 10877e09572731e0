import type { PathReader } from './path-reader.ts'
import type { WireObject } from './wire-object.ts'

/** What the objects of one list or watch have in common besides their encoding. Only the codec that made it can read it. */
export interface WireForm {
  readonly encoding: WireObject['encoding']
}

/** Who an object is. */
export type WireIdentity = Pick<WireObject, 'key' | 'namespace' | 'name' | 'uid' | 'resourceVersion'>

/**
 * Takes wire objects apart and puts them together again, so that a store need hold no more of an object
 * than its bytes and who it is.
 */
export interface WireCodec {
  /** The same form for all objects of one list or watch: it costs nothing to hold it for each of them. */
  formOf(object: WireObject): WireForm
  /** The object of which these were the identity, the bytes and the form. */
  revive<T>(identity: WireIdentity, bytes: Uint8Array, form: WireForm): WireObject<T>
  readonly readPath: PathReader
}

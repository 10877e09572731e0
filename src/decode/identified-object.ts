import { DecodeError } from '../api/errors.ts'
import { joinKey } from '../api/key.ts'
import type { WireObject } from '../api/wire-object.ts'
import { flatString } from '../internal/flat-string.ts'

/** What an object is when it does not say so itself: the items of built-in lists have neither. */
export interface TypeMeta {
  apiVersion: string | undefined
  kind: string | undefined
}

/** What identifies an object, read from its bytes. */
export interface Identity {
  /** Where it has been put together already: one text, in one piece. */
  key: string | undefined
  namespace: string | undefined
  name: string
  uid: string
  resourceVersion: string
  /** Of the object itself; undefined where it has none or has it behind its metadata. */
  kind: string | undefined
  /** Whether metadata was there as a whole. */
  isComplete: boolean
}

export function noIdentity(): Identity {
  return {
    key: undefined,
    namespace: undefined,
    name: '',
    uid: '',
    resourceVersion: '',
    kind: undefined,
    isComplete: false,
  }
}

/** An object of which the key has been read. How the rest is read is for each encoding to say. */
export abstract class IdentifiedObject<T> implements WireObject<T> {
  abstract readonly encoding: WireObject['encoding']
  readonly key: string
  readonly namespace: string | undefined
  readonly name: string
  readonly uid: string
  readonly resourceVersion: string
  readonly bytes: Uint8Array

  constructor(identity: Identity, bytes: Uint8Array) {
    this.namespace = identity.namespace
    this.name = identity.name
    this.uid = identity.uid
    this.resourceVersion = identity.resourceVersion
    this.key = identity.key ?? flatString(joinKey(identity.namespace, identity.name))
    this.bytes = bytes
  }

  abstract decode(): T
}

/** An item over the limit: its key is known, its bytes are gone. */
export class SkippedObject<T> extends IdentifiedObject<T> {
  readonly encoding: WireObject['encoding']
  readonly #limit: number

  /** @throws {DecodeError} `ERR_DECODE_TOO_LARGE` where not even the key is known */
  constructor(identity: Identity, limit: number, encoding: WireObject['encoding']) {
    super(identity, new Uint8Array(0))
    this.encoding = encoding
    this.#limit = limit
    if (identity.isComplete && identity.name !== '') return
    const message = `an object is larger than ${limit} bytes, and its name is not among the first of them`
    throw new DecodeError('ERR_DECODE_TOO_LARGE', message, { offset: limit })
  }

  override decode(): T {
    const message = `${this.key} is larger than ${this.#limit} bytes`
    throw new DecodeError('ERR_DECODE_TOO_LARGE', message, { offset: this.#limit, key: this.key })
  }
}

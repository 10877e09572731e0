import { DecodeError, KubeflumeError } from '../../api/errors.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { noteOmitted } from '../../api/omitted.ts'
import { IdentifiedObject, type Identity, SkippedObject, type TypeMeta } from '../identified-object.ts'
import { type OmitTree, prune } from '../omit.ts'
import type { CutPlan } from './cut-plan.ts'
import { Edits } from './edits.ts'
import { type FieldVisitor, LENGTH_DELIMITED, METADATA, walkFields } from './fields.ts'
import { decodeObject } from './message-decoder.ts'
import { MetadataReader } from './metadata.ts'
import { decodeRegistered } from './registered.ts'

/** Of one object after the other. */
const metadata = new MetadataReader()
const edits = new Edits()

/** An object as the protobuf message of its kind, without an envelope. */
export class ProtobufObject<T> extends IdentifiedObject<T> {
  readonly encoding = 'protobuf'
  /** What the message is: the bytes do not say it. */
  readonly typeMeta: TypeMeta
  /** What was cut out of the bytes. */
  readonly omitted: OmitTree | undefined

  constructor(identity: Identity, bytes: Uint8Array, typeMeta: TypeMeta, omitted?: OmitTree) {
    super(identity, bytes)
    this.typeMeta = typeMeta
    this.omitted = omitted
  }

  override decode(): T {
    const { apiVersion, kind } = this.typeMeta
    try {
      const object = decodeKind(apiVersion ?? '', kind ?? '', this.bytes)
      if (this.omitted !== undefined) prune(object, this.omitted)
      noteOmitted(object, this.omitted?.ofArrays)
      return withIdentity(object) as T
    } catch (error) {
      if (!(error instanceof KubeflumeError)) throw error
      const offset = error instanceof DecodeError ? error.offset : 0
      throw new DecodeError('ERR_DECODE_OBJECT', `${this.key}: ${error.message}`, { offset, key: this.key })
    }
  }
}

/** A kind is in Kubernetes' own table, or registered, never both. */
function decodeKind(apiVersion: string, kind: string, bytes: Uint8Array): KubernetesObject {
  const own = decodeRegistered(apiVersion, kind, bytes) ?? decodeObject(apiVersion, kind, bytes)
  return own as KubernetesObject
}

/** What identifies an object is always there, if only as an empty string. */
function withIdentity(object: KubernetesObject): KubernetesObject {
  object.metadata.uid ??= ''
  object.metadata.resourceVersion ??= ''
  return object
}

/** Reads who an object is, without a table: no field of the kind itself is looked at. */
export function readIdentity(bytes: Uint8Array, isCut = false): Identity {
  let isComplete = false
  const visit: FieldVisitor = (number, wireType, start, end) => {
    if (number !== METADATA || wireType !== LENGTH_DELIMITED || end > bytes.length) return
    isComplete = true
    walkFields(bytes, start, end, metadata.visit)
  }
  metadata.begin(bytes)
  try {
    walkFields(bytes, 0, bytes.length, visit, isCut)
    return metadata.end(isComplete)
  } finally {
    metadata.letGo()
  }
}

/** What is left out: of the bytes by the plan, and of what is decoded by the tree. */
export interface Omission {
  readonly tree: OmitTree | undefined
  readonly plan: CutPlan | undefined
}

/**
 * Makes the object that stands in `bytes`, without what is omitted.
 *
 * @throws {DecodeError} `ERR_DECODE_KEY` for an object without a name, `ERR_DECODE_SYNTAX`
 */
export function createItem<T>(
  bytes: Buffer,
  typeMeta: TypeMeta,
  omit: Omission,
  allocate: (length: number) => Uint8Array,
): ProtobufObject<T> {
  metadata.begin(bytes)
  try {
    edits.find(bytes, omit.plan, metadata.visit)
    const identity = metadata.end(true)
    if (identity.name === '') throw new DecodeError('ERR_DECODE_KEY', 'an item without a name', { offset: 0 })
    return new ProtobufObject<T>(identity, edits.copy(allocate), typeMeta, omit.tree)
  } finally {
    edits.letGo()
    metadata.letGo()
  }
}

/** Makes what can be made of an object of which only the first bytes were kept. */
export function createSkipped<T>(prefix: Uint8Array, limit: number): SkippedObject<T> {
  return new SkippedObject<T>(readIdentity(prefix, true), limit, 'protobuf')
}

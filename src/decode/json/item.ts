import { DecodeError } from '../../api/errors.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { IdentifiedObject, type Identity, noIdentity, SkippedObject, type TypeMeta } from '../identified-object.ts'
import type { OmitTree } from '../omit.ts'
import { asBuffer, QUOTE } from './bytes.ts'
import { type Cuts, copyWithout, cutMember, MemberCuts } from './cuts.ts'
import { readString, walkMembers } from './walk.ts'

/**
 * Reads who an object is, and finds what is cut out of it, in one pass over its metadata. The fields
 * behind metadata are looked at only where something is cut out of them.
 */
export function readIdentity(bytes: Uint8Array, tree: OmitTree | undefined, cuts: Cuts): Identity {
  const identity = noIdentity()
  const cutsOutsideMetadata = tree !== undefined && [...tree.children.keys()].some((key) => key !== 'metadata')
  const members = new MemberCuts(cuts)
  walkMembers(bytes, 0, (key, keyStart, valueStart, valueEnd) => {
    if (key === 'metadata') {
      members.keep(keyStart, valueEnd)
      identity.isComplete = readMetadata(bytes, valueStart, identity, tree?.children.get(key), cuts) !== -1
      return cutsOutsideMetadata
    }
    if (key === 'kind' && bytes[valueStart] === QUOTE) identity.kind = readString(bytes, valueStart, valueEnd)
    if (tree !== undefined) cutMember(bytes, tree, members, cuts, key, keyStart, valueStart, valueEnd)
    return true
  })
  members.end()
  return identity
}

function readMetadata(
  bytes: Uint8Array,
  at: number,
  identity: Identity,
  tree: OmitTree | undefined,
  cuts: Cuts,
): number {
  const members = new MemberCuts(cuts)
  const end = walkMembers(bytes, at, (key, keyStart, valueStart, valueEnd) => {
    if (key === 'name' || key === 'namespace' || key === 'uid' || key === 'resourceVersion') {
      if (bytes[valueStart] === QUOTE) identity[key] = readString(bytes, valueStart, valueEnd)
    }
    if (tree !== undefined) cutMember(bytes, tree, members, cuts, key, keyStart, valueStart, valueEnd)
    return true
  })
  members.end()
  return end
}

/** An object as JSON text. */
export class JsonObject<T> extends IdentifiedObject<T> {
  readonly encoding = 'json'
  /** Shared by the items of a list: a custom resource's list says its kind last. */
  readonly #typeMeta: TypeMeta

  constructor(identity: Identity, bytes: Uint8Array, typeMeta: TypeMeta) {
    super(identity, bytes)
    this.#typeMeta = typeMeta
  }

  override decode(): T {
    const value = parseObject(this.bytes, this.key)
    const metadata = value.metadata
    const isSame =
      (metadata.name ?? '') === this.name &&
      (metadata.namespace || undefined) === (this.namespace || undefined) &&
      (metadata.uid ?? '') === this.uid &&
      (metadata.resourceVersion ?? '') === this.resourceVersion
    if (!isSame) throw objectError(this.key, 'a key of its metadata stands there twice')
    metadata.uid ??= ''
    metadata.resourceVersion ??= ''
    if (value.apiVersion !== undefined && value.kind !== undefined) return value as T
    const { apiVersion, kind } = this.#typeMeta
    if (apiVersion === undefined || kind === undefined) throw objectError(this.key, 'nothing says its kind')
    return { kind, apiVersion, ...(value as Partial<KubernetesObject>) } as T
  }
}

/**
 * Makes the object that stands in `bytes`, without what the tree cuts out.
 *
 * @throws {DecodeError} `ERR_DECODE_KEY` for an object without a name, `ERR_DECODE_SYNTAX`
 */
export function createItem<T>(
  bytes: Uint8Array,
  typeMeta: TypeMeta,
  tree: OmitTree | undefined,
  allocate: (length: number) => Uint8Array,
): JsonObject<T> {
  const cuts: Cuts = []
  const identity = readIdentity(bytes, tree, cuts)
  if (identity.name === '') throw nameless(bytes)
  return new JsonObject<T>(identity, copyWithout(bytes, cuts, allocate), typeMeta)
}

/** Makes what can be made of an object of which only the first bytes were kept. */
export function createSkipped<T>(prefix: Uint8Array, limit: number): SkippedObject<T> {
  return new SkippedObject<T>(readIdentity(prefix, undefined, []), limit, 'json')
}

function parseObject(bytes: Uint8Array, key: string): KubernetesObject {
  let value: unknown
  try {
    value = JSON.parse(asBuffer(bytes).toString('utf8'))
  } catch {
    // V8's message quotes the text, which may be a Secret's
    throw objectError(key, 'is no valid JSON')
  }
  const metadata = (value as KubernetesObject).metadata as unknown
  if (typeof metadata !== 'object' || metadata === null) throw objectError(key, 'has no metadata')
  return value as KubernetesObject
}

function objectError(key: string, why: string): DecodeError {
  return new DecodeError('ERR_DECODE_OBJECT', `${key}: ${why}`, { offset: 0, key })
}

/** A server that fails in the middle of a list appends a Status to it, which then looks like an item. */
function nameless(bytes: Uint8Array): DecodeError {
  const status = readStatusMessage(bytes)
  if (status === undefined) return new DecodeError('ERR_DECODE_KEY', 'an item without a name', { offset: 0 })
  return new DecodeError('ERR_DECODE_TRUNCATED', `the server gave up in the middle of the list: ${status}`, {
    offset: 0,
  })
}

export function readStatusMessage(bytes: Uint8Array): string | undefined {
  try {
    const value = JSON.parse(asBuffer(bytes).toString('utf8')) as { kind?: unknown; message?: unknown }
    if (value.kind !== 'Status') return undefined
    return typeof value.message === 'string' ? value.message : 'no message'
  } catch {
    return undefined // it is no Status then
  }
}

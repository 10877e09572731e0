import { DecodeError } from '../../api/errors.ts'
import type { KubernetesObject } from '../../api/object.ts'
import { noteOmitted } from '../../api/omitted.ts'
import { IdentifiedObject, type Identity, noIdentity, SkippedObject, type TypeMeta } from '../identified-object.ts'
import type { OmitTree } from '../omit.ts'
import { asBuffer, QUOTE } from './bytes.ts'
import { type Cuts, copyWithout, findCuts, MemberCuts } from './cuts.ts'
import { NO_ENDS, type NestedEnds } from './nested-ends.ts'
import { readString } from './text.ts'
import { type Known, type MemberVisitor, walkMembers } from './walk.ts'

/** The object of an item or of an event, in the bytes that were framed with it. */
export interface ItemSource extends Known {
  readonly bytes: Buffer
  readonly start: number
  readonly end: number
}

/**
 * Reads who an object is, and finds what is cut out of it, in one pass over its metadata. The fields
 * behind metadata are looked at only where something is cut out of them.
 */
export function readIdentity(source: ItemSource, tree: OmitTree | undefined, cuts: Cuts): Identity {
  const { bytes, start } = source
  const identity = noIdentity()
  const inside: Known = { ends: source.ends, depth: source.depth + 1 }
  const cutsOutsideMetadata = tree !== undefined && hasMoreThanMetadata(tree)
  const members = new MemberCuts(cuts)
  const visit: MemberVisitor = (key, keyStart, valueStart, valueEnd) => {
    const child = tree?.children.get(key)
    members.take(keyStart, valueEnd, child)
    if (key === 'metadata') {
      identity.isComplete = readMetadata({ bytes, start: valueStart, known: inside, tree: child, cuts }, identity)
      return cutsOutsideMetadata
    }
    if (key === 'kind' && bytes[valueStart] === QUOTE) identity.kind = readString(bytes, valueStart, valueEnd)
    if (child?.isLeaf === false) findCuts(bytes, valueStart, inside, child, cuts)
    return true
  }
  walkMembers(bytes, start, visit, source)
  members.end()
  return identity
}

function hasMoreThanMetadata({ children }: OmitTree): boolean {
  return children.size > 1 || !children.has('metadata')
}

interface MetadataSource {
  readonly bytes: Buffer
  readonly start: number
  readonly known: Known
  readonly tree: OmitTree | undefined
  readonly cuts: Cuts
}

/** Returns whether metadata was there as a whole. */
function readMetadata({ bytes, start, known, tree, cuts }: MetadataSource, identity: Identity): boolean {
  const inside: Known = { ends: known.ends, depth: known.depth + 1 }
  const members = new MemberCuts(cuts)
  const visit: MemberVisitor = (key, keyStart, valueStart, valueEnd) => {
    if (key === 'name' || key === 'namespace' || key === 'uid' || key === 'resourceVersion') {
      if (bytes[valueStart] === QUOTE) identity[key] = readString(bytes, valueStart, valueEnd)
    }
    if (tree === undefined) return true
    const child = tree.children.get(key)
    members.take(keyStart, valueEnd, child)
    if (child?.isLeaf === false) findCuts(bytes, valueStart, inside, child, cuts)
    return true
  }
  const end = walkMembers(bytes, start, visit, known)
  members.end()
  return end !== -1
}

/** An object as JSON text. */
export class JsonObject<T> extends IdentifiedObject<T> {
  readonly encoding = 'json'
  /** Shared by the items of a list: a custom resource's list says its kind last. */
  readonly typeMeta: TypeMeta
  /** What was cut out of the bytes. */
  readonly omitted: OmitTree | undefined

  constructor(identity: Identity, bytes: Uint8Array, typeMeta: TypeMeta, omitted?: OmitTree) {
    super(identity, bytes)
    this.typeMeta = typeMeta
    this.omitted = omitted
  }

  override decode(): T {
    const object = this.#parse()
    noteOmitted(object, this.omitted?.ofArrays)
    return object as T
  }

  #parse(): KubernetesObject {
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
    if (value.apiVersion !== undefined && value.kind !== undefined) return value
    const { apiVersion, kind } = this.typeMeta
    if (apiVersion === undefined || kind === undefined) throw objectError(this.key, 'nothing says its kind')
    return { kind, apiVersion, ...(value as Partial<KubernetesObject>) } as KubernetesObject
  }
}

/**
 * Makes the object that the source holds, without what the tree cuts out.
 *
 * @throws {DecodeError} `ERR_DECODE_KEY` for an object without a name, `ERR_DECODE_SYNTAX`
 */
export function createItem<T>(
  source: ItemSource,
  typeMeta: TypeMeta,
  tree: OmitTree | undefined,
  allocate: (length: number) => Uint8Array,
): JsonObject<T> {
  const { bytes, start, end } = source
  const cuts: Cuts = []
  const identity = readIdentity(source, tree, cuts)
  if (identity.name === '') throw nameless(bytes.subarray(start, end))
  return new JsonObject<T>(identity, copyWithout(bytes, [start, end], cuts, allocate), typeMeta, tree)
}

/** Makes what can be made of an object of which only the first bytes were kept. */
export function createSkipped<T>(prefix: ItemSource, limit: number): SkippedObject<T> {
  return new SkippedObject<T>(readIdentity(prefix, undefined, []), limit, 'json')
}

/** A source of bytes that hold an object and nothing else. */
export function wholeSource(bytes: Buffer, ends: NestedEnds = NO_ENDS): ItemSource {
  return { bytes, ends, start: 0, end: bytes.length, depth: 1 }
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

import { kindSchema } from '../../decode/protobuf/schema.ts'
import type { ServedResource } from '../catalog/registry.ts'
import { escapeForHtml, goText, sortedJson } from './go-text.ts'
import { typedJson } from './json-encoder.ts'

/** Any object, as it came in a request or from the caller. */
export interface AnyObject {
  apiVersion?: string
  kind?: string
  metadata: AnyMetadata
  [field: string]: unknown
}

export interface AnyMetadata {
  name?: string
  namespace?: string
  generateName?: string
  uid?: string
  resourceVersion?: string
  creationTimestamp?: string
  deletionTimestamp?: string
  labels?: { [label: string]: string }
  [field: string]: unknown
}

/**
 * The bytes of an object as it is held, which are those that a GET or a watch event has in JSON, `kind` and
 * `apiVersion` included.
 *
 * A built-in one is written as its Go type writes itself, and begins with exactly {@link typeMetaLength}
 * bytes of them, so that a LIST, whose typed items have neither, can leave them out by position. A custom
 * one is sorted by key to the last leaf, as Go writes a map. Integers beyond 2^53 lose digits, as in any
 * `JSON.parse`.
 *
 * @throws {ApiError} 400 where a value is not of the type of its field
 */
export function encode(served: ServedResource, object: AnyObject): Buffer {
  const message = messageOf(served)
  if (message !== undefined) return toBytes(typedJson(message, object, typeMeta(served)))
  return toBytes(sortedJson({ ...object, kind: served.resource.kind, apiVersion: served.apiVersion }))
}

/** The protobuf message of a built-in resource; custom ones have none. */
export function messageOf({ isBuiltIn, apiVersion, resource }: ServedResource): string | undefined {
  return isBuiltIn ? kindSchema(apiVersion, resource.kind)?.message : undefined
}

/** What comes before `"metadata"` in a built-in object, without the brace that opens it. */
export function typeMetaLength(served: ServedResource): number {
  return Buffer.byteLength(typeMeta(served)) + 1
}

function typeMeta({ resource, apiVersion }: ServedResource): string {
  return `"kind":${goText(resource.kind)},"apiVersion":${goText(apiVersion)}`
}

export function parse<T = AnyObject>(bytes: Buffer): T {
  return JSON.parse(bytes.toString()) as T
}

/** JSON as Go's encoder writes it: what could end a script element is escaped. */
export function toJson(value: unknown): string {
  return escapeForHtml(JSON.stringify(value))
}

/** Objects share allocations of this size: one for each would cost more than all else about seeding many. */
const SLAB_BYTES = 64 * 1024
let slab = Buffer.alloc(0)

function toBytes(text: string): Buffer {
  const length = Buffer.byteLength(text)
  if (length > SLAB_BYTES / 4) return Buffer.from(text)
  if (length > slab.length) slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
  const bytes = slab.subarray(0, length)
  bytes.write(text)
  slab = slab.subarray(length)
  return bytes
}

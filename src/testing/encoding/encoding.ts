import type { ServedResource } from '../catalog/registry.ts'

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

/** The order in which Go writes `metav1.ObjectMeta`. */
const METADATA_ORDER = [
  'name',
  'generateName',
  'namespace',
  'selfLink',
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'labels',
  'annotations',
  'ownerReferences',
  'finalizers',
  'managedFields',
]

/**
 * The bytes of an object as a GET or a watch event has them, `kind` and `apiVersion` included.
 *
 * A built-in one begins with exactly {@link typeMetaLength} bytes of them, so that a LIST, whose typed
 * items have neither, can leave them out by position. Its fields below `metadata` stay in the order in
 * which they were given; a custom one is sorted by key to the last leaf, as Go writes a map.
 */
export function encode(served: ServedResource, object: AnyObject): Buffer {
  const { kind: _kind, apiVersion: _apiVersion, metadata, ...rest } = object
  const head = { kind: served.resource.kind, apiVersion: served.apiVersion }
  const value = served.isBuiltIn
    ? { ...head, metadata: orderedMetadata(metadata), ...rest }
    : sortedKeys({ ...head, metadata, ...rest })
  return toBytes(toJson(value))
}

/** What comes before `"metadata"` in a built-in object, without the brace that opens it. */
export function typeMetaLength(served: ServedResource): number {
  return Buffer.byteLength(`"kind":"${served.resource.kind}","apiVersion":"${served.apiVersion}",`)
}

export function parse<T = AnyObject>(bytes: Buffer): T {
  return JSON.parse(bytes.toString()) as T
}

/** JSON as Go's encoder writes it: what could end a script element is escaped. */
export function toJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, escapeCharacter)
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

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function orderedMetadata(metadata: AnyMetadata): AnyMetadata {
  const ordered: AnyMetadata = {}
  for (const field of METADATA_ORDER) {
    if (metadata[field] !== undefined) ordered[field] = metadata[field]
  }
  for (const map of ['labels', 'annotations']) {
    if (ordered[map] !== undefined) ordered[map] = sortedKeys(ordered[map])
  }
  return { ...ordered, ...Object.fromEntries(Object.entries(metadata).filter(([field]) => !(field in ordered))) }
}

export function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, child]) => [key, sortedKeys(child)]))
}

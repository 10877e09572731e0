import protobuf from 'protobufjs/minimal.js'

export type Encoding = 'protobuf' | 'json'
export type EventType = 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK' | 'ERROR'

/** What objects are, as they say it themselves. */
export interface Kind {
  readonly apiVersion: string
  readonly kind: string
}

export const POD: Kind = { apiVersion: 'v1', kind: 'Pod' }

/** What protobuf of Kubernetes begins with (apimachinery `pkg/runtime/serializer/protobuf`). */
const MAGIC = Buffer.from('k8s\0')

/** A watch event as a server sends it: a line of JSON, or a length and a `metav1.WatchEvent` around the object's own envelope. */
export function watchFrame(encoding: Encoding, type: EventType, kind: Kind, object: Uint8Array): Uint8Array {
  if (encoding === 'json') {
    // an item of a LIST of a built-in kind says neither kind nor version; an object that stands alone does
    const own = isBuiltIn(kind) ? `"kind":"${kind.kind}","apiVersion":"${kind.apiVersion}",` : ''
    const head = `{"type":"${type}","object":{${own}`
    return Buffer.concat([Buffer.from(head), object.subarray(1), Buffer.from('}\n')])
  }
  const raw = protobuf.Writer.create().uint32(10).bytes(envelope(kind, object)).finish()
  const event = protobuf.Writer.create().uint32(10).string(type).uint32(18).bytes(raw).finish()
  const frame = Buffer.allocUnsafe(4 + event.length)
  frame.writeUInt32BE(event.length)
  frame.set(event, 4)
  return frame
}

/** The bookmark that a watch sends now and then, or at the end of a watch-list. */
export function bookmark(
  encoding: Encoding,
  version: number,
  endsInitialEvents: boolean,
  kind: Kind = POD,
): Uint8Array {
  const annotations = endsInitialEvents ? { 'k8s.io/initial-events-end': 'true' } : {}
  if (encoding === 'json') {
    const metadata = { resourceVersion: String(version), creationTimestamp: null, annotations }
    const object = { ...(isBuiltIn(kind) ? {} : kind), metadata, spec: { containers: null }, status: {} }
    return watchFrame(encoding, 'BOOKMARK', kind, Buffer.from(JSON.stringify(object)))
  }
  const meta = protobuf.Writer.create()
  for (const field of [1, 2, 3, 4, 5]) meta.uint32(field * 8 + 2).string('')
  meta.uint32(50).string(String(version)).uint32(56).int64(0)
  for (const [key, value] of Object.entries(annotations)) {
    meta.uint32(98).fork().uint32(10).string(key).uint32(18).string(value).ldelim()
  }
  const object = protobuf.Writer.create().uint32(10).bytes(meta.finish()).finish()
  return watchFrame(encoding, 'BOOKMARK', kind, object)
}

/** "Your version is too old": what ends a watch and makes its client list again. */
export function expired(encoding: Encoding): Uint8Array {
  const message = 'too old resource version'
  if (encoding === 'json') {
    const status = { metadata: {}, status: 'Failure', message, reason: 'Expired', code: 410 }
    return watchFrame(encoding, 'ERROR', STATUS, Buffer.from(JSON.stringify(status)))
  }
  const status = protobuf.Writer.create().uint32(10).bytes(new Uint8Array(0))
  status.uint32(18).string('Failure').uint32(26).string(message).uint32(34).string('Expired').uint32(48).int32(410)
  return watchFrame(encoding, 'ERROR', STATUS, status.finish())
}

/** What stands before the items of a LIST, given how many bytes they have, and after them. */
export function listEnds(
  encoding: Encoding,
  version: number,
  itemBytes: number,
  { apiVersion, kind }: Kind = POD,
): readonly [Uint8Array, Uint8Array] {
  if (encoding === 'json') {
    const type = `"kind":"${kind}List","apiVersion":"${apiVersion}"`
    const head = `{${type},"metadata":{"resourceVersion":"${version}"},"items":[`
    return [Buffer.from(head), Buffer.from(']}\n')]
  }
  const list = protobuf.Writer.create().uint32(10).fork().uint32(10).string('')
  const meta = list.uint32(18).string(String(version)).uint32(26).string('').ldelim().finish()
  const head = typeMeta({ apiVersion, kind: `${kind}List` })
    .uint32(18)
    .uint32(meta.length + itemBytes)
    .finish()
  const tail = protobuf.Writer.create().uint32(26).string('').uint32(34).string('').finish()
  return [Buffer.concat([MAGIC, head, meta]), tail]
}

/** An item of a LIST; `index` says whether it is the first. */
export function listItem(encoding: Encoding, object: Uint8Array, index: number): Uint8Array {
  if (encoding === 'protobuf') return protobuf.Writer.create().uint32(18).bytes(object).finish()
  return index === 0 ? object : Buffer.concat([COMMA, object])
}

const COMMA = Buffer.from(',')

function envelope(kind: Kind, object: Uint8Array): Uint8Array {
  const unknown = typeMeta(kind).uint32(18).bytes(object).uint32(26).string('').uint32(34).string('').finish()
  return Buffer.concat([MAGIC, unknown])
}

function typeMeta({ apiVersion, kind }: Kind): protobuf.Writer {
  return protobuf.Writer.create().uint32(10).fork().uint32(10).string(apiVersion).uint32(18).string(kind).ldelim()
}

const STATUS: Kind = { apiVersion: 'v1', kind: 'Status' }

/** Those of the groups that Kubernetes has itself; only the core group's are used here. */
function isBuiltIn({ apiVersion }: Kind): boolean {
  return apiVersion === 'v1'
}

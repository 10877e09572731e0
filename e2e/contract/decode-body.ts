import { readStatus } from '../../src/decode/read-status.ts'
import { openEnvelope } from '../../src/decode/protobuf/envelope.ts'
import { walkFields } from '../../src/decode/protobuf/fields.ts'
import { decodeMessage, decodeObject } from '../../src/decode/protobuf/message-decoder.ts'
import { isProtobuf, isYaml } from './media-types.ts'
import { parse as parseYaml } from 'yaml'

/** What a body says, by its Content-Type; text that is no document stays text. */
export function decodeBody(contentType: string, bytes: Buffer): unknown {
  if (bytes.length === 0) return ''
  if (isProtobuf(contentType)) return decodeProtobuf(bytes)
  const text = bytes.toString()
  if (isYaml(contentType)) return parseYaml(text) as unknown
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** An object, a list or a Status, in the envelope that every protobuf body is in. */
export function decodeProtobuf(bytes: Uint8Array): unknown {
  const { apiVersion, kind, start, end } = openEnvelope(bytes, 0, bytes.length)
  const raw = bytes.subarray(start, end)
  if (kind === 'Status') return readStatus('application/vnd.kubernetes.protobuf', bytes)
  if (kind.endsWith('List')) return { apiVersion, kind, ...decodeList(raw, apiVersion, kind) }
  return { apiVersion, kind, ...(decodeKind(apiVersion, kind, raw) as object) }
}

/** Every list has its metadata in field 1 and its items in field 2. */
function decodeList(raw: Uint8Array, apiVersion: string, kind: string): { metadata: unknown; items: unknown[] } {
  let metadata: unknown
  const items: unknown[] = []
  walkFields(raw, 0, raw.length, (number, _wireType, start, end) => {
    const value = raw.subarray(start, end)
    if (number === 1) metadata = decodeMessage('meta/v1.ListMeta', value)
    if (number === 2) items.push(decodeKind(apiVersion, kind.slice(0, -'List'.length), value))
  })
  return { metadata, items }
}

function decodeKind(apiVersion: string, kind: string, raw: Uint8Array): unknown {
  if (kind === 'PartialObjectMetadata') return decodeMessage('meta/v1.PartialObjectMetadata', raw)
  return decodeObject(apiVersion, kind, raw)
}

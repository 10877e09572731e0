import { type FieldSchema, messageSchema } from './schema.ts'
import { low, next, readVarint, skipValue } from './wire.ts'

/** One object as tools/schema/fill wrote it, with the JSON that a server would send for it. */
export interface Pair {
  readonly apiVersion: string
  readonly kind: string
  readonly variant: string
  readonly json: string
  readonly protobuf: Uint8Array
}

/** Reads a file of the fill tool: chunks behind their lengths, five to a pair. */
export function readPairs(file: Buffer): Pair[] {
  const chunks: Buffer[] = []
  for (let at = 0; at < file.length;) {
    const end = at + 4 + file.readUInt32LE(at)
    chunks.push(file.subarray(at + 4, end))
    at = end
  }
  const pairs: Pair[] = []
  for (let index = 0; index < chunks.length; index += 5) {
    const [apiVersion = '', kind = '', variant = '', json = ''] = chunks.slice(index, index + 4).map(String)
    pairs.push({ apiVersion, kind, variant, json, protobuf: chunks[index + 4] as Buffer })
  }
  return pairs
}

/**
 * The same message with every length in five bytes. That is as valid, but no Go server sends it, so the
 * generated readers hand each message over to the one that goes by the table.
 */
export function withLongLengths(message: string, bytes: Uint8Array): Buffer {
  const fields = new Map(messageSchema(message)?.fields.map((field) => [field.number, field]))
  const parts: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    const start = at
    readVarint(bytes, at, bytes.length)
    const [tag, value] = [low, next]
    at = skipValue(bytes, tag, value, bytes.length)
    if ((tag & 7) !== 2) {
      parts.push(bytes.subarray(start, at))
      continue
    }
    const content = rewrite(fields.get(tag >>> 3), bytes.subarray(next, at))
    parts.push(bytes.subarray(start, value), longVarint(content.length), content)
  }
  return Buffer.concat(parts)
}

function rewrite(field: FieldSchema | undefined, content: Uint8Array): Uint8Array {
  const isMessage = field !== undefined && 'mkn'.includes(field.type) && field.cardinality !== '%'
  return isMessage ? withLongLengths(field.message, content) : content
}

function longVarint(value: number): Uint8Array {
  return Uint8Array.of(value | 0x80, (value >> 7) | 0x80, (value >> 14) | 0x80, (value >> 21) | 0x80, 0)
}

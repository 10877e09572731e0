import { type FieldSchema, messageSchema } from '../../src/decode/protobuf/schema.ts'
import { contentEnd, contentStart, findLast, low, next, readVarint, skipValue } from '../../src/decode/protobuf/wire.ts'

type Fields = ReadonlyMap<number, FieldSchema>
const fieldsOf = new Map<string, Fields>()

/** Adds every field of the table that occurs in the bytes, as `message number`. */
export function coverFields(message: string, bytes: Uint8Array, covered: Set<string>): void {
  let fields = fieldsOf.get(message)
  if (fields === undefined) {
    fields = new Map(messageSchema(message)?.fields.map((field) => [field.number, field]))
    fieldsOf.set(message, fields)
  }
  for (let at = 0; at < bytes.length;) {
    readVarint(bytes, at, bytes.length)
    const tag = low
    at = skipValue(bytes, tag, next, bytes.length)
    const field = fields.get(tag >>> 3)
    if (field === undefined) continue
    covered.add(`${message} ${field.number}`)
    if (field.message !== '') coverContent(field, bytes.subarray(next, at), covered)
  }
}

function coverContent(field: FieldSchema, bytes: Uint8Array, covered: Set<string>): void {
  if (field.cardinality === '%') {
    if (!findLast(bytes, 0, bytes.length, 0x12)) return
    bytes = bytes.subarray(contentStart, contentEnd)
  }
  if (!'ABC'.includes(field.type)) return coverFields(field.message, bytes, covered)
  for (const tag of [0x0a, 0x12]) {
    // one of the two is not a schema, and may not even be a message
    if (field.type !== 'A' && (tag === 0x0a) === (field.type === 'B')) continue
    if (bytes[0] === 0x08 && tag === 0x0a) continue
    if (findLast(bytes, 0, bytes.length, tag))
      coverFields(field.message, bytes.subarray(contentStart, contentEnd), covered)
  }
}

import { LENGTH_DELIMITED, walkFields } from './fields.ts'
import { decodeMessage } from './message-decoder.ts'
import { decodeRegistered } from './registered.ts'
import { type FieldSchema, kindSchema, messageSchema, type MessageSchema } from './schema.ts'

/**
 * Reads what the path leads to by field numbers. Messages that the path does not go through are skipped by
 * their length; only where its end is no string is the message around that decoded.
 */
export function readProtobufPath(
  apiVersion: string,
  kind: string,
  bytes: Uint8Array,
  parts: readonly string[],
): unknown[] {
  if (parts.length === 1 && parts[0] === 'apiVersion') return [apiVersion]
  if (parts.length === 1 && parts[0] === 'kind') return [kind]
  const values: unknown[] = []
  const message = kindSchema(apiVersion, kind)?.message
  if (message !== undefined) collect(bytes, message, parts, values)
  else if (parts[0] === 'metadata')
    eachValue(bytes, 1, (meta) => collect(meta, 'meta/v1.ObjectMeta', parts.slice(1), values))
  else pick(decodeRegistered(apiVersion, kind, bytes), parts, values)
  return values
}

function collect(bytes: Uint8Array, message: string, parts: readonly string[], values: unknown[]): void {
  const schema = schemaOf(message)
  const [part, ...rest] = parts
  if (schema === undefined || part === undefined) return
  const field = schema.fields.find(({ json, type }) => json === part && type !== 'n')
  if (field === undefined) {
    for (const embedded of schema.fields) {
      if (embedded.type === 'n')
        eachValue(bytes, embedded.number, (value) => collect(value, embedded.message, parts, values))
    }
  } else if (field.cardinality === '%') {
    collectFromMap(bytes, field, rest, values)
  } else if (field.type === 'm' && rest.length > 0) {
    collectInside(bytes, field, rest, values)
  } else if (field.type === 's' && rest.length === 0) {
    collectStrings(bytes, field, values)
  } else {
    collectDecoded(bytes, message, parts, values)
  }
}

/** A field that occurs once and stands there twice is merged by a decoder: the later part has the last word. */
function collectInside(bytes: Uint8Array, field: FieldSchema, rest: readonly string[], values: unknown[]): void {
  if (field.cardinality === '+') {
    eachValue(bytes, field.number, (value) => collect(value, field.message, rest, values))
    return
  }
  const parts: Uint8Array[] = []
  eachValue(bytes, field.number, (value) => parts.push(value))
  if (parts.length === 1) collect(parts[0]!, field.message, rest, values)
  else if (parts.length > 1) collect(Buffer.concat(parts), field.message, rest, values)
}

function collectStrings(bytes: Uint8Array, field: FieldSchema, values: unknown[]): void {
  const found: string[] = []
  eachValue(bytes, field.number, (value) => found.push(textOf(value)))
  if (field.cardinality === '+') values.push(...found)
  // an empty string that JSON leaves out is not there
  else if (found.length > 0 && (found.at(-1) !== '' || field.omit === '!' || field.cardinality === '*'))
    values.push(found.at(-1))
}

/** `labels.app`: the value of that key. Maps of messages are decoded: there is one in all of Kubernetes' types. */
function collectFromMap(
  bytes: Uint8Array,
  field: FieldSchema,
  [key, ...rest]: readonly string[],
  values: unknown[],
): void {
  if (key === undefined) return
  let found: Uint8Array | undefined
  eachValue(bytes, field.number, (entry) => {
    let entryKey = ''
    let value: Uint8Array = EMPTY
    walkFields(entry, 0, entry.length, (number, _wireType, start, end) => {
      if (number === 1) entryKey = textOf(entry.subarray(start, end))
      if (number === 2) value = entry.subarray(start, end)
    })
    if (entryKey === key) found = value
  })
  if (found === undefined) return
  if (field.type === 's' && rest.length === 0) values.push(textOf(found))
  else if (field.type === 'm') collect(found, field.message, rest, values)
  else if (rest.length === 0) pick(decodeMessage(field.message, found), rest, values)
}

function collectDecoded(bytes: Uint8Array, message: string, parts: readonly string[], values: unknown[]): void {
  pick(decodeMessage(message, bytes), parts, values)
}

function pick(value: unknown, parts: readonly string[], values: unknown[]): void {
  const [part, ...rest] = parts
  if (Array.isArray(value)) for (const element of value) pick(element, parts, values)
  else if (part === undefined) values.push(value)
  else if (typeof value === 'object' && value !== null && Object.hasOwn(value, part)) {
    pick((value as Record<string, unknown>)[part], rest, values)
  }
}

function eachValue(bytes: Uint8Array, number: number, take: (value: Uint8Array) => void): void {
  walkFields(bytes, 0, bytes.length, (found, wireType, start, end) => {
    if (found === number && wireType === LENGTH_DELIMITED) take(bytes.subarray(start, end))
  })
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8')
}

const schemas = new Map<string, MessageSchema | undefined>()

/** The table builds a schema anew at each call; a path is read from thousands of objects. */
function schemaOf(message: string): MessageSchema | undefined {
  if (!schemas.has(message)) schemas.set(message, messageSchema(message))
  return schemas.get(message)
}

const EMPTY = new Uint8Array(0)

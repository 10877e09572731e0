import protobuf from 'protobufjs'
import { type FieldSchema, messageSchema } from '../src/decode/protobuf/schema.ts'

/** How protobufjs calls the types that are no messages of the table. */
const SCALARS: { readonly [type: string]: string } = {
  s: 'string',
  y: 'bytes',
  b: 'bool',
  i: 'int32',
  l: 'int64',
  d: 'double',
}
const ZERO: { readonly [type: string]: unknown } = { s: '', b: false, i: 0, l: 0, d: 0 }
const SPECIAL: { readonly [type: string]: string } = {
  T: 'Time',
  U: 'Time',
  Q: 'Quantity',
  I: 'IntOrString',
  F: 'FieldsV1',
}
const SPECIAL_PROTO = `syntax = "proto2";
message Time { optional int64 seconds = 1; optional int32 nanos = 2; }
message Quantity { optional string string = 1; }
message IntOrString { optional int64 type = 1; optional int32 intVal = 2; optional string strVal = 3; }
message FieldsV1 { optional bytes Raw = 1; }`

type Plain = { readonly [key: string]: unknown }

const nameOf = (message: string): string => message.replace(/[^A-Za-z0-9]/g, '_')

/** A message of the table, and all that it contains, as protobufjs' own reflection knows messages. */
export function reflectedType(message: string): protobuf.Type {
  const { root } = protobuf.parse(SPECIAL_PROTO, { keepCase: true })
  addType(root, message)
  return root.resolveAll().lookupType(nameOf(message))
}

function addType(root: protobuf.Root, message: string): void {
  if (root.get(nameOf(message)) !== null) return
  const schema = messageSchema(message)!
  const type = new protobuf.Type(nameOf(message))
  root.add(type)
  for (const field of schema.fields) {
    const target =
      SCALARS[field.type] ?? SPECIAL[field.type] ?? (field.message === '' ? 'bytes' : nameOf(field.message))
    const name = field.json === '' ? `inline${field.number}` : field.json
    if (field.cardinality === '%') type.add(new protobuf.MapField(name, field.number, 'string', target))
    else type.add(new protobuf.Field(name, field.number, target, field.cardinality === '+' ? 'repeated' : 'optional'))
    if (field.message !== '') addType(root, field.message)
  }
}

/** What protobufjs encodes for an object: like Go, it has every field that is no pointer, empty or not. */
export function toMessage(object: Plain, message: string): Plain {
  const fields: Record<string, unknown> = {}
  for (const field of messageSchema(message)!.fields) {
    const name = field.json === '' ? `inline${field.number}` : field.json
    const isInline = field.type === 'n'
    const value = isInline ? object : object[field.json]
    const isAbsent = value === undefined || value === null
    if (!isAbsent) fields[name] = fieldValue(value, field)
    else if (field.cardinality === '') fields[name] = emptyValue(field)
  }
  return fields
}

function fieldValue(value: unknown, field: FieldSchema): unknown {
  if (field.cardinality === '+') return (value as readonly unknown[]).map((element) => singleValue(element, field))
  if (field.cardinality !== '%') return singleValue(value, field)
  return Object.fromEntries(Object.entries(value as Plain).map(([key, element]) => [key, singleValue(element, field)]))
}

function singleValue(value: unknown, field: FieldSchema): unknown {
  switch (field.type) {
    case 'T':
    case 'U':
      return { seconds: Date.parse(value as string) / 1000, nanos: 0 }
    case 'Q':
      return { string: value }
    case 'I':
      return typeof value === 'number' ? { type: 0, intVal: value, strVal: '' } : { type: 1, intVal: 0, strVal: value }
    case 'F':
      return { Raw: Buffer.from(JSON.stringify(value)) }
    default:
      return field.message === '' ? value : toMessage(value as Plain, field.message)
  }
}

function emptyValue(field: FieldSchema): unknown {
  if (field.type in ZERO) return ZERO[field.type]
  return field.message === '' ? {} : toMessage({}, field.message)
}

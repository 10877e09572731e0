import { BackwardWriter } from './backward-writer.ts'
import { type EncodeField, type EncodePlan, encodePlan } from './encode-plan.ts'
import { escapeForHtml, sortedKeysOf } from './go-text.ts'
import { nanosOf, nanosOfDuration, secondsOf } from './go-values.ts'

type Fields = { readonly [name: string]: unknown }

/**
 * Writes an object of a built-in kind as the Go types marshal themselves: fields by number, the values that
 * are not pointers always, the maps by their keys. The object is one that {@link typedJson} has written:
 * nothing is checked again.
 */
export function writeTyped(out: BackwardWriter, message: string, value: object): void {
  writeMessage(out, encodePlan(message), value)
}

function writeMessage(out: BackwardWriter, plan: EncodePlan, value: unknown): void {
  if (plan.isList) return writeList(out, plan.fields[0] as EncodeField, value as readonly unknown[])
  for (const field of plan.fromLast) writeField(out, field, value as Fields)
}

function writeField(out: BackwardWriter, field: EncodeField, fields: Fields): void {
  const value = field.type === 'n' ? fields : fields[field.json]
  if (field.cardinality === '') {
    // No bytes and no value are two things: the first is a length of nothing.
    if (field.type !== 'y' || (value !== undefined && value !== null)) writeTagged(out, field, value)
  } else if (value === undefined || value === null) return
  else if (field.cardinality === '*') writeTagged(out, field, value)
  else if (field.cardinality === '+') writeList(out, field, value as readonly unknown[])
  else writeMap(out, field, value as Fields)
}

function writeList(out: BackwardWriter, field: EncodeField, items: readonly unknown[]): void {
  for (let index = items.length - 1; index >= 0; index--) writeTagged(out, field, items[index])
}

const KEY = 0x0a
const VALUE = 2

function writeMap(out: BackwardWriter, field: EncodeField, map: Fields): void {
  const keys = sortedKeysOf(map)
  const value = { ...field, tag: VALUE * 8 + LENGTH_DELIMITED }
  for (let index = keys.length - 1; index >= 0; index--) {
    const key = keys[index] as string
    const before = out.length
    writeTagged(out, value, map[key])
    writeText(out, KEY, key)
    out.prefix(field.tag, out.length - before)
  }
}

const LENGTH_DELIMITED = 2

function writeTagged(out: BackwardWriter, field: EncodeField, value: unknown): void {
  switch (field.type) {
    case 'b':
      out.byte(value === true ? 1 : 0)
      return out.varint(field.tag)
    case 'i':
    case 'l':
      out.varint((value as number | undefined) ?? 0)
      return out.varint(field.tag)
    case 'd':
      out.double((value as number | undefined) ?? 0)
      return out.varint(field.tag)
    case 's':
      return writeText(out, field.tag, (value as string | undefined) ?? '')
    default: {
      const before = out.length
      writeContent(out, field, value)
      out.prefix(field.tag, out.length - before)
    }
  }
}

function writeText(out: BackwardWriter, tag: number, text: string): void {
  const before = out.length
  out.text(text)
  out.prefix(tag, out.length - before)
}

const NOTHING: Fields = {}

function writeContent(out: BackwardWriter, field: EncodeField, value: unknown): void {
  switch (field.type) {
    case 'm':
    case 'n':
    case 'k': {
      const plan = field.plan()
      return writeMessage(out, plan, value ?? (plan.isList ? [] : NOTHING))
    }
    case 'y':
      return out.bytes(Buffer.from((value as string | undefined) ?? '', 'base64'))
    default:
      if (field.type === 'I') writeIntOrString(out, (value as number | string | undefined) ?? 0)
      else if (field.type === 'Q') writeText(out, 0x0a, (value as string | undefined) ?? '0')
      else if (field.type === 'D') writeDuration(out, (value as string | undefined) ?? '0s')
      else if (field.type === 'B' || field.type === 'A' || field.type === 'C') writeUnion(out, field, value)
      else if (value === undefined || value === null) return // the zero value is a message of no bytes
      else if (field.type === 'T' || field.type === 'U') writeTime(out, value as string, field.type === 'U')
      else writeText(out, 0x0a, escapeForHtml(JSON.stringify(value))) // FieldsV1, RawExtension, JSON
  }
}

function writeTime(out: BackwardWriter, time: string, isMicro: boolean): void {
  out.varint(isMicro ? nanosOf(time) : 0)
  out.byte(0x10)
  out.varint(secondsOf(time))
  out.byte(0x08)
}

function writeDuration(out: BackwardWriter, duration: string): void {
  out.varint(nanosOfDuration(duration) ?? 0n)
  out.byte(0x08)
}

function writeIntOrString(out: BackwardWriter, value: number | string): void {
  const isText = typeof value === 'string'
  writeText(out, 0x1a, isText ? value : '')
  out.varint(isText ? 0 : value)
  out.byte(0x10)
  out.byte(isText ? 1 : 0)
  out.byte(0x08)
}

/** JSONSchemaProps, or what may stand for it: a list of them (`A`), a boolean (`B`), a list of strings (`C`). */
function writeUnion(out: BackwardWriter, field: EncodeField, value: unknown): void {
  if (field.type === 'B') {
    const isSchema = typeof value === 'object' && value !== null
    if (isSchema) writeSchema(out, 0x12, field.message, value)
    out.byte(isSchema || value === true ? 1 : 0)
    return out.byte(0x08)
  }
  if (!Array.isArray(value)) {
    if (value !== undefined && value !== null) writeSchema(out, 0x0a, field.message, value)
    return
  }
  for (const item of value.toReversed()) {
    if (field.type === 'A') writeSchema(out, 0x12, field.message, item)
    else writeText(out, 0x12, item as string)
  }
}

function writeSchema(out: BackwardWriter, tag: number, message: string, value: unknown): void {
  const before = out.length
  writeMessage(out, encodePlan(message), value)
  out.prefix(tag, out.length - before)
}

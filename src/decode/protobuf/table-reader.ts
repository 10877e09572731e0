import { hotReaders } from './generated/hot-messages.ts'
import { type FieldPlan, type MessagePlan, MessagePlans } from './message-plan.ts'
import { fitted, type Plain } from './hot-runtime.ts'
import {
  readDuration,
  readIntOrString,
  readJson,
  readMicroTime,
  readQuantity,
  readRaw,
  readTime,
} from './special-types.ts'
import { readSchemaUnion } from './schema-union.ts'
import { readScalar, scalarEnd } from './table-scalars.ts'
import { readKey, readText } from './text.ts'
import { readBase64 } from './utf8.ts'
import {
  broken,
  contentEnd,
  contentStart,
  findLast,
  high,
  low,
  next,
  readLength,
  readVarint,
  skipValue,
} from './wire.ts'

type Value = unknown

/** Messages within messages. Kubernetes' own types end long before; JSONSchemaProps can nest without end. */
const MAX_DEPTH = 100

/** Plans of all messages that have been met. */
export const plans: MessagePlans = new MessagePlans(hotReaders, (plan) => build(plan, claim(plan)))

/**
 * The values of all messages that are being read, each message's from its own base on. One array for all
 * calls: fields arrive by number, JSON has them in Go's order, so every value waits in its slot once.
 */
const slots: Value[] = []
let top = 0

/** Forgets the values of messages whose reading has ended in an error. */
export function reset(): void {
  slots.fill(undefined)
  top = 0
}

/** Reads a message by its generated reader, or else by the table. */
export function readMessage(plan: MessagePlan, bytes: Uint8Array, start: number, end: number, depth: number): Value {
  if (plan.hot !== undefined) return plan.hot(bytes, start, end, depth)
  return readByTable(plan, bytes, start, end, depth)
}

/** Reads a message by the table: all that protobuf allows. */
export function readByTable(plan: MessagePlan, bytes: Uint8Array, start: number, end: number, depth: number): Value {
  const base = claim(plan)
  readFields(plan, bytes, start, end, base, depth)
  return plan.isList ? buildList(base) : build(plan, base)
}

function claim(plan: MessagePlan): number {
  const base = top
  top += plan.keys.length
  while (slots.length < top) slots.push(undefined)
  return base
}

function build(plan: MessagePlan, base: number): Plain {
  const { keys, absent } = plan
  const object: Plain = {}
  for (let slot = 0; slot < keys.length; slot++) {
    let value = slots[base + slot]
    if (value === undefined) {
      const instead = absent[slot]
      if (instead === undefined) continue
      value = typeof instead === 'function' ? instead() : instead
    } else {
      slots[base + slot] = undefined
      if (Array.isArray(value)) value = fitted(value)
    }
    object[keys[slot] as string] = value
  }
  top = base
  return object
}

function buildList(base: number): Value {
  const items = slots[base]
  slots[base] = undefined
  top = base
  return items ?? []
}

function readFields(
  plan: MessagePlan,
  bytes: Uint8Array,
  start: number,
  end: number,
  base: number,
  depth: number,
): void {
  if (depth > MAX_DEPTH) throw broken(`more than ${MAX_DEPTH} messages within each other`, start)
  const { byTag } = plan
  let at = start
  while (at < end) {
    let tag = bytes[at++] as number
    if (tag >= 0x80) {
      readVarint(bytes, at - 1, end)
      if (high !== 0) throw broken('a field number of more than 32 bits', at - 1)
      tag = low >>> 0
      at = next
    }
    const field = byTag[tag]
    if (field === undefined) {
      at = skipUnknown(plan, bytes, tag, at, end)
      continue
    }
    if ((tag & 7) !== 2) {
      at = readNumber(field, bytes, at, end, base)
      continue
    }
    const length = bytes[at++] as number
    let stop = at + length
    if (!(length < 0x80 && stop <= end)) {
      stop = readLength(bytes, at - 1, end)
      at = next
    }
    readContent(field, bytes, at, stop, base, depth, start, end)
    at = stop
  }
}

function skipUnknown(plan: MessagePlan, bytes: Uint8Array, tag: number, at: number, end: number): number {
  if (plan.numbers.has(tag >>> 3)) throw broken(`wire type ${tag & 7} for field ${tag >>> 3} of ${plan.name}`, at)
  return skipValue(bytes, tag, at, end)
}

/** Puts the content of a field with a length into its slot. `start` and `end` are those of the message around it. */
function readContent(
  field: FieldPlan,
  bytes: Uint8Array,
  at: number,
  stop: number,
  base: number,
  depth: number,
  start: number,
  end: number,
): void {
  const slot = base + field.slot
  switch (field.cardinality) {
    case '': {
      if (field.type === 'n') return readFields(field.plan as MessagePlan, bytes, at, stop, base, depth + 1)
      if (field.omitsEmpty && at === stop && (field.type === 's' || field.type === 'y')) {
        slots[slot] = undefined
        return
      }
      const value = isMerged(field, slot)
        ? readMerged(field, bytes, start, end, depth)
        : readValue(field, bytes, at, stop, depth)
      slots[slot] = value === null && field.omitsEmpty ? undefined : value
      return
    }
    case '*':
      slots[slot] = isMerged(field, slot)
        ? readMerged(field, bytes, start, end, depth)
        : readValue(field, bytes, at, stop, depth)
      return
    case '+': {
      const value = readValue(field, bytes, at, stop, depth)
      const list = slots[slot] as Value[] | undefined
      if (list === undefined) slots[slot] = [value]
      else list.push(value)
      return
    }
    case '%':
      return readEntry(field, bytes, at, stop, (slots[slot] ??= {}) as Plain, depth)
    case 'packed':
      return readPacked(field, bytes, at, stop, slot)
  }
}

const isMerged = (field: FieldPlan, slot: number): boolean => slots[slot] !== undefined && MERGED.has(field.type)
const MERGED: ReadonlySet<string> = new Set(['m', 'k', 'I', 'A', 'B', 'C'])

/** A message that occurs twice is one whose bytes are both: that is what protobuf means by merging. */
function readMerged(field: FieldPlan, bytes: Uint8Array, start: number, end: number, depth: number): Value {
  const parts: Uint8Array[] = []
  for (let at = start; at < end;) {
    readVarint(bytes, at, end)
    const tag = low >>> 0
    at = skipValue(bytes, tag, next, end)
    if (tag === field.number * 8 + 2) parts.push(bytes.subarray(next, at))
  }
  const joined = Buffer.concat(parts)
  return readValue(field, joined, 0, joined.length, depth)
}

function readValue(field: FieldPlan, bytes: Uint8Array, start: number, end: number, depth: number): Value {
  switch (field.type) {
    case 's':
      return readText(bytes, start, end)
    case 'm':
    case 'k':
      return readMessage((field.plan ??= plans.get(field.message)), bytes, start, end, depth + 1)
    case 'T':
      return readTime(bytes, start, end)
    case 'Q':
      return readQuantity(bytes, start, end)
    case 'F':
    case 'J':
      return readJson(bytes, start, end)
    case 'I':
      return readIntOrString(bytes, start, end)
    case 'y':
      return readBase64(bytes, start, end)
    case 'R':
      return readRaw(bytes, start, end)
    case 'U':
      return readMicroTime(bytes, start, end)
    case 'D':
      return readDuration(bytes, start, end)
    default:
      return readUnion(field, bytes, start, end, depth)
  }
}

function readUnion(field: FieldPlan, bytes: Uint8Array, start: number, end: number, depth: number): Value {
  const plan = (field.plan ??= plans.get(field.message))
  return readSchemaUnion(field.type, bytes, start, end, (content, from, to) =>
    readMessage(plan, content, from, to, depth + 1),
  )
}

function readEntry(field: FieldPlan, bytes: Uint8Array, start: number, end: number, into: Plain, depth: number): void {
  const key = findLast(bytes, start, end, 0x0a) ? readKey(bytes, contentStart, contentEnd) : ''
  let value: Value
  if (findLast(bytes, start, end, 0x12)) value = readValue(field, bytes, contentStart, contentEnd, depth)
  else value = readValue(field, bytes, end, end, depth)
  if (key === '__proto__')
    Object.defineProperty(into, key, { value, writable: true, enumerable: true, configurable: true })
  else into[key] = value
}

function readNumber(field: FieldPlan, bytes: Uint8Array, at: number, end: number, base: number): number {
  const value = readScalar(field.type, bytes, at, end)
  const slot = base + field.slot
  if (field.cardinality === '+') ((slots[slot] ??= []) as Value[]).push(value)
  else slots[slot] = field.omitsEmpty && (value === 0 || value === false) ? undefined : value
  return scalarEnd
}
function readPacked(field: FieldPlan, bytes: Uint8Array, start: number, end: number, slot: number): void {
  const list = (slots[slot] ??= []) as Value[]
  for (let at = start; at < end; at = scalarEnd) list.push(readScalar(field.type, bytes, at, end))
}

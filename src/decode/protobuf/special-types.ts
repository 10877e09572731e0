import { formatDuration, formatMicros, formatSeconds } from './go-time.ts'
import { readText } from './text.ts'
import {
  asBigInt,
  asInt64,
  broken,
  contentEnd,
  contentStart,
  findLast,
  low,
  next,
  readVarint,
  skipValue,
} from './wire.ts'

/**
 * The types whose JSON is not what their protobuf fields say. Each reads the message that lies between
 * `start` and `end` and returns what `JSON.parse` makes of what Go's `MarshalJSON` writes.
 */

/** 0001-01-01T00:00:00Z: Go's zero time, which it sends as null. */
const ZERO_TIME = -62_135_596_800

let seconds = 0
let nanos = 0

/** metav1.Time keeps seconds only; a fraction that the bytes have is dropped, as Go drops it. */
export function readTime(bytes: Uint8Array, start: number, end: number): string | null {
  if (start === end) return null
  // seconds of 31 bits and no nanoseconds: every date from 2004 to 2038
  if (end - start === 8 && bytes[start] === 0x08 && bytes[start + 6] === 0x10 && bytes[start + 7] === 0) {
    const a = bytes[start + 1] as number
    const b = bytes[start + 2] as number
    const c = bytes[start + 3] as number
    const d = bytes[start + 4] as number
    const e = bytes[start + 5] as number
    if ((a & b & c & d) >= 0x80 && e < 8) {
      return formatSeconds((a & 127) | ((b & 127) << 7) | ((c & 127) << 14) | ((d & 127) << 21) | (e << 28))
    }
  }
  readTimestamp(bytes, start, end)
  return seconds === ZERO_TIME ? null : formatSeconds(seconds)
}

export function readMicroTime(bytes: Uint8Array, start: number, end: number): string | null {
  if (start === end) return null
  readTimestamp(bytes, start, end)
  return seconds === ZERO_TIME && Math.trunc(nanos / 1000) === 0 ? null : formatMicros(seconds, nanos)
}

function readTimestamp(bytes: Uint8Array, start: number, end: number): void {
  seconds = 0
  nanos = 0
  for (let at = start; at < end;) {
    readVarint(bytes, at, end)
    const tag = low
    const value = next
    at = skipValue(bytes, tag, value, end)
    if (tag === 8) seconds = asInt64()
    else if (tag === 16) nanos = low
    else if (tag >>> 3 < 3) throw broken(`wire type ${tag & 7}`, value)
  }
}

export function readDuration(bytes: Uint8Array, start: number, end: number): string {
  let duration = 0n
  for (let at = start; at < end;) {
    readVarint(bytes, at, end)
    const tag = low
    at = skipValue(bytes, tag, next, end)
    if (tag === 8) duration = asBigInt()
    else if (tag >>> 3 === 1) throw broken(`wire type ${tag & 7}`, at)
  }
  return formatDuration(duration)
}

/** As it was sent: Go only ever writes the canonical form. */
export function readQuantity(bytes: Uint8Array, start: number, end: number): string {
  if (bytes[start] === 0x0a && start + 2 + (bytes[start + 1] as number) === end && end - start < 130) {
    return readText(bytes, start + 2, end)
  }
  return findLast(bytes, start, end, 0x0a) ? readText(bytes, contentStart, contentEnd) : '0'
}

export function readIntOrString(bytes: Uint8Array, start: number, end: number): number | string {
  let type = 0
  let integer = 0
  for (let at = start; at < end;) {
    readVarint(bytes, at, end)
    const tag = low
    at = skipValue(bytes, tag, next, end)
    if (tag === 0x08) type = asInt64()
    else if (tag === 0x10) integer = low
    else if (tag >>> 3 < 3) throw broken(`wire type ${tag & 7}`, at)
  }
  if (type === 0) return integer
  if (type !== 1) throw broken(`IntOrString of type ${type}`, start)
  return findLast(bytes, start, end, 0x1a) ? readText(bytes, contentStart, contentEnd) : ''
}

/** RawExtension. Nothing in it is null; bytes that are there must be JSON, be they none. */
export function readRaw(bytes: Uint8Array, start: number, end: number): unknown {
  return findLast(bytes, start, end, 0x0a) ? parseJson(bytes, contentStart, contentEnd) : null
}

/** FieldsV1 and apiextensions' JSON: no bytes are null too. */
export function readJson(bytes: Uint8Array, start: number, end: number): unknown {
  if (!findLast(bytes, start, end, 0x0a) || contentStart === contentEnd) return null
  return parseJson(bytes, contentStart, contentEnd)
}

function parseJson(bytes: Uint8Array, start: number, end: number): unknown {
  try {
    return JSON.parse(readText(bytes, start, end))
  } catch (cause) {
    throw broken('what should be JSON is not', start, cause)
  }
}

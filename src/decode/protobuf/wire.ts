import { DecodeError } from '../../api/errors.ts'

/**
 * Protobuf's wire format as far as Kubernetes uses it: varints, 64 and 32 bits, lengths. protobufjs' Reader
 * walks over a pod in the same time, but it knows only the end of the buffer: here every value is held
 * against the end of the message it is in, and every error says where.
 *
 * What was read last: the lower and upper 32 bits of a varint as signed integers, and where it ended. One
 * result in three variables, because an object for each would cost more than the reading.
 */
export let low = 0
export let high = 0
export let next = 0

/**
 * Reads a varint into `low`, `high` and `next`.
 *
 * @throws {DecodeError} `ERR_DECODE_OBJECT` where it has an eleventh byte or runs past `end`.
 */
export function readVarint(bytes: Uint8Array, start: number, end: number): void {
  low = 0
  high = 0
  let shift = 0
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number
    const bits = byte & 0x7f
    if (shift < 28) low |= bits << shift
    else if (shift === 28) {
      low |= bits << 28
      high = bits >>> 4
    } else high |= bits << (shift - 32) // of the tenth byte one bit is used, as in Go
    if (byte < 0x80) {
      next = at + 1
      return
    }
    shift += 7
    if (shift > 63) throw broken('a varint of more than ten bytes', start)
  }
  throw broken('a number runs past the end', start)
}

/** The last varint as an int64. Beyond 2^53 it is rounded as `JSON.parse` rounds the same digits. */
export function asInt64(): number {
  return high * 4_294_967_296 + (low >>> 0)
}

/** The last varint as an int64, exactly. */
export function asBigInt(): bigint {
  return (BigInt(high) << 32n) | BigInt(low >>> 0)
}

/**
 * Reads a length into `next`, and returns where what it measures ends.
 *
 * @throws {DecodeError} `ERR_DECODE_OBJECT` where that is past `end`.
 */
export function readLength(bytes: Uint8Array, start: number, end: number): number {
  readVarint(bytes, start, end)
  const length = asInt64()
  if (length < 0 || length > end - next) throw broken('a length runs past the end', start)
  return next + length
}

/** Where the value of a field that nobody asked for ends. `start` is behind its tag. */
export function skipValue(bytes: Uint8Array, tag: number, start: number, end: number): number {
  if (tag >>> 3 === 0) throw broken('field number 0', start)
  switch (tag & 7) {
    case 0:
      readVarint(bytes, start, end)
      return next
    case 1:
      return within(start + 8, start, end)
    case 2:
      return readLength(bytes, start, end)
    case 5:
      return within(start + 4, start, end)
    default:
      throw broken(`wire type ${tag & 7}`, start)
  }
}

/** Where the contents of the last field with a length and this tag start and end. */
export let contentStart = 0
export let contentEnd = 0

/** Looks for the last field with this tag, which must be one with a length, into `contentStart` and `contentEnd`. */
export function findLast(bytes: Uint8Array, start: number, end: number, tag: number): boolean {
  let found = false
  for (let at = start; at < end;) {
    readVarint(bytes, at, end)
    const here = low >>> 0
    at = skipValue(bytes, here, next, end)
    if (here !== tag) {
      if (here >>> 3 === tag >>> 3) throw broken(`wire type ${here & 7}`, at)
      continue
    }
    found = true
    contentStart = next
    contentEnd = at
  }
  return found
}

export function broken(what: string, offset: number, cause?: unknown): DecodeError {
  return new DecodeError('ERR_DECODE_OBJECT', `not a protobuf object: ${what}`, { offset, cause })
}

function within(value: number, start: number, end: number): number {
  if (value > end) throw broken('a value runs past the end', start)
  return value
}

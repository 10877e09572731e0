import { DecodeError } from '../../api/errors.ts'

/** Gets one field: its number and wire type, where its value is, and where the field with its tag starts. */
export type FieldVisitor = (number: number, wireType: number, start: number, end: number, fieldStart: number) => void

export const VARINT = 0
export const LENGTH_DELIMITED = 2

/** Field 1 of every kind is its ObjectMeta. */
export const METADATA = 1

/**
 * Visits the fields of the message at `[from, end)`, in the order of the bytes, without a table.
 *
 * With `isCut` the message may go on behind `end`, as the first bytes of a too large object do: the last
 * value that is visited may then end where there are no bytes.
 *
 * @returns whether the message was there as a whole
 * @throws {DecodeError} `ERR_DECODE_SYNTAX` for what is no protobuf
 */
export function walkFields(bytes: Uint8Array, from: number, end: number, visit: FieldVisitor, isCut = false): boolean {
  const cursor = { at: from }
  while (cursor.at < end) {
    const fieldStart = cursor.at
    const tag = readNumber(bytes, cursor, end, isCut)
    if (tag === undefined) return false
    const number = Math.floor(tag / 8)
    if (number === 0) throw broken('field number 0', fieldStart)
    const length = valueLength(bytes, cursor, end, tag % 8, isCut)
    if (length === undefined) return false
    const start = cursor.at
    if (length > end - start && !isCut) throw broken('a length past the end', fieldStart)
    cursor.at = start + length
    visit(number, tag % 8, start, cursor.at, fieldStart)
  }
  return cursor.at === end
}

/** How long the value at the cursor is; the cursor moves over the length that is written before it. */
function valueLength(
  bytes: Uint8Array,
  cursor: { at: number },
  end: number,
  wireType: number,
  isCut: boolean,
): number | undefined {
  switch (wireType) {
    case VARINT: {
      const start = cursor.at
      if (readNumber(bytes, cursor, end, isCut) === undefined) return undefined
      const length = cursor.at - start
      cursor.at = start
      return length
    }
    case 1:
      return 8
    case LENGTH_DELIMITED:
      return readNumber(bytes, cursor, end, isCut)
    case 5:
      return 4
    default:
      throw broken(`wire type ${wireType}`, cursor.at)
  }
}

/** A varint as a number; what exceeds 2^53 is no length and no tag, and comes out as too large for either. */
function readNumber(bytes: Uint8Array, cursor: { at: number }, end: number, isCut: boolean): number | undefined {
  let value = 0
  let factor = 1
  for (let at = cursor.at; at < end; at++) {
    const byte = bytes[at]!
    value += (byte & 0x7f) * factor
    if (byte < 0x80) {
      cursor.at = at + 1
      return value
    }
    factor *= 128
    if (at - cursor.at === 9) throw broken('a varint of more than ten bytes', cursor.at)
  }
  if (isCut) return undefined
  throw broken('a number past the end', cursor.at)
}

function broken(what: string, offset: number): DecodeError {
  return new DecodeError('ERR_DECODE_SYNTAX', `no protobuf: ${what}`, { offset })
}

import { DecodeError } from '../../api/errors.ts'
import {
  BACKSLASH,
  CLOSE_BRACE,
  CLOSE_BRACKET,
  COLON,
  COMMA,
  isSpace,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
} from './bytes.ts'
import { NO_ENDS, type NestedEnds } from './nested-ends.ts'
import { readKey } from './text.ts'

/**
 * Reading parts of a JSON value that lies in memory, without building the value. The functions return
 * -1 where the bytes end too early: a too large item is read as far as it was kept.
 */

/** What a framer noted of the value that begins with the first of the bytes. */
export interface Known {
  readonly ends: NestedEnds
  /** The depth at which the members or elements are that are visited. */
  readonly depth: number
}

const NOTHING: Known = { ends: NO_ENDS, depth: 1 }

/** Gets one member of an object: its key, where the key starts, and where its value is. Returns false to stop the walk. */
export type MemberVisitor = (key: string, keyStart: number, valueStart: number, valueEnd: number) => boolean

/** Gets one element of an array. */
export type ElementVisitor = (valueStart: number, valueEnd: number) => void

/**
 * Visits the members of the object that starts at `at`, in their order, duplicates included.
 * Nested values whose ends are known are not looked at.
 *
 * @returns the index behind the object; -1 where it is cut or the visitor stopped
 * @throws {DecodeError} `ERR_DECODE_SYNTAX`
 */
export function walkMembers(bytes: Uint8Array, at: number, visit: MemberVisitor, known: Known = NOTHING): number {
  if (bytes[at] !== OPEN_BRACE) throw syntaxError(bytes, at, 'an object')
  let next = skipSpace(bytes, at + 1)
  if (bytes[next] === CLOSE_BRACE) return next + 1
  for (;;) {
    const keyStart = next
    const keyEnd = skipString(bytes, keyStart)
    if (keyEnd === -1) return -1
    const colon = skipSpace(bytes, keyEnd)
    if (colon === bytes.length) return -1
    if (bytes[colon] !== COLON) throw syntaxError(bytes, colon, 'a colon')
    const valueStart = skipSpace(bytes, colon + 1)
    const valueEnd = skipValue(bytes, valueStart, known)
    if (valueEnd === -1) return -1
    if (!visit(readKey(bytes, keyStart, keyEnd), keyStart, valueStart, valueEnd)) return -1
    next = skipSpace(bytes, valueEnd)
    if (next === bytes.length) return -1
    if (bytes[next] === CLOSE_BRACE) return next + 1
    if (bytes[next] !== COMMA) throw syntaxError(bytes, next, 'a comma')
    next = skipSpace(bytes, next + 1)
  }
}

/** Visits the elements of the array that starts at `at`; returns as {@link walkMembers} does. */
export function walkElements(bytes: Uint8Array, at: number, visit: ElementVisitor, known: Known = NOTHING): number {
  let next = skipSpace(bytes, at + 1)
  if (bytes[next] === CLOSE_BRACKET) return next + 1
  for (;;) {
    const valueEnd = skipValue(bytes, next, known)
    if (valueEnd === -1) return -1
    visit(next, valueEnd)
    next = skipSpace(bytes, valueEnd)
    if (next === bytes.length) return -1
    if (bytes[next] === CLOSE_BRACKET) return next + 1
    if (bytes[next] !== COMMA) throw syntaxError(bytes, next, 'a comma')
    next = skipSpace(bytes, next + 1)
  }
}

export function skipSpace(bytes: Uint8Array, from: number): number {
  let at = from
  while (at < bytes.length && isSpace(bytes[at]!)) at++
  return at
}

/** Returns the index behind the value that starts at `at`. What stands inside a nested value is not checked. */
function skipValue(bytes: Uint8Array, at: number, { ends, depth }: Known): number {
  const first = bytes[at]
  if (first === undefined) return -1
  if (first === QUOTE) return skipString(bytes, at)
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return skipLiteral(bytes, at)
  const noted = ends.endOf(depth, at)
  if (noted === -1) return skipNested(bytes, at)
  return noted <= bytes.length ? noted : -1
}

function skipString(bytes: Uint8Array, start: number): number {
  const end = bytes.length
  if (start >= end) return -1
  if (bytes[start] !== QUOTE) throw syntaxError(bytes, start, 'a string')
  let at = start + 1
  while (at < end) {
    const byte = bytes[at++]!
    if (byte === QUOTE) return at
    if (byte === BACKSLASH) at++
  }
  return -1
}

function skipNested(bytes: Uint8Array, start: number): number {
  const end = bytes.length
  let depth = 0
  let at = start
  while (at < end) {
    const byte = bytes[at]!
    if (byte === QUOTE) {
      at = skipString(bytes, at)
      if (at === -1) return -1
      continue
    }
    at++
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) depth++
    else if ((byte === CLOSE_BRACE || byte === CLOSE_BRACKET) && --depth === 0) return at
  }
  return -1
}

/** A number, true, false or null: whatever stands before the next delimiter. */
function skipLiteral(bytes: Uint8Array, start: number): number {
  let at = start
  while (at < bytes.length) {
    const byte = bytes[at]!
    if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || isSpace(byte)) break
    at++
  }
  if (at === start) throw syntaxError(bytes, at, 'a value')
  return at === bytes.length ? -1 : at
}

function syntaxError(bytes: Uint8Array, offset: number, expected: string): DecodeError {
  const found = offset < bytes.length ? `byte 0x${bytes[offset]!.toString(16)}` : 'the end'
  return new DecodeError('ERR_DECODE_SYNTAX', `expected ${expected}, found ${found}`, { offset })
}

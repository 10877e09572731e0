/**
 * Identity in few bytes: a uid as servers make them takes 56 B as text, and half of that as a string of
 * its 16 bytes; a resourceVersion is a number as long as that is exact. Equal text gives equal compact
 * forms, and other text others, so that compact forms can be compared.
 */

/** Numbers of so many digits are exact. */
const MOST_DIGITS = 15
const ZERO = 0x30
/** Stands before what is no UUID: no byte is that large. */
const VERBATIM = '\u0100'
const DASHED: readonly number[] = [8, 13, 18, 23]
/** Where the digits of each byte stand. */
const PLACES: readonly number[] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
const bytes: number[] = PLACES.map(() => 0)
const UUID_LENGTH = 36
const DASH = 0x2d
/** The values of hexadecimal digits by their codes; of all other characters -1. */
const DIGITS = Int8Array.from({ length: 128 }, (_, code) => '0123456789abcdef'.indexOf(String.fromCharCode(code)))

export function compactUid(uid: string): string {
  if (uid === '') return uid
  if (uid.length !== UUID_LENGTH || !DASHED.every((at) => uid.charCodeAt(at) === DASH)) return VERBATIM + uid
  let found = 0 // negative as soon as one is no digit
  for (let i = 0; i < bytes.length; i++) {
    const high = digit(uid, PLACES[i]!)
    const low = digit(uid, PLACES[i]! + 1)
    found |= high | low
    bytes[i] = (high << 4) | low
  }
  if (found < 0) return VERBATIM + uid
  return String.fromCharCode(...bytes) // at once: a string put together of parts keeps them all
}

export function expandUid(compact: string): string {
  if (compact === '') return compact
  if (compact.startsWith(VERBATIM)) return compact.slice(1)
  let uid = ''
  for (let at = 0; at < compact.length; at++) {
    if (DASHED.includes(uid.length)) uid += '-'
    uid += HEX[compact.charCodeAt(at)]
  }
  return uid
}

export function compactVersion(resourceVersion: string): string | number {
  const { length } = resourceVersion
  if (length === 0 || length > MOST_DIGITS || resourceVersion.charCodeAt(0) === ZERO) return resourceVersion
  let number = 0
  for (let at = 0; at < length; at++) {
    const value = resourceVersion.charCodeAt(at) - ZERO
    if (value < 0 || value > 9) return resourceVersion
    number = number * 10 + value
  }
  return number
}

function digit(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < DIGITS.length ? DIGITS[code]! : -1
}

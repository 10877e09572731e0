import { readShortText } from './short-text.ts'
import { readUtf8 } from './utf8.ts'

/**
 * Texts of up to this many bytes are looked for among those already made: image names, label keys, owners
 * and reasons are the same in object after object. Longer ones are mostly unique.
 */
const INTERNED_LENGTH = 32
const INTERNED = 2048
const interned: string[] = Array.from({ length: INTERNED }, () => '')

/** The text from `start` to `end`, as Go's encoding/json sends it: each byte that is no UTF-8 becomes U+FFFD. */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start
  if (length <= 16) return readShortText(bytes, start, end)
  if (length <= INTERNED_LENGTH) return readInterned(bytes, start, end)
  return readUtf8(bytes, start, end)
}

/**
 * The hash samples five bytes, most from the end, where names differ; what it finds is compared byte by
 * byte. A new text takes the place of an old one with the same hash, so this never grows.
 */
function readInterned(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start
  const ends = (bytes[end - 1] as number) * 7 + (bytes[end - 3] as number) * 131 + (bytes[end - 6] as number) * 3
  const middle = (bytes[start + (length >> 1)] as number) * 17 + (bytes[start + 3] as number) * 257
  const slot = (length * 31 + ends + middle) & (INTERNED - 1)
  const known = interned[slot] as string
  if (known.length === length && isTextOf(known, bytes, start)) return known
  const text = readUtf8(bytes, start, end)
  if (text.length === length) interned[slot] = text // else characters are not bytes, and must not be compared with them
  return text
}

function isTextOf(text: string, bytes: Uint8Array, start: number): boolean {
  for (let index = text.length - 1; index >= 0; index--) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false
  }
  return true
}

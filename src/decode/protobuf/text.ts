import { readShortText } from './short-text.ts'
import { readUtf8 } from './utf8.ts'

/**
 * A slot holds the last text with that hash, so tables never grow. Only texts with as many characters as bytes
 * are kept (ASCII, but for U+FFFD), so that characters can be compared with bytes.
 */
const SLOTS = 2048

/**
 * Texts of up to this many bytes are looked for among those already made: image names, owners and reasons
 * are the same in object after object. Longer ones are mostly unique, shorter ones are faster made than found.
 */
const INTERNED_LENGTH = 32
const texts = emptyTable()

/** The text from `start` to `end`, as Go's encoding/json sends it: each byte that is no UTF-8 becomes U+FFFD. */
export function readText(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start
  if (length <= 16) return readShortText(bytes, start, end)
  if (length > INTERNED_LENGTH) return readUtf8(bytes, start, end)
  const slot = slotOf(bytes, start, end)
  const known = texts[slot] as string
  if (isTextOf(known, bytes, start, length)) return known
  const text = readUtf8(bytes, start, end)
  if (text.length === length) texts[slot] = text
  return text
}

const KEY_LENGTH = 64
const keys = emptyTable()

/**
 * The same for the key of a map. Keys of labels and resources are few, and a string that is one of V8's
 * property names already saves the search for it at every assignment.
 */
export function readKey(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start
  if (length < 6 || length > KEY_LENGTH) return readText(bytes, start, end)
  const slot = slotOf(bytes, start, end)
  const known = keys[slot] as string
  if (isTextOf(known, bytes, start, length)) return known
  const text = readUtf8(bytes, start, end)
  if (text.length === length) keys[slot] = Object.keys({ [text]: 0 })[0] as string
  return text
}

function emptyTable(): string[] {
  return Array.from({ length: SLOTS }, () => '')
}

/** Samples five bytes of six or more, most from the end, where names differ. */
function slotOf(bytes: Uint8Array, start: number, end: number): number {
  const length = end - start
  const ends = (bytes[end - 1] as number) * 7 + (bytes[end - 3] as number) * 131 + (bytes[end - 6] as number) * 3
  const middle = (bytes[start + (length >> 1)] as number) * 17 + (bytes[start + 3] as number) * 257
  return (length * 31 + ends + middle) & (SLOTS - 1)
}

function isTextOf(text: string, bytes: Uint8Array, start: number, length: number): boolean {
  if (text.length !== length) return false
  for (let index = length - 1; index >= 0; index--) {
    if (text.charCodeAt(index) !== bytes[start + index]) return false
  }
  return true
}

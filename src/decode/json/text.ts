import { DecodeError } from '../../api/errors.ts'
import { asBuffer, BACKSLASH } from './bytes.ts'

/** The text of the string that stands at `[start, end)`, quotes included. */
export function readString(bytes: Uint8Array, start: number, end: number): string {
  const buffer = asBuffer(bytes)
  let isAscii = true
  for (let at = start + 1; at < end - 1; at++) {
    const byte = bytes[at]!
    if (byte === BACKSLASH) return parseString(buffer, start, end)
    if (byte >= 0x80) isAscii = false
  }
  return buffer.toString(isAscii ? 'latin1' : 'utf8', start + 1, end - 1)
}

/** Keys that were read, each in the place of its hash: the same few come with every object. */
const keys: (string | undefined)[] = Array.from({ length: 256 }, () => undefined)
const MAX_KEPT_LENGTH = 32

/** {@link readString} for keys: a key that came before costs no new string. */
export function readKey(bytes: Uint8Array, start: number, end: number): string {
  const length = end - start - 2
  if (length === 0 || length > MAX_KEPT_LENGTH) return readString(bytes, start, end)
  const place = (length * 31 + bytes[start + 1]! * 7 + bytes[end - 2]!) & 0xff
  const kept = keys[place]
  if (kept !== undefined && isAt(bytes, start + 1, kept, length)) return kept
  const key = readString(bytes, start, end)
  // an escaped key is shorter than its bytes, one with UTF-8 too: isAt never finds them, so they are not kept
  if (key.length === length) keys[place] = key
  return key
}

function isAt(bytes: Uint8Array, start: number, text: string, length: number): boolean {
  if (text.length !== length) return false
  for (let i = 0; i < length; i++) if (bytes[start + i] !== text.charCodeAt(i)) return false
  return true
}

function parseString(buffer: Buffer, start: number, end: number): string {
  try {
    return JSON.parse(buffer.toString('utf8', start, end)) as string
  } catch {
    // V8's message quotes the text
    throw new DecodeError('ERR_DECODE_SYNTAX', 'a string with an invalid escape', { offset: start })
  }
}

/** What is used of `Buffer.prototype`, on whatever view the caller has: wrapping each item in a Buffer costs more. */
interface Slicing {
  readonly utf8Slice: (this: Uint8Array, start: number, end: number) => string
  readonly base64Slice: (this: Uint8Array, start: number, end: number) => string
}
const { utf8Slice, base64Slice } = Buffer.prototype as unknown as Slicing

/** The text from `start` to `end`, as Go's encoding/json sends it: each byte that is no UTF-8 becomes U+FFFD. */
export function readUtf8(bytes: Uint8Array, start: number, end: number): string {
  const text = utf8Slice.call(bytes, start, end)
  // As many characters as bytes: no sequence was longer than a byte, so none was cut either.
  if (text.length === end - start || !text.includes('\ufffd')) return text
  return readBrokenText(bytes, start, end)
}

/** Go replaces each byte of a broken sequence, the web's decoders the sequence as a whole. */
function readBrokenText(bytes: Uint8Array, start: number, end: number): string {
  let text = ''
  for (let at = start; at < end;) {
    const length = sequenceLength(bytes, at, end)
    text += length === 0 ? '\ufffd' : utf8Slice.call(bytes, at, at + length)
    at += Math.max(length, 1)
  }
  return text
}

/** How many bytes the well-formed UTF-8 sequence at `at` has, or 0. */
function sequenceLength(bytes: Uint8Array, at: number, end: number): number {
  const first = bytes[at] as number
  if (first < 0x80) return 1
  if (first < 0xc2 || first > 0xf4) return 0
  const length = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  if (at + length > end) return 0
  const second = bytes[at + 1] as number
  const lowest = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80 // no overlong forms
  const highest = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf // no surrogates, nothing past U+10FFFF
  if (second < lowest || second > highest) return 0
  for (let index = 2; index < length; index++) {
    if (((bytes[at + index] as number) & 0xc0) !== 0x80) return 0
  }
  return length
}

/** Standard base64 with padding: how JSON holds bytes. */
export function readBase64(bytes: Uint8Array, start: number, end: number): string {
  return base64Slice.call(bytes, start, end)
}

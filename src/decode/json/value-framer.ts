import { DecodeError } from '../../api/errors.ts'
import { BACKSLASH, CLOSE_BRACE, CLOSE_BRACKET, MAX_DEPTH, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './bytes.ts'

/** What a byte can mean outside a string: nothing, or one of the six that matter. */
const MEANING = new Uint8Array(256)
for (const byte of [QUOTE, OPEN_BRACE, OPEN_BRACKET, CLOSE_BRACE, CLOSE_BRACKET]) MEANING[byte] = byte

/**
 * Finds where a JSON object, array or string ends, in bytes that arrive cut anywhere.
 *
 * It looks at quotes, backslashes and brackets and at nothing else: whether the value is valid inside
 * is found when it is decoded. Brackets must match by kind, though: two errors that cancel each other
 * out would swallow the items between them.
 */
export class ValueFramer {
  /** `#closers[d]` is the bracket that ends nesting level d. */
  readonly #closers = new Uint8Array(MAX_DEPTH + 1)
  #depth = 0
  #inString = false
  #escaped = false

  /** Prepares for a new value; its first byte will be the first one that is scanned. */
  reset(): void {
    this.#depth = 0
    this.#inString = false
    this.#escaped = false
  }

  /**
   * Scans `bytes` from `from`, which is the value's first byte or, after a cut, the chunk's.
   *
   * @returns the index behind the value, or -1 where it goes on in the next chunk
   * @throws {DecodeError} `ERR_DECODE_SYNTAX`, `ERR_DECODE_TOO_DEEP`; `offset` is added to the index for the message
   */
  scan(bytes: Uint8Array, from: number, offset: number): number {
    const end = bytes.length
    const closers = this.#closers
    let depth = this.#depth
    let at = from
    if (this.#inString) {
      at = this.#scanString(bytes, at)
      if (at === -1) return -1
      if (depth === 0) return at
    }
    while (at < end) {
      const byte = bytes[at++]!
      const meaning = MEANING[byte]!
      if (meaning === 0) continue
      if (meaning === QUOTE) {
        at = this.#scanString(bytes, at)
        if (at === -1) break
        if (depth === 0) return at
      } else if (meaning === OPEN_BRACE || meaning === OPEN_BRACKET) {
        if (depth === MAX_DEPTH)
          throw new DecodeError('ERR_DECODE_TOO_DEEP', `nested deeper than ${MAX_DEPTH}`, { offset: offset + at - 1 })
        closers[++depth] = meaning + 2 // '{' + 2 is '}', '[' + 2 is ']'
      } else {
        if (closers[depth] !== meaning || depth === 0) {
          throw new DecodeError('ERR_DECODE_SYNTAX', 'a bracket closes what is not open', { offset: offset + at - 1 })
        }
        if (--depth === 0) return at
      }
    }
    this.#depth = depth
    return -1
  }

  /** Goes on inside a string, behind its opening quote. Returns the index behind the closing one, or -1. */
  #scanString(bytes: Uint8Array, from: number): number {
    const end = bytes.length
    let at = from
    if (this.#escaped && at < end) {
      this.#escaped = false
      at++
    }
    while (at < end) {
      const byte = bytes[at++]!
      if (byte === QUOTE) {
        this.#inString = false
        return at
      }
      if (byte === BACKSLASH && at++ === end) this.#escaped = true
    }
    this.#inString = true
    return -1
  }
}

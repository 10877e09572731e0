import { BACKSLASH, QUOTE } from './bytes.ts'

/** Finds where a string ends, in bytes that arrive cut anywhere. */
export class StringFramer {
  #isEscaped = false

  reset(): void {
    this.#isEscaped = false
  }

  /** Goes on behind the opening quote or, after a cut, at the chunk's first byte. Returns the index behind the closing quote, or -1. */
  scan(bytes: Uint8Array, from: number): number {
    const end = bytes.length
    let at = from
    if (this.#isEscaped && at < end) {
      this.#isEscaped = false
      at++
    }
    while (at < end) {
      const byte = bytes[at++]!
      if (byte === QUOTE) return at
      if (byte === BACKSLASH && at++ === end) this.#isEscaped = true
    }
    return -1
  }
}

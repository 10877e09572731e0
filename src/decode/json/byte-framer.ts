import { CLOSE_BRACE, CLOSE_BRACKET, MAX_DEPTH, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './bytes.ts'
import { tooDeep, unmatched } from './framing-errors.ts'
import type { NestedEnds } from './nested-ends.ts'
import { StringFramer } from './string-framer.ts'
import type { ValueFramer } from './value-framer.ts'

/** What a byte can mean outside a string: nothing, or one of the five that matter. */
const MEANING = new Uint8Array(256)
for (const byte of [QUOTE, OPEN_BRACE, OPEN_BRACKET, CLOSE_BRACE, CLOSE_BRACKET]) MEANING[byte] = byte

/** Looks at one byte after another. For where there is no WebAssembly, and to hold the scanner against. */
export class ByteFramer implements ValueFramer {
  readonly #ends: NestedEnds
  readonly #string = new StringFramer()
  /** `#closers[d]` is the bracket that ends nesting level d. */
  readonly #closers = new Uint8Array(MAX_DEPTH + 1)
  #depth = 0
  #isInString = false
  /** How much of the value came in chunks before. */
  #length = 0

  constructor(ends: NestedEnds) {
    this.#ends = ends
  }

  reset(): void {
    this.#depth = 0
    this.#isInString = false
    this.#length = 0
    this.#ends.reset()
  }

  scan(bytes: Uint8Array, from: number, offset: number): number {
    const closers = this.#closers
    const base = this.#length - from
    let depth = this.#depth
    let at = from
    if (this.#isInString) at = this.#inString(bytes, at)
    while (at !== -1 && at < bytes.length) {
      const meaning = MEANING[bytes[at++]!]!
      if (meaning === 0) continue
      if (meaning === QUOTE) {
        this.#string.reset()
        at = this.#inString(bytes, at)
      } else if (meaning === OPEN_BRACE || meaning === OPEN_BRACKET) {
        if (depth === MAX_DEPTH) throw tooDeep(offset + at - 1)
        closers[++depth] = meaning + 2 // '{' + 2 is '}', '[' + 2 is ']'
      } else {
        if (closers[depth] !== meaning) throw unmatched(offset + at - 1)
        if (--depth === 0) return at
        if (depth <= this.#ends.depth) this.#ends.add(depth, base + at)
      }
    }
    this.#depth = depth
    this.#length += bytes.length - from
    return -1
  }

  #inString(bytes: Uint8Array, from: number): number {
    const at = this.#string.scan(bytes, from)
    this.#isInString = at === -1
    return at
  }
}

import { tooDeep, unmatched } from './framing-errors.ts'
import type { NestedEnds } from './nested-ends.ts'
import {
  DEPTH,
  FAILED_AT,
  NOTE_COUNT,
  NOTES,
  OPEN_BRACKETS,
  type SimdScanner,
  STRING_STATE,
  UNMATCHED,
  WINDOW,
  WINDOW_BYTES,
} from './simd-scanner.ts'
import type { ValueFramer } from './value-framer.ts'

/** Which framer's bytes lie in the shared window, and which of them: a chunk is copied there once, not for each item. */
const window = { owner: 0, offset: 0, from: 0, to: 0 }
let framers = 0

/** Looks at 64 bytes at a time, in WebAssembly. */
export class SimdFramer implements ValueFramer {
  readonly #id = ++framers
  readonly #scanner: SimdScanner
  readonly #ends: NestedEnds
  /** The state of a value that was cut; in between the scanner serves other framers. */
  #depth = 0
  #stringState = 0
  #openBrackets: Uint8Array = NONE
  /** How much of the value came in chunks before. */
  #length = 0

  constructor(scanner: SimdScanner, ends: NestedEnds) {
    this.#scanner = scanner
    this.#ends = ends
  }

  reset(): void {
    this.#depth = 0
    this.#stringState = 0
    this.#openBrackets = NONE
    this.#length = 0
    this.#ends.reset()
  }

  scan(bytes: Uint8Array, from: number, offset: number): number {
    const { words, memory } = this.#scanner
    words[DEPTH] = this.#depth
    words[STRING_STATE] = this.#stringState
    if (this.#depth > 0) memory.set(this.#openBrackets, OPEN_BRACKETS + 1)
    for (let at = from; at < bytes.length; at = window.to) {
      this.#load(bytes, at, offset)
      /** What turns a place in the window into one in `bytes`. */
      const shift = window.from - WINDOW
      const end = this.#scanner.scan(at - shift, window.to - shift, this.#ends.depth)
      this.#takeNotes(this.#length - from + shift)
      if (end >= 0) return end + shift
      if (end !== -1) throw (end === UNMATCHED ? unmatched : tooDeep)(offset + words[FAILED_AT]! + shift)
    }
    this.#depth = words[DEPTH]
    this.#stringState = words[STRING_STATE]
    this.#openBrackets = memory.slice(OPEN_BRACKETS + 1, OPEN_BRACKETS + 1 + this.#depth)
    this.#length += bytes.length - from
    return -1
  }

  /** Brings the bytes at `at`, and what follows them, into the window. */
  #load(bytes: Uint8Array, at: number, offset: number): void {
    const isThere = window.owner === this.#id && window.offset === offset && window.from <= at && at < window.to
    if (isThere) return
    window.owner = this.#id
    window.offset = offset
    window.from = at
    window.to = Math.min(at + WINDOW_BYTES, bytes.length)
    this.#scanner.memory.set(bytes.subarray(at, window.to), WINDOW)
  }

  #takeNotes(base: number): void {
    const { words } = this.#scanner
    const end = NOTES + words[NOTE_COUNT]!
    for (let i = NOTES; i < end; i++) this.#ends.add(words[i]! & 3, (words[i]! >> 2) + base)
  }
}

const NONE = new Uint8Array(0)

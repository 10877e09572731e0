import { COMMA, CLOSE_BRACE, CLOSE_BRACKET, isSpace, OPEN_BRACE, OPEN_BRACKET, QUOTE } from './bytes.ts'
import { KeptBytes } from '../kept-bytes.ts'
import { NestedEnds } from './nested-ends.ts'
import { StringFramer } from './string-framer.ts'
import { createFramer } from './value-framer.ts'

/**
 * Collects the bytes of one value that may be cut by chunks. A value that lies in one chunk is not
 * copied; of one that grows over the limit only the first bytes are kept, and the rest is read over.
 */
export class ValueCollector {
  /** What the framer noted of the value, counted from its first byte. */
  readonly ends: NestedEnds = new NestedEnds()
  readonly #framer = createFramer(this.ends)
  readonly #string = new StringFramer()
  #limit = 0
  #length = 0
  #form: 'nested' | 'string' | 'literal' = 'nested'
  #isStarted = false
  #isComplete = false
  #bytes: Buffer = EMPTY
  readonly #kept: KeptBytes

  /** @param mostReused see `KeptBytes` */
  constructor(mostReused = 0) {
    this.#kept = new KeptBytes(mostReused)
  }

  /** Prepares for a value of at most `limit` bytes, whose first byte is the next one taken. */
  begin(limit: number): void {
    this.#framer.reset()
    this.#string.reset()
    this.#limit = limit
    this.#length = 0
    this.#kept.reset()
    this.#isStarted = false
    this.#isComplete = false
    this.#bytes = EMPTY
  }

  /** Takes what the chunk has of the value; `offset` is where the chunk lies in the body. Returns the index behind that. */
  take(chunk: Buffer, at: number, offset: number): number {
    const end = this.#isStarted ? this.#findEnd(chunk, at, offset) : this.#start(chunk, at, offset)
    this.#isComplete = end !== -1
    const stop = this.#isComplete ? end : chunk.length
    this.#length += stop - at
    this.#keep(chunk, at, stop)
    return stop
  }

  get isComplete(): boolean {
    return this.#isComplete
  }

  get isTooLarge(): boolean {
    return this.#length > this.#limit
  }

  /** The value, once it is complete; its first bytes, where it is too large. Valid until the chunk is reused, or `begin`. */
  get bytes(): Buffer {
    return this.#bytes
  }

  #start(chunk: Buffer, at: number, offset: number): number {
    const first = chunk[at]!
    this.#isStarted = true
    this.#form = first === QUOTE ? 'string' : first === OPEN_BRACE || first === OPEN_BRACKET ? 'nested' : 'literal'
    return this.#findEnd(chunk, first === QUOTE ? at + 1 : at, offset)
  }

  #findEnd(chunk: Buffer, at: number, offset: number): number {
    if (this.#form === 'nested') return this.#framer.scan(chunk, at, offset)
    return this.#form === 'string' ? this.#string.scan(chunk, at) : endOfLiteral(chunk, at)
  }

  #keep(chunk: Buffer, at: number, stop: number): void {
    const part = chunk.subarray(at, Math.min(stop, at + this.#limit - this.#kept.length))
    if (this.#isComplete && this.#kept.length === 0) {
      this.#bytes = part
      return
    }
    this.#kept.append(part, this.#limit)
    if (this.#isComplete) this.#bytes = this.#kept.bytes
  }
}

const EMPTY = Buffer.alloc(0)

/** A number, true, false or null ends before the next delimiter, which must be there. */
function endOfLiteral(chunk: Buffer, from: number): number {
  for (let at = from; at < chunk.length; at++) {
    const byte = chunk[at]!
    if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || isSpace(byte)) return at
  }
  return -1
}

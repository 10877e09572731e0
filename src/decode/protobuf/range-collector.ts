import { KeptBytes } from '../kept-bytes.ts'

/**
 * Collects so many bytes that may be cut by chunks. A range that lies in one chunk is not copied; of one
 * that is longer than the limit only the first bytes are kept, and the rest is read over.
 */
export class RangeCollector {
  #length = 0
  #limit = 0
  #taken = 0
  #bytes: Buffer = EMPTY
  readonly #kept: KeptBytes

  /** @param mostReused see `KeptBytes` */
  constructor(mostReused = 0) {
    this.#kept = new KeptBytes(mostReused)
  }

  begin(length: number, limit: number): void {
    this.#length = length
    this.#limit = limit
    this.#taken = 0
    this.#kept.reset()
    this.#bytes = EMPTY
  }

  /** Takes what the chunk has of the range; returns the index behind that. */
  take(chunk: Buffer, at: number): number {
    const stop = Math.min(chunk.length, at + this.#length - this.#taken)
    const part = chunk.subarray(at, Math.min(stop, at + this.#limit - this.#kept.length))
    const isWhole = this.#taken === 0 && stop - at === this.#length
    this.#taken += stop - at
    if (isWhole) this.#bytes = part
    else this.#keep(part)
    return stop
  }

  get isComplete(): boolean {
    return this.#taken === this.#length
  }

  get isTooLarge(): boolean {
    return this.#length > this.#limit
  }

  /** The length of the range, kept or not. */
  get length(): number {
    return this.#length
  }

  /** The range, once it is complete; its first bytes, where it is too large. Valid until the chunk is reused, or `begin`. */
  get bytes(): Buffer {
    return this.#bytes
  }

  #keep(part: Buffer): void {
    this.#kept.append(part, Math.min(this.#length, this.#limit))
    if (this.isComplete) this.#bytes = this.#kept.bytes
  }
}

const EMPTY = Buffer.alloc(0)

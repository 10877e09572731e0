/**
 * Collects so many bytes that may be cut by chunks. A range that lies in one chunk is not copied; of one
 * that is longer than the limit only the first bytes are kept, and the rest is read over.
 */
export class RangeCollector {
  #length = 0
  #limit = 0
  #taken = 0
  #kept: Buffer | undefined
  #keptLength = 0
  #bytes: Buffer = EMPTY

  begin(length: number, limit: number): void {
    this.#length = length
    this.#limit = limit
    this.#taken = 0
    this.#kept = undefined
    this.#keptLength = 0
    this.#bytes = EMPTY
  }

  /** Takes what the chunk has of the range; returns the index behind that. */
  take(chunk: Buffer, at: number): number {
    const stop = Math.min(chunk.length, at + this.#length - this.#taken)
    const part = chunk.subarray(at, Math.min(stop, at + this.#limit - this.#keptLength))
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

  /** The range, once it is complete; its first bytes, where it is too large. Valid until the chunk is reused. */
  get bytes(): Buffer {
    return this.#bytes
  }

  /** Memory is taken as bytes come, doubling: a length that lies must not cost what it says. */
  #keep(part: Buffer): void {
    const needed = this.#keptLength + part.length
    if (this.#kept === undefined || this.#kept.length < needed) {
      const larger = Buffer.allocUnsafeSlow(
        Math.min(Math.max(needed * 2, 4096), Math.max(Math.min(this.#length, this.#limit), needed)),
      )
      this.#kept?.copy(larger, 0, 0, this.#keptLength)
      this.#kept = larger
    }
    part.copy(this.#kept, this.#keptLength)
    this.#keptLength = needed
    if (this.isComplete) this.#bytes = this.#kept.subarray(0, this.#keptLength)
  }
}

const EMPTY = Buffer.alloc(0)

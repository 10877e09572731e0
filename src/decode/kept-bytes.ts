/** What a list reuses: etcd takes no objects of more than 1.5 MiB, unless it is told to. */
export const MOST_REUSED_BYTES: number = 2 * 1024 * 1024
const FEWEST_BYTES = 4096

/**
 * The bytes of one value that come in parts. Memory is taken as they come, doubling: a length that lies must not
 * cost what it says. The next value is collected in the same memory, since objects of a megabyte would leave two
 * behind each; what is larger than `mostReused` is let go.
 */
export class KeptBytes {
  readonly #mostReused: number
  #memory: Buffer = NONE
  #length = 0

  constructor(mostReused: number) {
    this.#mostReused = mostReused
  }

  get length(): number {
    return this.#length
  }

  /** Valid until `reset`. */
  get bytes(): Buffer {
    return this.#memory.subarray(0, this.#length)
  }

  reset(): void {
    this.#length = 0
    if (this.#memory.length > this.#mostReused) this.#memory = NONE
  }

  /** @param most how many bytes there will be at most, as far as that is known */
  append(part: Buffer, most: number): void {
    const needed = this.#length + part.length
    if (needed > this.#memory.length) this.#grow(needed, most)
    part.copy(this.#memory, this.#length)
    this.#length = needed
  }

  #grow(needed: number, most: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.min(Math.max(needed * 2, FEWEST_BYTES), Math.max(most, needed)))
    this.#memory.copy(larger, 0, 0, this.#length)
    this.#memory = larger
  }
}

const NONE = Buffer.alloc(0)

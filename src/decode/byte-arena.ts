/** Memory of its own for one object: what comes one by one, as events do, must not pin its neighbours. */
export const allocateOwn = (length: number): Uint8Array => Buffer.allocUnsafeSlow(length)

const SLAB_BYTES = 64 * 1024

/**
 * Hands out memory for the objects of one list, packed: an allocation of its own for each of them
 * costs more than the copy. A slab lives as long as any object in it; large objects get their own.
 */
export class ByteArena {
  readonly #slabBytes: number
  #slab = new Uint8Array(0)
  #used = 0

  /** @param slabBytes who reuses it wants room for all items of the largest chunk */
  constructor(slabBytes: number = SLAB_BYTES) {
    this.#slabBytes = slabBytes
  }

  readonly allocate = (length: number): Uint8Array => {
    if (length > this.#slabBytes / 4) return allocateOwn(length)
    if (this.#used + length > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(this.#slabBytes)
      this.#used = 0
    }
    const start = this.#used
    this.#used += length
    return this.#slab.subarray(start, this.#used)
  }

  /** Begins anew: nobody needs what was handed out from the last slab. */
  reuse(): void {
    this.#used = 0
  }
}

/** Below this many characters a loop over them is faster than a call into the runtime. */
const SHORT = 48

/**
 * Writes bytes from the end of a message to its beginning, as Go's generated marshallers do: the length
 * of whatever lies behind a position is known when its prefix is due, so nothing is measured beforehand.
 */
export class BackwardWriter {
  #bytes: Buffer = Buffer.allocUnsafeSlow(1024)
  /** The first byte that is written. */
  #at = this.#bytes.length

  /** How many bytes there are: the difference of two readings is the length of what was written between. */
  get length(): number {
    return this.#bytes.length - this.#at
  }

  /** Forgets what was written; keeps the room. */
  clear(): void {
    this.#at = this.#bytes.length
  }

  /** A copy of what was written. */
  copy(): Buffer {
    return Buffer.from(this.#bytes.subarray(this.#at))
  }

  /** Copies what was written to where there is room for it. */
  copyTo(room: Buffer): void {
    this.#bytes.copy(room, 0, this.#at)
  }

  byte(value: number): void {
    this.#reserve(1)
    this.#bytes[--this.#at] = value
  }

  bytes(value: Uint8Array): void {
    this.#reserve(value.length)
    this.#at -= value.length
    this.#bytes.set(value, this.#at)
  }

  /** An integer of up to 64 bits with a sign; a negative one takes ten bytes, as protobuf has it. */
  varint(value: number | bigint): void {
    if (typeof value === 'bigint' || value < 0 || value > 0x7fffffff) {
      this.#bigVarint(BigInt.asUintN(64, BigInt(value)))
    } else if (value > 127) {
      this.#smallVarint(value)
    } else {
      this.#reserve(1)
      this.#bytes[--this.#at] = value
    }
  }

  double(value: number): void {
    this.#reserve(8)
    this.#at -= 8
    this.#bytes.writeDoubleLE(value, this.#at)
  }

  text(value: string): void {
    const { length } = value
    if (length >= SHORT || !this.#ascii(value, length)) {
      const size = Buffer.byteLength(value)
      this.#reserve(size)
      this.#at -= size
      this.#bytes.write(value, this.#at, size)
    }
  }

  /** The prefix of a field of bytes: `length` of them lie right behind. */
  prefix(tag: number, length: number): void {
    this.varint(length)
    this.varint(tag)
  }

  #ascii(value: string, length: number): boolean {
    this.#reserve(length)
    const bytes = this.#bytes
    const start = this.#at - length
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index)
      if (code > 127) return false
      bytes[start + index] = code
    }
    this.#at = start
    return true
  }

  #smallVarint(value: number): void {
    const size = value < 1 << 14 ? 2 : value < 1 << 21 ? 3 : value < 1 << 28 ? 4 : 5
    this.#reserve(size)
    this.#at -= size
    let at = this.#at
    let rest = value
    for (; rest > 127; rest >>>= 7) this.#bytes[at++] = (rest & 127) | 128
    this.#bytes[at] = rest
  }

  #bigVarint(value: bigint): void {
    const groups: number[] = []
    let rest = value
    for (; rest > 127n; rest >>= 7n) groups.push(Number(rest & 127n) | 128)
    groups.push(Number(rest))
    this.bytes(Uint8Array.from(groups))
  }

  #reserve(size: number): void {
    if (size <= this.#at) return
    const used = this.length
    const larger = Buffer.allocUnsafeSlow(Math.max(2 * this.#bytes.length, used + size))
    this.#bytes.copy(larger, larger.length - used, this.#at)
    this.#bytes = larger
    this.#at = larger.length - used
  }
}

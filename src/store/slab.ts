import { OwnBytes, type Place, type Resident } from './place.ts'
import { Residents } from './residents.ts'

/** A large buffer, filled from its start with the bytes of one object after the other. */
export class Slab implements Place {
  readonly residents: Residents = new Residents()
  readonly #bytes: Uint8Array
  #wasRead = false

  /** @param memory what is filled: its size, or memory that is nobody else's */
  constructor(memory: number | Uint8Array) {
    this.#bytes = typeof memory === 'number' ? Buffer.allocUnsafeSlow(memory) : memory
  }

  /** A slab of the bytes of one resident, which stay where they are. */
  static around(resident: Resident, bytes: Uint8Array): Slab {
    const slab = new Slab(bytes)
    slab.#wasRead = true // by who brought them
    resident.moveTo(slab, slab.residents.add(resident, bytes.length))
    return slab
  }

  get capacity(): number {
    return this.#bytes.length
  }

  hasRoomFor(length: number): boolean {
    return this.residents.used + length <= this.capacity
  }

  append(resident: Resident, bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.residents.used)
    resident.moveTo(this, this.residents.add(resident, bytes.length))
  }

  /** Its memory, where nobody can hold any of it: for who has emptied it, and let go. */
  get unreadMemory(): Uint8Array | undefined {
    return this.#wasRead ? undefined : this.#bytes
  }

  /** Gives those who are removed, and still held by someone, bytes of their own: one of them must not keep all of this alive. */
  letGo(): void {
    for (const resident of this.residents.removed())
      if (resident.place === this)
        resident.moveTo(new OwnBytes(Uint8Array.prototype.slice.call(this.glance(resident.index))), 0)
  }

  read(index: number): Uint8Array {
    this.#wasRead = true
    return this.glance(index)
  }

  glance(index: number): Uint8Array {
    return this.#bytes.subarray(this.residents.startOf(index), this.residents.endOf(index))
  }

  lengthOf(index: number): number {
    return this.residents.endOf(index) - this.residents.startOf(index)
  }
}

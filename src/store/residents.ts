import type { Resident } from './place.ts'

/** Who lives in a place, in the order of the bytes, and how many of the bytes are nobody's any more. */
export class Residents {
  readonly #residents: (Resident | undefined)[] = []
  readonly #ends: number[] = []
  /** Who has been removed, for as long as someone holds it. */
  readonly #removed: WeakRef<Resident>[] = []
  #used = 0
  #dead = 0
  #taken = 0

  get used(): number {
    return this.#used
  }

  get dead(): number {
    return this.#dead
  }

  get live(): number {
    return this.used - this.#dead
  }

  startOf(index: number): number {
    return index === 0 ? 0 : this.#ends[index - 1]!
  }

  endOf(index: number): number {
    return this.#ends[index]!
  }

  /** Returns its index. */
  add(resident: Resident, length: number): number {
    this.#used += length
    this.#ends.push(this.#used)
    return this.#residents.push(resident) - 1
  }

  /** Its bytes stay where they are, for those who hold it; the store has no more use for them. Returns how many. */
  remove(index: number): number {
    const resident = this.#residents[index]
    if (resident === undefined) return 0
    this.#removed.push(new WeakRef(resident))
    return this.#clear(index)
  }

  /** Those who have been removed and can still be read. */
  *removed(): IterableIterator<Resident> {
    for (const ref of this.#removed) {
      const resident = ref.deref()
      if (resident !== undefined) yield resident
    }
  }

  *[Symbol.iterator](): IterableIterator<Resident> {
    for (const resident of this.#residents) if (resident !== undefined) yield resident
  }

  /** Hands out those who are left in the next so many bytes, to live elsewhere. None: there are no more. */
  take(bytes: number): Resident[] {
    const taken: Resident[] = []
    for (let length = 0; this.#taken < this.#residents.length && length < bytes; this.#taken++) {
      const resident = this.#residents[this.#taken]
      if (resident === undefined) continue
      taken.push(resident)
      length += this.#clear(this.#taken)
    }
    return taken
  }

  #clear(index: number): number {
    this.#residents[index] = undefined
    const length = this.endOf(index) - this.startOf(index)
    this.#dead += length
    return length
  }
}

/** Marks a slot at which no entry is looked for; others hold the entry's place, counted from 1. */
const FREE = 0

/**
 * Some thousand entries by their keys, whose hashes the caller knows: a `Map` reckons its own for each string that
 * is asked for, and takes half as much memory again. In the order of insertion, with holes where entries were deleted.
 *
 * Open addressing with linear probing; what is behind a deleted entry moves up.
 */
export class HashTable<V extends {}> {
  size = 0
  #keys: (string | undefined)[] = []
  #values: (V | undefined)[] = []
  #hashes: Uint32Array
  /** Twice as many as there may be entries. */
  #slots: Uint16Array

  /** @param capacity for so many it has room at first; a power of two */
  constructor(capacity: number) {
    this.#hashes = new Uint32Array(capacity)
    this.#slots = new Uint16Array(2 * capacity)
  }

  get(key: string, hash: number): V | undefined {
    const slot = this.#slotOf(key, hash)
    const place = this.#slots[slot]!
    return place === FREE ? undefined : this.#values[place - 1]
  }

  set(key: string, value: V, hash: number): void {
    const place = this.#slots[this.#slotOf(key, hash)]!
    if (place === FREE) this.#add(key, value, hash)
    else this.#values[place - 1] = value
  }

  delete(key: string, hash: number): boolean {
    const slot = this.#slotOf(key, hash)
    const place = this.#slots[slot]!
    if (place === FREE) return false
    this.#keys[place - 1] = undefined
    this.#values[place - 1] = undefined
    this.#free(slot)
    this.size--
    return true
  }

  /** Each key with its value and its hash. */
  forEach(visit: (key: string, value: V, hash: number) => void): void {
    for (const [at, key] of this.#keys.entries())
      if (key !== undefined) visit(key, this.#values[at]!, this.#hashes[at]!)
  }

  /** Of a table that grows meanwhile, as it was before. */
  *values(): IterableIterator<V> {
    const values = this.#values
    for (let at = 0; at < values.length; at++) {
      const value = values[at]
      if (value !== undefined) yield value
    }
  }

  /** All values at once: a generator takes ten times as long. */
  addTo(target: V[]): void {
    for (const value of this.#values) if (value !== undefined) target.push(value)
  }

  #add(key: string, value: V, hash: number): void {
    if (this.#keys.length === this.#hashes.length) this.#makeRoom()
    const at = this.#keys.push(key) - 1
    this.#values.push(value)
    this.#hashes[at] = hash
    this.#slots[this.#slotOf(key, hash)] = at + 1
    this.size++
  }

  /** The slot of a key, or the free one where it would be. */
  #slotOf(key: string, hash: number): number {
    const slots = this.#slots
    const last = slots.length - 1
    for (let slot = this.#homeOf(hash); ; slot = (slot + 1) & last) {
      const place = slots[slot]!
      if (place === FREE) return slot
      if (this.#hashes[place - 1] === hash && this.#keys[place - 1] === key) return slot
    }
  }

  /** By the upper bits of a product: who puts tables together may have chosen one by the lower bits of a hash. */
  #homeOf(hash: number): number {
    return Math.imul(hash, 0x9e3779b1) >>> (Math.clz32(this.#slots.length) + 1)
  }

  /** Moves up what comes after, as long as it would have been here if there had been room. */
  #free(freed: number): void {
    const slots = this.#slots
    const last = slots.length - 1
    let free = freed
    for (let slot = (free + 1) & last; slots[slot] !== FREE; slot = (slot + 1) & last) {
      const home = this.#homeOf(this.#hashes[slots[slot]! - 1]!)
      if (((slot - home) & last) < ((slot - free) & last)) continue
      slots[free] = slots[slot]!
      free = slot
    }
    slots[free] = FREE
  }

  /** Twice as large, or without holes where that gives as much: in arrays of its own, for who goes over the old ones. */
  #makeRoom(): void {
    const [keys, values, hashes] = [this.#keys, this.#values, this.#hashes]
    const capacity = this.size > hashes.length / 2 ? 2 * hashes.length : hashes.length
    this.#keys = []
    this.#values = []
    this.#hashes = new Uint32Array(capacity)
    this.#slots = new Uint16Array(2 * capacity)
    this.size = 0
    for (const [at, key] of keys.entries()) if (key !== undefined) this.#add(key, values[at]!, hashes[at]!)
  }
}

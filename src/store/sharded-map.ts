import { HashTable } from './hash-table.ts'

/** A shard takes at least so many entries, and less than twice that: growing or splitting one takes a fraction of a millisecond. */
const LEAST_ENTRIES = 1024
/** Names are chosen by others: a shard whose keys have so many bits in common becomes a `Map`, and the directory does not grow. */
const MAX_BITS = 16

interface Shard<V extends {}> {
  readonly entries: HashTable<V> | Map<string, V>
  /** How many bits of their hashes all of its keys have in common. */
  readonly bits: number
  /** It is split beyond that. */
  readonly limit: number
}

/**
 * A map that stays quick while it grows: a `Map` of a million entries is built anew in one go when it
 * grows, which stops the event loop for a tenth of a second. Here one shard at a time becomes two
 * (extendible hashing). In the order of insertion while it is small.
 */
export class ShardedMap<V extends {}> {
  /** All of them, while they are no more than a shard takes. */
  #few: Map<string, V> | undefined = new Map<string, V>()
  readonly #most = ownLimit()
  /** By the last bits of a hash; a shard stands at every place that ends with its bits. A power of two, once they are not few. */
  #directory: Shard<V>[] = []
  #size = 0

  get size(): number {
    return this.#few?.size ?? this.#size
  }

  get(key: string): V | undefined {
    if (this.#few !== undefined) return this.#few.get(key)
    const hash = hashOf(key)
    return this.#shardOf(hash).entries.get(key, hash)
  }

  set(key: string, value: V): void {
    if (this.#few !== undefined) {
      this.#few.set(key, value)
      if (this.#few.size > this.#most) this.#begin(this.#few)
      return
    }
    const hash = hashOf(key)
    const shard = this.#shardOf(hash)
    const { entries, limit } = shard
    const before = entries.size
    entries.set(key, value, hash)
    this.#size += entries.size - before
    if (entries.size > limit && entries instanceof HashTable) this.#outgrow(shard, entries)
  }

  delete(key: string): boolean {
    if (this.#few !== undefined) return this.#few.delete(key)
    const hash = hashOf(key)
    const isGone = this.#shardOf(hash).entries.delete(key, hash)
    if (isGone) this.#size--
    return isGone
  }

  /** What is deleted while it goes on may still come, and what is added may not. */
  *values(): IterableIterator<V> {
    for (const entries of this.#all()) yield* entries.values()
  }

  /** Adds all values at once. */
  addTo(target: V[]): void {
    for (const entries of this.#all()) {
      if (entries instanceof HashTable) entries.addTo(target)
      else for (const value of entries.values()) target.push(value)
    }
  }

  #all(): readonly Shard<V>['entries'][] {
    return this.#few === undefined ? Array.from(new Set(this.#directory), ({ entries }) => entries) : [this.#few]
  }

  #shardOf(hash: number): Shard<V> {
    return this.#directory[hash & (this.#directory.length - 1)]!
  }

  #begin(few: Map<string, V>): void {
    const halves = [new HashTable<V>(LEAST_ENTRIES), new HashTable<V>(LEAST_ENTRIES)]
    for (const [key, value] of few) {
      const hash = hashOf(key)
      halves[bitAt(hash, 0)]!.set(key, value, hash)
    }
    this.#directory = halves.map((entries) => ({ entries, bits: 1, limit: ownLimit() }))
    this.#size = few.size
    this.#few = undefined
  }

  /** Leaves the entries themselves as they are: who goes over them goes on. */
  #outgrow(shard: Shard<V>, entries: HashTable<V>): void {
    const { bits } = shard
    if (bits === MAX_BITS) {
      const map = new Map<string, V>()
      entries.forEach((key, value) => map.set(key, value))
      return this.#replace(shard, () => ({ entries: map, bits, limit: Infinity }))
    }
    const halves = [new HashTable<V>(LEAST_ENTRIES), new HashTable<V>(LEAST_ENTRIES)] as const
    entries.forEach((key, value, hash) => halves[bitAt(hash, bits)].set(key, value, hash))
    if (this.#directory.length === 1 << bits) this.#directory.push(...this.#directory)
    const shards = halves.map((half): Shard<V> => ({ entries: half, bits: bits + 1, limit: ownLimit() }))
    this.#replace(shard, (place) => shards[bitAt(place, bits)]!)
  }

  #replace(shard: Shard<V>, shardAt: (place: number) => Shard<V>): void {
    for (const [place, known] of this.#directory.entries()) if (known === shard) this.#directory[place] = shardAt(place)
  }
}

let limits = 0

/** Keys are spread so evenly that shards of one limit, and maps, would all be split within some hundred entries: each has its own. */
function ownLimit(): number {
  return LEAST_ENTRIES + (Math.imul(++limits, 0x9e3779b1) >>> 22)
}

function bitAt(number: number, at: number): 0 | 1 {
  return ((number >>> at) & 1) as 0 | 1
}

/** FNV-1a over every character: names of one cluster share beginnings, or ends. */
function hashOf(key: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < key.length; at++) value = Math.imul(value ^ key.charCodeAt(at), 0x01000193)
  return value >>> 0
}

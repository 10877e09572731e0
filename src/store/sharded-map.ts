/** A shard takes at least so many entries, and less than twice that: growing or splitting one takes a fraction of a millisecond. */
const LEAST_ENTRIES = 1024
/** Names are chosen by others: a shard whose keys have so many bits in common grows, and the directory does not. */
const MAX_BITS = 16

interface Shard<V> {
  readonly entries: Map<string, V>
  /** How many bits of their hashes all of its keys have in common. */
  readonly bits: number
  /** It is split beyond that. */
  limit: number
}

/**
 * A map that stays quick while it grows: a `Map` of a million entries is built anew in one go when it
 * grows, which stops the event loop for a tenth of a second. Here one shard at a time becomes two
 * (extendible hashing). In the order of insertion while it is small.
 */
export class ShardedMap<V> {
  /** By the last bits of a hash; a shard stands at every place that ends with its bits. Always a power of two. */
  #directory: Shard<V>[] = [{ entries: new Map(), bits: 0, limit: LEAST_ENTRIES }]
  #size = 0

  get size(): number {
    return this.#size
  }

  get(key: string): V | undefined {
    return this.#shardOf(key).entries.get(key)
  }

  set(key: string, value: V): void {
    const shard = this.#shardOf(key)
    const { entries } = shard
    const before = entries.size
    entries.set(key, value)
    this.#size += entries.size - before
    if (entries.size > shard.limit && shard.bits < MAX_BITS) this.#outgrow(shard)
  }

  delete(key: string): boolean {
    const isGone = this.#shardOf(key).entries.delete(key)
    if (isGone) this.#size--
    return isGone
  }

  /** What is deleted while it goes on may still come, and what is added may not. */
  *values(): IterableIterator<V> {
    for (const { entries } of new Set(this.#directory)) yield* entries.values()
  }

  #shardOf(key: string): Shard<V> {
    const directory = this.#directory
    return directory.length === 1 ? directory[0]! : directory[hash(key) & (directory.length - 1)]!
  }

  /** Keys are spread so evenly that shards of one limit, and maps, would all be split within some hundred entries: each has its own. */
  #outgrow(shard: Shard<V>): void {
    if (shard.limit === LEAST_ENTRIES) {
      const [first = ''] = shard.entries.keys()
      shard.limit += 1 + (Math.imul(hash(first), 0x9e3779b1) >>> 22)
    } else this.#split(shard)
  }

  /** Leaves the shard itself as it is: who goes over its values goes on. */
  #split({ entries, bits }: Shard<V>): void {
    const halves = [new Map<string, V>(), new Map<string, V>()] as const
    for (const [key, value] of entries) halves[bitAt(hash(key), bits)].set(key, value)
    if (this.#directory.length === 1 << bits) this.#directory.push(...this.#directory)
    const shards = halves.map((half): Shard<V> => ({ entries: half, bits: bits + 1, limit: LEAST_ENTRIES }))
    for (const [at, shard] of this.#directory.entries())
      if (shard.entries === entries) this.#directory[at] = shards[bitAt(at, bits)]!
  }
}

function bitAt(number: number, at: number): 0 | 1 {
  return ((number >>> at) & 1) as 0 | 1
}

/** FNV-1a over every character: names of one cluster share beginnings, or ends. */
function hash(key: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < key.length; at++) value = Math.imul(value ^ key.charCodeAt(at), 0x01000193)
  return value >>> 0
}

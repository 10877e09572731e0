/** One map is enough up to here: a map grows in one go, and this many entries take a millisecond. */
const SPLIT_AT = 16_384
const SHARDS = 256

/**
 * A map that stays quick while it grows: a `Map` of a million entries is built anew in one go when it
 * grows, which stops the event loop for a tenth of a second. In the order of insertion while it is small.
 */
export class ShardedMap<V> {
  #shards: Map<string, V>[] = [new Map()]
  #size = 0

  get size(): number {
    return this.#size
  }

  get(key: string): V | undefined {
    return this.#shardOf(key).get(key)
  }

  set(key: string, value: V): void {
    const shard = this.#shardOf(key)
    const before = shard.size
    shard.set(key, value)
    this.#size += shard.size - before
    if (this.#shards.length === 1 && shard.size > SPLIT_AT) this.#split(shard)
  }

  delete(key: string): boolean {
    const isGone = this.#shardOf(key).delete(key)
    if (isGone) this.#size--
    return isGone
  }

  /** What is deleted while it goes on may still come, and what is added may not. */
  *values(): IterableIterator<V> {
    for (const shard of this.#shards) yield* shard.values()
  }

  #shardOf(key: string): Map<string, V> {
    return this.#shards.length === 1 ? this.#shards[0]! : this.#shards[hash(key) % SHARDS]!
  }

  #split(whole: Map<string, V>): void {
    this.#shards = Array.from({ length: SHARDS }, () => new Map<string, V>())
    for (const [key, value] of whole) this.#shardOf(key).set(key, value)
  }
}

/** FNV-1a over every character: names of one cluster share beginnings, or ends. */
function hash(key: string): number {
  let value = 0x811c9dc5
  for (let at = 0; at < key.length; at++) value = Math.imul(value ^ key.charCodeAt(at), 0x01000193)
  return value >>> 0
}

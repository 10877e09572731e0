import type { StoredVersion } from './collection.ts'

/** One write as the watch cache saw it. */
export interface CacheEvent {
  /** Its `previous` is what the cache held under this key before, if anything. */
  readonly version: StoredVersion
  /** When the cache learned of it, in milliseconds of the clock. */
  readonly at: number
}

const LOWEST_CAPACITY = 100
const HIGHEST_CAPACITY = 102_400
/** For so long events are kept, where the highest capacity allows it. */
const FRESH_MS = 75_000

/**
 * The newest events of one resource, which watches are begun from.
 *
 * Its capacity doubles when it is full of events younger than 75 s, and halves when the newest quarter
 * reaches back further than that (apiserver `pkg/storage/cacher/watch_cache.go`, `resizeCacheLocked`).
 */
export class EventRing {
  #events = slots(LOWEST_CAPACITY)
  #capacity = LOWEST_CAPACITY
  /** Counts on for ever; an event lies at its number modulo the capacity. */
  #start = 0
  #end = 0

  get capacity(): number {
    return this.#capacity
  }

  get size(): number {
    return this.#end - this.#start
  }

  get isFull(): boolean {
    return this.size === this.#capacity
  }

  get oldest(): CacheEvent | undefined {
    return this.size === 0 ? undefined : this.#at(this.#start)
  }

  /** Whether an event had to go for it. */
  push(event: CacheEvent): boolean {
    this.#resizeFor(event.at)
    const isLossy = this.isFull
    if (isLossy) this.#start++
    this.#events[this.#end++ % this.#capacity] = event
    return isLossy
  }

  /** Events after a revision, in order. */
  since(revision: number): StoredVersion[] {
    let low = this.#start
    let high = this.#end
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#at(middle).version.revision > revision) high = middle
      else low = middle + 1
    }
    return Array.from({ length: this.#end - low }, (_, index) => this.#at(low + index).version)
  }

  clear(): void {
    this.#events = slots(this.#capacity)
    this.#start = this.#end
  }

  copy(): EventRing {
    const copy = new EventRing()
    copy.#events = [...this.#events]
    copy.#capacity = this.#capacity
    copy.#start = this.#start
    copy.#end = this.#end
    return copy
  }

  #at(number: number): CacheEvent {
    return this.#events[number % this.#capacity]!
  }

  #resizeFor(now: number): void {
    if (!this.isFull) return
    if (now - this.#at(this.#start).at < FRESH_MS) {
      this.#resize(Math.min(this.#capacity * 2, HIGHEST_CAPACITY))
    } else if (now - this.#at(this.#end - Math.floor(this.#capacity / 4)).at > FRESH_MS) {
      this.#resize(Math.max(Math.floor(this.#capacity / 2), LOWEST_CAPACITY))
    }
  }

  #resize(capacity: number): void {
    if (capacity === this.#capacity) return
    this.#start = Math.max(this.#start, this.#end - capacity)
    const events = slots(capacity)
    for (let number = this.#start; number < this.#end; number++) events[number % capacity] = this.#at(number)
    this.#events = events
    this.#capacity = capacity
  }
}

function slots(capacity: number): (CacheEvent | undefined)[] {
  return Array.from({ length: capacity })
}

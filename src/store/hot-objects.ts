/** A decoded object, shared by all who read it. */
export class SharedObject {
  readonly object: object
  wasRead = false

  constructor(object: object) {
    this.object = object
  }
}

/** Who has a decoded object, and can let it go. */
export interface Holder {
  readonly hot: SharedObject | undefined
  /** From now on it is held only by those who read it, who still share it with others. */
  cool(): void
  /** Nothing is held any more, but that it was read. */
  forget(): void
  /** Drops what remembers an object that nobody holds any more; false where somebody does. */
  forgetCollected(): boolean
}

const DEFAULT_BUDGET_BYTES = 64 * 1024 * 1024
/** What an object takes on the heap, by the length of its wire form: seen on pods. */
const HEAP_BYTES_PER_WIRE_BYTE = 3

/** This part of the budget is for what has been decoded for the first time. */
const FRESH_PART = 1 / 64

/**
 * Keeps decoded objects while they are in use, up to a budget of bytes: the oldest one goes first, but
 * one that was read again since its last turn gets another one.
 *
 * What is decoded for the first time stays for moments only, so that those who hear of a change share it, and is
 * kept when it has to be decoded again. Most is read once, as it changes: to keep that would have the collector
 * copy each object twice before it goes.
 */
export class HotObjects {
  readonly #budget: number
  #fresh = new Fifo<{ readonly holder: Holder; readonly bytes: number }>()
  #freshBytes = 0
  #hot = new Fifo<{ readonly holder: Holder; readonly bytes: number }>()
  #cooled = new Fifo<Holder>()
  #bytes = 0

  constructor(budgetBytes: number = DEFAULT_BUDGET_BYTES) {
    this.#budget = budgetBytes
  }

  add(holder: Holder, wireBytes: number, isFirstTime: boolean): void {
    const bytes = wireBytes * HEAP_BYTES_PER_WIRE_BYTE
    if (isFirstTime) {
      this.#fresh.push({ holder, bytes })
      this.#freshBytes += bytes
      while (this.#freshBytes > this.#budget * FRESH_PART) this.#forgetNext()
    } else {
      this.#hot.push({ holder, bytes })
      this.#bytes += bytes
      while (this.#bytes > this.#budget) this.#coolNext()
    }
  }

  #forgetNext(): void {
    const { holder, bytes } = this.#fresh.shift()!
    this.#freshBytes -= bytes
    holder.forget()
  }

  #coolNext(): void {
    const next = this.#hot.shift()!
    const { hot } = next.holder
    if (hot?.wasRead) {
      hot.wasRead = false
      this.#hot.push(next)
      return
    }
    this.#bytes -= next.bytes
    next.holder.cool()
    this.#cooled.push(next.holder)
    // two looks for each that comes: the queue follows the number of those who are held
    for (let looks = 0; looks < 2 && this.#cooled.size > 0; looks++) {
      const cooled = this.#cooled.shift()!
      if (!cooled.forgetCollected()) this.#cooled.push(cooled)
    }
  }
}

class Fifo<T> {
  #items: (T | undefined)[] = []
  #head = 0

  get size(): number {
    return this.#items.length - this.#head
  }

  push(item: T): void {
    this.#items.push(item)
  }

  shift(): T | undefined {
    const item = this.#items[this.#head]
    this.#items[this.#head++] = undefined
    if (this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
    return item
  }
}

/** Keys in the order in which they came. Adding, removing and taking cost the same however long it is. */
export class WaitingLine<T> {
  readonly #values = new Map<string, T>()
  /** Goes on where the last one was taken: a new iterator would have to pass all those that are gone. */
  #front: MapIterator<[string, T]> = this.#values.entries()

  get size(): number {
    return this.#values.size
  }

  add(key: string, value: T): void {
    this.#values.set(key, value)
  }

  remove(key: string): void {
    this.#values.delete(key)
  }

  /** Takes out the one that has waited longest. */
  take(): T | undefined {
    let next = this.#front.next()
    if (next.done) {
      this.#front = this.#values.entries() // one that has come to its end stays there
      next = this.#front.next()
    }
    if (next.done) return undefined
    const [key, value] = next.value
    this.#values.delete(key)
    return value
  }
}

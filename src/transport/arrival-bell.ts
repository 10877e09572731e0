/** Wakes the one who waits for what comes; what comes in the same turn is taken together. */
export class ArrivalBell {
  #ring = (): void => {}

  /** Resolves in the turn after the next ring. */
  next(): Promise<void> {
    return new Promise((resolve) => {
      this.#ring = () => {
        this.#ring = () => {}
        setImmediate(resolve)
      }
    })
  }

  ring(): void {
    this.#ring()
  }
}

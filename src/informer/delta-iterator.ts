import type { Delta } from './delta.ts'

/** Turns a handler that is awaited into an iteration: each delta is held until somebody has asked for it. */
export class DeltaIterator<T> implements AsyncIterableIterator<Delta<T>> {
  readonly #onReturn: () => void
  readonly #asking: ((result: IteratorResult<Delta<T>, undefined>) => void)[] = []
  #offer: { readonly delta: Delta<T>; readonly taken: () => void } | undefined
  #isEnded = false

  constructor(onReturn: () => void) {
    this.#onReturn = onReturn
  }

  /** Hands one delta over; the promise resolves when it has been taken. */
  offer(delta: Delta<T>): Promise<void> {
    const asking = this.#asking.shift()
    if (asking !== undefined) {
      asking({ done: false, value: delta })
      return Promise.resolve()
    }
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#offer = { delta, taken: resolve }
    return promise
  }

  next(): Promise<IteratorResult<Delta<T>, undefined>> {
    if (this.#isEnded) return Promise.resolve(DONE)
    const offer = this.#offer
    if (offer === undefined) return new Promise((resolve) => this.#asking.push(resolve))
    this.#offer = undefined
    offer.taken()
    return Promise.resolve({ done: false, value: offer.delta })
  }

  return(): Promise<IteratorResult<Delta<T>, undefined>> {
    this.#onReturn()
    return Promise.resolve(DONE)
  }

  /** Ends the iteration: what was not taken is dropped. */
  end(): void {
    this.#isEnded = true
    this.#offer?.taken()
    this.#offer = undefined
    for (const asking of this.#asking.splice(0)) asking(DONE)
  }

  [Symbol.asyncIterator](): this {
    return this
  }
}

const DONE: IteratorResult<never, undefined> = { done: true, value: undefined }

import { onAbort } from '../internal/abort.ts'
import type { Until } from '../internal/until.ts'

/** What is waited for on behalf of one who may leave before it comes. */
export class Waits {
  readonly #leaving = new AbortController()
  readonly #all = new Set<Promise<unknown>>()

  /** Waits as long as the caller wants, and no longer than until the end. */
  async run<R>(until: Until, wait: (until: Until) => Promise<R>): Promise<R> {
    const { signal } = this.#leaving
    const ending = new AbortController()
    using _leaving = onAbort(signal, () => ending.abort(signal.reason))
    using _aborting = onAbort(until.signal, () => ending.abort(until.signal?.reason))
    const waiting = wait({ timeoutMs: until.timeoutMs, signal: ending.signal })
    this.#all.add(waiting)
    try {
      return await waiting
    } finally {
      this.#all.delete(waiting)
    }
  }

  /** Rejects them all at once; resolves when nothing of them is left. */
  async end(reason: Error): Promise<void> {
    this.#leaving.abort(reason)
    await Promise.allSettled(this.#all)
  }
}

import { KubeflumeError } from '../api/errors.ts'
import type { DeepReadonly } from '../api/object.ts'
import type { Change } from '../store/change.ts'
import type { Entry } from '../store/entry.ts'
import { type DeltaHandler, toDelta } from './delta.ts'
import { DeltaQueue } from './delta-queue.ts'

/** How long handlers that return at once may keep the event loop. */
const SLICE_MS = 5

export interface DeliveryOptions<T> {
  readonly handler: DeltaHandler<T>
  /** Whether the handler is given the objects themselves, so that they are decoded for every call. */
  readonly readsObjects: boolean
  readonly filter: ((object: DeepReadonly<T>) => boolean) | undefined
  readonly maxPending: number
  readonly onError: (error: KubeflumeError) => void
}

/**
 * Brings changes to one handler: one by one, each awaited, in slices that leave the event loop free.
 * What the handler throws is reported, and the next change is delivered.
 */
export class Delivery<T> {
  readonly #options: DeliveryOptions<T>
  readonly #queue: DeltaQueue<T>
  /** Objects whose newest version cannot be read: the version that the handler saw last, if any. */
  readonly #unreadable = new Map<string, Entry<T> | undefined>()
  #isRunning = false
  #isEnded = false

  constructor(options: DeliveryOptions<T>) {
    this.#options = options
    this.#queue = new DeltaQueue(options.maxPending)
  }

  get pending(): number {
    return this.#queue.pending
  }

  get coalesced(): number {
    return this.#queue.coalesced
  }

  push(changes: Iterable<Change<T>>): void {
    if (this.#isEnded) return
    for (const change of changes) this.#queue.push(change)
    this.#wake()
  }

  /** Resolves when everything that waits now has been handled, or delivery has ended. */
  handled(): Promise<void> {
    if (this.#isEnded) return Promise.resolve()
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#queue.mark(resolve)
    this.#wake()
    return promise
  }

  end(): void {
    this.#isEnded = true
    this.#queue.clear()
    this.#unreadable.clear()
  }

  #wake(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    setImmediate(() => void this.#run())
  }

  async #run(): Promise<void> {
    let sliceEnd = performance.now() + SLICE_MS
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      if (next.type === 'marker') next.reached()
      else await this.#deliver(next)
      if (performance.now() < sliceEnd) continue
      await new Promise((resolve) => setImmediate(resolve))
      sliceEnd = performance.now() + SLICE_MS
    }
    this.#isRunning = false
  }

  async #deliver(change: Change<T>): Promise<void> {
    try {
      const readable = this.#readable(change)
      const wanted = readable && this.#filtered(readable)
      if (wanted !== undefined) await this.#options.handler(toDelta(wanted))
    } catch (error) {
      const message = `a handler threw on ${change.type} ${change.object.key}`
      this.#options.onError(new KubeflumeError('ERR_HANDLER', message, { cause: error }))
    }
  }

  /**
   * A version that cannot be read has been reported and is not delivered. The handler's view stays
   * whole: what it sees next follows on what it saw last.
   */
  #readable(change: Change<T>): Change<T> | undefined {
    const { key } = change.object
    const isHeld = this.#unreadable.has(key)
    const lastSeen = this.#unreadable.get(key)
    if (!this.#canRead(change.object)) {
      if (change.type === 'deleted') {
        this.#unreadable.delete(key)
        return lastSeen && { ...change, object: lastSeen, finalStateKnown: false }
      }
      if (!isHeld) this.#unreadable.set(key, change.type === 'updated' ? change.previous : undefined)
      return undefined
    }
    this.#unreadable.delete(key)
    if (!isHeld || change.type === 'added') return change
    if (change.type === 'deleted') return lastSeen && change
    if (lastSeen === undefined) return { type: 'added', object: change.object, isInitialList: false }
    return { ...change, previous: lastSeen }
  }

  #canRead(entry: Entry<T>): boolean {
    if (this.#options.readsObjects) entry.tryRead()
    return entry.error === undefined
  }

  /** What the change is for a view that holds only what matches. */
  #filtered(change: Change<T>): Change<T> | undefined {
    const { filter } = this.#options
    if (filter === undefined) return change
    if (change.type !== 'updated') return filter(change.object.read()) ? change : undefined
    const did = filter(change.previous.read())
    const does = filter(change.object.read())
    if (did && does) return change
    if (does) return { type: 'added', object: change.object, isInitialList: false }
    return did ? { type: 'deleted', object: change.previous, finalStateKnown: true } : undefined
  }
}

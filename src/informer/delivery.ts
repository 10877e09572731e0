import { KubeflumeError } from '../api/errors.ts'
import type { DeepReadonly } from '../api/object.ts'
import type { Observer } from '../api/observer.ts'
import type { Resource } from '../api/resource.ts'
import type { Clock } from '../internal/clock.ts'
import { TimeSlice } from '../internal/time-slice.ts'
import type { Change } from '../store/change.ts'
import type { Entry } from '../store/entry.ts'
import { DeltaBatch } from './delta-batch.ts'
import { type DeltaHandler, toDelta } from './delta.ts'
import { DeltaQueue } from './delta-queue.ts'

/** So many changes are made in two or three milliseconds, and later ones can be folded into each of them. */
const MOST_AT_ONCE = 4096

export interface DeliveryOptions<T> {
  readonly handler: DeltaHandler<T>
  /** Whether the handler is given the objects themselves, so that they are decoded for every call. */
  readonly readsObjects: boolean
  readonly filter: ((object: DeepReadonly<T>) => boolean) | undefined
  readonly maxPending: number
  readonly resource: Resource
  readonly clock: Clock
  readonly observer: Observer
  readonly onError: (error: KubeflumeError) => void
}

/**
 * Brings changes to one handler: one by one, each awaited, in slices that leave the event loop free.
 * What the handler throws is reported, and the next change is delivered.
 */
export class Delivery<T> {
  readonly #options: DeliveryOptions<T>
  readonly #queue: DeltaQueue<T>
  /** Objects whose newest version was not delivered: the version that the handler saw last, if any. */
  readonly #skipped = new Map<string, Entry<T> | undefined>()
  /** The keys that the filter has let through; without a filter that is all of them, and none is noted. */
  readonly #view: Set<string> | undefined
  #isRunning = false
  #isEnded = false

  constructor(options: DeliveryOptions<T>) {
    this.#options = options
    this.#queue = new DeltaQueue(options.maxPending)
    if (options.filter !== undefined) this.#view = new Set()
  }

  get pending(): number {
    return this.#queue.pending
  }

  get coalesced(): number {
    return this.#queue.coalesced
  }

  push(changes: readonly Change<T>[]): void {
    if (this.#isEnded) return
    const before = this.coalesced
    for (const change of changes) this.#queue.push(change)
    const count = this.coalesced - before
    if (count > 0) this.#options.observer.coalesced?.({ resource: this.#options.resource, count })
    this.#wake()
  }

  /** A change for each of these. Returns those that are only made when their turn comes. */
  pushEach(entries: readonly Entry<T>[], toChange: (entry: Entry<T>) => Change<T>): DeltaBatch<T> | undefined {
    if (this.#isEnded) return undefined
    if (entries.length <= MOST_AT_ONCE) {
      this.push(entries.map(toChange))
      return undefined
    }
    const batch = new DeltaBatch(entries, toChange)
    this.#queue.pushAll(batch)
    this.#wake()
    return batch
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
    this.#skipped.clear()
    this.#view?.clear()
  }

  #wake(): void {
    if (this.#isRunning) return
    this.#isRunning = true
    setImmediate(() => void this.#run())
  }

  async #run(): Promise<void> {
    const slice = new TimeSlice()
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      const handling = next.type === 'marker' ? next.reached() : this.#deliver(next)
      if (handling !== undefined) await handling // what is done already costs no turn of the microtasks
      if (slice.isOver) await slice.turn()
    }
    this.#isRunning = false
  }

  #deliver(change: Change<T>): void | Promise<void> {
    const heard = change.type === 'deleted' ? this.#heardDelete(change) : this.#heardVersion(change)
    if (heard === undefined) return
    const { handler, observer, clock } = this.#options
    const startedAt = observer.handled === undefined ? undefined : clock.now()
    try {
      const handling = handler(toDelta(heard))
      if (isThenable(handling)) return this.#finish(handling, heard, startedAt)
    } catch (cause) {
      return this.#failed(heard, startedAt, cause)
    }
    this.#observe(heard, startedAt)
  }

  async #finish(handling: PromiseLike<void>, heard: Change<T>, startedAt: number | undefined): Promise<void> {
    try {
      await handling
    } catch (cause) {
      return this.#failed(heard, startedAt, cause)
    }
    this.#observe(heard, startedAt)
  }

  #failed(heard: Change<T>, startedAt: number | undefined, cause: unknown): void {
    const message = `a handler threw on ${heard.type} ${heard.object.key}`
    this.#options.onError(new KubeflumeError('ERR_HANDLER', message, { cause }))
    this.#observe(heard, startedAt, cause)
  }

  #observe({ type, object }: Change<T>, startedAt: number | undefined, error?: unknown): void {
    if (startedAt === undefined) return
    const { observer, clock, resource } = this.#options
    observer.handled?.({ resource, type, key: object.key, durationMs: clock.now() - startedAt, error })
  }

  /**
   * What a version is for this handler's view. One that cannot be read, or judged, has been reported and
   * is not delivered, and the view stays whole: what comes next follows on what was seen last.
   */
  #heardVersion(change: Version<T>): Change<T> | undefined {
    const { object } = change
    const seen = this.#lastSeen(change)
    const isInView = this.#belongsToView(object)
    if (isInView === undefined) {
      this.#skipped.set(object.key, seen)
      return undefined
    }
    if (this.#skipped.size > 0) this.#skipped.delete(object.key)
    if (!isInView) {
      this.#view?.delete(object.key)
      return seen && { type: 'deleted', object: seen, finalStateKnown: true }
    }
    this.#view?.add(object.key)
    if (change.type === 'added') return change
    if (seen === undefined) return { type: 'added', object, isInitialList: false }
    return { ...change, previous: seen }
  }

  /** The final state may be one that the filter would not take: what counts is that the object was in the view. */
  #heardDelete(change: Deletion<T>): Change<T> | undefined {
    const { key } = change.object
    const wasInView = this.#skipped.has(key) ? this.#skipped.get(key) !== undefined : this.#view?.has(key)
    const last = this.#skipped.get(key) ?? change.before
    this.#skipped.delete(key)
    this.#view?.delete(key)
    if (wasInView === false) return undefined
    if (this.#canRead(change.object) || last === undefined) return change
    return { type: 'deleted', object: last, finalStateKnown: false }
  }

  /** What the handler saw of the object before this version; undefined where it was not in its view. */
  #lastSeen(change: Version<T>): Entry<T> | undefined {
    const { key } = change.object
    if (this.#skipped.size > 0 && this.#skipped.has(key)) return this.#skipped.get(key)
    return change.type === 'updated' && this.#view?.has(key) !== false ? change.previous : undefined
  }

  /** Undefined where that cannot be known. */
  #belongsToView(entry: Entry<T>): boolean | undefined {
    const { filter } = this.#options
    if (!this.#canRead(entry)) return undefined
    if (filter === undefined) return true
    try {
      const verdict: unknown = filter(entry.read()) // in JavaScript it may be anything
      return Boolean(verdict)
    } catch (cause) {
      const message = `the filter of a subscription threw on ${entry.key}`
      this.#options.onError(new KubeflumeError('ERR_FILTER', message, { cause }))
      return undefined
    }
  }

  #canRead(entry: Entry<T>): boolean {
    const { readsObjects, filter } = this.#options
    if (readsObjects || filter !== undefined) entry.tryRead()
    return entry.error === undefined
  }
}

/** In JavaScript a handler may return anything. */
function isThenable(value: unknown): value is PromiseLike<void> {
  return typeof (value as Partial<PromiseLike<void>> | null | undefined)?.then === 'function'
}

type Deletion<T> = Extract<Change<T>, { readonly type: 'deleted' }>
type Version<T> = Exclude<Change<T>, Deletion<T>>

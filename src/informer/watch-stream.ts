import { KubeflumeError } from '../api/errors.ts'
import type { WireEvent } from '../decode/decoder.ts'
import type { Clock } from '../internal/clock.ts'
import { Deadline } from '../internal/deadline.ts'
import type { ListWatcher, Query } from './list-watcher.ts'

/** A server answers a WATCH at once, or within the three seconds that it waits for its cache. */
const OPEN_MS = 60_000
/** A watch ends by itself after five to ten minutes, as client-go asks for it; half a minute later it is dead. */
const MIN_SECONDS = 300
const GRACE_MS = 30_000

export interface WatchStreamOptions<T> {
  readonly listWatcher: ListWatcher<T>
  /** What is sent beside that it is a watch, with bookmarks and an end. */
  readonly query: Query
  readonly clock: Clock
  readonly signal: AbortSignal
}

type Events<T> = readonly WireEvent<T>[]

/**
 * One watch, from its request to its end, read when its reader asks. It may begin before its reader can
 * take events: then it is held, and of each object only the last event is kept.
 *
 * It is given up when its server says nothing for too long: a minute until it is open, then as long as it
 * was asked to last and half a minute.
 */
export class WatchStream<T> implements Disposable {
  readonly startedAt: number
  readonly #iterator: AsyncIterator<Events<T>>
  readonly #deadline: Deadline
  readonly #seconds: number
  #limitMs = OPEN_MS
  #openLimitMs: number
  #hasOpened = false
  /** The read under way: whoever takes its result takes it from here. */
  #reading: Promise<IteratorResult<Events<T>>> | undefined
  #held: Map<string, WireEvent<T>> | undefined
  #aside: Events<T> | undefined

  constructor({ listWatcher, query, clock, signal }: WatchStreamOptions<T>) {
    this.startedAt = clock.now()
    this.#seconds = MIN_SECONDS + Math.floor(Math.random() * MIN_SECONDS)
    this.#openLimitMs = this.#seconds * 1000 + GRACE_MS
    this.#deadline = new Deadline(signal, clock, OPEN_MS, () => silent(this.#limitMs))
    const watch = { ...query, watch: 'true', allowWatchBookmarks: 'true', timeoutSeconds: String(this.#seconds) }
    this.#iterator = listWatcher.watch(watch, this.#deadline.signal)[Symbol.asyncIterator]()
  }

  /** Whether the server has accepted it. */
  get hasOpened(): boolean {
    return this.#hasOpened
  }

  /** The next events; none at first, when it is open. undefined: the server has ended it in good order. */
  async next(): Promise<Events<T> | undefined> {
    const waiting = this.#takeWaiting()
    if (waiting !== undefined) return waiting
    const result = await this.#read()
    this.#reading = undefined
    if (result.done === true) return undefined
    this.#open()
    return result.value
  }

  /** Reads on without a reader, until the first `next`. How it ends is told then. */
  async hold(): Promise<void> {
    const held = new Map<string, WireEvent<T>>()
    this.#held = held
    while (this.#held === held) {
      const result = await this.#read().catch(() => undefined)
      if (this.#held !== held || result === undefined || result.done === true) return
      this.#reading = undefined
      this.#open()
      for (const event of result.value) {
        const key = keyOf(event)
        held.delete(key) // so that the order is that of the last events
        held.set(key, event)
      }
    }
  }

  /** Gives back events that came with others and are not the reader's: the next reader gets them. */
  putBack(events: Events<T>): void {
    this.#aside = events
  }

  /** From now on it is silent after so many milliseconds; without a number: as a watch. */
  expectWithin(ms: number = this.#seconds * 1000 + GRACE_MS): void {
    this.#openLimitMs = ms
    if (this.#hasOpened) this.#allow(ms)
  }

  /** Ends the request, if it has not ended. */
  [Symbol.dispose](): void {
    this.#held = undefined
    this.#deadline.end(new KubeflumeError('ERR_STOPPED', 'the watch is no longer read'))
    this.#deadline[Symbol.dispose]()
    this.#reading?.catch(() => {}) // nobody is left to hear of it
    this.#iterator.return?.().catch(() => {})
  }

  #takeWaiting(): Events<T> | undefined {
    const aside = this.#aside
    this.#aside = undefined
    if (aside !== undefined) return aside
    const held = this.#held
    this.#held = undefined
    return held === undefined || !this.#hasOpened ? undefined : [...held.values()]
  }

  #read(): Promise<IteratorResult<Events<T>>> {
    this.#reading ??= this.#iterator.next()
    return this.#reading
  }

  #open(): void {
    if (this.#hasOpened) return
    this.#hasOpened = true
    this.#allow(this.#openLimitMs)
  }

  #allow(ms: number): void {
    this.#limitMs = ms
    this.#deadline.progress(ms)
  }
}

/** No key of an object has a zero byte. */
function keyOf<T>(event: WireEvent<T>): string {
  return event.type === 'ERROR' || event.type === 'BOOKMARK' ? `\0${event.type}` : event.object.key
}

function silent(ms: number): KubeflumeError {
  return new KubeflumeError('ERR_SERVER_SILENT', `a WATCH got nothing for ${ms / 1000} s`, { retryable: true })
}

import type { ServerResponse } from 'node:http'
import type { Clock } from '../../internal/clock.ts'
import { BodyWriter } from '../http/body-writer.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { encodeAdded, encodeBookmark, encodeError, encodeWrite, type EventEncoder } from '../encoding/watch-events.ts'
import type { StatusBody } from '../status.ts'

/** As kube-apiserver's: roughly every minute, and 2 s before the end (`cache_watcher.go`, `nextBookmarkTime`). */
const BOOKMARK_MS = 60_000
const BOOKMARK_BEFORE_END_MS = 2_000

export interface WatchStart {
  /** What is sent as ADDED before anything else. */
  readonly initial: readonly StoredVersion[]
  /** Writes that happened before the watch and are to be heard of. */
  readonly missed: readonly StoredVersion[]
  /** The watch hears of writes after this revision. */
  readonly after: number
  /** The revision of the bookmark that ends the initial events, where there is one. */
  readonly initialEventsEnd: number | undefined
  readonly hasBookmarks: boolean
  readonly timeoutMs: number
}

interface WatchStreamOptions {
  readonly clock: Clock
  readonly currentRevision: () => number
  /** A deaf watch says that it is there, and never anything else. */
  readonly isDeaf: boolean
}

/**
 * One open watch. Events are sent in order of revision, each one exactly once; those that arrive while
 * the client is slow or the initial events are under way wait in memory.
 */
export class WatchStream {
  readonly #response: ServerResponse
  readonly #encoder: EventEncoder
  readonly #options: WatchStreamOptions
  readonly #body: BodyWriter
  #initial: readonly StoredVersion[] = []
  #sentInitial = 0
  #waiting: Buffer[] = []
  #after = 0
  #isDeaf: boolean
  #isPumping = false
  #isEnding = false
  readonly #timers = new Set<Disposable>()

  constructor(response: ServerResponse, encoder: EventEncoder, options: WatchStreamOptions) {
    this.#response = response
    this.#encoder = encoder
    this.#options = options
    this.#body = new BodyWriter(response)
    this.#isDeaf = options.isDeaf
    response.once('close', () => this.#stopTimers())
  }

  start(start: WatchStart): void {
    this.#initial = start.initial
    this.#after = start.after
    for (const version of start.missed) this.hear(version)
    if (start.initialEventsEnd !== undefined) this.#bookmark(start.initialEventsEnd, true)
    if (start.hasBookmarks) this.#bookmarkEvery(start.timeoutMs)
    this.#later(start.timeoutMs, () => this.end())
    void this.#pump()
  }

  hear(version: StoredVersion): void {
    if (version.revision <= this.#after) return
    this.#after = version.revision
    const event = encodeWrite(this.#encoder, version)
    if (event !== undefined) this.send(event)
  }

  /** Sends bytes as they are, after everything that waits. */
  send(bytes: Buffer): void {
    if (this.#isDeaf || this.#isEnding) return
    this.#waiting.push(bytes)
    void this.#pump()
  }

  fail(status: StatusBody): void {
    this.send(encodeError(status))
    this.end()
  }

  /** From now on nothing is sent and nothing ends: a peer that has died without a word. */
  deafen(): void {
    this.#isDeaf = true
    this.#waiting = []
    this.#stopTimers()
  }

  /** Ends the body properly, after everything that waits. A deaf watch stays as it is. */
  end(): void {
    if (this.#isDeaf) return
    this.#isEnding = true
    void this.#pump()
  }

  /** Ends the connection, deaf or not. */
  drop(options: { readonly reset?: boolean | undefined } = {}): void {
    if (options.reset) this.#response.socket?.resetAndDestroy()
    else if (this.#isDeaf) this.#response.destroy()
    else this.end()
  }

  #bookmark(revision: number, isInitialEventsEnd: boolean): void {
    this.send(encodeBookmark(this.#encoder, revision, isInitialEventsEnd))
  }

  #bookmarkEvery(remainingMs: number): void {
    const untilLast = remainingMs - BOOKMARK_BEFORE_END_MS
    if (untilLast < 0) return
    const delay = Math.min(BOOKMARK_MS, untilLast)
    this.#later(delay, () => {
      const revision = this.#options.currentRevision()
      // None to a watch from the future: the server knows nothing yet that is new to it. (A real one sends
      // none before its revision has moved either, but there it always has: something renews a lease.)
      if (revision >= this.#after) this.#bookmark(revision, false)
      if (delay < untilLast) this.#bookmarkEvery(remainingMs - delay)
    })
  }

  #later(ms: number, run: () => void): void {
    if (this.#isDeaf) return
    const timer = this.#options.clock.setTimeout(() => {
      this.#timers.delete(timer)
      run()
    }, ms)
    this.#timers.add(timer)
  }

  #stopTimers(): void {
    for (const timer of this.#timers) timer[Symbol.dispose]()
    this.#timers.clear()
  }

  /** Runs once at a time; events that are written in one go leave in one chunk. */
  async #pump(): Promise<void> {
    if (this.#isPumping || this.#isDeaf) return
    this.#isPumping = true
    for (let bytes = this.#next(); bytes !== undefined; bytes = this.#next()) {
      this.#body.write(bytes)
      await this.#body.ready()
    }
    this.#body.flush()
    this.#isPumping = false
    if (this.#isEnding) await this.#body.end()
  }

  #next(): Buffer | undefined {
    if (this.#isDeaf || this.#body.isClosed) return undefined
    if (this.#sentInitial < this.#initial.length) {
      return encodeAdded(this.#encoder, this.#initial[this.#sentInitial++]!)
    }
    this.#initial = []
    this.#sentInitial = 0
    return this.#waiting.shift()
  }
}

import type { ServerResponse } from 'node:http'
import type { Clock } from '../../internal/clock.ts'
import type { BodyWriter } from '../http/body-writer.ts'
import { reset, sever } from '../http/connection.ts'
import type { StoredVersion } from '../storage/collection.ts'
import type { EventEncoder } from '../encoding/watch-events.ts'
import type { StatusBody } from '../status.ts'
import type { CacheWatcher } from '../storage/watch-cache.ts'

/** As kube-apiserver's: roughly every minute, and 2 s before the end (`cache_watcher.go`, `nextBookmarkTime`). */
const BOOKMARK_MS = 60_000
const BOOKMARK_BEFORE_END_MS = 2_000

/** How long a watcher that has more than its buffer unread may read nothing (`cacher.go`, `dispatchTimeoutBudget`). */
const UNREAD_MS = 100

export interface WatchStart {
  /** What is sent as ADDED before anything else. */
  readonly initial: Iterable<StoredVersion>
  /** Writes that happened before the watch and are to be heard of. */
  readonly missed: readonly StoredVersion[]
  /** The watch hears of writes after this revision. */
  readonly after: number
  /** The revision of the bookmark that ends the initial events, where there is one. */
  readonly initialEventsEnd: number | undefined
  /** What bookmarks say; there are none without. */
  readonly currentRevision: (() => number) | undefined
  readonly timeoutMs: number
  /** Events that may wait for a client that does not read; twice as many once the initial ones are sent. */
  readonly bufferSize: number
}

interface WatchStreamOptions {
  readonly clock: Clock
  /** Whether watchers do not hear of the write with this revision. */
  readonly isLost: (revision: number) => boolean
  /** A deaf watch says that it is there, and never anything else. */
  readonly isDeaf: boolean
}

/**
 * One open watch. Events are sent in order of revision, each one exactly once; those that arrive while
 * the client is slow or the initial events are under way wait in memory. When more wait than the buffer
 * holds, and none has gone out for a while, the watch ends, as a server ends it.
 */
export class WatchStream implements CacheWatcher {
  readonly #response: ServerResponse
  readonly #encoder: EventEncoder
  readonly #options: WatchStreamOptions
  readonly #body: BodyWriter
  #initial: Iterator<Buffer> | undefined
  #waiting: Buffer[] = []
  #sent = 0
  #bufferSize = 0
  #isGuarded = false
  #after = 0
  #isDeaf: boolean
  #isPumping = false
  #isEnding = false
  readonly #timers = new Set<Disposable>()

  constructor(response: ServerResponse, body: BodyWriter, encoder: EventEncoder, options: WatchStreamOptions) {
    this.#response = response
    this.#encoder = encoder
    this.#options = options
    this.#body = body
    this.#isDeaf = options.isDeaf
    response.once('close', () => this.#stopTimers())
  }

  start(start: WatchStart): void {
    this.#initial = this.#initialEvents(start)
    this.#after = start.after
    this.#bufferSize = start.bufferSize
    for (const version of start.missed) this.#write(version)
    if (start.currentRevision !== undefined) this.#bookmarkEvery(start.timeoutMs, newsOf(start, start.currentRevision))
    this.#later(start.timeoutMs, () => this.end())
    void this.#pump()
  }

  hear(version: StoredVersion): void {
    if (!this.#options.isLost(version.revision)) this.#write(version)
    if (!this.#isGuarded && this.#isOverfull) this.#guard()
  }

  /** Sends bytes as they are, after everything that waits. */
  send(bytes: Buffer): void {
    if (this.#isDeaf || this.#isEnding) return
    this.#waiting.push(bytes)
    void this.#pump()
  }

  fail(status: StatusBody): void {
    this.send(this.#encoder.error(status))
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
    if (options.reset) reset(this.#response)
    else if (this.#isDeaf) sever(this.#response)
    else this.end()
  }

  /** Each is written when its turn comes. */
  *#initialEvents({ initial, initialEventsEnd }: WatchStart): Generator<Buffer> {
    for (const version of initial) yield this.#encoder.added(version)
    if (initialEventsEnd !== undefined) yield this.#encoder.bookmark(initialEventsEnd, true)
  }

  #write(version: StoredVersion): void {
    if (this.#isDeaf || version.revision <= this.#after) return
    this.#after = version.revision
    const event = this.#encoder.write(version)
    if (event !== undefined) this.send(event)
  }

  #bookmarkEvery(remainingMs: number, news: () => number | undefined): void {
    const untilLast = remainingMs - BOOKMARK_BEFORE_END_MS
    if (untilLast < 0) return
    const delay = Math.min(BOOKMARK_MS, untilLast)
    this.#later(delay, () => {
      const revision = news()
      if (revision !== undefined) this.send(this.#encoder.bookmark(revision, false))
      if (delay < untilLast) this.#bookmarkEvery(remainingMs - delay, news)
    })
  }

  get #isOverfull(): boolean {
    return this.#waiting.length > (this.#initial === undefined ? 2 : 1) * this.#bufferSize
  }

  #guard(): void {
    const sentBefore = this.#sent
    this.#isGuarded = true
    this.#later(UNREAD_MS, () => this.#afterSockets(() => this.#endIfUnread(sentBefore)))
  }

  /** When sockets have been looked at once more: this thread may have been busy with other things all the time. */
  #afterSockets(run: () => void): void {
    setImmediate(() => setImmediate(run))
  }

  #endIfUnread(sentBefore: number): void {
    this.#isGuarded = false
    if (!this.#isOverfull) return
    if (this.#sent === sentBefore) this.#endUnread()
    else this.#guard()
  }

  #endUnread(): void {
    this.#waiting = []
    this.#initial = undefined
    this.end()
  }

  #later(ms: number, run: () => void): void {
    if (this.#isDeaf || this.#response.destroyed) return
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
    const initial = this.#initial?.next()
    if (initial !== undefined && !initial.done) return initial.value
    this.#initial = undefined
    const event = this.#waiting.shift()
    if (event !== undefined) this.#sent++
    return event
  }
}

/**
 * What a bookmark would say, where that is no older than what the watch began with: nothing is known yet
 * that is new to a watch from the future. After a watch-list it may be the very version of its end
 * (`cache_watcher.go`, `process`).
 */
function newsOf({ after, initialEventsEnd }: WatchStart, currentRevision: () => number): () => number | undefined {
  const oldest = initialEventsEnd === undefined ? after + 1 : after
  return () => {
    const revision = currentRevision()
    return revision >= oldest ? revision : undefined
  }
}

import { KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { WireObject } from '../api/wire-object.ts'
import type { Clock } from '../internal/clock.ts'
import { Deadline } from '../internal/deadline.ts'
import type { Replacement } from '../store/replacement.ts'
import { findPlace } from './find-place.ts'
import { listPages, ofAnotherList, type Page } from './list-pages.ts'
import type { ListProgress, ListWatcher, Query } from './list-watcher.ts'
import { readWatchList } from './watch-list.ts'
import type { WatchStream } from './watch-stream.ts'

/** A LIST is held to a minute by the server; a minute and a half without a byte is a dead connection. */
export const LIST_SILENCE_MS = 90_000

export interface ListUnderWayOptions<T extends KubernetesObject> {
  readonly replacement: Replacement<T>
  readonly listWatcher: ListWatcher<T>
  readonly selectors: Query
  readonly clock: Clock
  readonly onProgress: (items: number, progress: ListProgress) => void
  readonly onPage: (page: Page) => void
  readonly openWatch: (query: Query) => WatchStream<T>
}

/**
 * One list, from its first request until it is committed or dropped. It may take several requests: pages,
 * or the rest of a body that was cut. Then the watch from its version is opened beside it and held, so that
 * a list may take longer than the server remembers events.
 */
export class ListUnderWay<T extends KubernetesObject> implements Disposable {
  /** Of the list, as soon as it is known. */
  resourceVersion: string | undefined
  items = 0
  /** Of what the list is made of, over all of its requests. */
  bytes = 0
  /** What was read beside that, to find the place where a cut list goes on. */
  bytesToFindPlace = 0
  /** Whether the answer to the last request had begun. */
  hasBegun = false
  /** Of the page that was asked for last. */
  token: string | undefined
  readonly #options: ListUnderWayOptions<T>
  #bytesBefore = 0
  #lastKey = ''
  #watch: WatchStream<T> | undefined

  constructor(options: ListUnderWayOptions<T>) {
    this.#options = options
  }

  /** Lists to the verified end of the last page and returns the version. */
  async readPages(query: Query, signal: AbortSignal): Promise<string> {
    using deadline = this.#deadline(signal)
    return await this.#read({ ...this.#options.selectors, ...query }, deadline)
  }

  /** Reads the first part of a watch, which stays open as the watch of the list. */
  async readWatchList(query: Query): Promise<string> {
    const { openWatch, replacement, clock } = this.#options
    const watch = openWatch(query)
    this.#watch = watch
    const read = ({ encoding, bytes }: WireObject<T>): void => {
      this.bytes += bytes.length
      this.hasBegun = true
      const { bytes: bytesRead, items } = this
      this.#options.onProgress(items, { encoding, bytesRead, totalBytes: undefined, head: undefined })
    }
    return readWatchList(
      watch,
      {
        onItem: (object) => {
          this.items++
          replacement.stage(object)
          read(object)
        },
        onModified: (object) => {
          replacement.restage(object)
          read(object)
        },
        onDeleted: (object) => replacement.unstage(object),
      },
      clock,
    )
  }

  /**
   * Completes a list: what comes next is behind the token, or found by a small list of the same version.
   *
   * The two lists are in one order, or an item that has come would come again: then it is another list.
   */
  async readRest(token: string | undefined, query: Query, signal: AbortSignal): Promise<string> {
    using deadline = this.#deadline(signal)
    const { replacement, selectors } = this.#options
    const { resourceVersion = '' } = this
    const twice = (): number => this.items - replacement.size
    const twiceBefore = twice()
    this.hasBegun = false
    this.#bytesBefore = this.bytes
    this.token = token ?? (await this.#findPlace(resourceVersion, deadline))
    if (this.token === undefined) return resourceVersion
    const version = await this.#read({ ...selectors, ...query, continue: this.token }, deadline)
    if (twice() > twiceBefore) throw ofAnotherList(`${twice()} items twice`)
    return version
  }

  /** Opens the watch from the version of the list, to be held until the list is in the store. */
  openWatch(): void {
    if (this.#watch !== undefined || this.resourceVersion === undefined) return
    this.#watch = this.#options.openWatch({ resourceVersion: this.resourceVersion })
    void this.#watch.hold()
  }

  /** Puts the list in place; see `Replacement.commit`. */
  commit(): Promise<void> {
    return this.#options.replacement.commit()
  }

  /** The watch from here on, if it is open already; it is then the caller's to end. */
  takeWatch(): WatchStream<T> | undefined {
    const watch = this.#watch
    this.#watch = undefined
    return watch
  }

  /** Drops it, with everything that has come. After the commit nothing is left to drop. */
  [Symbol.dispose](): void {
    this.#options.replacement.abandon()
    this.#watch?.[Symbol.dispose]()
  }

  async #findPlace(resourceVersion: string, deadline: Deadline): Promise<string | undefined> {
    const { listWatcher, selectors } = this.#options
    const place = { resourceVersion, items: this.items, lastKey: this.#lastKey }
    const { token, bytesRead } = await findPlace(listWatcher.metadata, selectors, place, deadline)
    this.bytesToFindPlace += bytesRead
    return token
  }

  #deadline(signal: AbortSignal): Deadline {
    return new Deadline(signal, this.#options.clock, LIST_SILENCE_MS, silent)
  }

  async #read(query: Query, deadline: Deadline): Promise<string> {
    const { listWatcher, onPage } = this.#options
    const sink = {
      copies: true, // the store does
      receive: (items: readonly WireObject<T>[], progress: ListProgress) => {
        deadline.progress()
        this.#receive(items, progress)
      },
      onPage: (page: Page) => {
        this.resourceVersion = page.resourceVersion
        this.token = page.token
        this.hasBegun = false
        onPage(page)
        if (page.token !== undefined) this.openWatch()
      },
    }
    try {
      const { resourceVersion } = this
      const version = await listPages(listWatcher, query, sink, { signal: deadline.signal, resourceVersion })
      deadline.signal.throwIfAborted() // a user's function may have stopped it
      return version
    } catch (error) {
      deadline.end(error as Error) // whatever is left of the answer
      throw error
    }
  }

  #receive(items: readonly WireObject<T>[], progress: ListProgress): void {
    const { replacement, onProgress } = this.#options
    for (const item of items) replacement.stage(item)
    this.hasBegun = true
    this.items += items.length
    this.#lastKey = items.at(-1)?.key ?? this.#lastKey
    this.bytes = this.#bytesBefore + progress.bytesRead
    this.resourceVersion ??= progress.head?.resourceVersion || undefined
    onProgress(this.items, { ...progress, bytesRead: this.bytes })
  }
}

function silent(): KubeflumeError {
  const seconds = LIST_SILENCE_MS / 1000
  return new KubeflumeError('ERR_SERVER_SILENT', `a LIST got nothing for ${seconds} s`, { retryable: true })
}

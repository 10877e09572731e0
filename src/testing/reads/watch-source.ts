import type { ServedResource } from '../catalog/registry.ts'
import { expired, type StatusBody, statusOf, tooLargeResourceVersion } from '../status.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { convertAll } from '../storage/conversion.ts'
import { valuesIn } from '../storage/key-tree.ts'
import type { Storage } from '../storage/storage.ts'
import type { CacheWatcher, WatchCache } from '../storage/watch-cache.ts'
import type { ListOptions } from './list-options.ts'
import type { ReadParts } from './list-source.ts'
import type { Selection } from './selection.ts'
import type { WatchStart } from './watch-stream.ts'

export interface WatchRequest {
  readonly served: ServedResource
  readonly options: ListOptions
  readonly selection: Selection
}

type Beginning = Omit<WatchStart, 'timeoutMs'>

/**
 * Where a watch gets what it says.
 *
 * | sendInitialEvents | resourceVersion | begins with                                                      |
 * | ----------------- | --------------- | ---------------------------------------------------------------- |
 * | –                 | X               | the events after X; 410 where the history does not reach back    |
 * | –                 | unset, 0        | the whole state as ADDED (where there is no WatchList; else as `true`) |
 * | true              | unset, 0, X     | the whole state as ADDED, then a bookmark that says so           |
 * | false             | unset, 0        | nothing: from now on                                             |
 *
 * With `true`, unset means the newest state; it and X are waited for, and then 504. A version from the
 * future is accepted without, and the watch silent until it is reached: what a client meets after etcd was
 * restored from a backup.
 */
interface WatchSource {
  /** Waits for what the watch needs; what is wrong with it, if it does not come. */
  prepare(signal: AbortSignal): Promise<StatusBody | undefined>
  start(): Beginning | StatusBody
  /** From now on the watcher hears of everything. */
  follow(watcher: CacheWatcher): Disposable
}

/** As apiserver `pkg/storage/cacher`, `Cacher.Watch`. */
export class CachedWatch implements WatchSource {
  readonly #request: WatchRequest
  readonly #cache: WatchCache
  readonly #parts: ReadParts
  /** The version that the watch begins at, 0 for any. */
  readonly #required: number

  constructor(request: WatchRequest, cache: WatchCache, parts: ReadParts) {
    const { resourceVersion, sendInitialEvents } = request.options
    this.#request = request
    this.#cache = cache
    this.#parts = parts
    const isNewest = resourceVersion === '' && sendInitialEvents !== undefined
    this.#required = isNewest ? parts.storage.revision : Number(resourceVersion)
  }

  async prepare(signal: AbortSignal): Promise<StatusBody | undefined> {
    if (this.#request.options.sendInitialEvents !== true) return undefined
    const until = { timeoutMs: this.#parts.freshnessTimeoutMs, signal }
    if (await this.#cache.reaches(this.#required, until)) return undefined
    return statusOf(tooLargeResourceVersion(this.#required, this.#cache.revision, 1))
  }

  start(): Beginning | StatusBody {
    const cache = this.#cache
    const { options, selection } = this.#request
    const common = {
      bufferSize: cache.bufferSize(hasIndex(this.#request.served)),
      currentRevision: () => cache.revision,
    }
    if (beginsWithState(this.#request)) {
      const { revision } = cache
      const initialEventsEnd = isWatchList(options) ? revision : undefined
      const state = cache.tree.clone()
      const initial = selected(this.#request, valuesIn(state, { prefix: selection.prefix }))
      return { ...common, initial, missed: [], after: Math.max(revision, this.#required), initialEventsEnd }
    }
    const oldest = cache.oldestWatchable
    const after = this.#required === 0 ? cache.revision : this.#required
    if (after < oldest) return statusOf(expired(`too old resource version: ${after} (${oldest})`))
    return { ...common, initial: [], missed: cache.since(after), after, initialEventsEnd: undefined }
  }

  follow(watcher: CacheWatcher): Disposable {
    this.#cache.watch(watcher)
    return { [Symbol.dispose]: () => this.#cache.unwatch(watcher) }
  }
}

/** As apiserver `pkg/storage/etcd3/watcher.go`: no bookmarks but the one that ends the state. */
export class StoredWatch implements WatchSource {
  readonly #request: WatchRequest
  readonly #storage: Storage

  constructor(request: WatchRequest, storage: Storage) {
    this.#request = request
    this.#storage = storage
  }

  prepare(): Promise<undefined> {
    return Promise.resolve(undefined)
  }

  start(): Beginning | StatusBody {
    const { served, options, selection } = this.#request
    const collection = this.#storage.collection(served)
    const { revision } = this.#storage
    const asked = Number(options.resourceVersion)
    const common = { bufferSize: 100, currentRevision: undefined }
    if (beginsWithState(this.#request)) {
      if (asked > revision) return statusOf(tooLargeResourceVersion(asked, revision, 1))
      const state = collection.read({ prefix: selection.prefix, revision })
      const initial = selected(this.#request, state)
      const initialEventsEnd = isWatchList(options) ? revision : undefined
      return { ...common, initial, missed: [], after: revision, initialEventsEnd }
    }
    if (asked !== 0 && asked < collection.compactedRevision) {
      return statusOf(expired('The resourceVersion for the provided watch is too old.'))
    }
    const after = asked === 0 ? revision : asked
    return { ...common, initial: [], missed: collection.since(after), after, initialEventsEnd: undefined }
  }

  follow(watcher: CacheWatcher): Disposable {
    const { storageKey } = this.#request.served
    return this.#storage.onWrite((version: StoredVersion, written) => {
      if (written.storageKey === storageKey) watcher.hear(version)
    })
  }
}

function selected({ served, selection }: WatchRequest, versions: Iterable<StoredVersion>): Iterable<StoredVersion> {
  return Iterator.from(convertAll(served, versions)).filter((version) => selection.matches(version))
}

function beginsWithState({ options: { sendInitialEvents, resourceVersion } }: WatchRequest): boolean {
  return sendInitialEvents ?? Number(resourceVersion) === 0
}

function isWatchList({ sendInitialEvents, allowWatchBookmarks }: ListOptions): boolean {
  return sendInitialEvents === true && allowWatchBookmarks
}

/** Those whose watches the server finds by an index: it gives each more room. */
function hasIndex({ resource: { group, plural } }: ServedResource): boolean {
  return group === '' && ['pods', 'secrets', 'configmaps'].includes(plural)
}

import { KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Resource } from '../api/resource.ts'
import { isStatus } from '../api/status.ts'
import type { WireEvent } from '../decode/decoder.ts'
import { statusError } from '../decode/status-error.ts'
import { orAborted } from '../internal/abort.ts'
import type { Clock } from '../internal/clock.ts'
import { Deadline } from '../internal/deadline.ts'
import type { ObjectStore } from '../store/object-store.ts'
import { Replacement } from '../store/replacement.ts'
import { Backoff } from './backoff.ts'
import { listPages } from './list-pages.ts'
import type { ListWatcher, Query } from './list-watcher.ts'
import { afterListFailure, afterWatchEnd, type Memory, newer } from './relist.ts'
import type { ReflectorProgress } from './reflector-progress.ts'
import {
  type Listing,
  listing,
  type ListPlan,
  type ReflectorState,
  type Waiting,
  type Watching,
  watching,
} from './state.ts'

/** A LIST is held to a minute by the server; a minute and a half without a byte is a dead connection. */
const LIST_SILENCE_MS = 90_000
/** A server answers a WATCH at once, or within the three seconds that it waits for its cache. */
const WATCH_OPEN_MS = 60_000
/** A watch ends by itself after five to ten minutes, as client-go asks for it; half a minute later it is dead. */
const WATCH_MIN_SECONDS = 300
const WATCH_GRACE_MS = 30_000

export interface ReflectorOptions<T extends KubernetesObject> {
  readonly resource: Resource<T>
  /** Whose objects these are; undefined: all. */
  readonly namespace: string | undefined
  readonly store: ObjectStore<T>
  readonly listWatcher: ListWatcher<T>
  /** `labelSelector` and `fieldSelector`, sent with every request. */
  readonly selectors: Query
  readonly first: ListPlan
  readonly trustsVersions: boolean
  readonly clock: Clock
  readonly progress: ReflectorProgress
}

/**
 * Keeps one scope of a store like its collection on the server: a list, then a watch from there, for
 * ever. It never stops on an error. What follows what is decided in `relist.ts`; here it is done.
 *
 *     listing -> watching -> watching -> …      a watch ends: the next one, from the last version seen
 *        ^          | 410, or an event was lost
 *        \----------/                           with a wait before either, when something failed
 */
export class Reflector<T extends KubernetesObject> {
  readonly #options: ReflectorOptions<T>
  readonly #progress: ReflectorProgress
  readonly #backoff: Backoff
  #lastSeen: string | undefined

  constructor(options: ReflectorOptions<T>) {
    this.#options = options
    this.#progress = options.progress
    this.#backoff = new Backoff(options.clock)
  }

  /** Runs until the signal aborts; then it resolves, with every request ended. */
  async run(signal: AbortSignal): Promise<void> {
    let state: ReflectorState = listing(this.#options.first)
    while (!signal.aborted) {
      try {
        state = await this.#step(state, signal)
      } catch (error) {
        if (!signal.aborted) throw error
      }
    }
  }

  #step(state: ReflectorState, signal: AbortSignal): Promise<ReflectorState> {
    switch (state.name) {
      case 'listing':
        return this.#list(state, signal)
      case 'watching':
        return this.#watch(state, signal)
      case 'waiting':
        return this.#wait(state, signal)
      default:
        return state satisfies never
    }
  }

  async #list(state: Listing, signal: AbortSignal): Promise<ReflectorState> {
    const { clock } = this.#options
    this.#progress.listing(state.plan)
    const deadline = new Deadline(signal, clock, LIST_SILENCE_MS, () => silent('LIST', LIST_SILENCE_MS))
    try {
      const resourceVersion = await this.#replace(state.plan, deadline)
      return watching(resourceVersion)
    } catch (error) {
      signal.throwIfAborted()
      const failure = asKubeflumeError(error)
      deadline.end(failure)
      this.#progress.failed(failure)
      return afterListFailure(state, failure, this.#memory())
    } finally {
      deadline[Symbol.dispose]()
    }
  }

  /** Stages what comes, and commits it at the verified end of the last page. */
  async #replace(plan: ListPlan, deadline: Deadline): Promise<string> {
    const { store, namespace, trustsVersions, listWatcher, selectors } = this.#options
    let duplicates = 0
    const replacement = new Replacement<T>(store, {
      namespace,
      trustsVersions: trustsVersions && !plan.mayGoBack,
      isInitialList: this.#lastSeen === undefined,
      onDuplicate: (key) => {
        if (duplicates++ === 0) this.#progress.survived(duplicateKey(key))
      },
    })
    const resourceVersion = await listPages(listWatcher, { ...selectors, ...plan.query }, deadline.signal, {
      receive: (items, progress) => {
        deadline.progress()
        for (const item of items) replacement.stage(item)
        this.#progress.received(replacement.size, progress)
      },
    })
    deadline.signal.throwIfAborted() // a user's function may have stopped it
    this.#lastSeen = resourceVersion // before the commit: who hears of it may ask
    this.#progress.committed(resourceVersion, () => replacement.commit())
    return resourceVersion
  }

  async #watch(state: Watching, signal: AbortSignal): Promise<ReflectorState> {
    const { clock } = this.#options
    const openedAt = clock.now()
    const seconds = WATCH_MIN_SECONDS + Math.floor(Math.random() * WATCH_MIN_SECONDS)
    let limitMs = WATCH_OPEN_MS
    const deadline = new Deadline(signal, clock, limitMs, () => silent('WATCH', limitMs))
    const seen = { events: 0 }
    let error: KubeflumeError | undefined
    try {
      for await (const events of this.#options.listWatcher.watch(this.#watchQuery(state, seconds), deadline.signal)) {
        if (limitMs === WATCH_OPEN_MS) {
          limitMs = seconds * 1000 + WATCH_GRACE_MS
          deadline.progress(limitMs)
          this.#progress.watching(state.resourceVersion)
        }
        this.#apply(events, seen)
      }
    } catch (cause) {
      signal.throwIfAborted()
      error = asKubeflumeError(cause)
      deadline.end(error)
      this.#progress.failed(error)
    } finally {
      deadline[Symbol.dispose]()
    }
    const end = { error, sawEvents: seen.events > 0, durationMs: clock.now() - openedAt }
    return afterWatchEnd(state, end, this.#memory())
  }

  #watchQuery(state: Watching, seconds: number): Query {
    return {
      ...this.#options.selectors,
      watch: 'true',
      resourceVersion: state.resourceVersion,
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(seconds),
    }
  }

  #apply(events: readonly WireEvent<T>[], seen: { events: number }): void {
    for (const event of events) {
      if (event.type === 'ERROR') throw eventError(event.status)
      seen.events++
      if (event.type === 'DELETED') this.#options.store.delete(event.object)
      else if (event.type !== 'BOOKMARK') this.#options.store.put(event.object)
      this.#lastSeen = newer(this.#lastSeen, event.object.resourceVersion || this.#lastSeen!)
      this.#progress.advanced(this.#lastSeen)
    }
  }

  async #wait(state: Waiting, signal: AbortSignal): Promise<ReflectorState> {
    this.#progress.waiting(state)
    const over = Promise.withResolvers<void>()
    const timer = this.#options.clock.setTimeout(over.resolve, state.delayMs)
    try {
      await orAborted(over.promise, signal)
    } finally {
      timer[Symbol.dispose]()
    }
    return state.next
  }

  #memory(): Memory {
    return { lastSeen: this.#lastSeen, first: this.#options.first, backoff: this.#backoff }
  }
}

function silent(what: string, ms: number): KubeflumeError {
  return new KubeflumeError('ERR_SERVER_SILENT', `a ${what} got nothing for ${ms / 1000} s`, { retryable: true })
}

function duplicateKey(key: string): KubeflumeError {
  return new KubeflumeError('ERR_DUPLICATE_KEY', `the list has ${key} more than once; the newest one counts`, {
    retryable: true,
  })
}

function eventError(status: unknown): KubeflumeError {
  return statusError(isStatus(status) ? status : { message: 'an ERROR event without a Status' })
}

/** Whatever was thrown here, `onError` gets an error with a code. */
function asKubeflumeError(error: unknown): KubeflumeError {
  if (error instanceof KubeflumeError) return error
  return new KubeflumeError('ERR_CONNECTION_LOST', 'the request failed', { cause: error, retryable: true })
}

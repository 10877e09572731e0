import type { KubernetesObject } from '../api/object.ts'
import { isOlder } from '../api/resource-version.ts'
import type { WireEvent } from '../decode/decoder.ts'
import { followWatch } from './follow-watch.ts'
import type { Query } from './list-watcher.ts'
import { probe } from './probe.ts'
import { asKubeflumeError, eventError, olderList } from './reflector-errors.ts'
import type { ReflectorParts } from './reflector-options.ts'
import { newer } from './relist.ts'
import { afterProbeFailure, afterWatchEnd } from './rewatch.ts'
import type { Probing, ReflectorState, Watching } from './state.ts'
import { WatchStream } from './watch-stream.ts'

/**
 * The watches of a reflector, one after the other, and the questions between them. What they bring goes to
 * the store; what follows their end is decided in `rewatch.ts`.
 */
export class ReflectorWatches<T extends KubernetesObject> {
  readonly #options: ReflectorParts<T>
  /** The one that is open. */
  #stream: WatchStream<T> | undefined

  constructor(options: ReflectorParts<T>) {
    this.#options = options
  }

  /** Applies what a watch brings, until it ends. */
  async follow(state: Watching, signal: AbortSignal): Promise<ReflectorState> {
    const { clock, progress, observer, memory } = this.#options
    const stream = this.#stream ?? this.open({ resourceVersion: state.resourceVersion }, signal)
    this.#stream = stream
    const { events, error } = await followWatch(stream, {
      onOpen: () => progress.watching(memory.lastSeen ?? state.resourceVersion),
      onEvent: (event) => this.#apply(event),
    })
    signal.throwIfAborted()
    if (error !== undefined) progress.failed(error)
    const durationMs = clock.now() - stream.startedAt
    this.end()
    observer.watchEnd({ error, events, durationMs })
    const end = { error, hasOpened: stream.hasOpened, sawEvents: events > 0, durationMs }
    return afterWatchEnd(state, end, memory)
  }

  /** Asks whether the server has reached the version of the next watch. */
  async probe(state: Probing, signal: AbortSignal): Promise<ReflectorState> {
    const { listWatcher, selectors, clock, progress, memory } = this.#options
    const { resourceVersion } = state.next
    progress.probing(resourceVersion)
    try {
      const found = await probe(listWatcher.metadata, { selectors, resourceVersion, clock, signal })
      if (isOlder(found, resourceVersion)) throw olderList(found, resourceVersion)
      return state.next
    } catch (cause) {
      signal.throwIfAborted()
      const error = asKubeflumeError(cause)
      progress.failed(error)
      return afterProbeFailure(state, error, memory)
    }
  }

  /** A watch that is the caller's to end. */
  open(query: Query, signal: AbortSignal): WatchStream<T> {
    const { listWatcher, selectors, clock } = this.#options
    return new WatchStream<T>({ listWatcher, clock, signal, query: { ...selectors, ...query } })
  }

  /** Follows that one next, which was opened beside a list. */
  goOnWith(stream: WatchStream<T> | undefined): void {
    this.#stream = stream
  }

  end(): void {
    this.#stream?.[Symbol.dispose]()
    this.#stream = undefined
  }

  #apply(event: WireEvent<T>): void {
    if (event.type === 'ERROR') throw eventError(event.status)
    const { store, progress, memory } = this.#options
    if (event.type === 'DELETED') store.delete(event.object)
    else if (event.type !== 'BOOKMARK') store.put(event.object)
    const { resourceVersion, key } = event.object
    const seen = newer(memory.lastSeen, resourceVersion || memory.lastSeen!)
    progress.advanced(seen, event.type === 'BOOKMARK' ? undefined : key)
  }
}

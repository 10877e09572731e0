import type { KubernetesObject } from '../api/object.ts'
import type { ListMetadata } from '../api/wire-object.ts'
import type { WireEvent } from '../decode/decoder.ts'
import { orAborted } from '../internal/abort.ts'
import type { CollectionLister, ListSink, ListWatcher, Query } from './list-watcher.ts'

/**
 * A list watcher whose answers can be held back: while it is held, no list comes to its end and no event
 * is handed on. The server may go on sending; what has come is handed on at the release.
 */
export class HoldableListWatcher<T> implements ListWatcher<T> {
  readonly #inner: ListWatcher<T>
  #held: PromiseWithResolvers<void> | undefined

  constructor(inner: ListWatcher<T>) {
    this.#inner = inner
  }

  /** Changes no store, so it is never held. */
  get metadata(): CollectionLister<KubernetesObject> {
    return this.#inner.metadata
  }

  hold(): void {
    this.#held ??= Promise.withResolvers<void>()
  }

  release(): void {
    this.#held?.resolve()
    this.#held = undefined
  }

  async list(query: Query, sink: ListSink<T>, signal: AbortSignal): Promise<ListMetadata> {
    const metadata = await this.#inner.list(query, sink, signal)
    await this.#released(signal)
    return metadata
  }

  async *watch(query: Query, signal: AbortSignal): AsyncGenerator<readonly WireEvent<T>[]> {
    for await (const events of this.#inner.watch(query, signal)) {
      if (this.#held !== undefined) await this.#released(signal)
      yield events
    }
  }

  /** It may be held again in the turn of its release. */
  async #released(signal: AbortSignal): Promise<void> {
    while (this.#held !== undefined) await orAborted(this.#held.promise, signal)
  }
}

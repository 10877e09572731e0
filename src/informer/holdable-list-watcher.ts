import type { KubernetesObject } from '../api/object.ts'
import type { ListMetadata } from '../api/wire-object.ts'
import type { WireEvent } from '../decode/decoder.ts'
import { orAborted } from '../internal/abort.ts'
import type { CollectionLister, ListSink, ListWatcher, Query } from './list-watcher.ts'

/**
 * A list watcher whose events can be held back: the server may go on sending, what has come is handed on at
 * the release. A list is not held on its way: who begins one asks before.
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

  get isHeld(): boolean {
    return this.#held !== undefined
  }

  hold(): void {
    this.#held ??= Promise.withResolvers<void>()
  }

  release(): void {
    this.#held?.resolve()
    this.#held = undefined
  }

  list(query: Query, sink: ListSink<T>, signal: AbortSignal): Promise<ListMetadata> {
    return this.#inner.list(query, sink, signal)
  }

  async *watch(query: Query, signal: AbortSignal): AsyncGenerator<readonly WireEvent<T>[]> {
    for await (const events of this.#inner.watch(query, signal)) {
      if (this.isHeld) await this.released(signal)
      yield events
    }
  }

  /** It may be held again in the turn of its release. */
  async released(signal: AbortSignal): Promise<void> {
    while (this.#held !== undefined) await orAborted(this.#held.promise, signal)
  }
}

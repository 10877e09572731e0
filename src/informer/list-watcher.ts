import type { KubernetesObject } from '../api/object.ts'
import type { ListMetadata, WireObject } from '../api/wire-object.ts'
import type { WireEvent } from '../decode/decoder.ts'

/** The query of one request, as it goes into the URL. */
export type Query = { readonly [parameter: string]: string }

/** Hears of a list while it arrives. */
export interface ListSink<T> {
  /** Whether it copies what it keeps of an item's bytes: then their memory is used again for the next ones. */
  readonly copies?: boolean
  /** Items that have come, and how much of the body has been read. Called for every chunk, so that silence can be told. */
  receive(items: readonly WireObject<T>[], progress: ListProgress): void
}

export interface ListProgress {
  readonly encoding: 'json' | 'protobuf'
  readonly bytesRead: number
  readonly totalBytes: number | undefined
  /** As soon as the body has said it: before the items of built-ins and of metadata, after those of custom resources. */
  readonly head: ListMetadata | undefined
}

/** Lists one collection. */
export interface CollectionLister<T> {
  /** Resolves at the verified end of the body; everything else rejects, and then the items are no list. */
  list(query: Query, sink: ListSink<T>, signal: AbortSignal): Promise<ListMetadata>
}

/** Lists and watches one collection: what a reflector needs of the network. */
export interface ListWatcher<T> extends CollectionLister<T> {
  /** The same collection as metadata alone: for who needs versions, keys or a token, and no objects. */
  readonly metadata: CollectionLister<KubernetesObject>
  /** Yields once, empty, when the server has accepted the watch, then the events of each chunk. Ends when the server ends it. */
  watch(query: Query, signal: AbortSignal): AsyncIterable<readonly WireEvent<T>[]>
}

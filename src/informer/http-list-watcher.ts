import type { FieldPath } from '../api/field-path.ts'
import type { KubernetesObject } from '../api/object.ts'
import { collectionPath, isMetadataOnly, metadataOnly, type Resource } from '../api/resource.ts'
import type { ListMetadata } from '../api/wire-object.ts'
import { ByteArena } from '../decode/byte-arena.ts'
import { createArenaDecoder, createWatchDecoder, encodingOf } from '../decode/create-decoder.ts'
import type { DecoderOptions, WireEvent } from '../decode/decoder.ts'
import { TimeSlice } from '../internal/time-slice.ts'
import type { Transport } from '../transport/transport.ts'
import type { CollectionLister, ListSink, ListWatcher, Query } from './list-watcher.ts'
import { acceptHeader, type Encoding } from './negotiation.ts'

export interface HttpListWatcherOptions<T extends KubernetesObject> {
  readonly transport: Transport
  readonly resource: Resource<T>
  readonly namespace: string | undefined
  readonly omit: readonly FieldPath[]
  readonly maxItemBytes: number | undefined
  /** What is asked for, in order. */
  readonly encodings: readonly Encoding[]
}

/**
 * Pushes each chunk of a response through a decoder as it comes: no subscriber can keep the socket waiting.
 * Only the event loop is let go between chunks, since a fast server fills the buffers faster than it turns.
 */
export class HttpListWatcher<T extends KubernetesObject> implements ListWatcher<T> {
  readonly #options: HttpListWatcherOptions<T>
  readonly #path: string

  constructor(options: HttpListWatcherOptions<T>) {
    this.#options = options
    this.#path = collectionPath(options.resource, options.namespace)
  }

  get metadata(): CollectionLister<KubernetesObject> {
    const { resource, transport, namespace } = this.#options
    if (isMetadataOnly(resource)) return this as CollectionLister<KubernetesObject>
    return new HttpListWatcher({
      transport,
      namespace,
      resource: metadataOnly(resource),
      omit: [['metadata', 'managedFields']],
      maxItemBytes: undefined,
      encodings: this.#options.encodings,
    })
  }

  async list(query: Query, sink: ListSink<T>, signal: AbortSignal): Promise<ListMetadata> {
    const { transport, resource, encodings } = this.#options
    const accept = acceptHeader(resource, encodings, 'list')
    const { contentType, body } = await transport.get({
      path: this.#path,
      query,
      accept,
      compress: true,
      readsAtOnce: true,
      signal,
    })
    const arena = new ByteArena(sink.copies ? LARGEST_CHUNK_BYTES : undefined)
    const decoder = await orLeft(body, () => createArenaDecoder<T>(this.#decoderOptions(contentType), arena))
    const encoding = encodingOf(contentType)
    const slice = new TimeSlice()
    for await (const chunk of body) {
      const items = decoder.push(chunk)
      const { bytesRead, totalBytes, head } = decoder
      sink.receive(items, { encoding, bytesRead, totalBytes, head })
      if (sink.copies) arena.reuse()
      if (slice.isOver) await slice.turn()
    }
    return decoder.end()
  }

  async *watch(query: Query, signal: AbortSignal): AsyncGenerator<readonly WireEvent<T>[]> {
    const { transport, resource, encodings } = this.#options
    const accept = acceptHeader(resource, encodings, 'watch')
    const compress = query['sendInitialEvents'] === 'true'
    const { contentType, body } = await transport.get({
      path: this.#path,
      query,
      accept,
      compress,
      readsAtOnce: true,
      signal,
    })
    const decoder = await orLeft(body, () => createWatchDecoder<T>(this.#decoderOptions(contentType)))
    yield []
    const slice = new TimeSlice()
    for await (const chunk of body) {
      yield decoder.push(chunk)
      if (slice.isOver) await slice.turn()
      decoder.push(NO_BYTES) // an event that could not be read must not wait for the next one to be told
    }
    decoder.end()
  }

  #decoderOptions(contentType: string): DecoderOptions<T> {
    const { resource, omit, maxItemBytes } = this.#options
    return { contentType, resource, omit, maxItemBytes }
  }
}

/** What a connection reads at a time at most: all items of it fit into one piece of the arena, which is then used again. */
const LARGEST_CHUNK_BYTES = 256 * 1024

const NO_BYTES = new Uint8Array(0)

/** Makes a decoder. Where that throws, the body is left, and its connection with it: nobody can read it. */
async function orLeft<D>(body: AsyncIterable<Uint8Array>, make: () => D): Promise<D> {
  try {
    return make()
  } catch (error) {
    await body[Symbol.asyncIterator]().return?.()
    throw error
  }
}

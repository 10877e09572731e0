import type { FieldPath } from '../api/field-path.ts'
import type { KubernetesObject } from '../api/object.ts'
import { collectionPath, isMetadataOnly, type Resource } from '../api/resource.ts'
import type { ListMetadata } from '../api/wire-object.ts'
import { createListDecoder, createWatchDecoder } from '../decode/create-decoder.ts'
import type { DecoderOptions, WireEvent } from '../decode/decoder.ts'
import type { Transport } from '../transport/transport.ts'
import type { ListSink, ListWatcher, Query } from './list-watcher.ts'

export interface HttpListWatcherOptions<T extends KubernetesObject> {
  readonly transport: Transport
  readonly resource: Resource<T>
  readonly namespace: string | undefined
  readonly omit: readonly FieldPath[]
  readonly maxItemBytes: number | undefined
}

/** Pushes each chunk of a response through a decoder as it comes: the socket is never kept waiting. */
export class HttpListWatcher<T extends KubernetesObject> implements ListWatcher<T> {
  readonly #options: HttpListWatcherOptions<T>
  readonly #path: string

  constructor(options: HttpListWatcherOptions<T>) {
    this.#options = options
    this.#path = collectionPath(options.resource, options.namespace)
  }

  async list(query: Query, sink: ListSink<T>, signal: AbortSignal): Promise<ListMetadata> {
    const { transport, resource } = this.#options
    const accept = acceptOf(resource, 'PartialObjectMetadataList')
    const { contentType, body } = await transport.get({ path: this.#path, query, accept, compress: true, signal })
    const decoder = createListDecoder<T>(this.#decoderOptions(contentType))
    for await (const chunk of body) {
      const items = decoder.push(chunk)
      sink.receive(items, { encoding: 'json', bytesRead: decoder.bytesRead, totalBytes: decoder.totalBytes })
    }
    return decoder.end()
  }

  async *watch(query: Query, signal: AbortSignal): AsyncGenerator<readonly WireEvent<T>[]> {
    const { transport, resource } = this.#options
    const accept = acceptOf(resource, 'PartialObjectMetadata')
    const { contentType, body } = await transport.get({ path: this.#path, query, accept, compress: false, signal })
    const decoder = createWatchDecoder<T>(this.#decoderOptions(contentType))
    yield []
    for await (const chunk of body) {
      yield decoder.push(chunk)
      decoder.push(NO_BYTES) // an event that could not be read must not wait for the next one to be told
    }
    decoder.end()
  }

  #decoderOptions(contentType: string): DecoderOptions<T> {
    const { resource, omit, maxItemBytes } = this.#options
    return { contentType, resource, omit, maxItemBytes }
  }
}

const NO_BYTES = new Uint8Array(0)

function acceptOf(resource: Resource, partialKind: string): string {
  return isMetadataOnly(resource) ? `application/json;as=${partialKind};g=meta.k8s.io;v=v1` : 'application/json'
}

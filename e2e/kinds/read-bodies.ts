import { collectionPath, isMetadataOnly } from '../../src/api/resource.ts'
import { createWatchDecoder } from '../../src/decode/index.ts'
import type { Resource } from '../../src/index.ts'
import type { Transport } from '../../src/transport/transport.ts'

const MEDIA_TYPES = { json: 'application/json', protobuf: 'application/vnd.kubernetes.protobuf' } as const
const WATCH_TIMEOUT_MS = 30_000

export type Encoding = keyof typeof MEDIA_TYPES

/** A response as it came, to be decoded as often as one likes. */
export interface Body {
  readonly contentType: string
  readonly bytes: Uint8Array
}

export async function readList(transport: Transport, resource: Resource, encoding: Encoding): Promise<Body> {
  const accept = acceptOf(resource, encoding, 'PartialObjectMetadataList')
  const signal = AbortSignal.timeout(WATCH_TIMEOUT_MS)
  const path = collectionPath(resource)
  const { contentType, body } = await transport.get({ path, query: {}, accept, compress: false, signal })
  return { contentType, bytes: Buffer.concat(await Array.fromAsync(body)) }
}

export interface WatchOptions {
  readonly encoding: Encoding
  readonly since: string
  /** `uid@resourceVersion` of what must have come before the reading ends. */
  readonly until: Iterable<string>
}

/** Reads a WATCH until everything has come that is waited for. The last event may be cut. */
export async function readWatch(
  transport: Transport,
  resource: Resource,
  { encoding, since, until }: WatchOptions,
): Promise<Body> {
  const missing = new Set(until)
  const accept = acceptOf(resource, encoding, 'PartialObjectMetadata')
  const signal = AbortSignal.timeout(WATCH_TIMEOUT_MS)
  const query = { watch: 'true', resourceVersion: since }
  const path = collectionPath(resource)
  const { contentType, body } = await transport.get({ path, query, accept, compress: false, signal })
  const decoder = createWatchDecoder({ contentType, resource })
  const chunks: Uint8Array[] = []
  for await (const chunk of body) {
    chunks.push(chunk.slice())
    for (const event of decoder.push(chunk)) {
      if (event.type === 'ERROR') throw new Error(`${path}: ${JSON.stringify(event.status)}`)
      missing.delete(`${event.object.uid}@${event.object.resourceVersion}`)
    }
    if (missing.size === 0) break
  }
  if (missing.size > 0) throw new Error(`${path}: the watch ended, and ${missing.size} objects had not come`)
  return { contentType, bytes: Buffer.concat(chunks) }
}

function acceptOf(resource: Resource, encoding: Encoding, partialKind: string): string {
  const mediaType = MEDIA_TYPES[encoding]
  return isMetadataOnly(resource) ? `${mediaType};as=${partialKind};g=meta.k8s.io;v=v1` : mediaType
}

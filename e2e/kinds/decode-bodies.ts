import { apiVersionOf } from '../../src/api/resource.ts'
import { createListDecoder, createWatchDecoder, type WireObject } from '../../src/decode/index.ts'
import type { KubernetesObject, Resource } from '../../src/index.ts'
import type { Random } from '../support/random.ts'
import type { Body } from './read-bodies.ts'

/** What came out of a decoder: who the object is by its bytes, and what it is. */
export interface Decoded {
  readonly type: string
  readonly identity: Readonly<Record<'key' | 'namespace' | 'name' | 'uid' | 'resourceVersion', string | undefined>>
  readonly object: KubernetesObject
}

export interface DecodeOptions {
  readonly resource: Resource
  readonly omitsManagedFields: boolean
  /** Cuts the body anywhere. */
  readonly random: Random
}

export function decodeList(body: Body, options: DecodeOptions): Decoded[] {
  const decoder = createListDecoder(decoderOptions(body, options))
  const objects = cut(body.bytes, options.random).flatMap((chunk) => decoder.push(chunk))
  decoder.end()
  return objects.map((object) => decoded('LISTED', object))
}

/** Without the end: the reading stopped where enough had come. */
export function decodeWatch(body: Body, options: DecodeOptions): Decoded[] {
  const decoder = createWatchDecoder(decoderOptions(body, options))
  return cut(body.bytes, options.random)
    .flatMap((chunk) => decoder.push(chunk))
    .map((event) => {
      if (event.type === 'ERROR') throw new Error(JSON.stringify(event.status))
      return decoded(event.type, event.object)
    })
}

/** What neither decoder has touched: the items of a JSON list as `JSON.parse` reads them. */
export function parseList({ bytes }: Body, resource: Resource): KubernetesObject[] {
  const { items } = JSON.parse(Buffer.from(bytes).toString()) as { items: KubernetesObject[] }
  // the items of built-in lists leave out what the list says once for all of them
  for (const item of items) Object.assign(item, { apiVersion: apiVersionOf(resource), kind: resource.kind })
  return items
}

export function withoutManagedFields(object: KubernetesObject): KubernetesObject {
  const { managedFields, ...metadata } = object.metadata
  return { ...object, metadata }
}

function decoderOptions({ contentType }: Body, { resource, omitsManagedFields }: DecodeOptions) {
  return { contentType, resource, ...(omitsManagedFields && { omit: ['metadata.managedFields'] as const }) }
}

function decoded(type: string, wire: WireObject<KubernetesObject>): Decoded {
  const { key, namespace, name, uid, resourceVersion } = wire
  return { type, identity: { key, namespace, name, uid, resourceVersion }, object: wire.decode() }
}

function cut(bytes: Uint8Array, random: Random): Uint8Array[] {
  const chunks: Uint8Array[] = []
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + Math.floor(random() ** 4 * 20_000)
    chunks.push(bytes.subarray(at, end))
    at = end
  }
  return chunks
}

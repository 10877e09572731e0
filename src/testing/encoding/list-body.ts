import { parse, toJson, typeMetaLength } from './encoding.ts'
import type { StoredVersion } from '../storage/collection.ts'
import type { Page } from '../reads/list-page.ts'
import type { Representation } from './media-type.ts'
import type { ServedResource } from '../catalog/registry.ts'

/** The bytes around the items of a LIST, and of each item. */
export interface ListLayout {
  readonly head: Buffer
  readonly tail: Buffer
  /** The bytes of an item: `opening`, then its bytes from `start`. */
  readonly opening: Buffer
  readonly start: number
  itemBytes(version: StoredVersion): Buffer
}

type Metadata = { [field: string]: string | number }

const NOTHING = Buffer.alloc(0)
const PARTIAL = { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1' }

/**
 * Lays a LIST out as the server does.
 *
 * Typed lists have `kind`, `apiVersion` and `metadata` first, and their items have neither kind nor
 * apiVersion. Custom resources are maps with sorted keys: the items come before `metadata`, so that a
 * client learns the version of the list after its items. Metadata-only lists are typed, whatever they
 * are of (apimachinery `pkg/runtime/serializer/json/collections.go`).
 */
export function layoutOf(served: ServedResource, representation: Representation, page: PageHead): ListLayout {
  if (representation === 'metadata') {
    const list = { kind: `${PARTIAL.kind}List`, apiVersion: PARTIAL.apiVersion, metadata: typedMetadata(page) }
    return { ...typedEnds(list), opening: NOTHING, start: 0, itemBytes: partialMetadata }
  }
  const kind = `${served.resource.kind}List`
  const itemBytes = (version: StoredVersion): Buffer => version.bytes
  if (served.isBuiltIn) {
    const ends = typedEnds({ kind, apiVersion: served.apiVersion, metadata: typedMetadata(page) })
    return { ...ends, opening: Buffer.from('{'), start: 1 + typeMetaLength(served), itemBytes }
  }
  const tail = toJson({ kind, metadata: sortedMetadata(page) })
  return {
    head: Buffer.from(`{"apiVersion":${toJson(served.apiVersion)},"items":[`),
    tail: Buffer.from(`],${tail.slice(1)}\n`),
    opening: NOTHING,
    start: 0,
    itemBytes,
  }
}

/** `revision` is undefined where a fault leaves it out. */
export type PageHead = Pick<Page, 'continueToken' | 'remainingItemCount'> & { readonly revision: number | undefined }

/** An object as `PartialObjectMetadata`, in full: unlike other typed items it says what it is. */
export function partialMetadata(version: StoredVersion): Buffer {
  return Buffer.from(toJson({ ...PARTIAL, metadata: parse(version.bytes).metadata }))
}

function typedEnds(list: object): { head: Buffer; tail: Buffer } {
  return { head: Buffer.from(`${toJson(list).slice(0, -1)},"items":[`), tail: Buffer.from(']}\n') }
}

function typedMetadata({ revision, continueToken, remainingItemCount }: PageHead): Metadata {
  return {
    ...(revision === undefined ? {} : { resourceVersion: String(revision) }),
    ...(continueToken === undefined ? {} : { continue: continueToken }),
    ...(remainingItemCount === undefined ? {} : { remainingItemCount }),
  }
}

/** A map keeps its empty `continue`. */
function sortedMetadata({ revision, continueToken, remainingItemCount }: PageHead): Metadata {
  return {
    continue: continueToken ?? '',
    ...(remainingItemCount === undefined ? {} : { remainingItemCount }),
    ...(revision === undefined ? {} : { resourceVersion: String(revision) }),
  }
}

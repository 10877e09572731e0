import type { BodyWriter } from '../http/body-writer.ts'
import type { Page } from '../reads/list-page.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { typeMetaLength } from './encoding.ts'
import { sortedJson } from './go-text.ts'
import { typedJson } from './json-encoder.ts'
import type { ObjectEncoder } from './object-encoder.ts'
import { ProtobufListBody } from './protobuf-list-body.ts'

/** What stands in a list beside its items. `revision` is undefined where a fault leaves it out. */
export type PageHead = Pick<Page, 'continueToken' | 'remainingItemCount'> & { readonly revision: number | undefined }

/** A LIST, to be sent in three steps: the head, the items one by one, the tail. */
export interface ListBody {
  /** Everything before the first item. Protobuf has the length of the whole there, for which all items are measured. */
  head(items: Iterable<StoredVersion>): Promise<Buffer>
  writeItem(body: BodyWriter, version: StoredVersion, index: number): void
  readonly tail: Buffer
}

/**
 * Lays a LIST out as the server does.
 *
 * Typed lists have `kind`, `apiVersion` and `metadata` first, and their items have neither kind nor
 * apiVersion. Custom resources are maps with sorted keys: the items come before `metadata`, so that a
 * client learns the version of the list after its items. Metadata-only lists and tables are typed, whatever
 * they are of (apimachinery `pkg/runtime/serializer/json/collections.go`).
 */
export function listBody(encoder: ObjectEncoder, page: PageHead): ListBody {
  const { served, representation } = encoder
  if (representation.encoding === 'protobuf') return new ProtobufListBody(encoder, listMetadata(page))
  const kind = encoder.table === undefined ? `${encoder.kind.kind}List` : 'Table'
  const { apiVersion } = encoder.kind
  if (representation.form === 'object' && !served.isBuiltIn) {
    const tail = `],"kind":${sortedJson(kind)},"metadata":${sortedJson(untypedMetadata(page))}}\n`
    return new JsonListBody(encoder, `{"apiVersion":${sortedJson(apiVersion)},"items":[`, tail)
  }
  const metadata = `"metadata":${typedJson('meta/v1.ListMeta', listMetadata(page))}`
  const items = encoder.table === undefined ? '"items":[' : `"columnDefinitions":${encoder.table.columns},"rows":[`
  return new JsonListBody(encoder, `{"kind":"${kind}","apiVersion":"${apiVersion}",${metadata},${items}`, ']}\n')
}

const NOTHING = Buffer.alloc(0)
const COMMA = Buffer.from(',')
const OPENING = Buffer.from('{')

class JsonListBody implements ListBody {
  readonly tail: Buffer
  readonly #encoder: ObjectEncoder
  readonly #head: Buffer
  /** An item is these bytes, then its own from `start`. */
  readonly #opening: Buffer
  readonly #start: number

  constructor(encoder: ObjectEncoder, head: string, tail: string) {
    this.#encoder = encoder
    this.#head = Buffer.from(head)
    this.tail = Buffer.from(tail)
    const { served, representation } = encoder
    const leavesOutKind = served.isBuiltIn && representation.form === 'object'
    this.#opening = leavesOutKind ? OPENING : NOTHING
    this.#start = leavesOutKind ? 1 + typeMetaLength(served) : 0
  }

  head(): Promise<Buffer> {
    return Promise.resolve(this.#head)
  }

  writeItem(body: BodyWriter, version: StoredVersion, index: number): void {
    if (index > 0) body.write(COMMA)
    body.write(this.#opening)
    body.write(this.#encoder.table?.row(version) ?? this.#encoder.whole(version), this.#start)
  }
}

type ListMetadata = { readonly [field: string]: string | number }

function listMetadata({ revision, continueToken, remainingItemCount }: PageHead): ListMetadata {
  return {
    ...(revision === undefined ? {} : { resourceVersion: String(revision) }),
    ...(continueToken === undefined ? {} : { continue: continueToken }),
    ...(remainingItemCount === undefined ? {} : { remainingItemCount }),
  }
}

/** A map keeps its empty `continue`. */
function untypedMetadata(page: PageHead): ListMetadata {
  return { continue: '', ...listMetadata(page) }
}

import { DecodeError, KubeflumeError } from '../api/errors.ts'
import { apiVersionOf, isMetadataOnly, type Resource } from '../api/resource.ts'
import type { KubernetesStatus } from '../api/status.ts'
import type { ListMetadata } from '../api/wire-object.ts'
import { kindSchema } from './protobuf/schema.ts'
import { statusError } from './status-error.ts'
import type { TypeMeta } from './identified-object.ts'

/** Answers that have items, or look as if they had, and are not the list that was asked for. */
const NO_LISTS: ReadonlySet<string> = new Set(['Status', 'Table', 'List'])

/** What a LIST body says beside its items, in whatever order it comes, and whether it is the list that was asked for. */
export class ListHead {
  /** What the items are. Filled in when it is known: an item of a built-in needs it, and comes after it. */
  readonly typeMeta: TypeMeta
  readonly #resource: Resource | undefined
  readonly #values = new Map<string, unknown>()
  #metadata: ListMetadata | undefined

  constructor(resource: Resource | undefined) {
    this.#resource = resource
    this.typeMeta = { apiVersion: resource && apiVersionOf(resource), kind: resource?.kind }
  }

  /** Known as soon as `metadata` has been read. */
  get metadata(): ListMetadata | undefined {
    return this.#metadata
  }

  /** Takes a member that is no array of items. */
  set(key: string, value: unknown, offset: number): void {
    if (this.#values.has(key)) throw duplicate(key, offset)
    this.#values.set(key, value)
    if (key === 'metadata') this.#metadata = readListMetadata(value)
    if ((key === 'kind' || key === 'apiVersion') && this.#resource === undefined) this.#readType()
  }

  /** @throws {KubeflumeError} `ERR_UNEXPECTED_KIND` where it is already known that these are not the resource's items */
  beginItems(): void {
    if (this.#values.has('items')) throw duplicate('items', 0)
    this.#values.set('items', [])
    this.#checkKind()
  }

  /**
   * @throws {ApiError} for a Status
   * @throws {KubeflumeError} `ERR_UNEXPECTED_KIND` for what has no items, or is another kind of list
   */
  end(): ListMetadata {
    const kind = this.#values.get('kind')
    if (kind === 'Status') throw statusError(Object.fromEntries(this.#values) as KubernetesStatus)
    this.#checkKind()
    const items = this.#values.get('items')
    if (!Array.isArray(items) && items !== null)
      throw this.#unexpected(`${JSON.stringify(kind ?? 'an object')} without items`)
    return this.#metadata ?? { resourceVersion: '' }
  }

  #checkKind(): void {
    const kind = this.#values.get('kind')
    if (typeof kind !== 'string' || this.#resource === undefined) return
    if (isOtherBuiltIn(this.#resource, kind.replace(/List$/, ''))) throw this.#unexpected(`a ${kind}`)
    const isPartial = kind === 'PartialObjectMetadataList'
    if (NO_LISTS.has(kind) || isPartial !== isMetadataOnly(this.#resource)) throw this.#unexpected(`a ${kind}`)
  }

  /** `v1` and `PodList` say that the items are `v1` and `Pod`; a `List` says nothing about its items. */
  #readType(): void {
    const kind = this.#values.get('kind')
    const apiVersion = this.#values.get('apiVersion')
    if (typeof kind !== 'string' || typeof apiVersion !== 'string') return
    if (!kind.endsWith('List') || kind === 'List') return
    this.typeMeta.kind = kind.slice(0, -'List'.length)
    this.typeMeta.apiVersion = apiVersion
  }

  #unexpected(found: string): KubeflumeError {
    const expected = this.#resource === undefined ? 'a list' : `a list of ${this.#resource.plural}`
    return new KubeflumeError('ERR_UNEXPECTED_KIND', `expected ${expected}, found ${found}`, { retryable: true })
  }
}

/** Whether a built-in resource was asked for and this is another kind; a custom resource may call its list what it likes. */
export function isOtherBuiltIn(resource: Resource, kind: string): boolean {
  return kind !== resource.kind && kindSchema(apiVersionOf(resource), resource.kind) !== undefined
}

function readListMetadata(value: unknown): ListMetadata {
  const metadata = (value ?? {}) as { [key: string]: unknown }
  return {
    resourceVersion: typeof metadata['resourceVersion'] === 'string' ? metadata['resourceVersion'] : '',
    ...(typeof metadata['continue'] === 'string' && metadata['continue'] !== '' && { continue: metadata['continue'] }),
    ...(typeof metadata['remainingItemCount'] === 'number' && { remainingItemCount: metadata['remainingItemCount'] }),
  }
}

function duplicate(key: string, offset: number): DecodeError {
  return new DecodeError('ERR_DECODE_SYNTAX', `the list has ${JSON.stringify(key)} twice`, { offset })
}

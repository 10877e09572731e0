import { KubeflumeError } from '../api/errors.ts'
import type { DeepReadonly, KubernetesObject } from '../api/object.ts'
import { noteOmitted, omittedOf } from '../api/omitted.ts'
import type { WireObject } from '../api/wire-object.ts'
import { Entry, type EntryHost } from './entry.ts'
import { guarded } from './guarded.ts'
import type { IndexDefinition } from './index-definition.ts'
import type { Indexer } from './indexer.ts'

export { type IndexDefinition, pathOfIndex } from './index-definition.ts'

export interface IngestOptions<T> {
  readonly filter?: ((object: DeepReadonly<T>) => boolean) | undefined
  readonly transform?: ((object: T) => T) | undefined
  readonly indexes?: { readonly [name: string]: IndexDefinition<T> } | undefined
  /** What is kept of an object: `'objects'` decodes it at once and keeps no bytes, as a transform does. @default 'wire' */
  readonly retain?: 'wire' | 'compressed' | 'objects' | undefined
}

/**
 * Turns what came over the wire into entries: filter, then transform, then indexes. It happens while
 * the body arrives, so that the commit of a list has none of it left to do. Where there is neither
 * filter, transform nor an index by a function, nothing is decoded.
 */
export class Ingest<T extends KubernetesObject> {
  readonly #options: IngestOptions<T>
  readonly #host: EntryHost<T>
  readonly #indexer: Indexer<T>

  constructor(options: IngestOptions<T>, host: EntryHost<T>, indexer: Indexer<T>) {
    this.#options = options
    this.#host = host
    this.#indexer = indexer
  }

  entry(wire: WireObject<T>): Entry<T> {
    try {
      return this.#process(wire)
    } catch (error) {
      if (!(error instanceof KubeflumeError)) throw error
      return new Entry(wire, this.#host, { error })
    }
  }

  #process(wire: WireObject<T>): Entry<T> {
    const { filter, transform, retain } = this.#options
    const keepsObjects = transform !== undefined || retain === 'objects'
    const isSkipped = wire.bytes.length === 0
    const needsObject = isSkipped || filter !== undefined || keepsObjects || this.#indexer.needsObjects
    const object = needsObject ? wire.decode() : undefined
    if (filter !== undefined && !guarded('ERR_FILTER', wire.key, () => filter(object as DeepReadonly<T>)))
      return new Entry(wire, this.#host, { isHidden: true })
    const kept = transform === undefined ? object : guarded('ERR_TRANSFORM', wire.key, () => transform(object!))
    if (transform !== undefined) {
      requireSameIdentity(wire, kept)
      noteOmitted(kept!, omittedOf(object!))
    }
    const entry = new Entry(wire, this.#host, { kept: keepsObjects ? kept : undefined })
    this.#indexer.complete(entry, kept)
    return entry
  }
}

/** What came out of user's code is not what its type says until it has been looked at. */
function requireSameIdentity(wire: WireObject, object: Partial<KubernetesObject> | undefined): void {
  if (typeof object?.metadata !== 'object' || object.metadata === null)
    throw new KubeflumeError('ERR_TRANSFORM', `${wire.key}: the transform returned no object`)
  const { name, namespace, uid, resourceVersion } = object.metadata
  if (
    name === wire.name &&
    (namespace ?? '') === (wire.namespace ?? '') &&
    uid === wire.uid &&
    resourceVersion === wire.resourceVersion
  )
    return
  throw new KubeflumeError(
    'ERR_TRANSFORM',
    `${wire.key}: a transform cannot change name, namespace, uid or resourceVersion`,
  )
}

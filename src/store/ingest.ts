import { type ErrorCode, KubeflumeError } from '../api/errors.ts'
import { type FieldPath, parseFieldPath, readFieldPath } from '../api/field-path.ts'
import type { DeepReadonly, KubernetesObject } from '../api/object.ts'
import type { WireObject } from '../api/wire-object.ts'
import { Entry } from './entry.ts'

/** What an index is made of: a field, a label, or a function that returns the values of an object. */
export type IndexDefinition<T> =
  | FieldPath
  | { readonly label: string }
  | ((object: DeepReadonly<T>) => readonly string[])

export interface IngestOptions<T> {
  readonly filter?: ((object: DeepReadonly<T>) => boolean) | undefined
  readonly transform?: ((object: T) => T) | undefined
  readonly indexes?: { readonly [name: string]: IndexDefinition<T> } | undefined
  readonly onQuarantine: (entry: Entry<T>, error: KubeflumeError) => void
}

/**
 * Turns what came over the wire into entries: filter, then transform, then indexes. It happens while
 * the body arrives, so that the commit of a list has none of it left to do. Where there is none of
 * the three, nothing is decoded.
 */
export class Ingest<T extends KubernetesObject> {
  readonly #options: IngestOptions<T>
  readonly #indexes: readonly (readonly [name: string, valuesOf: (object: T) => readonly string[]])[]

  constructor(options: IngestOptions<T>) {
    this.#options = options
    this.#indexes = Object.entries(options.indexes ?? {}).map(([name, definition]) => [name, compileIndex(definition)])
  }

  get indexNames(): readonly string[] {
    return this.#indexes.map(([name]) => name)
  }

  entry(wire: WireObject<T>): Entry<T> {
    const { onQuarantine, filter, transform } = this.#options
    if (wire.bytes.length === 0) return this.#quarantined(wire, wire.decode.bind(wire))
    if (filter === undefined && transform === undefined && this.#indexes.length === 0) {
      return new Entry(wire, { isVisible: true, onQuarantine })
    }
    return this.#quarantined(wire, () => this.#process(wire))
  }

  /** Runs what may fail; a failure makes the entry a quarantined one. */
  #quarantined(wire: WireObject<T>, make: () => unknown): Entry<T> {
    const { onQuarantine } = this.#options
    try {
      return make() as Entry<T>
    } catch (error) {
      if (!(error instanceof KubeflumeError)) throw error
      return new Entry(wire, { isVisible: true, onQuarantine, error })
    }
  }

  #process(wire: WireObject<T>): Entry<T> {
    const { filter, transform, onQuarantine } = this.#options
    const object = wire.decode()
    const isVisible = filter === undefined || guarded('ERR_FILTER', wire.key, () => filter(object as DeepReadonly<T>))
    if (!isVisible) return new Entry(wire, { isVisible, onQuarantine })
    const kept = transform === undefined ? undefined : guarded('ERR_TRANSFORM', wire.key, () => transform(object))
    if (transform !== undefined) requireSameIdentity(wire, kept)
    const indexValues = new Map<string, readonly string[]>()
    for (const [name, valuesOf] of this.#indexes) {
      const values = guarded('ERR_INDEX', wire.key, () => valuesOf(kept ?? object))
      indexValues.set(name, requireStrings(wire, values))
    }
    return new Entry(wire, { isVisible, onQuarantine, kept, indexValues })
  }
}

/** A user's function that throws makes the object a quarantined one, and is told apart from the others by its code. */
function guarded<R>(code: ErrorCode, key: string, run: () => R): R {
  try {
    return run()
  } catch (cause) {
    throw new KubeflumeError(code, `${key}: ${NAMES[code]} threw`, { cause })
  }
}

const NAMES: { readonly [code: string]: string } = {
  ERR_FILTER: 'the filter',
  ERR_TRANSFORM: 'the transform',
  ERR_INDEX: 'an index function',
}

/** What came out of user's code is not what its type says until it has been looked at. */
function requireSameIdentity(wire: WireObject, object: Partial<KubernetesObject> | undefined): void {
  if (typeof object?.metadata !== 'object')
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

function requireStrings(wire: WireObject, values: unknown): readonly string[] {
  if (Array.isArray(values) && values.every((value) => typeof value === 'string')) return values
  throw new KubeflumeError('ERR_INDEX', `${wire.key}: an index function returned no array of strings`)
}

/**
 * The field that an index is of; undefined for one that is made by a function.
 *
 * @throws {KubeflumeError} `ERR_OPTION` for what is no path
 */
export function pathOfIndex<T>(definition: IndexDefinition<T>): readonly string[] | undefined {
  if (typeof definition === 'function') return undefined
  const isLabel = typeof definition === 'object' && !Array.isArray(definition)
  return parseFieldPath(isLabel ? labelPath((definition as { label: string }).label) : (definition as FieldPath))
}

export function labelPath(label: string): readonly string[] {
  return ['metadata', 'labels', label]
}

function compileIndex<T>(definition: IndexDefinition<T>): (object: T) => readonly string[] {
  if (typeof definition === 'function') return (object) => definition(object as DeepReadonly<T>)
  const parts = pathOfIndex(definition)!
  return (object) =>
    readFieldPath(object, parts)
      .filter((value) => value !== null && typeof value !== 'object')
      .map(String)
}

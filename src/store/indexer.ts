import { KubeflumeError } from '../api/errors.ts'
import type { DeepReadonly } from '../api/object.ts'
import type { Entry, IndexValues } from './entry.ts'
import { guarded } from './guarded.ts'
import { type IndexDefinition, pathOfIndex } from './index-definition.ts'

interface Index<T> {
  readonly name: string
  readonly valuesOf: (entry: Entry<T>, object: T | undefined) => readonly string[]
  readonly needsObject: boolean
}

/** Knows the indexes of a store by name and number, and the values that an object has in them. */
export class Indexer<T> {
  readonly #indexes: Index<T>[] = []
  /** The last value that came to each place: few values are those of most objects, and are kept once. */
  readonly #recent: (readonly string[])[] = Array.from({ length: 256 }, () => NONE)

  constructor(definitions: { readonly [name: string]: IndexDefinition<T> } = {}) {
    for (const [name, definition] of Object.entries(definitions)) this.add(name, definition)
  }

  get count(): number {
    return this.#indexes.length
  }

  /** Whether a function is among them: fields are read from the bytes. */
  get needsObjects(): boolean {
    return this.#indexes.some(({ needsObject }) => needsObject)
  }

  /** @throws {KubeflumeError} `ERR_INDEX` for a name that is taken */
  add(name: string, definition: IndexDefinition<T>): void {
    if (this.#indexes.some((index) => index.name === name))
      throw new KubeflumeError('ERR_INDEX', `there is an index ${JSON.stringify(name)} already`)
    this.#indexes.push({ name, valuesOf: compile(definition), needsObject: typeof definition === 'function' })
  }

  /** @throws {KubeflumeError} `ERR_INDEX` for a name that is no index */
  numberOf(name: string): number {
    const number = this.#indexes.findIndex((index) => index.name === name)
    if (number === -1) throw new KubeflumeError('ERR_INDEX', `there is no index ${JSON.stringify(name)}`)
    return number
  }

  /** Sees to it that the entry has its values in every index. One that cannot be read has none. */
  complete(entry: Entry<T>, object?: T): IndexValues {
    const { indexValues = NO_VALUES } = entry
    if (indexValues.length === this.#indexes.length) return indexValues
    const missing = this.#indexes.slice(indexValues.length)
    let values: IndexValues
    try {
      if (entry.error !== undefined) throw entry.error
      values = missing.map(({ valuesOf }) => this.#shared(valuesOf(entry, object)))
    } catch (error) {
      if (!(error instanceof KubeflumeError)) throw error
      values = missing.map(() => NONE)
      if (entry.error === undefined) entry.quarantine(error)
    }
    entry.indexValues = [...indexValues, ...values]
    return entry.indexValues
  }

  #shared(values: readonly string[]): readonly string[] {
    if (values.length === 0) return NONE
    const [value] = values
    if (values.length > 1 || value === undefined) return values
    const at = (value.length * 31 + value.charCodeAt(value.length - 1) + 7 * value.charCodeAt(value.length - 2)) & 255
    if (this.#recent[at]![0] !== value) this.#recent[at] = values
    return this.#recent[at]!
  }
}

const NONE: readonly string[] = []
const NO_VALUES: IndexValues = []

function compile<T>(definition: IndexDefinition<T>): Index<T>['valuesOf'] {
  if (typeof definition === 'function') {
    return (entry, object) => {
      const read = (object ?? entry.read()) as DeepReadonly<T>
      return requireStrings(
        entry.key,
        guarded('ERR_INDEX', entry.key, () => definition(read)),
      )
    }
  }
  const parts = pathOfIndex(definition)!
  return (entry) => entry.readPath(parts).map(String)
}

function requireStrings(key: string, values: unknown): readonly string[] {
  if (Array.isArray(values) && values.every((value) => typeof value === 'string')) return values
  throw new KubeflumeError('ERR_INDEX', `${key}: an index function returned no array of strings`)
}

import { type FieldPath, parseFieldPath } from '../api/field-path.ts'
import type { DeepReadonly } from '../api/object.ts'

/** What an index is made of: a field, a label, or a function that returns the values of an object. */
export type IndexDefinition<T> =
  | FieldPath
  | { readonly label: string }
  | ((object: DeepReadonly<T>) => readonly string[])

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

import { isDeepStrictEqual } from 'node:util'
import { type DeepReadonly, keyOf, type KubernetesObject } from '../../src/index.ts'

export interface DifferencesOptions {
  /** Without them on either side; otherwise every field counts. */
  readonly ignoreManagedFields?: boolean
}

/**
 * Holds a store against a list of the server, object for object and field for field, and says where
 * they differ. Nothing in the store that is not in the list, nothing in the list that is not in the store.
 */
export function differences(
  store: Iterable<DeepReadonly<KubernetesObject>>,
  list: readonly DeepReadonly<KubernetesObject>[],
  { ignoreManagedFields = false }: DifferencesOptions = {},
): string[] {
  const missing = new Map(list.map((object) => [keyOf(object), object]))
  const found: string[] = []
  for (const stored of store) {
    const key = keyOf(stored)
    const listed = missing.get(key)
    missing.delete(key)
    if (listed === undefined) found.push(`${key} is in the store only`)
    else if (!isDeepStrictEqual(stored, ignoreManagedFields ? withoutManagedFields(listed) : listed))
      found.push(`${key} differs: ${stored.metadata.resourceVersion} stored, ${listed.metadata.resourceVersion} listed`)
  }
  for (const key of missing.keys()) found.push(`${key} is in the list only`)
  return found
}

function withoutManagedFields(object: DeepReadonly<KubernetesObject>): object {
  const { managedFields, ...metadata } = object.metadata
  return { ...object, metadata }
}

import { KubeflumeError } from './errors.ts'
import type { DeepReadonly, KubernetesObject } from './object.ts'
import type { Resource } from './resource.ts'

/** `namespace/name` (`name` alone for what is cluster-scoped), or the parts. */
export type ObjectKey = string | { readonly namespace?: string | undefined; readonly name: string }

/** The key of an object: `namespace/name`, or `name` where there is no namespace. */
export function keyOf(object: DeepReadonly<KubernetesObject>): string {
  return joinKey(object.metadata.namespace, object.metadata.name)
}

export function joinKey(namespace: string | undefined, name: string): string {
  return namespace ? `${namespace}/${name}` : name
}

/** The namespace in a key; undefined for what is cluster-scoped. */
export function namespaceOf(key: string): string | undefined {
  const slash = key.indexOf('/')
  return slash === -1 ? undefined : key.slice(0, slash)
}

function partsOf({ namespace, name }: Exclude<ObjectKey, string>): readonly string[] {
  return namespace ? [namespace, name] : [name]
}

/**
 * Brings an {@link ObjectKey} into its one form.
 *
 * @throws {KubeflumeError} `ERR_KEY` for a namespaced resource without a namespace, a cluster-scoped
 *   one with a namespace, an empty part, or more than one slash. Better an error than an object that
 *   is silently "not there".
 */
export function normalizeKey(key: ObjectKey, resource: Pick<Resource, 'plural' | 'namespaced'>): string {
  const parts = typeof key === 'string' ? key.split('/') : partsOf(key)
  const expected = resource.namespaced ? 2 : 1
  if (parts.length === expected && parts.every((part) => part !== '' && !part.includes('/'))) return parts.join('/')
  const form = resource.namespaced ? 'namespace/name' : 'name, without a namespace'
  throw new KubeflumeError('ERR_KEY', `a key of ${resource.plural} is ${form}: got ${JSON.stringify(key)}`)
}

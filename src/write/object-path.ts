import { KubeflumeError } from '../api/errors.ts'
import { namespaceOf, normalizeKey, type ObjectKey } from '../api/key.ts'
import type { DeepReadonly, ObjectMeta, Partially } from '../api/object.ts'
import { collectionPath, type Resource } from '../api/resource.ts'

type Metadata = Partially<ObjectMeta> | DeepReadonly<ObjectMeta> | undefined

/**
 * The URL path of an object or of its subresource.
 *
 * @throws {KubeflumeError} `ERR_KEY`, `ERR_OPTION` for a subresource that is no word
 */
export function objectPath(resource: Resource, key: ObjectKey, subresource?: string): string {
  const text = checkedKey(resource, key)
  const name = text.slice(text.indexOf('/') + 1)
  const path = `${collectionPath(resource, namespaceOf(text))}/${encodeURIComponent(name)}`
  if (subresource === undefined) return path
  if (/^[a-z]+$/i.test(subresource)) return `${path}/${subresource}`
  throw new KubeflumeError('ERR_OPTION', `there is no subresource ${JSON.stringify(subresource)}`)
}

/**
 * The URL path to which an object is sent that is to be.
 *
 * @throws {KubeflumeError} `ERR_KEY`
 */
export function creationPath(resource: Resource, metadata: Metadata): string {
  const name = metadata?.name || metadata?.generateName
  return collectionPath(resource, namespaceOf(checkedKey(resource, keyIn({ ...metadata, name }))))
}

/** What the metadata of an object says of its key, be it complete or not. */
export function keyIn(metadata: Metadata): ObjectKey {
  return { namespace: metadata?.namespace, name: metadata?.name ?? '' }
}

/** A proxy may resolve `.` and `..`: to delete an object of such a name would be to delete all of them. */
function checkedKey(resource: Resource, key: ObjectKey): string {
  const text = normalizeKey(key, resource)
  if (!text.split('/').some((part) => part === '.' || part === '..')) return text
  throw new KubeflumeError('ERR_KEY', `no part of a key is "." or "..": got ${JSON.stringify(text)}`)
}

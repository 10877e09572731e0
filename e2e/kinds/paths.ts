import { collectionPath } from '../../src/api/resource.ts'
import type { Resource } from '../../src/index.ts'

interface Named {
  readonly metadata: { readonly name: string; readonly namespace?: string }
}

/** `/api/v1/namespaces/kf/pods`: where the object is to be posted. */
export function collectionOf(resource: Resource, object: object): string {
  return collectionPath(resource, (object as Named).metadata.namespace)
}

export function pathOfObject(resource: Resource, object: object, subresource?: string): string {
  const name = encodeURIComponent((object as Named).metadata.name)
  return `${collectionOf(resource, object)}/${name}${subresource === undefined ? '' : `/${subresource}`}`
}

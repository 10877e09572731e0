import type { KubeConfig } from '@kubernetes/client-node'
import type { KubernetesObject } from '../../src/index.ts'
import { rawGet } from './raw-get.ts'

export interface RawListOptions {
  readonly labelSelector?: string
  readonly metadataOnly?: boolean
}

/**
 * What the server has now: one unpaged LIST for the newest state, read without this library and
 * without client-node's models.
 *
 * @param path Of the collection: `/api/v1/pods`.
 */
export async function rawList(
  config: KubeConfig,
  path: string,
  { labelSelector, metadataOnly }: RawListOptions = {},
): Promise<KubernetesObject[]> {
  const query = labelSelector === undefined ? '' : `?labelSelector=${encodeURIComponent(labelSelector)}`
  const partial = metadataOnly ? ';as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' : ''
  const body = await rawGet(config, path + query, `application/json${partial}`)
  const list = JSON.parse(body) as { kind: string; apiVersion: string; items: KubernetesObject[] }
  // The items of a built-in list leave out what the list says once for all of them.
  const kind = list.kind.replace(/List$/, '')
  for (const item of list.items) {
    item.apiVersion ??= list.apiVersion
    item.kind ??= kind
  }
  return list.items
}

import { request, type RequestOptions } from 'node:https'
import { text } from 'node:stream/consumers'
import type { KubeConfig } from '@kubernetes/client-node'
import type { KubernetesObject } from '../../src/index.ts'

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
  const url = new URL(config.getCurrentCluster()!.server + path)
  if (labelSelector !== undefined) url.searchParams.set('labelSelector', labelSelector)
  const partial = metadataOnly ? ';as=PartialObjectMetadataList;g=meta.k8s.io;v=v1' : ''
  const options: RequestOptions = { headers: { accept: `application/json${partial}` } }
  await config.applyToHTTPSOptions(options)
  const body = await get(url, options)
  const list = JSON.parse(body) as { kind: string; apiVersion: string; items: KubernetesObject[] }
  // The items of a built-in list leave out what the list says once for all of them.
  const kind = list.kind.replace(/List$/, '')
  for (const item of list.items) {
    item.apiVersion ??= list.apiVersion
    item.kind ??= kind
  }
  return list.items
}

function get(url: URL, options: RequestOptions): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const sent = request(url, options, (response) => {
    text(response).then((body) => {
      if (response.statusCode === 200) resolve(body)
      else reject(new Error(`GET ${url.pathname} was answered ${response.statusCode}: ${body.slice(0, 200)}`))
    }, reject)
  })
  sent.once('error', reject)
  sent.end()
  return promise
}

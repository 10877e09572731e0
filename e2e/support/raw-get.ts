import { request, type RequestOptions } from 'node:https'
import { text } from 'node:stream/consumers'
import type { KubeConfig } from '@kubernetes/client-node'

/**
 * What the server answers to a GET, read without this library and without client-node's models. Rejects
 * unless that is a 200.
 *
 * @param path With its query: `/api/v1/pods?limit=1`.
 */
export async function rawGet(config: KubeConfig, path: string, accept: string): Promise<string> {
  const options: RequestOptions = { headers: { accept } }
  await config.applyToHTTPSOptions(options)
  const { promise, resolve, reject } = Promise.withResolvers<string>()
  const sent = request(new URL(config.getCurrentCluster()!.server + path), options, (response) => {
    text(response).then((body) => {
      if (response.statusCode === 200) resolve(body)
      else reject(new Error(`GET ${path} was answered ${response.statusCode}: ${body.slice(0, 200)}`))
    }, reject)
  })
  sent.once('error', reject)
  sent.end()
  return promise
}

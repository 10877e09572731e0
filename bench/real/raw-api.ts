import type { KubeConfig } from '@kubernetes/client-node'
import { Pool } from 'undici'
import { eachLimited } from '../../e2e/support/each-limited.ts'

/** So many requests at once: more do not make the server faster. */
const AT_ONCE = 24

export interface Request {
  readonly path: string
  readonly body?: object
  /** @default 'POST' */
  readonly method?: 'GET' | 'POST' | 'PATCH'
}

/** Sends objects as they are, over connections that stay, without models and without kubeflume. */
export class RawApi implements AsyncDisposable {
  readonly #pool: Pool
  readonly #authorization: string

  constructor(config: KubeConfig) {
    const { server, caData } = config.getCurrentCluster()!
    const connect = { ca: Buffer.from(caData!, 'base64').toString() }
    this.#pool = new Pool(server, { connections: AT_ONCE, connect, allowH2: false })
    this.#authorization = `Bearer ${config.getCurrentUser()!.token!}`
  }

  /** Makes the requests of each item one after the other, of many items at once. */
  async each<T>(items: readonly T[], requestsOf: (item: T, index: number) => readonly Request[]): Promise<void> {
    await eachLimited(items, AT_ONCE, async (item, index) => {
      for (const request of requestsOf(item, index)) await this.send(request)
    })
  }

  /** @throws Error unless it is answered by 2xx */
  async send({ path, body, method = 'POST' }: Request): Promise<void> {
    const { statusCode, body: answer } = await this.#pool.request({
      method,
      path,
      headers: {
        authorization: this.#authorization,
        'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json',
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    if (statusCode >= 300) throw new Error(`${method} ${path} was answered by ${statusCode}: ${text.slice(0, 300)}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#pool.close()
  }
}

import type { KubeConfig } from '@kubernetes/client-node'
import { Agent } from 'undici'

export interface ApiAnswer {
  readonly status: number
  readonly body: unknown
}

/**
 * Writes to the server and reads what it says about itself, in plain JSON: neither this library nor
 * client-node's models see the objects on their way in.
 */
export class ApiClient implements AsyncDisposable {
  readonly #origin: string
  readonly #token: string
  readonly #agent: Agent
  /** How many were sent. */
  requests = 0

  constructor(config: KubeConfig) {
    const cluster = config.getCurrentCluster()!
    this.#origin = cluster.server
    this.#token = config.getCurrentUser()!.token!
    this.#agent = new Agent({ allowH2: false, connect: { ca: Buffer.from(cluster.caData!, 'base64') } })
  }

  /** @param path With its query: `/api/v1/pods?dryRun=All`. */
  async send(method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string, body?: object): Promise<ApiAnswer> {
    this.requests++
    const contentType = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    const response = await this.#agent.request({
      origin: this.#origin,
      path,
      method,
      headers: {
        authorization: `Bearer ${this.#token}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': contentType }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    })
    const text = await response.body.text()
    return { status: response.statusCode, body: text.startsWith('{') ? JSON.parse(text) : text }
  }

  /** @throws Error for every answer but 200 and 201. */
  async expectOk(...[method, path, body]: Parameters<ApiClient['send']>): Promise<unknown> {
    const answer = await this.send(method, path, body)
    if (answer.status === 200 || answer.status === 201) return answer.body
    const { message = answer.body } = answer.body as { message?: unknown }
    throw new Error(`${method} ${path} was answered ${answer.status}: ${String(message)}`)
  }

  /** The status and the Content-Type of a GET; the body is thrown away. */
  async head(path: string, accept: string): Promise<{ status: number; contentType: string }> {
    const headers = { authorization: `Bearer ${this.#token}`, accept }
    const response = await this.#agent.request({ origin: this.#origin, path, method: 'GET', headers })
    await response.body.dump()
    return { status: response.statusCode, contentType: String(response.headers['content-type'] ?? '') }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#agent.close()
  }
}

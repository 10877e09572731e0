import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { request, type RequestOptions } from 'node:https'
import { createInterface } from 'node:readline'
import { pipeline } from 'node:stream'
import { KubeConfig } from '@kubernetes/client-node'
import { closed, listenOnLoopback, portOf } from './loopback.ts'

/**
 * Something between a client and its server that loses events of watches without a word: what no informer
 * can know by itself. It listens on 127.0.0.1, speaks HTTP there, and is for JSON.
 */
export class LossyProxy implements AsyncDisposable {
  /** Events in which this text is are lost. */
  lost: string | undefined
  /** How many were lost. */
  losses = 0
  readonly #config: KubeConfig
  readonly #server: Server

  static async start(config: KubeConfig): Promise<LossyProxy> {
    const proxy = new LossyProxy(config)
    await listenOnLoopback(proxy.#server)
    return proxy
  }

  private constructor(config: KubeConfig) {
    this.#config = config
    this.#server = createServer((received, answer) => void this.#pass(received, answer))
  }

  /** A configuration without a user: requests get the one of the original on their way. */
  kubeConfig(): KubeConfig {
    const config = new KubeConfig()
    config.loadFromOptions({
      clusters: [{ name: 'lossy', server: `http://127.0.0.1:${portOf(this.#server)}`, skipTLSVerify: false }],
      users: [{ name: 'nobody' }],
      contexts: [{ name: 'lossy', cluster: 'lossy', user: 'nobody' }],
      currentContext: 'lossy',
    })
    return config
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await closed(this.#server)
  }

  async #pass(received: IncomingMessage, answer: ServerResponse): Promise<void> {
    const { accept = 'application/json', 'user-agent': agent = '' } = received.headers
    const options: RequestOptions = { headers: { accept, 'user-agent': agent } }
    await this.#config.applyToHTTPSOptions(options)
    const sent = request(new URL(this.#config.getCurrentCluster()!.server + received.url!), options, (response) => {
      answer.writeHead(response.statusCode!, { 'content-type': response.headers['content-type'] })
      const isWatch = received.url!.includes('watch=true')
      pipeline(isWatch ? this.#withoutLost(response) : response, answer, () => {})
    })
    sent.once('error', () => answer.destroy())
    answer.once('close', () => sent.destroy())
    sent.end()
  }

  async *#withoutLost(response: IncomingMessage): AsyncGenerator<string> {
    for await (const line of createInterface({ input: response })) {
      if (this.lost === undefined || !line.includes(this.lost)) yield `${line}\n`
      else this.losses++
    }
  }
}

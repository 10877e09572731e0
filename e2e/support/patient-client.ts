import { Agent, request, type RequestOptions } from 'node:https'
import { text } from 'node:stream/consumers'
import type { KubeConfig } from '@kubernetes/client-node'
import { waitUntil } from './wait.ts'

/** A server that is killed and started again is back in seconds. */
const RETRY_FOR_MS = 120_000
/** What a killed server had begun is never answered; a connection that it left may take writes for minutes. */
const ANSWER_MS = 10_000
const MAX_CONNECTIONS = 32

export interface PatientRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body?: object | undefined
  /** The status by which a write is refused that has been done already: by an attempt that was not answered. */
  readonly done?: 404 | 409 | undefined
}

interface Answer {
  readonly status: number
  readonly body: string
}

/**
 * Asks a server that may be killed at any moment. A request is repeated until it is answered, and each attempt
 * has a time of its own, at the end of which its connection is gone. After an error all connections are made anew.
 */
export class PatientClient {
  readonly #config: KubeConfig
  #agent: Agent = makeAgent()

  constructor(config: KubeConfig) {
    this.#config = config
  }

  /** Resolves with the answer; undefined where an attempt before had done it. What is answered otherwise is asked again. */
  async ask<T>(asked: PatientRequest): Promise<T | undefined> {
    let answer: T | undefined
    await waitUntil({
      what: `${asked.method} ${asked.path} to be answered`,
      timeoutMs: RETRY_FOR_MS,
      probe: async () => {
        const { status, body } = await this.#send(asked)
        if (status >= 200 && status < 300) answer = JSON.parse(body) as T
        else if (status !== asked.done) throw new Error(`it was answered ${status}: ${body.slice(0, 200)}`)
        return true
      },
    })
    return answer
  }

  async #send({ method, path, body }: PatientRequest): Promise<Answer> {
    const options: RequestOptions = { method, headers: { accept: 'application/json', 'content-type': typeOf(method) } }
    await this.#config.applyToHTTPSOptions(options)
    const agent = this.#agent
    const signal = AbortSignal.timeout(ANSWER_MS)
    try {
      return await send(this.#config.getCurrentCluster()!.server + path, { ...options, agent, signal }, body)
    } catch (error) {
      if (agent === this.#agent) this.#agent = makeAgent()
      agent.destroy()
      throw error
    }
  }
}

function send(url: string, options: RequestOptions, body: object | undefined): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>()
  const sent = request(url, options, (response) => {
    text(response).then((answer) => resolve({ status: response.statusCode!, body: answer }), reject)
  })
  sent.once('error', reject)
  sent.end(body === undefined ? undefined : JSON.stringify(body))
  return promise
}

function typeOf(method: PatientRequest['method']): string {
  return method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
}

function makeAgent(): Agent {
  return new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS })
}

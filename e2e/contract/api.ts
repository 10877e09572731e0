import type { Readable } from 'node:stream'
import { gunzipSync } from 'node:zlib'
import { Agent } from 'undici'
import type { ContractServer } from './contract-server.ts'
import { decodeBody } from './decode-body.ts'
import { type Exchange, recordedHeaders } from './exchange.ts'
import { JSON_TYPE } from './media-types.ts'
import { Watch } from './watch.ts'

export type Method = 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'OPTIONS'

export interface RequestParts {
  readonly query?: { readonly [name: string]: string | number | boolean | undefined }
  /** An object is sent as JSON, a text or bytes as they are. */
  readonly body?: object | string | Buffer
  /** @default JSON_TYPE */
  readonly contentType?: string
  /** @default JSON_TYPE */
  readonly accept?: string
  readonly headers?: { readonly [name: string]: string }
}

/** A body as cases look into it: they know what they asked for. */
export interface Document {
  readonly kind: string
  readonly metadata: {
    readonly name: string
    readonly uid: string
    readonly resourceVersion: string
    readonly continue?: string
    readonly [field: string]: unknown
  }
  readonly items: readonly Document[]
  readonly [field: string]: unknown
}

/** Talks to one server in raw HTTP and writes down what was said. */
export class Api implements AsyncDisposable {
  /** Of the case alone. It exists once {@link makeNamespace} was called. */
  readonly namespace: string
  readonly transcript: Exchange[] = []
  readonly #server: ContractServer
  readonly #agent: Agent
  readonly #watches: Watch[] = []

  constructor(server: ContractServer, namespace: string) {
    this.#server = server
    this.namespace = namespace
    this.#agent = new Agent({
      allowH2: false,
      bodyTimeout: 0,
      connect: server.ca === undefined ? {} : { ca: server.ca },
    })
  }

  async makeNamespace(): Promise<void> {
    await this.setUp('POST', '/api/v1/namespaces', { metadata: { name: this.namespace } })
  }

  /** Sends a request and records the answer. */
  async send(method: Method, path: string, parts: RequestParts = {}): Promise<Document> {
    const exchange = await this.#exchange(method, path, parts)
    this.transcript.push(exchange)
    return exchange.body as Document
  }

  async get(path: string, query: RequestParts['query'] = {}, parts: RequestParts = {}): Promise<Document> {
    return this.send('GET', path, { ...parts, query })
  }

  /**
   * Sends what a case needs before it begins; nothing of it is recorded.
   *
   * @throws Error for any answer but 2xx
   */
  async setUp(method: Method, path: string, body?: object, parts: RequestParts = {}): Promise<Document> {
    const exchange = await this.#exchange(method, path, { ...parts, ...(body !== undefined && { body }) })
    if (exchange.status >= 200 && exchange.status < 300) return exchange.body as Document
    throw new Error(`${exchange.request} was answered ${exchange.status}: ${JSON.stringify(exchange.body)}`)
  }

  /** Repeats a GET until its answer is what is waited for, and records that one, or the last. */
  async getUntil(path: string, parts: RequestParts, isIt: (exchange: Exchange) => boolean): Promise<Document> {
    const deadline = performance.now() + 45_000
    let exchange = await this.#exchange('GET', path, parts)
    while (!isIt(exchange) && performance.now() < deadline) {
      await new Promise((resolve) => void setTimeout(resolve, 100))
      exchange = await this.#exchange('GET', path, parts)
    }
    this.transcript.push(exchange)
    return exchange.body as Document
  }

  /** Opens a watch. One that is refused is recorded with the body of the refusal, and has no events. */
  async watch(path: string, query: RequestParts['query'] = {}, parts: RequestParts = {}): Promise<Watch> {
    const { exchange, body } = await this.#request('GET', path, { ...parts, query: { watch: true, ...query } })
    if (exchange.status !== 200) exchange.body = await read(exchange, body)
    this.transcript.push(exchange)
    const watch = new Watch(exchange.status === 200 ? exchange : { ...exchange }, body)
    this.#watches.push(watch)
    return watch
  }

  /** Keeps of the last answer only what a case is about. */
  keep(what: (body: Document) => unknown): void {
    const last = this.transcript.at(-1)!
    last.body = what(last.body as Document)
  }

  compact(): Promise<void> {
    return this.#server.compact()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const watch of this.#watches) watch.close()
    await this.#agent.destroy()
  }

  async #exchange(method: Method, path: string, parts: RequestParts): Promise<Exchange> {
    const { exchange, body } = await this.#request(method, path, parts)
    exchange.body = await read(exchange, body)
    return exchange
  }

  async #request(method: Method, path: string, parts: RequestParts): Promise<{ exchange: Exchange; body: Readable }> {
    const { body, accept = JSON_TYPE, contentType = JSON_TYPE, headers = {} } = parts
    const target = path + searchOf(parts.query)
    const response = await this.#agent.request({
      origin: this.#server.origin,
      path: target,
      method,
      headers: {
        authorization: `Bearer ${this.#server.token}`,
        ...(accept !== '' && { accept }),
        ...(body !== undefined && contentType !== '' && { 'content-type': contentType }),
        ...headers,
      },
      body: body === undefined ? null : typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
    })
    const how = [accept === JSON_TYPE ? '' : ` as ${accept}`, contentType === JSON_TYPE ? '' : ` in ${contentType}`]
    const request = `${method} ${target}${how.join('')}`
    return {
      exchange: { request, status: response.statusCode, headers: recordedHeaders(response.headers), body: undefined },
      body: response.body,
    }
  }
}

async function read({ headers }: Exchange, body: Readable): Promise<unknown> {
  const chunks: Buffer[] = []
  for await (const chunk of body) chunks.push(chunk as Buffer)
  const bytes = Buffer.concat(chunks)
  const isZipped = headers['content-encoding'] === 'gzip'
  return decodeBody(headers['content-type'] ?? '', isZipped ? gunzipSync(bytes) : bytes)
}

function searchOf(query: RequestParts['query'] = {}): string {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value))
  return search.size === 0 ? '' : `?${search.toString()}`
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServedResource } from '../catalog/registry.ts'
import type { Source } from '../reads/list-page.ts'
import { choose, negotiate, type Use } from '../encoding/media-type.ts'
import { contentTypeOf, type Representation } from '../encoding/representation.ts'
import { BodyWriter } from './body-writer.ts'
import { transformOf } from './pretty.ts'
import { parseBody, parseJsonBody, parseYamlBody, readBody } from './request-body.ts'

/** One request as the server saw it. */
export interface RecordedRequest {
  /** `'list'`, `'watch'`, `'get'`, `'create'`, `'update'`, `'patch'`, `'delete'` or `'deletecollection'` */
  readonly verb: string
  readonly path: string
  /** As it was sent; of a parameter given twice, the first. */
  readonly query: { readonly [name: string]: string }
  /** Who answered a LIST: the watch cache, one of its snapshots, or the storage. */
  readonly servedFrom: 'cache' | 'snapshot' | 'storage' | undefined
}

/** What a path points at. */
export interface Target {
  readonly served: ServedResource
  /** undefined: all namespaces, or a resource that has none. */
  readonly namespace: string | undefined
  /** undefined: the collection. */
  readonly name: string | undefined
}

/** A request under way, and the way to its answer. */
export class Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  readonly target: Target
  readonly record: RecordedRequest
  #read: Promise<Buffer> | undefined

  constructor(request: IncomingMessage, response: ServerResponse, target: Target, record: RecordedRequest) {
    this.request = request
    this.response = response
    this.target = target
    this.record = record
  }

  get query(): { readonly [name: string]: string } {
    return this.record.query
  }

  /**
   * The form in which the client wants its answer.
   *
   * @throws {ApiError} 406
   */
  negotiate(use: Use): Representation {
    return negotiate({ headers: this.request.headers, query: this.query }, this.target.served, use)
  }

  /**
   * Whether the server writes anything that the client takes, be it of this object or not.
   *
   * @throws {ApiError} 406
   */
  checkAccept(use: Use): void {
    choose(this.request, this.target.served, use)
  }

  /** Begins the answer: a body of unknown length, compressed where the server would do so. `limit` cuts it. */
  openBody(
    representation: Representation,
    options: { readonly status?: number | undefined; readonly limit?: number | undefined } = {},
  ): BodyWriter {
    return new BodyWriter(this.response, {
      ...options,
      headers: headersOf(contentTypeOf(representation)),
      gzip: this.#acceptsGzip ? 'large' : undefined,
      transform: transformOf(representation),
    })
  }

  /** Begins the body of a watch, of which each flush is a gzip member where `isCompressed` and the client takes it. */
  openStream(
    representation: Representation,
    options: { readonly isCompressed?: boolean | undefined } = {},
  ): BodyWriter {
    return new BodyWriter(this.response, {
      headers: headersOf(contentTypeOf(representation, true)),
      gzip: options.isCompressed && this.#acceptsGzip ? 'members' : undefined,
    })
  }

  get #acceptsGzip(): boolean {
    const codings = (this.request.headers['accept-encoding'] ?? '').split(',')
    return codings.some((coding) => coding.trim() === 'gzip')
  }

  /** Notes in the record who answers. */
  servedFrom(source: Source): void {
    Object.assign(this.record, { servedFrom: source })
  }

  /** The body of the request as JSON, whatever it says it is; undefined where there is none. */
  async json(): Promise<unknown> {
    return parseJsonBody(await this.#body())
  }

  /** The body of the request as YAML, of which JSON is a part; undefined where there is none. */
  async yaml(): Promise<unknown> {
    return parseYamlBody(await this.#body())
  }

  /**
   * The body of the request, in the encoding that its content type names: JSON, YAML or protobuf; undefined
   * where there is none.
   *
   * @throws {ApiError} 400, 413, 415
   */
  async object(): Promise<unknown> {
    return parseBody(await this.#body(), this.request.headers['content-type'])
  }

  #body(): Promise<Buffer> {
    this.#read ??= readBody(this.request)
    return this.#read
  }
}

/** Sends a whole body at once. Does nothing where the connection is already gone. */
export function send(
  response: ServerResponse,
  status: number,
  body: string | Buffer,
  headers: { readonly [name: string]: string } = {},
): void {
  if (response.destroyed || response.headersSent) return
  const bytes = Buffer.from(body)
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
    'content-length': String(bytes.length),
    ...headers,
  })
  response.end(bytes)
}

function headersOf(contentType: string): { readonly [name: string]: string } {
  return { 'content-type': contentType, 'cache-control': 'no-cache, private' }
}

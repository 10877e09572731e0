import type { IncomingMessage, ServerResponse } from 'node:http'
import type { ServedResource } from '../catalog/registry.ts'
import { badRequest, failure, type StatusBody, statusOf } from '../status.ts'
import { ApiError } from '../../api/errors.ts'
import type { Source } from '../reads/list-page.ts'

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

  constructor(request: IncomingMessage, response: ServerResponse, target: Target, record: RecordedRequest) {
    this.request = request
    this.response = response
    this.target = target
    this.record = record
  }

  get query(): { readonly [name: string]: string } {
    return this.record.query
  }

  /** Notes in the record who answers. */
  servedFrom(source: Source): void {
    Object.assign(this.record, { servedFrom: source })
  }

  /** The body of the request as JSON; undefined where there is none. */
  async json(): Promise<unknown> {
    const chunks: Buffer[] = []
    for await (const chunk of this.request) chunks.push(chunk as Buffer)
    const text = Buffer.concat(chunks).toString()
    if (text === '') return undefined
    try {
      return JSON.parse(text) as unknown
    } catch (error) {
      throw badRequest(`the object provided is unrecognized: ${(error as Error).message}`)
    }
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

export function sendStatus(response: ServerResponse, status: StatusBody): void {
  const seconds = status.details?.retryAfterSeconds
  const headers: { [name: string]: string } = seconds === undefined ? {} : { 'retry-after': String(seconds) }
  send(response, status.code ?? 200, `${JSON.stringify(status)}\n`, headers)
}

/** Answers with what went wrong. Anything but an {@link ApiError} is a mistake of this server, and is shown. */
export function sendError(response: ServerResponse, error: unknown): void {
  const known =
    error instanceof ApiError ? error : failure(500, 'InternalError', `Internal error occurred: ${String(error)}`)
  sendStatus(response, statusOf(known))
}

/** Begins a body of unknown length; the headers are on their way before the first byte of it. */
export function beginStream(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'application/json', 'cache-control': 'no-cache, private' })
  response.flushHeaders()
}

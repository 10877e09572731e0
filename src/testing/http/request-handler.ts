import type { IncomingMessage, ServerResponse } from 'node:http'
import { documentAt } from '../catalog/discovery.ts'
import { Exchange, type RecordedRequest, send, sendError } from './exchange.ts'
import { sendAnswer } from '../faults/fault-answer.ts'
import { handleList } from '../reads/list.ts'
import type { Registry } from '../catalog/registry.ts'
import type { Release } from '../catalog/release.ts'
import { type Route, route, verbOf } from './router.ts'
import { handleObject, type SingleObjectParts } from '../writes/single-object.ts'
import { noSuchResource } from '../status.ts'
import { handleWatch, type WatchParts } from '../reads/watch.ts'

export interface HandlerParts extends WatchParts, SingleObjectParts {
  readonly registry: Registry
  readonly release: Release
  readonly requests: RecordedRequest[]
}

/**
 * Answers one request: records it, lets a fault strike it, or hands it to whoever knows its verb. Never
 * rejects: what goes wrong is the answer.
 */
export async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  parts: HandlerParts,
): Promise<void> {
  const [path = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s)
  const query = parseQuery(search)
  const found = route(path, parts.registry)
  const verb = verbOf(request.method ?? 'GET', 'target' in found ? found.target.name : path, query)
  const record: RecordedRequest = { verb, path, query, servedFrom: undefined }
  parts.requests.push(record)
  try {
    if (!strike(request, response, found, record, parts)) await answer(request, response, found, record, parts)
  } catch (error) {
    if (response.headersSent) response.destroy()
    else sendError(response, error)
  }
}

/** Whether a fault has taken the request. */
function strike(
  request: IncomingMessage,
  response: ServerResponse,
  found: Route,
  { verb }: RecordedRequest,
  { faults }: HandlerParts,
): boolean {
  const struck = { verb, served: 'target' in found ? found.target.served : undefined }
  if (faults.reject.take(struck) !== undefined) {
    request.destroy()
    return true
  }
  const fault = faults.answer.take(struck)
  if (fault !== undefined) sendAnswer(response, fault)
  return fault !== undefined
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  found: Route,
  record: RecordedRequest,
  parts: HandlerParts,
): Promise<void> {
  if ('document' in found) return sendDocument(request, response, found.document, parts)
  if (!('target' in found)) return found.isKnownGroup ? sendError(response, noSuchResource()) : sendNoPage(response)
  if (found.subresource !== undefined) throw noSuchResource()
  const exchange = new Exchange(request, response, found.target, record)
  if (record.verb === 'list') await handleList(exchange, parts)
  else if (record.verb === 'watch') handleWatch(exchange, parts)
  else await handleObject(exchange, parts)
}

function sendDocument(request: IncomingMessage, response: ServerResponse, path: string, parts: HandlerParts): void {
  const { registry, release } = parts
  const document = documentAt(path, { registry, release, host: request.headers.host ?? '' })
  if (document === undefined) sendNoPage(response)
  else if (typeof document === 'string') send(response, 200, document, { 'content-type': 'text/plain; charset=utf-8' })
  else send(response, 200, `${JSON.stringify(document)}\n`)
}

/** What Go's mux answers where nothing is mounted. */
function sendNoPage(response: ServerResponse): void {
  send(response, 404, '404 page not found\n', { 'content-type': 'text/plain; charset=utf-8' })
}

function parseQuery(search: string): { [name: string]: string } {
  const query: { [name: string]: string } = {}
  for (const [name, value] of new URLSearchParams(search)) query[name] ??= value
  return query
}

import type { IncomingMessage, ServerResponse } from 'node:http'
import { AGGREGATED_TYPE } from '../catalog/aggregated-discovery.ts'
import { documentAt } from '../catalog/discovery.ts'
import { sever } from './connection.ts'
import { Exchange, type RecordedRequest, send } from './exchange.ts'
import { sendError } from './send-status.ts'
import { sendAnswer } from '../faults/fault-answer.ts'
import { handleList } from '../reads/list.ts'
import type { Registry } from '../catalog/registry.ts'
import type { Release } from '../catalog/release.ts'
import { allows, type Route, route, verbOf } from './router.ts'
import type { ObjectParts } from '../writes/object-request.ts'
import { noSuchMethod } from '../writes/refusals.ts'
import { handleReview } from '../writes/reviews.ts'
import { handleObject } from '../writes/single-object.ts'
import { handleSubresource } from '../writes/subresources.ts'
import { noSuchResource, notFound } from '../status.ts'
import { handleWatch, type WatchParts } from '../reads/watch.ts'

export interface HandlerParts extends WatchParts, ObjectParts {
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
    if (!strike(response, found, record, parts)) await answer(request, response, found, record, parts)
  } catch (error) {
    if (response.headersSent) sever(response)
    else sendError(response, error)
  }
}

/** Whether a fault has taken the request. */
function strike(response: ServerResponse, found: Route, { verb }: RecordedRequest, { faults }: HandlerParts): boolean {
  const struck = { verb, served: 'target' in found ? found.target.served : undefined }
  if (faults.reject.take(struck) !== undefined) {
    sever(response)
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
  if ('review' in found) {
    if (record.verb !== 'create') throw noSuchMethod()
    return handleReview(request, response, found.review)
  }
  if (!('target' in found)) return found.isKnownGroup ? sendError(response, noSuchResource()) : sendNoPage(response)
  const exchange = new Exchange(request, response, found.target, record)
  if (found.subresource !== undefined) return answerSubresource(exchange, found.subresource, parts)
  if (!allows(found.target, record.verb)) throw noSuchMethod()
  if (record.verb === 'list') await handleList(exchange, parts)
  else if (record.verb === 'watch') await handleWatch(exchange, parts)
  else await handleObject(exchange, parts)
}

async function answerSubresource(exchange: Exchange, name: string, parts: HandlerParts): Promise<void> {
  const { served } = exchange.target
  const facts = served.facts.subresources.find((subresource) => subresource.name === name)
  if (facts !== undefined) return handleSubresource(exchange, parts, facts)
  throw served.isBuiltIn ? noSuchResource() : notFound(served.resource, exchange.target.name ?? '')
}

function sendDocument(request: IncomingMessage, response: ServerResponse, path: string, parts: HandlerParts): void {
  const { registry, release } = parts
  const { host = '', accept = '' } = request.headers
  const document = documentAt(path, { registry, release, host, accept })
  if (document === undefined) return sendNoPage(response)
  const { body, contentType = 'application/json' } = document
  if (typeof body === 'string') send(response, 200, body, { 'content-type': 'text/plain; charset=utf-8' })
  else send(response, 200, `${JSON.stringify(body)}\n`, { 'content-type': contentType, ...headersOf(contentType) })
}

/** What depends on `Accept` may be kept by caches. */
function headersOf(contentType: string): { readonly [name: string]: string } {
  return contentType === AGGREGATED_TYPE ? { 'cache-control': 'public', vary: 'Accept' } : {}
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

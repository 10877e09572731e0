import { joinKey } from '../../api/key.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { type AnyObject, parse, toJson } from '../encoding/encoding.ts'
import { type Exchange, send } from '../http/exchange.ts'
import { partialMetadata } from '../encoding/list-body.ts'
import { parseListOptions } from '../reads/list-options.ts'
import { readPage } from '../reads/list-page.ts'
import type { ServerParts } from '../reads/list.ts'
import { negotiate } from '../encoding/media-type.ts'
import type { ObjectsWriter, Preconditions } from './objects-writer.ts'
import { applyPatch } from './patch.ts'
import { Selection } from '../reads/selection.ts'
import { badRequest, methodNotAllowed, type StatusBody, unsupportedMediaType } from '../status.ts'

export interface SingleObjectParts extends ServerParts {
  readonly writer: ObjectsWriter
}

/** What a DELETE answers with the object; of everything else it says only that it is gone (`ReturnDeletedObject`). */
const RETURNED_WHEN_DELETED = new Set([
  'pods',
  'services',
  'serviceaccounts',
  'persistentvolumes',
  'persistentvolumeclaims',
  'podtemplates',
  'resourcequotas',
])

/** Answers every verb that is neither list nor watch. */
export async function handleObject(exchange: Exchange, parts: SingleObjectParts): Promise<void> {
  if (exchange.query['dryRun'] !== undefined) throw badRequest('this server does not know dryRun')
  switch (exchange.record.verb) {
    case 'get':
      return sendObject(exchange, 200, parts.writer.get(exchange.target.served, keyOf(exchange)))
    case 'create':
      return sendObject(exchange, 201, await create(exchange, parts))
    case 'update':
      return sendObject(exchange, 200, await update(exchange, parts))
    case 'patch':
      return sendObject(exchange, 200, await patch(exchange, parts))
    case 'delete':
      return remove(exchange, parts)
    case 'deletecollection':
      return removeAll(exchange, parts)
    default:
      throw methodNotAllowed(exchange.target.served.resource, exchange.request.method ?? '')
  }
}

async function create(exchange: Exchange, { writer }: SingleObjectParts): Promise<StoredVersion> {
  const { served, namespace, name } = exchange.target
  if (name !== undefined || (served.resource.namespaced && namespace === undefined)) {
    throw methodNotAllowed(served.resource, 'create')
  }
  return writer.create(served, await readObject(exchange), { namespace, keepsIdentity: false })
}

async function update(exchange: Exchange, { writer }: SingleObjectParts): Promise<StoredVersion> {
  if (exchange.target.name === undefined) throw methodNotAllowed(exchange.target.served.resource, 'update')
  const object = await readObject(exchange)
  return writer.update(exchange.target.served, keyOf(exchange), object)
}

async function patch(exchange: Exchange, { writer }: SingleObjectParts): Promise<StoredVersion> {
  const { served, name } = exchange.target
  if (name === undefined) throw methodNotAllowed(served.resource, 'patch')
  const key = keyOf(exchange)
  const body = await exchange.json()
  const stored = writer.get(served, key)
  const patched = applyPatch(parse(stored.bytes), body, exchange.request.headers['content-type'] ?? '')
  return writer.update(served, key, patched as AnyObject)
}

async function remove(exchange: Exchange, { writer }: SingleObjectParts): Promise<void> {
  const { served } = exchange.target
  const options = ((await exchange.json()) ?? {}) as { preconditions?: Preconditions }
  const removed = writer.remove(served, keyOf(exchange), options.preconditions ?? {})
  if (!served.isBuiltIn || !RETURNED_WHEN_DELETED.has(served.resource.plural)) {
    const { group, plural } = served.resource
    const details = { name: removed.name, ...(group === '' ? {} : { group }), kind: plural, uid: removed.uid }
    const gone: StatusBody = { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
    return send(exchange.response, 200, `${JSON.stringify(gone)}\n`)
  }
  sendObject(exchange, 200, removed)
}

async function removeAll(exchange: Exchange, { writer, storage, gates }: SingleObjectParts): Promise<void> {
  const { served, namespace } = exchange.target
  await exchange.json()
  const options = parseListOptions(exchange.query, gates)
  const selection = new Selection(served, namespace, { label: options.labelSelector, field: options.fieldSelector })
  const page = readPage(storage.collection(served), storage.revision, { options, selection, gates })
  for (const { key } of page.items) writer.remove(served, key)
  const gone: StatusBody = {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Success',
    details: { kind: served.resource.plural },
  }
  send(exchange.response, 200, `${toJson(gone)}\n`)
}

function sendObject(exchange: Exchange, status: number, version: StoredVersion): void {
  const isMetadata = negotiate(exchange.request.headers.accept, false) === 'metadata'
  const bytes = isMetadata ? partialMetadata(version) : version.bytes
  send(exchange.response, status, Buffer.concat([bytes, Buffer.from('\n')]))
}

async function readObject(exchange: Exchange): Promise<AnyObject> {
  const contentType = exchange.request.headers['content-type'] ?? 'application/json'
  if (!contentType.startsWith('application/json')) throw unsupportedMediaType(['application/json'])
  const object = await exchange.json()
  if (typeof object !== 'object' || object === null) throw badRequest('the request has no object')
  return object as AnyObject
}

function keyOf({ target: { namespace, name } }: Exchange): string {
  return joinKey(namespace, name ?? '')
}

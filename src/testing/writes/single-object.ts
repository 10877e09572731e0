import { isMap } from './json-value.ts'
import { type AnyObject, parse } from '../encoding/encoding.ts'
import type { Exchange } from '../http/exchange.ts'
import { sendObject } from '../http/send-object.ts'
import { badRequest } from '../status.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { handleDelete, handleDeleteCollection } from './delete-request.ts'
import { keyOf, type ObjectParts, readObject } from './object-request.ts'
import { validateFields } from './field-validation.ts'
import { applyPatch, patchKindOf } from './patch.ts'
import { noSuchMethod, otherUid } from './refusals.ts'
import { applyOptions, checkNotForced, writeOptions } from './write-options.ts'

/** Of a write: what is there now, and whether it was not there before. */
interface Written {
  readonly version: StoredVersion
  readonly isNew: boolean
}

/**
 * Answers every verb that is neither list nor watch, of an object and of the subresources that are parts of
 * it: `status` and `finalize`.
 */
export async function handleObject(exchange: Exchange, parts: ObjectParts, subresource?: string): Promise<void> {
  const { verb } = exchange.record
  // Who could not read the answer changes nothing. Of a form that it does not have an object is told when it is found.
  if (verb === 'get') exchange.checkAccept('object')
  else if (verb !== 'deletecollection') exchange.negotiate('object')
  switch (verb) {
    case 'get':
      return sendObject(exchange, parts, 200, parts.writer.get(exchange.target.served, keyOf(exchange)))
    case 'create':
      return sendWritten(exchange, parts, { version: await create(exchange, parts), isNew: true })
    case 'update':
      return sendWritten(exchange, parts, await update(exchange, parts, subresource))
    case 'patch':
      return sendWritten(exchange, parts, await patch(exchange, parts, subresource))
    case 'delete':
      return handleDelete(exchange, parts)
    case 'deletecollection':
      return handleDeleteCollection(exchange, parts)
    default:
      throw noSuchMethod()
  }
}

function sendWritten(exchange: Exchange, parts: ObjectParts, { version, isNew }: Written): Promise<void> {
  return sendObject(exchange, parts, isNew ? 201 : 200, version)
}

async function create(exchange: Exchange, { writer }: ObjectParts): Promise<StoredVersion> {
  const { served, namespace } = exchange.target
  const options = writeOptions(exchange, 'CreateOptions')
  const object = await readObject(exchange)
  validateFields(exchange, object)
  return writer.create(served, object, { namespace, ...options })
}

async function update(exchange: Exchange, { writer, storage }: ObjectParts, subresource?: string): Promise<Written> {
  const { served, namespace, name = '' } = exchange.target
  const object = await readObject(exchange)
  if (!object.metadata.name) {
    throw badRequest(`the name of the object (${name} based on URL) was undeterminable: name must be provided`)
  }
  validateFields(exchange, object)
  const key = keyOf(exchange)
  const writing = { namespace, subresource, ...writeOptions(exchange, 'UpdateOptions') }
  const exists = storage.collection(served).get(key) !== undefined
  if (!exists && served.facts.isCreatedByUpdate && subresource === undefined) {
    const { uid, resourceVersion: _version, ...metadata } = object.metadata
    if (uid) throw otherUid(served.resource, key, uid, '')
    return { version: writer.create(served, { ...object, metadata: { ...metadata, name } }, writing), isNew: true }
  }
  return { version: writer.update(served, key, object, writing), isNew: false }
}

async function patch(exchange: Exchange, parts: ObjectParts, subresource?: string): Promise<Written> {
  const { served, namespace } = exchange.target
  const kind = patchKindOf(exchange.request.headers['content-type'], served)
  if (kind === 'apply') return apply(exchange, parts, subresource)
  checkNotForced(exchange)
  const writing = { namespace, subresource, isPatch: true, ...writeOptions(exchange, 'PatchOptions') }
  const body = await exchange.json().catch((error: unknown) => {
    throw badRequest(`error decoding patch: ${(error as Error).message}`)
  })
  const key = keyOf(exchange)
  const patched = applyPatch(kind, parse(parts.writer.get(served, key).bytes), body, served)
  if (!isMap(patched)) throw badRequest('the patch leaves no object')
  return { version: parts.writer.update(served, key, patched as AnyObject, writing), isNew: false }
}

async function apply(exchange: Exchange, { writer }: ObjectParts, subresource?: string): Promise<Written> {
  const { served, namespace, name = '' } = exchange.target
  const options = applyOptions(exchange)
  const body = await exchange.yaml().catch((error: unknown) => {
    throw badRequest(`error decoding YAML: ${(error as Error).message}`)
  })
  if (!isMap(body) || !isMap(body['metadata'])) throw badRequest('error decoding YAML: it is no object with metadata')
  const applied = body as AnyObject
  if (!applied.apiVersion || !applied.kind) {
    throw badRequest(`invalid object type: /${applied.apiVersion ?? ''}, Kind=${applied.kind ?? ''}`)
  }
  if (applied.metadata['managedFields'] !== undefined) throw badRequest('metadata.managedFields must be nil')
  const given = applied.metadata.name
  if (given !== undefined && given !== name) {
    throw badRequest(`the name of the object (${given}) does not match the name on the URL (${name})`)
  }
  const object = { ...applied, metadata: { ...applied.metadata, name } }
  return writer.apply(served, keyOf(exchange), object, { namespace, subresource, ...options })
}

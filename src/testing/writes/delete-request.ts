import type { StoredVersion } from '../storage/collection.ts'
import { parse } from '../encoding/encoding.ts'
import type { Exchange } from '../http/exchange.ts'
import { sendObject } from '../http/send-object.ts'
import { sendStatus } from '../http/send-status.ts'
import { listBody } from '../encoding/list-body.ts'
import type { Gates } from '../catalog/release.ts'
import { ObjectEncoder } from '../encoding/object-encoder.ts'
import { parseListOptions } from '../reads/list-options.ts'
import { readPage } from '../reads/list-page.ts'
import { Selection } from '../reads/selection.ts'
import { badRequest, failure, type StatusBody } from '../status.ts'
import type { DeleteOptions, PropagationPolicy } from './deletions.ts'
import { isMap, valueOf } from './json-value.ts'
import { invalidOptions } from './refusals.ts'
import { keyOf, type ObjectParts } from './object-request.ts'
import { checkDryRun, unsupported } from './write-options.ts'

/** Answers a DELETE of one object: with the object where it is held back or its resource says so, else with a Status. */
export async function handleDelete(exchange: Exchange, parts: ObjectParts): Promise<void> {
  const { served } = exchange.target
  const removed = parts.writer.remove(served, keyOf(exchange), await deleteOptions(exchange, parts.gates))
  const isHeld = !removed.isDeleted && parse(removed.bytes).metadata.deletionTimestamp !== undefined
  if (isHeld || served.facts.isReturnedWhenDeleted) return sendObject(exchange, parts, 200, removed)
  sendStatus(exchange.response, goneStatus(exchange, removed))
}

/** Answers with the list of what it has deleted. */
export async function handleDeleteCollection(exchange: Exchange, parts: ObjectParts): Promise<void> {
  const { served, namespace } = exchange.target
  const deletion = await deleteOptions(exchange, parts.gates)
  const options = parseListOptions(exchange.query, parts.gates)
  const selection = new Selection(served, namespace, { label: options.labelSelector, field: options.fieldSelector })
  const { items, revision } = await readPage({ served, options, selection }, parts)
  const gone = [...items]
  for (const { key } of gone) parts.writer.remove(served, key, deletion)
  const encoder = new ObjectEncoder(served, exchange.negotiate('list'), () => parts.clock.now())
  const list = listBody(encoder, { revision, continueToken: undefined, remainingItemCount: undefined })
  const body = exchange.openBody(encoder.representation)
  body.write(await list.head(gone))
  for (const [index, version] of gone.entries()) list.writeItem(body, version, index)
  body.write(list.tail)
  await body.end()
}

function goneStatus({ target: { served } }: Exchange, { name, uid }: StoredVersion): StatusBody {
  const { group, plural } = served.resource
  const details = { name, ...(group === '' ? {} : { group }), kind: plural, uid }
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details }
}

const POLICIES: readonly PropagationPolicy[] = ['Foreground', 'Background', 'Orphan']

/** The options of the body, or of the query where there is no body. */
async function deleteOptions(exchange: Exchange, gates: Gates): Promise<DeleteOptions> {
  const body = await exchange.object()
  checkOptionsKind(body, gates)
  const { query } = exchange
  const given = isMap(body)
    ? body
    : { ...query, ...(query['dryRun'] === undefined ? {} : { dryRun: [query['dryRun']] }) }
  const { propagationPolicy, orphanDependents, preconditions } = given as { [field: string]: unknown }
  const dryRun = (given as { dryRun?: unknown }).dryRun
  const dryRuns = Array.isArray(dryRun) ? dryRun.map(String) : []
  checkDryRun(dryRuns, 'DeleteOptions')
  return {
    uid: text(valueOf(preconditions, 'uid')),
    resourceVersion: text(valueOf(preconditions, 'resourceVersion')),
    propagationPolicy: policyOf(text(propagationPolicy), orphanDependents),
    isDryRun: dryRuns.length > 0,
  }
}

/** A body of another kind, which older servers take for a mistake of their own. */
function checkOptionsKind(body: unknown, { blamesClientForOptions }: Gates): void {
  const kind = valueOf(body, 'kind')
  if (typeof kind !== 'string' || kind === '' || kind === 'DeleteOptions') return
  const version = JSON.stringify(valueOf(body, 'apiVersion') ?? 'v1')
  const line = blamesClientForOptions ? 111 : 110 // of the server's own source
  const message = `no kind ${JSON.stringify(kind)} is registered for version ${version} in scheme "pkg/runtime/scheme.go:${line}"`
  throw blamesClientForOptions ? badRequest(message) : failure(500, '', message)
}

function policyOf(policy: string | undefined, orphanDependents: unknown): PropagationPolicy | undefined {
  if (policy !== undefined && orphanDependents !== undefined) {
    const message = `Invalid value: ${JSON.stringify(policy)}: orphanDependents and deletionPropagation cannot be both set`
    throw invalidOptions('DeleteOptions', 'propagationPolicy', 'FieldValueInvalid', message)
  }
  if (orphanDependents !== undefined)
    return [true, 'true'].includes(orphanDependents as boolean) ? 'Orphan' : 'Background'
  const known = POLICIES.find((name) => name === policy)
  if (policy === undefined || known !== undefined) return known
  const values = [...POLICIES, 'nil'].map((name) => JSON.stringify(name)).join(', ')
  throw unsupported(
    'DeleteOptions',
    'propagationPolicy',
    `Unsupported value: ${JSON.stringify(policy)}: supported values: ${values}`,
  )
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

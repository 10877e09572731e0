import { BodyWriter } from '../http/body-writer.ts'
import { toJson } from '../encoding/encoding.ts'
import { beginStream, type Exchange } from '../http/exchange.ts'
import type { FaultPlan, Struck } from '../faults/fault-plan.ts'
import { layoutOf, type ListLayout } from '../encoding/list-body.ts'
import { type ListOptions, parseListOptions } from './list-options.ts'
import { type Page, readPage } from './list-page.ts'
import { negotiate } from '../encoding/media-type.ts'
import type { Gates } from '../catalog/release.ts'
import { Selection } from './selection.ts'
import { failure, statusOf } from '../status.ts'
import type { Storage } from '../storage/storage.ts'

/** What a server is made of, as far as the code that answers requests needs it. */
export interface ServerParts {
  readonly storage: Storage
  readonly faults: FaultPlan
  readonly gates: Gates
}

/**
 * Answers a LIST: fixes the page, then sends it item by item at the speed of the client. What it holds
 * meanwhile is one pointer for each item and one chunk of the body.
 */
export async function handleList(exchange: Exchange, parts: ServerParts): Promise<void> {
  const { served, namespace } = exchange.target
  const representation = negotiate(exchange.request.headers.accept, true)
  const options = parseListOptions(exchange.query, parts.gates)
  const selection = new Selection(served, namespace, { label: options.labelSelector, field: options.fieldSelector })
  const collection = parts.storage.collection(served)
  const page = readPage(collection, parts.storage.revision, { options, selection, gates: parts.gates })
  exchange.servedFrom(page.source)
  const struck: Struck = { verb: 'list', served }
  const layout = layoutOf(served, representation, headOf(page, options, parts.faults, struck))
  await sendList(exchange, layout, page.items, faultsOf(parts.faults, struck))
}

function headOf(page: Page, options: ListOptions, faults: FaultPlan, struck: Struck): Parameters<typeof layoutOf>[2] {
  const repeats = options.continueToken !== '' && faults.repeatContinueToken.take(struck) !== undefined
  return {
    revision: faults.omitResourceVersion.take(struck) === undefined ? page.revision : undefined,
    continueToken: repeats ? options.continueToken : page.continueToken,
    remainingItemCount: page.remainingItemCount,
  }
}

type ListFaults = ReturnType<typeof faultsOf>

function faultsOf(faults: FaultPlan, struck: Struck) {
  return {
    cut: faults.cutList.take(struck),
    stall: faults.stallList.take(struck),
    appendStatus: faults.appendStatus.take(struck),
  }
}

async function sendList(
  { response }: Exchange,
  layout: ListLayout,
  items: Page['items'],
  { cut, stall, appendStatus }: ListFaults,
): Promise<void> {
  const place = cut ?? stall ?? appendStatus
  const limit = cut?.afterBytes
  const isWhole = place === undefined || limit !== undefined
  const body = new BodyWriter(response, { limit })
  beginStream(response)
  body.write(layout.head)
  await sendItems(body, layout, isWhole ? items : items.slice(0, place.afterItems ?? 0))
  if (isWhole) body.write(layout.tail)
  if (cut !== undefined && cut.by !== 'end') return body.cut({ reset: cut.by === 'reset' })
  if (stall !== undefined) return body.flush()
  if (appendStatus !== undefined) body.write(encodingError())
  await body.end()
}

const COMMA = Buffer.from(',')

async function sendItems(body: BodyWriter, layout: ListLayout, items: Page['items']): Promise<void> {
  for (const [index, item] of items.entries()) {
    if (index > 0) body.write(COMMA)
    body.write(layout.opening)
    body.write(layout.itemBytes(item), layout.start)
    await body.ready()
    if (body.isDone) return
  }
}

/** What a server appends when it fails in the middle of a list, after it has said 200: the body then ends as if nothing were wrong. */
function encodingError(): Buffer {
  const message = 'Internal error occurred: the object could not be encoded'
  return Buffer.from(`${toJson(statusOf(failure(500, 'InternalError', message)))}\n`)
}

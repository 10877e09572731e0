import type { Clock } from '../../internal/clock.ts'
import type { BodyWriter } from '../http/body-writer.ts'
import { toJson } from '../encoding/encoding.ts'
import type { Exchange } from '../http/exchange.ts'
import { closedSignal } from './closed-signal.ts'
import type { FaultPlan, GarbleFault, Struck } from '../faults/fault-plan.ts'
import { type ListBody, listBody, type PageHead } from '../encoding/list-body.ts'
import { type ListOptions, parseListOptions } from './list-options.ts'
import { type Page, readPage } from './list-page.ts'
import type { ReadParts } from './list-source.ts'
import { ObjectEncoder } from '../encoding/object-encoder.ts'
import { Selection } from './selection.ts'
import { failure, statusOf } from '../status.ts'

/** What a server is made of, as far as the code that answers requests needs it. */
export interface ServerParts extends ReadParts {
  readonly faults: FaultPlan
  readonly clock: Clock
}

/**
 * Answers a LIST: fixes the page, then sends it item by item at the speed of the client. What it holds
 * meanwhile is a state that it shares with others and one chunk of the body.
 */
export async function handleList(exchange: Exchange, parts: ServerParts): Promise<void> {
  const { served, namespace } = exchange.target
  exchange.checkAccept('list')
  const options = parseListOptions(exchange.query, parts.gates)
  const selection = new Selection(served, namespace, { label: options.labelSelector, field: options.fieldSelector })
  const page = await readPage({ served, options, selection }, parts, closedSignal(exchange.response))
  exchange.servedFrom(page.source)
  // Of a form that a list does not have the server tells when it has the list.
  const encoder = new ObjectEncoder(served, exchange.negotiate('list'), () => parts.clock.now())
  const struck: Struck = { verb: 'list', served }
  const list = listBody(encoder, headOf(page, options, parts.faults, struck))
  const faults = faultsOf(parts.faults, struck)
  await sendList(exchange.openBody(encoder.representation, { limit: faults.cut?.afterBytes }), list, page.items, faults)
}

function headOf(page: Page, options: ListOptions, faults: FaultPlan, struck: Struck): PageHead {
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
    garble: faults.garbleList.take(struck),
  }
}

async function sendList(
  body: BodyWriter,
  list: ListBody,
  items: Page['items'],
  { cut, stall, appendStatus, garble }: ListFaults,
): Promise<void> {
  const place = cut ?? stall ?? appendStatus
  const isWhole = place === undefined || cut?.afterBytes !== undefined
  body.write(await list.head(items))
  await sendItems(body, list, isWhole ? items : [...Iterator.from(items).take(place.afterItems ?? 0)], garble)
  if (isWhole) body.write(list.tail)
  if (cut !== undefined && cut.by !== 'end') return body.cut({ reset: cut.by === 'reset' })
  if (stall !== undefined) return body.flush()
  if (appendStatus !== undefined) body.write(encodingError())
  await body.end()
}

async function sendItems(
  body: BodyWriter,
  list: ListBody,
  items: Page['items'],
  garble: GarbleFault | undefined,
): Promise<void> {
  let index = 0
  for (const item of items) {
    if (garble !== undefined && index === (garble.afterItems ?? 0)) body.write(garbageOf(garble))
    list.writeItem(body, item, index++)
    await body.ready()
    if (body.isDone) return
  }
  if (garble !== undefined && index <= (garble.afterItems ?? 0)) body.write(garbageOf(garble))
}

function garbageOf({ text = '\u0000garbage' }: GarbleFault): Buffer {
  return Buffer.from(text)
}

/** What a server appends when it fails in the middle of a list, after it has said 200: the body then ends as if nothing were wrong. */
function encodingError(): Buffer {
  const message = 'Internal error occurred: the object could not be encoded'
  return Buffer.from(`${toJson(statusOf(failure(500, 'InternalError', message)))}\n`)
}

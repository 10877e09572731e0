import type { Exchange } from '../http/exchange.ts'
import type { ServerParts } from './list.ts'
import { parseListOptions } from './list-options.ts'
import { ObjectEncoder } from '../encoding/object-encoder.ts'
import { EventEncoder } from '../encoding/watch-events.ts'
import { closedSignal } from './closed-signal.ts'
import { checkReady, isCached } from './list-source.ts'
import type { OpenWatches } from './open-watches.ts'
import { Selection } from './selection.ts'
import { CachedWatch, StoredWatch, type WatchRequest } from './watch-source.ts'

/** Of a watch that names none: kube-apiserver picks 30 to 60 minutes. */
const DEFAULT_TIMEOUT_MS = 45 * 60_000

export interface WatchParts extends ServerParts {
  readonly watches: OpenWatches
}

/**
 * Answers a WATCH. What is wrong with the request is an HTTP status; what is wrong with its version is
 * said after the 200, as an ERROR event, because only the cache knows it.
 */
export async function handleWatch(exchange: Exchange, parts: WatchParts): Promise<void> {
  const { target, response, query } = exchange
  const { served, namespace } = target
  const { faults, gates } = parts
  const struck = { verb: 'watch', served }
  const encoder = new ObjectEncoder(served, exchange.negotiate('watch'), () => parts.clock.now())
  const isRefused = query['sendInitialEvents'] !== undefined && faults.refuseWatchList.take(struck) !== undefined
  const options = parseListOptions(query, isRefused ? { ...gates, watchList: false } : gates)
  const selection = new Selection(served, namespace, { label: options.labelSelector, field: options.fieldSelector })
  const request: WatchRequest = { served, options, selection }
  const replica = parts.replicas.next()
  if (isCached(served)) checkReady(replica)
  const source = isCached(served)
    ? new CachedWatch(request, replica.cache(served), parts)
    : new StoredWatch(request, parts.storage)
  const isClosedAtOnce = faults.closeWatch.take(struck) !== undefined
  const isDeaf = faults.stallWatch.take(struck) !== undefined
  const error = await source.prepare(closedSignal(response))
  const isCompressed = gates.watchListCompression && options.sendInitialEvents === true
  const body = exchange.openStream(encoder.representation, { isCompressed })
  const stream = parts.watches.open(response, body, new EventEncoder(encoder, selection, gates), isDeaf)
  if (isClosedAtOnce) return stream.drop()
  const start = error ?? source.start()
  if ('status' in start) return stream.fail(start)
  const lacksEnd = start.initialEventsEnd !== undefined && faults.withholdInitialEventsEnd.take(struck) !== undefined
  stream.start({
    ...start,
    initialEventsEnd: lacksEnd ? undefined : start.initialEventsEnd,
    currentRevision: options.allowWatchBookmarks && !lacksEnd ? start.currentRevision : undefined,
    timeoutMs: options.timeoutSeconds > 0 ? options.timeoutSeconds * 1000 : DEFAULT_TIMEOUT_MS,
  })
  const following = source.follow(stream)
  response.once('close', () => following[Symbol.dispose]())
}

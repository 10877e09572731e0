import type { Clock } from '../../internal/clock.ts'
import type { Collection } from '../storage/collection.ts'
import { beginStream, type Exchange } from '../http/exchange.ts'
import type { ServerParts } from './list.ts'
import { type ListOptions, parseListOptions } from './list-options.ts'
import { negotiate } from '../encoding/media-type.ts'
import type { OpenWatches } from './open-watches.ts'
import { Selection } from './selection.ts'
import { expired, type StatusBody, statusOf, tooLargeResourceVersion } from '../status.ts'
import type { WatchStart } from './watch-stream.ts'

/** Of a watch that names none: kube-apiserver picks 30 to 60 minutes. */
const DEFAULT_TIMEOUT_MS = 45 * 60_000

export interface WatchParts extends ServerParts {
  readonly clock: Clock
  readonly watches: OpenWatches
}

/**
 * Answers a WATCH. What is wrong with the request is an HTTP status; what is wrong with its version is
 * said after the 200, as an ERROR event, because only the cache knows it.
 */
export function handleWatch(exchange: Exchange, parts: WatchParts): void {
  const { target, request, response, query } = exchange
  const { served, namespace } = target
  const representation = negotiate(request.headers.accept, false)
  const options = parseListOptions(query, parts.gates)
  const selection = new Selection(served, namespace, { label: options.labelSelector, field: options.fieldSelector })
  const struck = { verb: 'watch', served }
  const isClosedAtOnce = parts.faults.closeWatch.take(struck) !== undefined
  const isDeaf = parts.faults.stallWatch.take(struck) !== undefined
  const stream = parts.watches.open(response, { served, selection, representation }, isDeaf)
  beginStream(response)
  if (isClosedAtOnce) return stream.drop()
  const start = startOf(parts.storage.collection(served), parts.storage.revision, { options, selection })
  if ('status' in start) stream.fail(start)
  else stream.start(start)
}

/**
 * What a watch begins with.
 *
 * | sendInitialEvents | resourceVersion | begins with                                                      |
 * | ----------------- | --------------- | ---------------------------------------------------------------- |
 * | –                 | X               | the events after X; 410 where the history does not reach back    |
 * | true              | unset, 0, X     | the whole state as ADDED, then a bookmark that says so; 504 if X is not reached |
 * | false             | unset, 0        | nothing: from now on                                             |
 *
 * A version from the future is accepted, and the watch silent until it is reached: what a client meets
 * after etcd was restored from a backup.
 */
function startOf(
  collection: Collection,
  current: number,
  { options, selection }: { options: ListOptions; selection: Selection },
): WatchStart | StatusBody {
  const asked = Number(options.resourceVersion)
  const common = {
    hasBookmarks: options.allowWatchBookmarks,
    timeoutMs: options.timeoutSeconds > 0 ? options.timeoutSeconds * 1000 : DEFAULT_TIMEOUT_MS,
  }
  const isFromNothing = asked === 0 && options.sendInitialEvents !== false
  if (options.sendInitialEvents === true || isFromNothing) {
    if (asked > current) return statusOf(tooLargeResourceVersion(options.resourceVersion, current))
    const state = collection.read({ prefix: selection.prefix, revision: current })
    const isWatchList = options.sendInitialEvents === true && options.allowWatchBookmarks
    return {
      ...common,
      initial: state.filter((version) => selection.matches(version)),
      missed: [],
      after: current,
      initialEventsEnd: isWatchList ? current : undefined,
    }
  }
  const oldest = collection.oldestWatchable
  if (asked !== 0 && asked < oldest) return statusOf(expired(`too old resource version: ${asked} (${oldest})`))
  const after = asked === 0 ? current : asked
  return { ...common, initial: [], missed: collection.since(after), after, initialEventsEnd: undefined }
}

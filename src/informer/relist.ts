import { ApiError, type KubeflumeError } from '../api/errors.ts'
import { isOlder } from '../api/resource-version.ts'
import type { Resource } from '../api/resource.ts'
import type { Backoff } from './backoff.ts'
import {
  type Listing,
  listing,
  type ListPlan,
  type ReflectorState,
  type Waiting,
  type Watching,
  watching,
} from './state.ts'

/** How large a page is, where lists are paged. client-go's number. */
const PAGE_LIMIT = '500'
/** A programmer's error is asked again at this pace: someone may fix the server's side. */
const PERMANENT_RETRY_MS = 30_000
const MAX_TOO_LARGE = 1
const MAX_EMPTY_CLOSES = 3
const MAX_INTERNAL_ERRORS = 3
/** A watch that ends sooner was not meant to: a server keeps one open for minutes. */
const SHORT_WATCH_MS = 1000
/** Where "Too large resource version" comes without a time to wait. */
const DEFAULT_RETRY_MS = 1000

export interface FirstListOptions {
  readonly resource: Resource
  readonly sync: 'auto' | 'stream' | 'paged'
  readonly freshness: 'latest' | 'any'
}

/**
 * The first list asks for the newest state, unpaged: since 1.31 the watch cache answers that, and since
 * 1.33 it is streamed. Two exceptions are paged: on request, and events, which have no watch cache, so
 * that an unpaged list would be held in the server's memory as a whole. With `freshness: 'any'` the
 * cache answers at once, however old it is; the limit then only counts while it has no state yet.
 */
export function firstList({ resource, sync, freshness }: FirstListOptions): ListPlan {
  const isPaged = sync === 'paged' || (sync === 'auto' && isUncached(resource))
  const limit: ListPlan['query'] = isPaged || freshness === 'any' ? { limit: PAGE_LIMIT } : {}
  const version: ListPlan['query'] = freshness === 'any' ? { resourceVersion: '0' } : {}
  return { query: { ...version, ...limit }, reason: 'first list' }
}

/**
 * A relist asks for a state no older than what was seen, which the cache can answer. To ask for the
 * newest one instead would send every informer of a restarted server to etcd at once; a 410 is no
 * reason for it either: that the server forgot the events after a version does not mean that it could
 * not list at least that version.
 */
export function relist(lastSeen: string | undefined, first: ListPlan, reason: string): ListPlan {
  if (lastSeen === undefined) return { ...first, reason }
  const limit: ListPlan['query'] = first.query['limit'] === undefined ? {} : { limit: first.query['limit'] }
  return { query: { resourceVersion: lastSeen, resourceVersionMatch: 'NotOlderThan', ...limit }, reason }
}

/** The one list that may go back in time: the server has twice said that it is behind what was seen. */
function newestList({ query: { resourceVersion: _, ...query } }: ListPlan): ListPlan {
  return { query, reason: 'the server is older than what was seen', mayGoBack: true }
}

/** What a reflector remembers beside its state. */
export interface Memory {
  /** The newest version that a list, an event or a bookmark had. */
  readonly lastSeen: string | undefined
  readonly first: ListPlan
  readonly backoff: Backoff
}

/** What follows a list that failed. Nothing of it has reached the store. */
export function afterListFailure(state: Listing, error: KubeflumeError, memory: Memory): ReflectorState {
  const { backoff, first, lastSeen } = memory
  switch (error.code) {
    case 'ERR_RESOURCE_VERSION_TOO_LARGE':
      if (state.tooLarge < MAX_TOO_LARGE)
        return waiting(retryAfter(error, backoff) ?? DEFAULT_RETRY_MS, error, {
          ...state,
          tooLarge: state.tooLarge + 1,
        })
      return waiting(backoff.next(), error, listing(newestList(first)))
    case 'ERR_RESOURCE_EXPIRED':
      return waiting(backoff.next(), error, listing(relist(lastSeen, first, 'the list expired')))
    default:
      return waiting(delayOf(error, backoff), error, { ...state, tooLarge: 0 })
  }
}

/** How a watch came to its end. */
export interface WatchEnd {
  /** None: the server ended it in good order. */
  readonly error: KubeflumeError | undefined
  /** Whether it brought an event or a bookmark. */
  readonly sawEvents: boolean
  readonly durationMs: number
}

/**
 * What follows the end of a watch: mostly the next one, from the last version seen; a list only when
 * events may be lost. After a watch of less than a second, whatever it brought and however it ended,
 * there is a wait: nothing that a server does may become a loop without one.
 */
export function afterWatchEnd(state: Watching, end: WatchEnd, memory: Memory): ReflectorState {
  const lastSeen = memory.lastSeen ?? state.resourceVersion
  const next = { ...watching(lastSeen), internalErrors: end.sawEvents ? 0 : state.internalErrors }
  const { error } = end
  if (error === undefined) return afterCleanEnd(state, end, lastSeen, memory)
  const { backoff } = memory
  const relisting = (reason: string): Listing => listing(relist(lastSeen, memory.first, reason))
  switch (error.code) {
    case 'ERR_RESOURCE_EXPIRED':
      return paced(end, relisting('the watch expired'), memory)
    case 'ERR_RESOURCE_VERSION_TOO_LARGE':
      return waiting(retryAfter(error, backoff) ?? DEFAULT_RETRY_MS, error, {
        ...relisting('the server is behind'),
        tooLarge: 1,
      })
    case 'ERR_STORAGE_READ':
      return waiting(backoff.next(), error, relisting('the server lost an object'))
    case 'ERR_CONNECTION_LOST':
    case 'ERR_SERVER_SILENT':
    case 'ERR_DECODE_TRUNCATED': // the rest of that event comes again
      return paced(end, next, memory)
    default:
      break
  }
  if (isInternalError(error)) {
    const internalErrors = next.internalErrors + 1
    if (internalErrors <= MAX_INTERNAL_ERRORS) return waiting(backoff.next(), error, { ...next, internalErrors })
    return waiting(backoff.next(), error, relisting('the watch failed again and again'))
  }
  if (isUnreadable(error)) return waiting(backoff.next(), error, relisting('an event was lost'))
  return waiting(delayOf(error, backoff), error, { ...next, emptyCloses: state.emptyCloses })
}

/** A resource without a watch cache closes a watch from an old version silently, again and again. */
function afterCleanEnd(state: Watching, end: WatchEnd, lastSeen: string, memory: Memory): ReflectorState {
  const emptyCloses = isShort(end) && !end.sawEvents ? state.emptyCloses + 1 : 0
  if (emptyCloses === MAX_EMPTY_CLOSES)
    return paced(end, listing(relist(lastSeen, memory.first, 'the watch was closed again and again')), memory)
  return paced(end, { ...watching(lastSeen), emptyCloses }, memory)
}

/** Goes on at once after a watch that lasted, and with a wait after one that did not. */
function paced(end: WatchEnd, next: Listing | Watching, { backoff }: Memory): ReflectorState {
  return isShort(end) ? waiting(backoff.next(), end.error, next) : next
}

function isShort({ durationMs }: WatchEnd): boolean {
  return durationMs < SHORT_WATCH_MS
}

/** The newer of two versions; those that cannot be compared: the later one. */
export function newer(before: string | undefined, after: string): string {
  return before !== undefined && isOlder(after, before) ? before : after
}

function waiting(delayMs: number, error: KubeflumeError | undefined, next: Listing | Watching): Waiting {
  return { name: 'waiting', delayMs, after: error?.message ?? 'a watch that was closed at once', next }
}

function delayOf(error: KubeflumeError, backoff: Backoff): number {
  if (!error.retryable) return PERMANENT_RETRY_MS
  return retryAfter(error, backoff) ?? backoff.next()
}

function retryAfter(error: KubeflumeError, backoff: Backoff): number | undefined {
  const ms = error instanceof ApiError ? error.retryAfterMs : undefined
  return ms === undefined || ms === 0 ? undefined : backoff.spread(ms)
}

function isInternalError(error: KubeflumeError): boolean {
  return error instanceof ApiError && error.status === 500
}

/** An event that could not be read may have been a delete. */
function isUnreadable(error: KubeflumeError): boolean {
  return error.code.startsWith('ERR_DECODE_') || error.code === 'ERR_UNEXPECTED_KIND'
}

function isUncached(resource: Resource): boolean {
  return resource.plural === 'events' && (resource.group === '' || resource.group === 'events.k8s.io')
}

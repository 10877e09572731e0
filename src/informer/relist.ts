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
/** A watch that ends sooner, without an event, has told nothing. */
const SHORT_WATCH_MS = 1000

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
        return waiting(retryAfter(error, backoff) ?? 1000, { ...state, tooLarge: state.tooLarge + 1 })
      return waiting(backoff.next(), listing({ ...first, reason: 'the server is older than what was seen' }))
    case 'ERR_RESOURCE_EXPIRED':
      return waiting(backoff.next(), listing(relist(lastSeen, first, 'the list expired')))
    default:
      return waiting(delayOf(error, backoff), { ...state, tooLarge: 0 })
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

/** What follows the end of a watch: mostly the next one, from the last version seen; a list only when events may be lost. */
export function afterWatchEnd(state: Watching, end: WatchEnd, memory: Memory): ReflectorState {
  const { backoff, first } = memory
  const lastSeen = memory.lastSeen ?? state.resourceVersion
  const next = watching(lastSeen)
  const { error } = end
  const toldNothing = !end.sawEvents && end.durationMs < SHORT_WATCH_MS
  if (error === undefined) return toldNothing ? afterEmptyClose(state, lastSeen, memory) : next
  switch (error.code) {
    case 'ERR_RESOURCE_EXPIRED':
      return listing(relist(lastSeen, first, 'the watch expired'))
    case 'ERR_RESOURCE_VERSION_TOO_LARGE':
      return waiting(retryAfter(error, backoff) ?? 1000, {
        ...listing(relist(lastSeen, first, 'the server is behind')),
        tooLarge: 1,
      })
    case 'ERR_STORAGE_READ':
      return waiting(backoff.next(), listing(relist(lastSeen, first, 'the server lost an object')))
    case 'ERR_CONNECTION_LOST':
    case 'ERR_SERVER_SILENT':
    case 'ERR_DECODE_TRUNCATED': // the rest of that event comes again
      return toldNothing ? waiting(backoff.next(), next) : next
    default:
      break
  }
  if (isInternalError(error)) {
    const internalErrors = state.internalErrors + 1
    if (internalErrors <= MAX_INTERNAL_ERRORS) return waiting(backoff.next(), { ...next, internalErrors })
    return waiting(backoff.next(), listing(relist(lastSeen, first, 'the watch failed again and again')))
  }
  if (isUnreadable(error)) return waiting(backoff.next(), listing(relist(lastSeen, first, 'an event was lost')))
  return waiting(delayOf(error, backoff), {
    ...next,
    internalErrors: state.internalErrors,
    emptyCloses: state.emptyCloses,
  })
}

/** A resource without a watch cache closes a watch from an old version silently, again and again. */
function afterEmptyClose(state: Watching, lastSeen: string, { backoff, first }: Memory): ReflectorState {
  const emptyCloses = state.emptyCloses + 1
  if (emptyCloses < MAX_EMPTY_CLOSES) return waiting(backoff.next(), { ...watching(lastSeen), emptyCloses })
  return listing(relist(lastSeen, first, 'the watch was closed again and again'))
}

/** The newer of two versions; those that cannot be compared: the later one. */
export function newer(before: string | undefined, after: string): string {
  return before !== undefined && isOlder(after, before) ? before : after
}

function waiting(delayMs: number, next: Listing | Watching): Waiting {
  return { name: 'waiting', delayMs, next }
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

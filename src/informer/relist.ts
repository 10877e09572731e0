import { ApiError, type KubeflumeError } from '../api/errors.ts'
import type { ListReason } from '../api/observer.ts'
import { isOlder } from '../api/resource-version.ts'
import { escalated, newestList, relist, withoutWatchList } from './list-plan.ts'
import { catchUpPause, isCut, type Memory, pause, waiting } from './pause.ts'
import { type ListPlan, listing, type Listing, type ReflectorState, type Resuming } from './state.ts'

const MAX_TOO_LARGE = 1
const MAX_CUTS = 2
/** A server ends a LIST after a minute: one that was cut so late would be cut again at the same place. */
const LATE_CUT_MS = 45_000
/** Cuts are no refusal; but a watch-list that is cut again and again is given a rest. */
const MAX_WATCH_LIST_CUTS = 5
/** One page: to find the place behind fewer items costs the server more than to send them again. */
const MIN_RESUME_ITEMS = 500

/** How a list, or the completion of one, failed. Nothing of it has reached the store. */
export interface ListFailure {
  readonly error: KubeflumeError
  readonly durationMs: number
  /** The version of the list, where it was said before the items. */
  readonly resourceVersion: string | undefined
  /** How many items have come. */
  readonly items: number
  /** Of the page that failed; undefined for the first one. */
  readonly token: string | undefined
  /** Whether the body had begun: before that nothing was cut. */
  readonly hasBegun: boolean
}

/**
 * What follows a list that failed.
 *
 * | what failed                              | next                                                         |
 * | ---------------------------------------- | ------------------------------------------------------------ |
 * | 504 "Too large resource version"         | the same after the time that it says; then the newest, which may be older than what was seen |
 * | 410: the version of the pages is gone    | anew, not older than what was seen; the second time as a watch-list |
 * | a cut behind many items of a known version | the rest of that version, while it is remembered           |
 * | a cut of any other list                  | the same                                                     |
 * | a later page that is refused for now     | that page                                                    |
 * | a second cut, or one after 45 s          | a watch-list; pages, where the server has none               |
 * | a watch-list that is refused, or silent  | the same without a watch-list, at once                       |
 * | anything else                            | the same, after a wait                                       |
 *
 * It is tempting to answer a 410 with the newest state, as client-go does: that is a read of etcd by every
 * informer at the same time, and the version is still a bound that the cache can keep. And it is tempting to
 * take a 429, or a cut, of a watch-list for a refusal: an overloaded server would then be listed on top.
 */
export function afterListFailure(state: Listing, failure: ListFailure, memory: Memory): ReflectorState {
  const { error } = failure
  const { backoff, first, strategies } = memory
  if (error.code === 'ERR_RESOURCE_VERSION_TOO_LARGE') {
    if (state.tooLarge >= MAX_TOO_LARGE) return waiting(backoff.next(), error, listing(newestList(first)))
    return catchUpPause(error, backoff, { ...state, tooLarge: state.tooLarge + 1 })
  }
  const next = { ...state, tooLarge: 0 }
  if (error.code === 'ERR_RESOURCE_EXPIRED') return afterExpiry(next, failure, memory)
  if (state.plan.strategy === 'watch-list') return afterWatchListFailure(next, failure, memory)
  if (!isCut(error) || !failure.hasBegun) return pause(error, backoff, pageAgain(next, failure))
  const cuts = state.cuts + (isLate(state.plan, failure) ? MAX_CUTS : 1)
  if (cuts >= MAX_CUTS) {
    const plan = escalated(state.plan, strategies, 'the list was cut')
    return waiting(backoff.next(), error, { ...next, plan, cuts: 0 })
  }
  const { items, resourceVersion } = failure
  if (state.plan.strategy !== 'stream' || items < MIN_RESUME_ITEMS || resourceVersion === undefined)
    return waiting(backoff.next(), error, { ...next, cuts })
  return waiting(backoff.next(), error, { ...next, name: 'resuming', cuts, resourceVersion, items, token: undefined })
}

/**
 * What follows when the rest of a list could not be had: the same again while the server is only busy, or
 * behind; otherwise what has come is dropped, and a new list begins.
 */
export function afterResumeFailure(state: Resuming, failure: ListFailure, memory: Memory): ReflectorState {
  const { error } = failure
  const { backoff } = memory
  const { plan, cuts, expired } = state
  const atLeast = boundOf(state, failure, memory)
  const next = { ...state, tooLarge: 0 }
  if (error.code === 'ERR_RESOURCE_VERSION_TOO_LARGE') {
    if (state.tooLarge < MAX_TOO_LARGE) return catchUpPause(error, backoff, { ...state, tooLarge: state.tooLarge + 1 })
    const anew: ListPlan = { ...plan, atLeast, reason: 'the server is behind the list that was cut' }
    return waiting(backoff.next(), error, listing(anew, { tooLarge: 0, cuts, expired }))
  }
  if (error.code === 'ERR_RESOURCE_EXPIRED') return afterExpiry(next, failure, memory)
  if (isCut(error) && failure.hasBegun) return afterListFailure(listing(plan, next), failure, memory)
  if (error.retryable && !isOfAnotherList(error)) return pause(error, backoff, { ...next, ...placeOf(failure) })
  const anew: ListPlan = { ...plan, reason: 'the rest of the list cannot be had' }
  return waiting(backoff.next(), error, listing(anew, { tooLarge: 0, cuts, expired }))
}

/** What is asked for, where a watch-list is planned and the server is known to have none. */
export function suited(plan: ListPlan, { strategies, first }: Memory): ListPlan {
  if (plan.strategy !== 'watch-list' || strategies.hasWatchList) return plan
  return withoutWatchList(plan, first, plan.reason)
}

/** The newer of two versions; those that cannot be compared: the later one. */
export function newer(before: string | undefined, after: string): string {
  return before !== undefined && isOlder(after, before) ? before : after
}

/** The inconsistent token that comes with a 410 is never used: its pages would be of several moments. */
function afterExpiry(state: Listing | Resuming, failure: ListFailure, memory: Memory): ReflectorState {
  const { backoff, first, strategies } = memory
  const { error } = failure
  const { mayGoBack = false } = state.plan
  const again = { ...relist(boundOf(state, failure, memory), first, 'the list expired'), mayGoBack }
  const plan = state.expired === 0 ? again : escalated(again, strategies, 'the list expired twice')
  return waiting(backoff.next(), error, listing(plan, { ...state, expired: state.expired + 1 }))
}

/** A page of which nothing has come is asked for again, and not the pages before it. */
function pageAgain(state: Listing, failure: ListFailure): Listing | Resuming {
  const { error, token, hasBegun, resourceVersion } = failure
  const isPage = token !== undefined && resourceVersion !== undefined && !hasBegun
  if (!isPage || !error.retryable || isOfAnotherList(error)) return state
  return { ...state, name: 'resuming', resourceVersion, ...placeOf(failure) }
}

function placeOf({ items, token }: ListFailure): Pick<Resuming, 'items' | 'token'> {
  return { items, token }
}

/** What the next list must not be older than: what was seen, and what the last list was of. */
function boundOf(
  { plan }: Listing | Resuming,
  { resourceVersion }: ListFailure,
  { lastSeen }: Memory,
): string | undefined {
  if (plan.mayGoBack || resourceVersion === undefined) return resourceVersion ?? (plan.mayGoBack ? undefined : lastSeen)
  return newer(lastSeen, resourceVersion)
}

function afterWatchListFailure(state: Listing, { error }: ListFailure, memory: Memory): ReflectorState {
  const { backoff, first, strategies } = memory
  const otherwise = (reason: ListReason): Listing => listing(withoutWatchList(state.plan, first, reason))
  if (isRefusal(error)) {
    strategies.refused()
    return otherwise('the server has no watch-list')
  }
  if (error.code === 'ERR_SERVER_SILENT') {
    strategies.silent()
    return otherwise('the watch-list fell silent')
  }
  if (!isCut(error)) return pause(error, backoff, state)
  const cuts = state.cuts + 1
  const next = cuts < MAX_WATCH_LIST_CUTS ? { ...state, cuts } : otherwise('the watch-list was cut again and again')
  return waiting(backoff.next(), error, next)
}

/** The gate is off, the API is older than watch-lists, or etcd is (apiserver, `delegateStorage`). */
function isRefusal(error: KubeflumeError): boolean {
  if (!(error instanceof ApiError)) return false
  return error.status === 422 || error.message.includes('RequestWatchProgress is disabled')
}

/** The minute counts for a whole body; a page is never that long. */
function isLate({ strategy }: ListPlan, { error, durationMs }: ListFailure): boolean {
  return strategy === 'stream' && error.code !== 'ERR_SERVER_SILENT' && durationMs >= LATE_CUT_MS
}

/** What came is not the rest of what was there, or cannot be read. */
function isOfAnotherList({ code }: KubeflumeError): boolean {
  return (
    code === 'ERR_CONTINUE_TOKEN' ||
    code === 'ERR_NO_RESOURCE_VERSION' ||
    code === 'ERR_UNEXPECTED_KIND' ||
    code.startsWith('ERR_DECODE_')
  )
}

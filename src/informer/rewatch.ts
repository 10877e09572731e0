import { ApiError, type KubeflumeError } from '../api/errors.ts'
import type { ListReason } from '../api/observer.ts'
import { newestList, relist } from './list-plan.ts'
import { catchUpPause, isCut, type Memory, pause, waiting } from './pause.ts'
import {
  type Active,
  listing,
  type Listing,
  type Probing,
  type ReflectorState,
  watching,
  type Watching,
} from './state.ts'

const MAX_TOO_LARGE = 1
const MAX_EMPTY_CLOSES = 3
const MAX_INTERNAL_ERRORS = 3
/** A watch that ends sooner was not meant to: a server keeps one open for minutes. */
const SHORT_WATCH_MS = 1000

/** How a watch came to its end. */
export interface WatchEnd {
  /** None: the server ended it in good order. */
  readonly error: KubeflumeError | undefined
  /** Whether the server accepted it. */
  readonly hasOpened: boolean
  /** Whether it brought an event or a bookmark. */
  readonly sawEvents: boolean
  readonly durationMs: number
}

/**
 * What follows the end of a watch: mostly the next one, from the last version seen; a list only when
 * events may be lost. After a watch of less than a second, whatever it brought and however it ended,
 * there is a wait: nothing that a server does may become a loop without one.
 *
 * | how it ended                          | next                                                           |
 * | ------------------------------------- | -------------------------------------------------------------- |
 * | in good order, or cut                 | a watch                                                        |
 * | the same, having brought nothing      | a probe, then a watch                                          |
 * | empty within a second, three times    | a list: a resource without a cache forgets without a word      |
 * | 410, 404                              | a list, at once or when it is there again: what went meanwhile is told by it |
 * | 504 "Too large resource version"      | a list, after the time that it says                            |
 * | StorageReadError, an unreadable event | a list: a delete may be lost                                   |
 * | InternalError                         | three watches, then a list                                     |
 * | anything else                         | a watch, after a wait                                          |
 *
 * It is tempting to take a silent watch for a good one. A server whose etcd was restored from a backup
 * accepts a version that it has not reached yet, and says nothing until it has, while the same versions are
 * given out a second time. So who has heard nothing asks; and a missing bookmark alone is no sign of death.
 */
export function afterWatchEnd(state: Watching, end: WatchEnd, memory: Memory): ReflectorState {
  const lastSeen = memory.lastSeen ?? state.resourceVersion
  const { error } = end
  const next = { ...watching(lastSeen), internalErrors: end.sawEvents ? 0 : state.internalErrors }
  if (error === undefined) return afterCleanEnd(state, end, lastSeen, memory)
  if (isCut(error)) return paced(end, probed(next, end), memory)
  const { backoff } = memory
  const relisting = (reason: ListReason): Listing => listing(relist(lastSeen, memory.first, reason))
  switch (error.code) {
    case 'ERR_RESOURCE_EXPIRED':
      return paced(end, relisting('the watch expired'), memory)
    case 'ERR_RESOURCE_VERSION_TOO_LARGE':
      return catchUpPause(error, backoff, { ...relisting('the server is behind'), tooLarge: 1 })
    case 'ERR_STORAGE_READ':
      return waiting(backoff.next(), error, relisting('the server lost an object'))
    case 'ERR_NOT_FOUND':
      return pause(error, backoff, relisting('the resource was not served'))
    default:
      break
  }
  if (isInternalError(error)) {
    const internalErrors = next.internalErrors + 1
    if (internalErrors <= MAX_INTERNAL_ERRORS) return waiting(backoff.next(), error, { ...next, internalErrors })
    return waiting(backoff.next(), error, relisting('the watch failed again and again'))
  }
  if (isUnreadable(error)) return waiting(backoff.next(), error, relisting('an event was lost'))
  return pause(error, backoff, { ...next, emptyCloses: state.emptyCloses })
}

/**
 * What follows a probe that failed. It is there for the watch's sake: who may not list, or whose server does
 * not know what a probe asks, watches without one.
 */
export function afterProbeFailure(state: Probing, error: KubeflumeError, memory: Memory): ReflectorState {
  const { backoff, first } = memory
  if (error.code === 'ERR_RESOURCE_VERSION_TOO_LARGE') {
    if (state.tooLarge >= MAX_TOO_LARGE) return waiting(backoff.next(), error, listing(newestList(first)))
    return catchUpPause(error, backoff, { ...state, tooLarge: state.tooLarge + 1 })
  }
  if (!isAnswer(error) || error.status === 429 || error.status >= 500)
    return pause(error, backoff, { ...state, tooLarge: 0 })
  return waiting(backoff.next(), error, state.next)
}

/** A resource without a watch cache closes a watch from an old version silently, again and again. */
function afterCleanEnd(state: Watching, end: WatchEnd, lastSeen: string, memory: Memory): ReflectorState {
  const emptyCloses = isShort(end) && !end.sawEvents ? state.emptyCloses + 1 : 0
  if (emptyCloses === MAX_EMPTY_CLOSES)
    return paced(end, listing(relist(lastSeen, memory.first, 'the watch was closed again and again')), memory)
  return paced(end, probed({ ...watching(lastSeen), emptyCloses }, end), memory)
}

/** Asks first where a watch that was open brought nothing. The short ones are counted instead. */
function probed(next: Watching, end: WatchEnd): Watching | Probing {
  if (!end.hasOpened || end.sawEvents || isShort(end)) return next
  return { name: 'probing', next, tooLarge: 0 }
}

/** Goes on at once after a watch that lasted, and with a wait after one that did not. */
function paced(end: WatchEnd, next: Active, { backoff }: Memory): ReflectorState {
  return isShort(end) ? waiting(backoff.next(), end.error, next) : next
}

function isShort({ durationMs }: WatchEnd): boolean {
  return durationMs < SHORT_WATCH_MS
}

function isAnswer(error: KubeflumeError): error is ApiError {
  return error instanceof ApiError
}

function isInternalError(error: KubeflumeError): boolean {
  return isAnswer(error) && error.status === 500
}

/** An event that could not be read may have been a delete. */
function isUnreadable({ code }: KubeflumeError): boolean {
  return code.startsWith('ERR_DECODE_') || code === 'ERR_UNEXPECTED_KIND'
}

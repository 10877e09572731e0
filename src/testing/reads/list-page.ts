import type { Collection, StoredVersion } from '../storage/collection.ts'
import { type Continuation, decodeContinue, encodeContinue } from './continue-token.ts'
import type { ListOptions } from './list-options.ts'
import type { Gates } from '../catalog/release.ts'
import type { Selection } from './selection.ts'
import { expired, tooLargeResourceVersion } from '../status.ts'

export type Source = 'cache' | 'snapshot' | 'storage'

/** What a LIST answers: fixed at the moment of the request, whatever is written while it is sent. */
export interface Page {
  readonly revision: number
  readonly items: readonly StoredVersion[]
  readonly continueToken: string | undefined
  /** Only of a LIST without selectors: the server does not count what it did not match. */
  readonly remainingItemCount: number | undefined
  readonly source: Source
}

const LIST_EXPIRED = 'The resourceVersion for the provided list is too old.'
const CONTINUE_EXPIRED =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without ' +
  'the continue parameter, or use the continue token in this response to retrieve the remainder of the results. ' +
  'Continuing with the provided token results in an inconsistent list - objects that were created, modified, or ' +
  'deleted between the time the first chunk was returned and now may show up in the list.'

/**
 * Reads the page that a request asks for.
 *
 * | resourceVersion | match        | limit | continue    | answers                                |
 * | --------------- | ------------ | ----- | ----------- | -------------------------------------- |
 * | unset           | –            | any   | –           | the newest state                       |
 * | 0               | –, NotOlder  | any   | –           | the newest state; the limit is ignored |
 * | X               | NotOlder     | any   | –           | the newest state, if X has been        |
 * | X               | –            | no    | –           | the same                               |
 * | X               | –            | yes   | –           | the state at X                         |
 * | X               | Exact        | any   | –           | the state at X                         |
 * | unset, 0        | –            | any   | token       | the state of the token's first page    |
 *
 * A server waits up to 3 s for a version that it has not reached; this one has nothing to wait for and
 * refuses at once. Events have no watch cache: every read of them is from the storage, and keeps its
 * limit (apiserver `pkg/storage/cacher`, `DefaultWatchCacheSizes`).
 *
 * @throws {ApiError} 410, 504 ResourceVersionTooLarge, 400 for a bad token
 */
export function readPage(
  collection: Collection,
  current: number,
  { options, selection, gates }: { options: ListOptions; selection: Selection; gates: Gates },
): Page {
  const { prefix } = selection
  const token = options.continueToken === '' ? undefined : decodeContinue(options.continueToken, prefix)
  const exact = exactRevision(options, token)
  const asked = exact ?? Number(options.resourceVersion)
  if (asked > current)
    throw tooLargeResourceVersion(exact === undefined ? options.resourceVersion : `${exact}`, current)
  if (exact !== undefined && exact < collection.compactedRevision) {
    throw token === undefined
      ? expired(LIST_EXPIRED)
      : expired(CONTINUE_EXPIRED, encodeContinue(token.from.slice(0, -1), prefix, 'latest'))
  }
  const revision = exact ?? current
  const isCached = !isEvents(collection)
  const limit = isCached && options.resourceVersion === '0' && token === undefined ? 0 : options.limit
  const range = collection.read({ prefix, from: token?.from, revision })
  return {
    revision,
    ...cutPage(range, limit, revision, selection),
    source: sourceOf(collection, exact, isCached, gates),
  }
}

/** The one revision that the answer must be of, where it must be of one. */
function exactRevision(options: ListOptions, token: Continuation | undefined): number | undefined {
  if (token !== undefined) return token.revision === 'latest' ? undefined : token.revision
  const { resourceVersion, resourceVersionMatch: match, limit } = options
  const isLegacyExact = match === '' && limit > 0 && resourceVersion !== '' && resourceVersion !== '0'
  return match === 'Exact' || isLegacyExact ? Number(resourceVersion) : undefined
}

/** A page with selectors may be the last one and still have a token: whether more would match is not known. */
function cutPage(
  range: readonly StoredVersion[],
  limit: number,
  revision: number,
  selection: Selection,
): Pick<Page, 'items' | 'continueToken' | 'remainingItemCount'> {
  const items: StoredVersion[] = []
  for (const [index, version] of range.entries()) {
    if (!selection.hasSelectors || selection.matches(version)) items.push(version)
    const remaining = range.length - index - 1
    if (limit === 0 || items.length < limit || remaining === 0) continue
    return {
      items,
      continueToken: encodeContinue(version.key, selection.prefix, revision),
      remainingItemCount: selection.hasSelectors ? undefined : remaining,
    }
  }
  return { items, continueToken: undefined, remainingItemCount: undefined }
}

function sourceOf(collection: Collection, exact: number | undefined, isCached: boolean, gates: Gates): Source {
  if (!isCached) return 'storage'
  if (exact === undefined) return 'cache'
  return gates.listFromCacheSnapshot && exact >= collection.oldestWatchable ? 'snapshot' : 'storage'
}

function isEvents({ served: { resource } }: Collection): boolean {
  return resource.plural === 'events' && (resource.group === '' || resource.group === 'events.k8s.io')
}

import type { StoredVersion } from '../storage/collection.ts'
import { decodeContinue, encodeContinue } from './continue-token.ts'
import { findState, type ListRequest, type ListState, type ReadParts, type Source } from './list-source.ts'

export type { Source } from './list-source.ts'

/** What a LIST answers: fixed at the moment of the request, whatever is written while it is sent. */
export interface Page {
  readonly revision: number
  /** May be gone through more than once; a long one is not held, but read as it is gone through. */
  readonly items: Iterable<StoredVersion>
  readonly continueToken: string | undefined
  /** Only of a LIST without selectors: the server does not count what it did not match. */
  readonly remainingItemCount: number | undefined
  readonly source: Source
}

/**
 * Reads the page that a request asks for. A cache ignores the limit of a LIST at resourceVersion 0.
 *
 * @throws {ApiError} 410, 429, 504 ResourceVersionTooLarge, 400 for a bad token; the signal's reason
 */
export async function readPage(request: ListRequest, parts: ReadParts, signal?: AbortSignal): Promise<Page> {
  const { options, selection } = request
  const token = options.continueToken === '' ? undefined : decodeContinue(options.continueToken, selection.prefix)
  const state = await findState(request, token, parts, signal)
  const ignoresLimit = options.resourceVersion === '0' && state.source !== 'storage'
  const { revision, source } = state
  if (ignoresLimit || options.limit === 0) {
    return {
      revision,
      source,
      items: selected(request, state),
      continueToken: undefined,
      remainingItemCount: undefined,
    }
  }
  return { revision, source, ...cutPage(request, state) }
}

function selected({ selection }: ListRequest, { versions }: ListState): Iterable<StoredVersion> {
  if (!selection.hasSelectors) return versions
  return {
    *[Symbol.iterator]() {
      for (const version of versions) if (selection.matches(version)) yield version
    },
  }
}

/** A page with selectors may be the last one and still have a token: whether more would match is not known. */
function cutPage(
  { options, selection }: ListRequest,
  state: ListState,
): Pick<Page, 'items' | 'continueToken' | 'remainingItemCount'> {
  const items: StoredVersion[] = []
  let lastKey = ''
  for (const version of state.versions) {
    if (items.length === options.limit) {
      const next = { revision: state.revision, from: `${lastKey}\u0000` }
      return {
        items,
        continueToken: encodeContinue(next, selection.prefix),
        remainingItemCount: selection.hasSelectors ? undefined : state.count() - options.limit,
      }
    }
    lastKey = version.key
    if (selection.matches(version)) items.push(version)
  }
  return { items, continueToken: undefined, remainingItemCount: undefined }
}

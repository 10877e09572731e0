import { KubeflumeError } from '../api/errors.ts'
import type { ListProgress, ListSink, ListWatcher, Query } from './list-watcher.ts'

/**
 * Lists a collection to its last page and returns its resourceVersion. Most lists are one page; a
 * server may page by itself all the same. The pages are one state: each must carry the version of the
 * first one, and a token that has not been used yet.
 *
 * @throws {KubeflumeError} `ERR_NO_RESOURCE_VERSION`; `ERR_CONTINUE_TOKEN` for pages that are no one list
 */
export async function listPages<T>(
  listWatcher: ListWatcher<T>,
  query: Query,
  signal: AbortSignal,
  sink: ListSink<T>,
): Promise<string> {
  const tokens = new Set<string>()
  let resourceVersion: string | undefined
  let bytesBefore = 0
  for (let pageQuery = query; ;) {
    let last: ListProgress | undefined
    const page = await listWatcher.list(
      pageQuery,
      atOffset(sink, bytesBefore, (progress) => (last = progress)),
      signal,
    )
    bytesBefore += last?.bytesRead ?? 0
    if (page.resourceVersion === '') throw noResourceVersion()
    resourceVersion ??= page.resourceVersion
    if (page.resourceVersion !== resourceVersion)
      throw wrongPage(`version ${page.resourceVersion} after ${resourceVersion}`)
    if (page.continue === undefined) return resourceVersion
    if (tokens.has(page.continue)) throw wrongPage('a continue token that was used before')
    tokens.add(page.continue)
    pageQuery = nextPage(query, page.continue)
  }
}

/** A token says the version itself: to send both is an error (400, 422). */
function nextPage({ resourceVersion, resourceVersionMatch, ...query }: Query, token: string): Query {
  return { ...query, continue: token }
}

/** Counts the bytes of the pages before to those of the page under way. */
function atOffset<T>(
  sink: ListSink<T>,
  bytesBefore: number,
  onProgress: (progress: ListProgress) => void,
): ListSink<T> {
  return {
    receive(items, progress) {
      onProgress(progress)
      const { bytesRead, totalBytes } = progress
      sink.receive(items, {
        ...progress,
        bytesRead: bytesBefore + bytesRead,
        totalBytes: bytesBefore === 0 ? totalBytes : undefined,
      })
    },
  }
}

function noResourceVersion(): KubeflumeError {
  return new KubeflumeError('ERR_NO_RESOURCE_VERSION', 'the list has no resourceVersion to watch from', {
    retryable: true,
  })
}

function wrongPage(found: string): KubeflumeError {
  return new KubeflumeError('ERR_CONTINUE_TOKEN', `the pages are not of one list: ${found}`, { retryable: true })
}

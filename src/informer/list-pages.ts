import { KubeflumeError } from '../api/errors.ts'
import type { CollectionLister, ListProgress, ListSink, Query } from './list-watcher.ts'

/** One page of a list, when its body has been verified. */
export interface Page {
  /** Counts from 1. */
  readonly number: number
  readonly items: number
  readonly resourceVersion: string
  /** Leads to the next page; undefined: it was the last one. */
  readonly token: string | undefined
}

export interface PagesSink<T> extends ListSink<T> {
  onPage?(page: Page): void
}

export interface PagesOptions {
  readonly signal: AbortSignal
  /** The version that the pages must be of; that of the first one, where none is given. */
  readonly resourceVersion?: string | undefined
}

/**
 * Lists a collection to its last page and returns its resourceVersion. Most lists are one page; a
 * server may page by itself all the same. The pages are one state: each must carry the version of the
 * first one, and a token that has not been used yet.
 *
 * @throws {KubeflumeError} `ERR_NO_RESOURCE_VERSION`; `ERR_CONTINUE_TOKEN` for pages that are no one list
 */
export async function listPages<T>(
  lister: CollectionLister<T>,
  query: Query,
  sink: PagesSink<T>,
  options: PagesOptions,
): Promise<string> {
  const tokens = new Set<string | undefined>([query['continue']])
  let { resourceVersion } = options
  let bytesBefore = 0
  let pageQuery = query
  for (let number = 1; ; number++) {
    const counter = new PageCounter(sink, bytesBefore)
    const page = await lister.list(pageQuery, counter, options.signal)
    bytesBefore += counter.bytes
    if (page.resourceVersion === '') throw noResourceVersion()
    resourceVersion ??= page.resourceVersion
    if (page.resourceVersion !== resourceVersion)
      throw ofAnotherList(`version ${page.resourceVersion} after ${resourceVersion}`)
    const token = page.continue
    if (token !== undefined && tokens.has(token)) throw ofAnotherList('a continue token that was used before')
    sink.onPage?.({ number, items: counter.items, resourceVersion, token })
    if (token === undefined) return resourceVersion
    tokens.add(token)
    pageQuery = nextPage(query, token)
  }
}

/** @returns `ERR_CONTINUE_TOKEN`: what came does not continue what was there */
export function ofAnotherList(found: string): KubeflumeError {
  return new KubeflumeError('ERR_CONTINUE_TOKEN', `the pages are not of one list: ${found}`, { retryable: true })
}

/** A token says the version itself: to send both is an error (400, 422). */
function nextPage({ resourceVersion, resourceVersionMatch, ...query }: Query, token: string): Query {
  return { ...query, continue: token }
}

/** Counts the bytes of the pages before to those of the page under way. */
class PageCounter<T> implements ListSink<T> {
  bytes = 0
  items = 0
  readonly #sink: ListSink<T>
  readonly #bytesBefore: number

  constructor(sink: ListSink<T>, bytesBefore: number) {
    this.#sink = sink
    this.#bytesBefore = bytesBefore
  }

  get copies(): boolean {
    return this.#sink.copies === true
  }

  receive(items: Parameters<ListSink<T>['receive']>[0], progress: ListProgress): void {
    this.bytes = progress.bytesRead
    this.items += items.length
    this.#sink.receive(items, {
      ...progress,
      bytesRead: this.#bytesBefore + progress.bytesRead,
      totalBytes: this.#bytesBefore === 0 ? progress.totalBytes : undefined,
    })
  }
}

function noResourceVersion(): KubeflumeError {
  return new KubeflumeError('ERR_NO_RESOURCE_VERSION', 'the list has no resourceVersion to watch from', {
    retryable: true,
  })
}

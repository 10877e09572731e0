import type { ListReason } from '../api/observer.ts'
import type { Resource } from '../api/resource.ts'
import type { Query } from './list-watcher.ts'
import type { ListPlan, Strategy } from './state.ts'
import type { StrategyMemory } from './strategy-memory.ts'

/** How large a page is, where lists are paged. client-go's number. */
const PAGE_LIMIT = '500'

export interface FirstListOptions {
  readonly resource: Resource
  readonly sync: 'auto' | Strategy
  readonly freshness: 'latest' | 'any'
}

/**
 * The first list asks for the newest state, unpaged: since 1.31 the watch cache answers that, and since
 * 1.33 it is streamed. Events are paged: they have no watch cache, so that an unpaged list would be held
 * in the server's memory as a whole. With `freshness: 'any'` the cache answers at once, however old it is.
 */
export function firstList({ resource, sync, freshness }: FirstListOptions): ListPlan {
  const strategy = sync === 'auto' ? (isUncached(resource) ? 'paged' : 'stream') : sync
  return { strategy, atLeast: freshness === 'any' ? '0' : undefined, reason: 'first list' }
}

/**
 * A relist asks for a state no older than what was seen, which the cache can answer. To ask for the
 * newest one instead would send every informer of a restarted server to etcd at once; a 410 is no
 * reason for it either: that the server forgot the events after a version does not mean that it could
 * not list at least that version.
 */
export function relist(atLeast: string | undefined, first: ListPlan, reason: ListReason): ListPlan {
  return atLeast === undefined ? { ...first, reason } : { strategy: first.strategy, atLeast, reason }
}

/** The one list that may go back in time: the server has twice said that it is behind what was seen. */
export function newestList({ strategy }: ListPlan): ListPlan {
  return { strategy, atLeast: undefined, reason: 'the server is older than what was seen', mayGoBack: true }
}

/** The same list in another way, for when this one cannot come to its end: a watch has no limit of a minute. */
export function escalated(plan: ListPlan, { hasWatchList }: StrategyMemory, reason: ListReason): ListPlan {
  return { ...plan, strategy: hasWatchList ? 'watch-list' : 'paged', reason }
}

/** The same list without a watch-list: unpaged, or in pages where the unpaged one was given up before. */
export function withoutWatchList(plan: ListPlan, first: ListPlan, reason: ListReason): ListPlan {
  return { ...plan, strategy: first.strategy === 'watch-list' ? 'stream' : 'paged', reason }
}

/**
 * What a plan says to the server. A match without a version is refused, and so is one with `continue`.
 * The limit with version 0 is ignored by a watch cache, and protects a server that has none yet.
 */
export function queryOf({ strategy, atLeast }: ListPlan): Query {
  const version: Query = atLeast === undefined ? {} : { resourceVersion: atLeast }
  if (strategy === 'watch-list') return { ...version, sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }
  const match: Query = atLeast === undefined || atLeast === '0' ? {} : { resourceVersionMatch: 'NotOlderThan' }
  const limit: Query = atLeast === '0' ? { limit: PAGE_LIMIT } : limitOf({ strategy })
  return { ...version, ...match, ...limit }
}

/** What a plan says to the server with a token, which says everything else. */
export function limitOf({ strategy }: Pick<ListPlan, 'strategy'>): Query {
  return strategy === 'paged' ? { limit: PAGE_LIMIT } : {}
}

function isUncached(resource: Resource): boolean {
  return resource.plural === 'events' && (resource.group === '' || resource.group === 'events.k8s.io')
}

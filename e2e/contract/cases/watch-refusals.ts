import type { RequestParts } from '../api.ts'
import type { ContractCase } from '../contract-case.ts'
import { as, PROTOBUF } from '../media-types.ts'
import { defineKind, makePast, type Past, widgets } from '../objects.ts'
import { FUTURE, isBookmark, type Query, WATCH_LIST } from './watch-parts.ts'

/** A watch whose first answer says it all: a refusal, or an error as its only event. */
function refused(name: string, query: Query | ((past: Past) => Query), parts: RequestParts = {}): ContractCase {
  return {
    name: `a refused WATCH ${name}`,
    run: async (api) => {
      const past = await makePast(api)
      const events = await api.watch(past.path, typeof query === 'function' ? query(past) : query, parts)
      // How many bookmarks there are depends on what others write.
      if (api.transcript.at(-1)!.status === 200) await events.until(isBookmark)
    },
  }
}

/** The cache of a new kind knows nothing of the time before the kind. */
function tooOld(name: string, query: Query, accept: string): ContractCase {
  return {
    name: `a WATCH ${name} from before the cache began`,
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      const events = await api.watch(
        widgets(kind, api.namespace),
        { resourceVersion: 2, timeoutSeconds: 5, ...query },
        { accept },
      )
      if (api.transcript.at(-1)!.status === 200) await events.rest()
    },
  }
}

export const watchRefusalCases: readonly ContractCase[] = [
  tooOld('of custom resources', {}, 'application/json'),
  tooOld('of custom resources with bookmarks', { allowWatchBookmarks: true }, 'application/json'),
  tooOld('of a Table', {}, as('Table')),
  tooOld('of metadata in protobuf', {}, as('PartialObjectMetadata', PROTOBUF)),
  refused('with a version that is no number', { resourceVersion: 'abc' }),
  refused('with a negative version', { resourceVersion: '-1' }),
  refused('with a watch-list, by a server that may not have it', { ...WATCH_LIST, timeoutSeconds: 1 }),
  refused('with sendInitialEvents and no match', { sendInitialEvents: true, timeoutSeconds: 1 }),
  refused('with sendInitialEvents and Exact', {
    sendInitialEvents: true,
    resourceVersionMatch: 'Exact',
    timeoutSeconds: 1,
  }),
  refused('with sendInitialEvents=false and no match', { sendInitialEvents: false, timeoutSeconds: 1 }),
  refused('with a match and no sendInitialEvents', {
    resourceVersionMatch: 'NotOlderThan',
    resourceVersion: 0,
    timeoutSeconds: 1,
  }),
  refused('with Exact', { resourceVersionMatch: 'Exact', resourceVersion: 5, timeoutSeconds: 1 }),
  refused('with a match and a token', { ...WATCH_LIST, continue: 'token', timeoutSeconds: 1 }),
  refused('with a token', ({ now }) => ({ continue: 'token', resourceVersion: now, timeoutSeconds: 1 })),
  refused('with a watch-list of a future version', { ...WATCH_LIST, resourceVersion: FUTURE, timeoutSeconds: 5 }),
  refused('with a broken label selector', { labelSelector: 'a in' }),
  refused('with a field selector that is not supported', ({ now }) => ({
    fieldSelector: 'data.x=1',
    resourceVersion: now,
    timeoutSeconds: 1,
  })),
  refused('with a timeout that is no number', { timeoutSeconds: 'soon' }),
  refused('with an Accept header that nobody serves', {}, { accept: 'text/html' }),
]

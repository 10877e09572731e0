import type { RequestParts } from '../api.ts'
import type { ContractCase } from '../contract-case.ts'
import { as, PROTOBUF } from '../media-types.ts'
import { configMap, defineKind, makePast, type Past, widget, widgets } from '../objects.ts'
import { comeAndGo, isBookmark, type Query, WATCH_LIST } from './watch-parts.ts'

/** A watch-list up to its end, and one write after it. */
function watchList(name: string, query: (past: Past) => Query, parts: RequestParts = {}): ContractCase {
  return {
    name: `a watch-list ${name}`,
    releases: ['1.36'],
    run: async (api) => {
      const past = await makePast(api)
      const events = await api.watch(past.path, { ...WATCH_LIST, ...query(past) }, parts)
      await events.until(isBookmark)
      await api.setUp('POST', past.path, configMap('new', { color: 'red' }))
      await events.take(1)
    },
  }
}

export const watchListCases: readonly ContractCase[] = [
  watchList('of the newest state', () => ({})),
  watchList('of any state', () => ({ resourceVersion: 0 })),
  watchList('from an older version on', ({ before }) => ({ resourceVersion: before })),
  watchList('by label', () => ({ labelSelector: 'color=red' })),
  watchList('by field', () => ({ fieldSelector: 'metadata.name!=a' })),
  watchList('that selects nothing at first', () => ({ labelSelector: 'color=red,letter!=a,!letter' })),
  watchList('in protobuf', () => ({}), { accept: PROTOBUF }),
  watchList('of metadata alone', () => ({}), { accept: as('PartialObjectMetadata') }),
  watchList('of metadata alone in protobuf', () => ({}), { accept: as('PartialObjectMetadata', PROTOBUF) }),
  watchList('as a Table', () => ({ includeObject: 'Metadata' }), { accept: as('Table') }),
  watchList('with a limit, which it ignores', () => ({ limit: 1 })),
  {
    name: 'a watch-list of custom resources',
    releases: ['1.36'],
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      for (const name of ['b', 'a']) await api.setUp('POST', widgets(kind, api.namespace), widget(kind, name))
      const events = await api.watch(`${kind.base}/${kind.plural}`, WATCH_LIST)
      await events.until(isBookmark)
    },
  },
  {
    name: 'a watch-list without bookmarks has no end',
    releases: ['1.36'],
    run: async (api) => {
      const { path } = await makePast(api)
      const events = await api.watch(path, { ...WATCH_LIST, allowWatchBookmarks: undefined, timeoutSeconds: 2 })
      await events.rest()
    },
  },
  {
    name: 'a watch without initial events starts now',
    releases: ['1.36'],
    run: async (api) => {
      const { path } = await makePast(api)
      const events = await api.watch(path, {
        sendInitialEvents: false,
        resourceVersionMatch: 'NotOlderThan',
        resourceVersion: 0,
      })
      await comeAndGo(api, path)
      await events.take(3)
    },
  },
  {
    name: 'a watch without initial events from an old version',
    releases: ['1.36'],
    run: async (api) => {
      const { path, before } = await makePast(api)
      const events = await api.watch(path, {
        sendInitialEvents: false,
        resourceVersionMatch: 'NotOlderThan',
        resourceVersion: before,
      })
      await events.take(3)
    },
  },
  {
    name: 'a watch-list of events, which have no cache',
    releases: ['1.36'],
    run: async (api) => {
      await api.makeNamespace()
      const path = `/api/v1/namespaces/${api.namespace}/events`
      const involvedObject = { kind: 'Pod', namespace: api.namespace, name: 'one' }
      for (const name of ['b', 'a']) {
        await api.setUp('POST', path, {
          metadata: { name },
          involvedObject,
          reason: 'Test',
          message: name,
          type: 'Normal',
          source: {},
        })
      }
      const events = await api.watch(path, WATCH_LIST)
      await events.until(isBookmark)
    },
  },
]

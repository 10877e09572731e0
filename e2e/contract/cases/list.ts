import type { Api, Document, RequestParts } from '../api.ts'
import type { ContractCase } from '../contract-case.ts'
import { configMap, defineKind, makePast, type Past, readPages, widget, widgets } from '../objects.ts'

const FUTURE = '999999999'

type Query = NonNullable<RequestParts['query']>

/** One LIST of a state with a past. */
function list(name: string, query: Query | ((past: Past) => Query)): ContractCase {
  return {
    name: `a LIST ${name}`,
    run: async (api) => {
      const past = await makePast(api)
      await api.get(past.path, typeof query === 'function' ? query(past) : query)
    },
  }
}

/** A LIST in pages, to the end. */
function pages(name: string, query: (past: Past) => { readonly [name: string]: string | number }): ContractCase {
  return {
    name: `a LIST in pages ${name}`,
    run: async (api) => {
      const past = await makePast(api)
      await readPages(api, past.path, query(past))
    },
  }
}

/** The second page, asked for in another way than by the token alone. */
function continued(name: string, first: Query, next: (token: string, past: Past) => Query): ContractCase {
  return {
    name: `a continued LIST ${name}`,
    run: async (api) => {
      const past = await makePast(api)
      const page = await api.get(past.path, first)
      await api.get(past.path, next(page.metadata.continue ?? 'none', past))
    },
  }
}

const forms: readonly ContractCase[] = [
  list('without a version', {}),
  list('with an empty version', { resourceVersion: '', limit: '' }),
  list('of any state', { resourceVersion: 0 }),
  list('of any state with a limit, which it ignores', { resourceVersion: 0, limit: 2 }),
  list('of any state, NotOlderThan', { resourceVersion: 0, resourceVersionMatch: 'NotOlderThan' }),
  list('of any state, NotOlderThan with a limit', {
    resourceVersion: 0,
    resourceVersionMatch: 'NotOlderThan',
    limit: 2,
  }),
  list('from an older version on', ({ before }) => ({ resourceVersion: before })),
  list('from the newest version on', ({ now }) => ({ resourceVersion: now })),
  list('from an older version on, NotOlderThan', ({ before }) => ({
    resourceVersion: before,
    resourceVersionMatch: 'NotOlderThan',
  })),
  list('at an old version, Exact', ({ before }) => ({ resourceVersion: before, resourceVersionMatch: 'Exact' })),
  list('at the newest version, Exact', ({ now }) => ({ resourceVersion: now, resourceVersionMatch: 'Exact' })),
  list('at an old version, Exact, of one name', ({ before }) => ({
    resourceVersion: before,
    resourceVersionMatch: 'Exact',
    fieldSelector: 'metadata.name=c',
  })),
  list('at an old version, Exact, with a selector', ({ before }) => ({
    resourceVersion: before,
    resourceVersionMatch: 'Exact',
    labelSelector: 'color=red',
  })),
  list('at an old version with a limit, which makes it exact', ({ before }) => ({
    resourceVersion: before,
    limit: 10,
  })),
  list('with a limit that all fit in', { limit: 100 }),
  list('with a limit that exactly all fit in', { limit: 5 }),
  list('with limit 0', { limit: 0 }),
  list('with a limit and a selector that leaves more', { limit: 1, labelSelector: 'color=red' }),
  list('with a limit and a selector that leaves none', { limit: 1, labelSelector: 'color=none' }),
  list('with a timeout', { timeoutSeconds: 5 }),
  list('with watch=false', { watch: false }),
  list('with watch=0', { watch: 0 }),
  list('that asks for bookmarks', { allowWatchBookmarks: true }),
  list('with a parameter that nobody knows', { color: 'red' }),
]

const paging: readonly ContractCase[] = [
  pages('of 2', () => ({ limit: 2 })),
  pages('of 1', () => ({ limit: 1 })),
  pages('of a selection', () => ({ limit: 1, labelSelector: 'color' })),
  pages('at an old version', ({ before }) => ({ limit: 2, resourceVersion: before })),
  pages('at an old version, Exact', ({ before }) => ({
    limit: 2,
    resourceVersion: before,
    resourceVersionMatch: 'Exact',
  })),
  pages('from an older version on', ({ before }) => ({
    limit: 2,
    resourceVersion: before,
    resourceVersionMatch: 'NotOlderThan',
  })),
  continued('with version 0', { limit: 2 }, (token) => ({ limit: 2, continue: token, resourceVersion: 0 })),
  continued('without a limit', { limit: 2 }, (token) => ({ continue: token })),
  continued('with another limit', { limit: 1 }, (token) => ({ limit: 3, continue: token })),
  continued('with another selector', { limit: 1 }, (token) => ({ continue: token, labelSelector: 'color=green' })),
  continued('with a version', { limit: 2 }, (token, { now }) => ({ continue: token, resourceVersion: now })),
  continued('with an older version and a limit', { limit: 2 }, (token, { before }) => ({
    limit: 2,
    continue: token,
    resourceVersion: before,
  })),
  continued('with a match', { limit: 2 }, (token) => ({ continue: token, resourceVersionMatch: 'NotOlderThan' })),
  continued('with a version and Exact', { limit: 2 }, (token, { now }) => ({
    continue: token,
    resourceVersion: now,
    resourceVersionMatch: 'Exact',
  })),
  {
    name: 'a LIST in pages sees none of the writes between its pages',
    run: async (api) => {
      const { path } = await makePast(api)
      const first = await api.get(path, { limit: 2 })
      await api.setUp('DELETE', `${path}/d`)
      await api.setUp('POST', path, configMap('dd'))
      const second = await api.get(path, { limit: 2, continue: first.metadata.continue })
      await api.setUp('DELETE', `${path}/f`)
      await api.get(path, { limit: 2, continue: second.metadata.continue })
      await api.get(path)
    },
  },
  {
    name: 'a continued LIST after the last object of the page was deleted',
    run: async (api) => {
      const { path } = await makePast(api)
      const first = await api.get(path, { limit: 2 })
      await api.setUp('DELETE', `${path}/b`)
      await api.get(path, { limit: 2, continue: first.metadata.continue })
    },
  },
  {
    name: 'a continued LIST of another collection',
    run: async (api) => {
      const { path } = await makePast(api)
      const first = await api.get(path, { limit: 2 })
      await api.get('/api/v1/namespaces/default/configmaps', {
        limit: 2,
        continue: first.metadata.continue,
        labelSelector: 'none',
      })
    },
  },
]

const refused: readonly ContractCase[] = [
  list('at a future version, Exact', { resourceVersion: FUTURE, resourceVersionMatch: 'Exact' }),
  list('from a future version on', { resourceVersion: FUTURE }),
  list('from a future version on, NotOlderThan', { resourceVersion: FUTURE, resourceVersionMatch: 'NotOlderThan' }),
  list('from a future version on in pages', {
    resourceVersion: FUTURE,
    resourceVersionMatch: 'NotOlderThan',
    limit: 2,
  }),
  list('at a future version with a limit', { resourceVersion: FUTURE, limit: 2 }),
  list('with a match and no version', { resourceVersionMatch: 'NotOlderThan' }),
  list('with Exact and no version', { resourceVersionMatch: 'Exact' }),
  list('with Exact and version 0', { resourceVersion: 0, resourceVersionMatch: 'Exact' }),
  list('with a match that nobody knows', { resourceVersion: 0, resourceVersionMatch: 'Newest' }),
  list('with a match that nobody knows and no version', { resourceVersionMatch: 'Newest' }),
  list('with sendInitialEvents', { sendInitialEvents: true }),
  list('with sendInitialEvents=false', { sendInitialEvents: false, resourceVersion: 0 }),
  list('with a version that is no number', { resourceVersion: 'abc' }),
  list('with a version that is negative', { resourceVersion: '-1' }),
  list('with a version with leading zeros', { resourceVersion: '007' }),
  list('at a version that is no number, Exact', { resourceVersion: 'abc', resourceVersionMatch: 'Exact' }),
  list('with a limit that is no number', { limit: 'many' }),
  list('with a limit that is negative', { limit: -1 }),
  list('with a timeout that is no number', { timeoutSeconds: 'soon' }),
  list('with a token that is none', { limit: 2, continue: 'garbage' }),
  list('with a token that is no JSON', { limit: 2, continue: Buffer.from('{"v":').toString('base64url') }),
  list('with a token of another version', {
    limit: 2,
    continue: Buffer.from('{"v":"v9","rv":5,"start":"a"}').toString('base64url'),
  }),
  list('with a token without a key', {
    limit: 2,
    continue: Buffer.from('{"v":"meta.k8s.io/v1","rv":5}').toString('base64url'),
  }),
  list('with a token that leads out of the collection', {
    limit: 2,
    continue: Buffer.from('{"v":"meta.k8s.io/v1","rv":5,"start":"../../x"}').toString('base64url'),
  }),
]

async function someWidgets(api: Api): Promise<{ path: string; clusterWide: string; created: Document[] }> {
  await api.makeNamespace()
  const kind = await defineKind(api)
  const created: Document[] = []
  const other = `${api.namespace}-2`
  await api.setUp('POST', '/api/v1/namespaces', { metadata: { name: other } })
  for (const namespace of [api.namespace, other]) {
    for (const name of ['a', 'b', 'c'])
      created.push(await api.setUp('POST', widgets(kind, namespace), widget(kind, name)))
  }
  return { path: widgets(kind, api.namespace), clusterWide: `${kind.base}/${kind.plural}`, created }
}

const scopes: readonly ContractCase[] = [
  {
    name: 'a LIST of custom resources, of a namespace and of all',
    run: async (api) => {
      const { path, clusterWide } = await someWidgets(api)
      await api.get(path)
      await api.get(clusterWide)
    },
  },
  {
    name: 'a LIST of custom resources of all namespaces in pages',
    run: async (api) => {
      const { clusterWide } = await someWidgets(api)
      await readPages(api, clusterWide, { limit: 2 })
    },
  },
  {
    name: 'a LIST of custom resources at an old version',
    run: async (api) => {
      const { clusterWide, created } = await someWidgets(api)
      await api.get(clusterWide, {
        resourceVersion: created[2]!.metadata.resourceVersion,
        resourceVersionMatch: 'Exact',
      })
      await readPages(api, clusterWide, { resourceVersion: created[3]!.metadata.resourceVersion, limit: 3 })
    },
  },
  {
    name: 'a LIST of all namespaces by field',
    run: async (api) => {
      const { clusterWide } = await someWidgets(api)
      await api.get(clusterWide, { fieldSelector: `metadata.namespace=${api.namespace}` })
      await api.get(clusterWide, { fieldSelector: 'metadata.name=b' })
    },
  },
  {
    name: 'a LIST of a kind without objects',
    run: async (api) => {
      const { base, plural } = await defineKind(api)
      await api.get(`${base}/${plural}`)
      await api.get(`${base}/${plural}`, { limit: 5 })
      await api.get(`${base}/${plural}`, { resourceVersion: 0 })
    },
  },
  {
    name: 'a LIST of a namespace that there is not',
    run: async (api) => {
      await api.get('/api/v1/namespaces/c-nowhere/configmaps')
      await api.get('/api/v1/namespaces/c-nowhere/configmaps', { limit: 2 })
    },
  },
  {
    name: 'a LIST of a kind of the cluster in a namespace',
    run: async (api) => {
      await api.get('/api/v1/namespaces/default/nodes')
    },
  },
  {
    name: 'a LIST of events, which have no cache',
    run: async (api) => {
      await api.makeNamespace()
      const path = `/api/v1/namespaces/${api.namespace}/events`
      const involvedObject = { kind: 'Pod', namespace: api.namespace, name: 'one' }
      for (const name of ['a', 'b', 'c']) {
        await api.setUp('POST', path, {
          metadata: { name },
          involvedObject,
          reason: 'Test',
          message: name,
          type: 'Normal',
          source: {},
        })
      }
      await api.get(path)
      await readPages(api, path, { resourceVersion: 0, limit: 2 })
      await api.get(path, { fieldSelector: 'involvedObject.name=one,reason=Test' })
    },
  },
]

export const listCases: readonly ContractCase[] = [...forms, ...paging, ...refused, ...scopes]

import type { RequestParts } from '../api.ts'
import type { ContractCase } from '../contract-case.ts'
import { as, PROTOBUF } from '../media-types.ts'
import { configMap, configMaps, defineKind, makePast, type Past, pod, pods, widget, widgets } from '../objects.ts'
import { comeAndGo, FUTURE, isBookmark, type Query } from './watch-parts.ts'

/** A watch on a state with a past, and then on one object that comes, changes and goes. */
function watch(name: string, query: (past: Past) => Query, before: number, parts: RequestParts = {}): ContractCase {
  return {
    name: `a WATCH ${name}`,
    run: async (api) => {
      const past = await makePast(api)
      const events = await api.watch(past.path, query(past), parts)
      await events.take(before)
      await comeAndGo(api, past.path)
      await events.take(3)
    },
  }
}

const from: readonly ContractCase[] = [
  watch('from an old version', ({ before }) => ({ resourceVersion: before }), 3),
  watch('from the newest version', ({ now }) => ({ resourceVersion: now }), 0),
  watch('from version 0', () => ({ resourceVersion: 0 }), 5),
  watch('without a version', () => ({}), 5),
  watch('from an old version by label', ({ before }) => ({ resourceVersion: before, labelSelector: 'color=red' }), 2),
  watch(
    'from an old version by name',
    ({ before }) => ({ resourceVersion: before, fieldSelector: 'metadata.name!=b' }),
    2,
  ),
  watch('from an old version in protobuf', ({ before }) => ({ resourceVersion: before }), 3, { accept: PROTOBUF }),
  watch('without a version in protobuf', () => ({}), 5, { accept: PROTOBUF }),
  watch('in protobuf as a stream', ({ now }) => ({ resourceVersion: now }), 0, { accept: `${PROTOBUF};stream=watch` }),
  watch('in JSON as a stream', ({ now }) => ({ resourceVersion: now }), 0, { accept: 'application/json;stream=watch' }),
  watch('of metadata alone', ({ before }) => ({ resourceVersion: before }), 3, { accept: as('PartialObjectMetadata') }),
  watch('of metadata alone in protobuf', ({ before }) => ({ resourceVersion: before }), 3, {
    accept: as('PartialObjectMetadata', PROTOBUF),
  }),
  watch('of any state that asks for bookmarks', () => ({ resourceVersion: 0, allowWatchBookmarks: true }), 5),
  watch('with a limit, which it ignores', ({ before }) => ({ resourceVersion: before, limit: 1 }), 3),
  {
    name: 'a WATCH of one object by its name in the path',
    run: async (api) => {
      const { path } = await makePast(api)
      const events = await api.watch(`${path}/a`)
      if (api.transcript.at(-1)!.status !== 200) return
      await events.take(1)
      await api.setUp('PUT', `${path}/a`, configMap('a', {}, 'two'))
      await events.take(1)
    },
  },
  {
    name: 'a WATCH by the old path',
    run: async (api) => {
      const { path, before } = await makePast(api)
      const events = await api.watch(path.replace('/api/v1/', '/api/v1/watch/'), {
        watch: undefined,
        resourceVersion: before,
      })
      if (api.transcript.at(-1)!.status === 200) await events.take(3)
    },
  },
  {
    name: 'a WATCH of a version that is yet to come',
    run: async (api) => {
      const { path } = await makePast(api)
      const events = await api.watch(path, { resourceVersion: FUTURE, timeoutSeconds: 3 })
      await comeAndGo(api, path)
      await events.rest()
    },
  },
  {
    name: 'a WATCH of all namespaces by label',
    run: async (api) => {
      const { path, before } = await makePast(api)
      const events = await api.watch('/api/v1/configmaps', {
        resourceVersion: before,
        fieldSelector: `metadata.namespace=${api.namespace}`,
      })
      await events.take(3)
      await comeAndGo(api, path)
      await events.take(3)
    },
  },
]

const selected: readonly ContractCase[] = [
  {
    name: 'a WATCH by label of objects that come into the selection and leave it',
    run: async (api) => {
      const { path, now } = await makePast(api)
      const events = await api.watch(path, { resourceVersion: now, labelSelector: 'color=red' })
      await api.setUp('PUT', `${path}/b`, configMap('b', { color: 'red' }))
      await api.setUp('PUT', `${path}/b`, configMap('b', { color: 'red' }, 'three'))
      await api.setUp('PUT', `${path}/b`, configMap('b', { color: 'blue' }))
      await api.setUp('PUT', `${path}/b`, configMap('b', { color: 'blue' }, 'four'))
      await api.setUp('DELETE', `${path}/b`)
      await api.setUp('DELETE', `${path}/a`)
      await events.take(4)
    },
  },
  {
    name: 'a WATCH by field of pods that move to a node',
    run: async (api) => {
      await api.makeNamespace()
      const path = pods(api.namespace)
      const { metadata } = await api.setUp('POST', path, pod('a'))
      const events = await api.watch(path, {
        resourceVersion: metadata.resourceVersion,
        fieldSelector: 'spec.nodeName=',
      })
      const onNode = await api.watch(path, {
        resourceVersion: metadata.resourceVersion,
        fieldSelector: 'spec.nodeName=one',
      })
      await api.setUp('POST', `${path}/a/binding`, { metadata: { name: 'a' }, target: { kind: 'Node', name: 'one' } })
      await events.take(1)
      await onNode.take(1)
    },
  },
  {
    name: 'a WATCH of custom resources that come into a selection and leave it',
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      const path = widgets(kind, api.namespace)
      const one = await api.setUp('POST', path, widget(kind, 'a'))
      const events = await api.watch(path, {
        resourceVersion: one.metadata.resourceVersion,
        labelSelector: 'color=red',
      })
      for (const color of ['red', 'blue', 'red']) {
        await api.setUp(
          'PATCH',
          `${path}/a`,
          { metadata: { labels: { color } } },
          { contentType: 'application/merge-patch+json' },
        )
      }
      await api.setUp('DELETE', `${path}/a`)
      await events.take(4)
    },
  },
]

/** The first bookmark. How many there are depends on what others write to the same cache. */
function bookmarked(
  name: string,
  accept: string,
  path: (namespace: string) => string,
  object: () => object,
): ContractCase {
  return {
    name: `a WATCH${name} with bookmarks has one before its end`,
    run: async (api) => {
      await api.makeNamespace()
      const { metadata } = await api.setUp('POST', path(api.namespace), object())
      const query = { resourceVersion: metadata.resourceVersion, timeoutSeconds: 4, allowWatchBookmarks: true }
      const events = await api.watch(path(api.namespace), query, { accept })
      const other = `${api.namespace}-2`
      await api.setUp('POST', '/api/v1/namespaces', { metadata: { name: other } })
      await api.setUp('POST', path(other), object())
      await events.until(isBookmark)
    },
  }
}

const ended: readonly ContractCase[] = [
  {
    name: 'a WATCH with a timeout ends',
    run: async (api) => {
      const { path, now } = await makePast(api)
      const events = await api.watch(path, { resourceVersion: now, timeoutSeconds: 1 })
      await events.rest()
    },
  },
  bookmarked('', 'application/json', configMaps, () => configMap('x')),
  bookmarked(' in protobuf', PROTOBUF, configMaps, () => configMap('x')),
  bookmarked(' of metadata alone', as('PartialObjectMetadata'), configMaps, () => configMap('x')),
  bookmarked(' of a Table', as('Table'), configMaps, () => configMap('x')),
  bookmarked(' of pods', 'application/json', pods, () => pod('x')),
  bookmarked(' of pods in protobuf', PROTOBUF, pods, () => pod('x')),
  {
    name: 'a WATCH of custom resources with bookmarks, with news of another namespace',
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      const { metadata } = await api.setUp('POST', widgets(kind, api.namespace), widget(kind, 'a'))
      const query = { resourceVersion: metadata.resourceVersion, timeoutSeconds: 4, allowWatchBookmarks: true }
      const events = await api.watch(widgets(kind, api.namespace), query)
      await api.setUp('POST', widgets(kind, 'default'), widget(kind, 'elsewhere'))
      await events.rest()
    },
  },
  {
    // Later than everything that others write meanwhile, which to some servers is no news of this kind.
    name: 'a WATCH of custom resources of the future with bookmarks',
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      await api.setUp('POST', widgets(kind, api.namespace), widget(kind, 'a'))
      const query = { resourceVersion: FUTURE, timeoutSeconds: 4, allowWatchBookmarks: true }
      const events = await api.watch(widgets(kind, api.namespace), query)
      await events.rest()
    },
  },
  {
    name: 'a WATCH of custom resources whose kind is removed',
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      const one = await api.setUp('POST', widgets(kind, api.namespace), widget(kind, 'a'))
      const events = await api.watch(widgets(kind, api.namespace), { resourceVersion: one.metadata.resourceVersion })
      await api.setUp('DELETE', `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${kind.plural}.${kind.group}`)
      await events.rest()
    },
  },
]

export const watchCases: readonly ContractCase[] = [...from, ...selected, ...ended]

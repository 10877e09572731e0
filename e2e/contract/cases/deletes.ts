import type { Api, Document, RequestParts } from '../api.ts'
import type { ContractCase } from '../contract-case.ts'
import type { Exchange } from '../exchange.ts'
import { MERGE_PATCH, PROTOBUF } from '../media-types.ts'
import {
  configMaps,
  CRDS,
  defineKind,
  definition,
  kindOf,
  makePast,
  pod,
  pods,
  whenServed,
  widget,
  widgets,
} from '../objects.ts'

/** One DELETE of the ConfigMap `a`, and what is there afterwards. */
function deleted(
  name: string,
  parts: RequestParts | ((a: Document) => RequestParts),
  finalizers: readonly string[] = [],
): ContractCase {
  return {
    name: `a DELETE ${name}`,
    run: async (api) => {
      await api.makeNamespace()
      const path = configMaps(api.namespace)
      const a = await api.setUp('POST', path, { metadata: { name: 'a', finalizers }, data: { value: 'one' } })
      await api.send('DELETE', `${path}/a`, typeof parts === 'function' ? parts(a) : parts)
      await api.get(`${path}/a`)
    },
  }
}

const HOLD = ['example.com/hold']
const OPTIONS = { kind: 'DeleteOptions', apiVersion: 'v1' }
const FOREIGN_UID = '6b1bd9a2-6a53-4cb0-9d0b-0d1c3f5a7e12'

const single: readonly ContractCase[] = [
  deleted('of an object', {}),
  deleted('with options', { body: { ...OPTIONS, gracePeriodSeconds: 0 } }),
  deleted('with options of no kind', { body: { gracePeriodSeconds: 0 } }),
  deleted('of an object with a finalizer', {}, HOLD),
  deleted('with a matching uid', ({ metadata }) => ({ body: { ...OPTIONS, preconditions: { uid: metadata.uid } } })),
  deleted('with another uid', { body: { ...OPTIONS, preconditions: { uid: FOREIGN_UID } } }),
  deleted('with a matching version', ({ metadata }) => ({
    body: { preconditions: { resourceVersion: metadata.resourceVersion } },
  })),
  deleted('with another version', { body: { preconditions: { resourceVersion: '5' } } }),
  deleted('in the foreground', { query: { propagationPolicy: 'Foreground' } }),
  deleted('that leaves orphans', { body: { ...OPTIONS, propagationPolicy: 'Orphan' } }),
  deleted('in the background', { query: { propagationPolicy: 'Background' } }),
  deleted('by the old orphanDependents', { query: { orphanDependents: true } }),
  deleted('that is only tried', { query: { dryRun: 'All' } }),
  deleted('that is answered in protobuf', { accept: PROTOBUF }),
  {
    name: 'a DELETE that waits for finalizers, until the last is gone',
    run: async (api) => {
      await api.makeNamespace()
      const path = configMaps(api.namespace)
      const made = await api.setUp('POST', path, {
        metadata: { name: 'a', finalizers: ['example.com/a', 'example.com/b'] },
      })
      const watch = await api.watch(path, { resourceVersion: made.metadata.resourceVersion })
      await api.send('DELETE', `${path}/a`)
      await api.send('DELETE', `${path}/a`)
      await api.send('PATCH', `${path}/a`, {
        body: { metadata: { finalizers: ['example.com/b', 'example.com/c'] } },
        contentType: MERGE_PATCH,
      })
      await api.send('PATCH', `${path}/a`, {
        body: { metadata: { finalizers: ['example.com/b'] } },
        contentType: MERGE_PATCH,
      })
      await api.send('PATCH', `${path}/a`, {
        body: { metadata: { labels: { still: 'there' } } },
        contentType: MERGE_PATCH,
      })
      await api.send('PATCH', `${path}/a`, { body: { metadata: { finalizers: null } }, contentType: MERGE_PATCH })
      await api.get(`${path}/a`)
      await watch.take(4)
    },
  },
  {
    name: 'a DELETE of a pod that is on no node',
    run: async (api) => {
      await api.makeNamespace()
      await api.setUp('POST', pods(api.namespace), pod('a'))
      await api.send('DELETE', pods(api.namespace, 'a'))
      await api.get(pods(api.namespace, 'a'))
    },
  },
  {
    name: 'a DELETE of a pod with a finalizer',
    run: async (api) => {
      await api.makeNamespace()
      const one = pod('a') as { metadata: object }
      await api.setUp('POST', pods(api.namespace), { ...one, metadata: { ...one.metadata, finalizers: HOLD } })
      await api.send('DELETE', pods(api.namespace, 'a'))
      api.keep(({ metadata }) => metadata)
    },
  },
  {
    name: 'a DELETE of a custom resource, and of one with a finalizer',
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      const path = widgets(kind, api.namespace)
      await api.setUp('POST', path, widget(kind, 'a'))
      await api.setUp('POST', path, { ...widget(kind, 'b'), metadata: { name: 'b', finalizers: HOLD } })
      await api.send('DELETE', `${path}/a`)
      await api.send('DELETE', `${path}/b`)
      await api.get(path)
    },
  },
]

/** A DELETE of a collection with a past, and what is left of it. */
function collection(name: string, parts: RequestParts): ContractCase {
  return {
    name: `a DELETE of a collection ${name}`,
    run: async (api) => {
      const { path } = await makePast(api)
      await api.send('DELETE', path, parts)
      await api.get(path)
      api.keep(({ items }) => items.map(({ metadata }) => metadata.name))
    },
  }
}

const collections: readonly ContractCase[] = [
  collection('as a whole', {}),
  collection('by label', { query: { labelSelector: 'color=red' } }),
  collection('by field', { query: { fieldSelector: 'metadata.name=a' } }),
  collection('that is only tried', { query: { dryRun: 'All' } }),
  collection('with options in the body', { body: { ...OPTIONS, gracePeriodSeconds: 0 } }),
  {
    name: 'a DELETE of a collection with a finalizer in it',
    run: async (api) => {
      const { path } = await makePast(api)
      await api.setUp('PATCH', `${path}/b`, { metadata: { finalizers: HOLD } }, { contentType: MERGE_PATCH })
      await api.send('DELETE', path)
      await api.get(path)
    },
  },
]

function isEstablished({ body }: Exchange): boolean {
  const { conditions } = (body as { status: { conditions: readonly { reason: string }[] } }).status
  return conditions.some(({ reason }) => reason === 'InitialNamesAccepted')
}

async function patchDefinition(api: Api, body: object): Promise<Document> {
  const { plural, group } = kindOf(api)
  return api.setUp('PATCH', `${CRDS}/${plural}.${group}`, body, { contentType: MERGE_PATCH })
}

const definitions: readonly ContractCase[] = [
  {
    name: 'a custom resource definition that is made, used and taken away',
    run: async (api) => {
      await api.makeNamespace()
      const kind = kindOf(api)
      const path = `${CRDS}/${kind.plural}.${kind.group}`
      await api.get(`${kind.base}/${kind.plural}`)
      await api.setUp('POST', CRDS, definition(kind))
      await whenServed(api, kind)
      await api.getUntil(path, {}, isEstablished)
      await api.send('POST', widgets(kind, api.namespace), { body: widget(kind, 'a') })
      await api.get(`${kind.base}/${kind.plural}`)
      await api.setUp('DELETE', path)
      await whenServed(api, kind, false)
      await api.get(`${kind.base}/${kind.plural}`)
      await api.getUntil(path, {}, ({ status }) => status === 404)
    },
  },
  {
    name: 'a custom resource definition that is made again begins without objects',
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      const path = `${CRDS}/${kind.plural}.${kind.group}`
      await api.setUp('POST', widgets(kind, api.namespace), widget(kind, 'a'))
      await api.setUp('DELETE', path)
      const { transcript } = api
      await api.getUntil(path, {}, ({ status }) => status === 404)
      transcript.length = 0
      await api.setUp('POST', CRDS, definition(kind))
      await whenServed(api, kind)
      await api.get(`${kind.base}/${kind.plural}`)
    },
  },
  {
    name: 'a custom resource definition with a second version',
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      const { base } = kind
      const schema = { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }
      await patchDefinition(api, {
        spec: {
          versions: [
            { name: 'v1', served: true, storage: true, schema },
            { name: 'v2', served: true, storage: false, schema },
          ],
        },
      })
      const newer = { ...kind, base: base.replace(/v1$/, 'v2') }
      await whenServed(api, newer)
      await api.setUp('POST', widgets(kind, api.namespace), widget(kind, 'a'))
      await api.get(widgets(newer, api.namespace))
      await api.get(widgets(newer, api.namespace, 'a'))
    },
  },
  {
    name: 'a custom resource definition whose name does not fit',
    run: async (api) => {
      const kind = kindOf(api)
      await api.send('POST', CRDS, { body: { ...definition(kind), metadata: { name: 'other.example.com' } } })
    },
  },
]

export const deleteCases: readonly ContractCase[] = [...single, ...collections, ...definitions]

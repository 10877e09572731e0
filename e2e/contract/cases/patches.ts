import type { Api, Document } from '../api.ts'
import type { ContractCase } from '../contract-case.ts'
import { APPLY_PATCH, JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH } from '../media-types.ts'
import { configMap, configMaps, defineKind, pod, pods, widget, widgets } from '../objects.ts'

/** Patches of one type, one after the other, of a ConfigMap or a pod named `a`. */
function patches(name: string, contentType: string, of: 'ConfigMap' | 'pod', bodies: readonly object[]): ContractCase {
  return {
    name,
    run: async (api) => {
      await api.makeNamespace()
      const path = of === 'pod' ? pods(api.namespace) : configMaps(api.namespace)
      await api.setUp('POST', path, of === 'pod' ? pod('a') : configMap('a', { color: 'red', letter: 'a' }))
      for (const body of bodies) await api.send('PATCH', `${path}/a`, { body, contentType })
    },
  }
}

function apply(api: Api, path: string, body: object, manager: string, force?: boolean): Promise<Document> {
  return api.send('PATCH', path, { body, contentType: APPLY_PATCH, query: { fieldManager: manager, force } })
}

const image = (name: string, value: string): object => ({ spec: { containers: [{ name, image: value }] } })

const plain: readonly ContractCase[] = [
  patches('a merge patch', MERGE_PATCH, 'ConfigMap', [
    { metadata: { labels: { color: null, shape: 'round' } }, data: { more: 'x' } },
    { data: { value: null } },
    { data: null },
    {},
  ]),
  patches('a JSON patch', JSON_PATCH, 'ConfigMap', [
    [
      { op: 'test', path: '/data/value', value: 'one' },
      { op: 'replace', path: '/data/value', value: 'two' },
      { op: 'add', path: '/metadata/labels/example.com~1shape', value: 'round' },
      { op: 'copy', from: '/data/value', path: '/data/copied' },
      { op: 'move', from: '/metadata/labels/letter', path: '/data/letter' },
      { op: 'remove', path: '/metadata/labels/color' },
    ],
    [],
  ]),
  patches('a JSON patch of a list', JSON_PATCH, 'ConfigMap', [
    [{ op: 'add', path: '/metadata/finalizers', value: ['example.com/a', 'example.com/c'] }],
    [{ op: 'add', path: '/metadata/finalizers/1', value: 'example.com/b' }],
    [{ op: 'add', path: '/metadata/finalizers/-', value: 'example.com/d' }],
    [{ op: 'remove', path: '/metadata/finalizers/0' }],
    [{ op: 'add', path: '/metadata/finalizers/9', value: 'example.com/z' }],
  ]),
  patches('a strategic merge patch of a map', STRATEGIC_PATCH, 'ConfigMap', [
    { metadata: { labels: { shape: 'round', color: null } } },
    { metadata: { finalizers: ['example.com/a'] } },
    { metadata: { finalizers: ['example.com/b'] } },
    { metadata: { $deleteFromPrimitiveList: undefined, '$deleteFromPrimitiveList/finalizers': ['example.com/a'] } },
    { data: { $patch: 'replace', only: 'this' } },
  ]),
  patches('a strategic merge patch of containers by their names', STRATEGIC_PATCH, 'pod', [
    image('main', 'registry.example/shop:2'),
    { metadata: { annotations: { note: 'x' } } },
  ]),
  {
    name: 'a strategic merge patch of a deployment',
    run: async (api) => {
      await api.makeNamespace()
      const path = `/apis/apps/v1/namespaces/${api.namespace}/deployments`
      const { spec } = pod('x') as { spec: { containers: object[] } }
      const env = [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ]
      const template = {
        metadata: { labels: { app: 'shop' } },
        spec: { containers: [{ ...spec.containers[0], env, ports: [{ containerPort: 80, protocol: 'TCP' }] }] },
      }
      await api.setUp('POST', path, {
        metadata: { name: 'a' },
        spec: { replicas: 2, selector: { matchLabels: { app: 'shop' } }, template },
      })
      const patch = async (containers: object[], more: object = {}): Promise<void> => {
        const body = { spec: { ...more, template: { spec: { containers } } } }
        await api.send('PATCH', `${path}/a`, { body, contentType: STRATEGIC_PATCH })
        api.keep(({ spec: now, metadata, ...rest }) => {
          const { containers: found } = (now as { template: { spec: { containers: Document[] } } }).template.spec
          const kept = found.map((container) => ({
            name: container['name'],
            image: container['image'],
            env: container['env'],
            ports: container['ports'],
          }))
          return rest['reason'] === undefined ? { generation: metadata['generation'], kept } : rest
        })
      }
      await patch([{ name: 'main', env: [{ name: 'C', value: '3' }] }])
      await patch([{ name: 'main', env: [{ name: 'A', $patch: 'delete' }] }])
      await patch([{ name: 'side', image: 'registry.example/side:1' }])
      await patch([{ name: 'side', $patch: 'delete' }])
      await patch([{ name: 'main', ports: [{ containerPort: 81, protocol: 'TCP' }] }])
      await patch([{ name: 'main', image: 'registry.example/shop:9' }, { $patch: 'replace' }])
    },
  },
  {
    name: 'a merge patch of a custom resource',
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      await api.setUp(
        'POST',
        widgets(kind, api.namespace),
        widget(kind, 'a', { list: [1, 2], map: { a: 1, b: { c: 1 } } }),
      )
      const path = widgets(kind, api.namespace, 'a')
      await api.send('PATCH', path, {
        body: { spec: { list: [3], map: { b: { d: 2 }, a: null } } },
        contentType: MERGE_PATCH,
      })
      await api.send('PATCH', path, { body: [{ op: 'add', path: '/spec/list/-', value: 4 }], contentType: JSON_PATCH })
    },
  },
  {
    name: 'a patch with the current version, and with an old one',
    run: async (api) => {
      await api.makeNamespace()
      const path = configMaps(api.namespace, 'a')
      const one = await api.setUp('POST', configMaps(api.namespace), configMap('a'))
      const body = { metadata: { resourceVersion: one.metadata.resourceVersion }, data: { value: 'two' } }
      await api.send('PATCH', path, { body, contentType: MERGE_PATCH })
      await api.send('PATCH', path, { body, contentType: MERGE_PATCH })
    },
  },
  {
    name: 'a patch that is only tried',
    run: async (api) => {
      await api.makeNamespace()
      const path = configMaps(api.namespace, 'a')
      await api.setUp('POST', configMaps(api.namespace), configMap('a'))
      await api.send('PATCH', path, {
        body: { data: { value: 'two' } },
        contentType: MERGE_PATCH,
        query: { dryRun: 'All' },
      })
      await api.get(path)
    },
  },
]

const typed = (name: string, data: object): object => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name },
  data,
})

const applied: readonly ContractCase[] = [
  {
    name: 'an apply that creates, changes and takes away',
    keepsManagedFields: true,
    run: async (api) => {
      await api.makeNamespace()
      const path = configMaps(api.namespace, 'a')
      await apply(api, path, typed('a', { one: '1', two: '2' }), 'me')
      await apply(api, path, typed('a', { one: '1', two: '3' }), 'me')
      await apply(api, path, typed('a', { one: '1' }), 'me')
      await apply(api, path, typed('a', { one: '1' }), 'me')
    },
  },
  {
    name: 'an apply that conflicts, and one that is forced',
    keepsManagedFields: true,
    run: async (api) => {
      await api.makeNamespace()
      const path = configMaps(api.namespace, 'a')
      await apply(api, path, typed('a', { one: '1', two: '2' }), 'me')
      await apply(api, path, typed('a', { one: '9', three: '3' }), 'you')
      await apply(api, path, typed('a', { one: '9', three: '3' }), 'you', true)
      await apply(api, path, typed('a', { two: '2' }), 'me')
    },
  },
  {
    name: 'an apply over what was created otherwise',
    keepsManagedFields: true,
    run: async (api) => {
      await api.makeNamespace()
      await api.setUp('POST', configMaps(api.namespace), configMap('a'), { query: { fieldManager: 'maker' } })
      const path = configMaps(api.namespace, 'a')
      await apply(api, path, typed('a', { more: 'x' }), 'me')
      await apply(api, path, typed('a', { value: 'mine' }), 'me')
    },
  },
  {
    name: 'an apply of a list by its keys',
    run: async (api) => {
      await api.makeNamespace()
      const path = `/api/v1/namespaces/${api.namespace}/services/a`
      const service = (ports: object[]): object => ({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'a' },
        spec: { ports, selector: { app: 'shop' } },
      })
      const port = (name: string, number: number): object => ({ name, port: number, protocol: 'TCP' })
      const kept = async (ports: object[], manager: string): Promise<void> => {
        await apply(api, path, service(ports), manager)
        api.keep(({ spec, ...rest }) => {
          if (rest['reason'] !== undefined) return rest
          const { ports: all } = spec as { ports: { name: string; port: number }[] }
          return all.map((each) => `${each.name}:${each.port}`)
        })
      }
      await kept([port('http', 80)], 'me')
      await kept([port('https', 443)], 'you')
      await kept([port('http', 80), port('metrics', 9090)], 'me')
      await kept([port('metrics', 9090)], 'me')
    },
  },
  {
    name: 'an apply of a custom resource',
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      const path = widgets(kind, api.namespace, 'a')
      await apply(api, path, widget(kind, 'a', { size: 1, color: 'red' }), 'me')
      await apply(api, path, widget(kind, 'a', { size: 2 }), 'me')
      await apply(api, path, widget(kind, 'a', { size: 3 }), 'you')
    },
  },
  {
    name: 'an apply that is refused',
    run: async (api) => {
      await api.makeNamespace()
      const path = configMaps(api.namespace, 'a')
      await api.send('PATCH', path, { body: typed('a', {}), contentType: APPLY_PATCH })
      await apply(api, path, { metadata: { name: 'a' } }, 'me')
      await apply(api, path, typed('b', {}), 'me')
      await apply(api, path, { ...typed('a', {}), metadata: { name: 'a', managedFields: [{ manager: 'x' }] } }, 'me')
      await api.send('PATCH', path, { body: 'a: [', contentType: APPLY_PATCH, query: { fieldManager: 'me' } })
      await apply(
        api,
        path,
        { ...typed('a', {}), metadata: { name: 'a', uid: '6b1bd9a2-6a53-4cb0-9d0b-0d1c3f5a7e12' } },
        'me',
      )
    },
  },
  {
    name: 'an apply in YAML that is only tried',
    run: async (api) => {
      await api.makeNamespace()
      const body = 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  one: "1"\n'
      await api.send('PATCH', configMaps(api.namespace, 'a'), {
        body,
        contentType: APPLY_PATCH,
        query: { fieldManager: 'me', dryRun: 'All' },
      })
      await api.get(configMaps(api.namespace, 'a'))
    },
  },
]

export const patchCases: readonly ContractCase[] = [...plain, ...applied]

import type { Api } from '../api.ts'
import type { ContractCase } from '../contract-case.ts'
import { as, JSON_TYPE, PROTOBUF, YAML } from '../media-types.ts'
import { configMaps, defineKind, makePast, pod, pods, widget, widgets } from '../objects.ts'

/** The same collection, and an object of it, in the form that the Accept header asks for. */
function form(name: string, listAccept: string, objectAccept: string = listAccept): ContractCase {
  return {
    name: `what is asked for as ${name}`,
    run: async (api) => {
      const { path } = await makePast(api)
      await api.get(path, {}, { accept: listAccept })
      await api.get(path, { limit: 2 }, { accept: listAccept })
      await api.get(`${path}/a`, {}, { accept: objectAccept })
      await api.get(`${path}/nobody`, {}, { accept: objectAccept })
      await api.get(path, { resourceVersionMatch: 'Exact' }, { accept: listAccept })
    },
  }
}

async function aWidget(api: Api): Promise<string> {
  await api.makeNamespace()
  const kind = await defineKind(api, {
    version: {
      additionalPrinterColumns: [
        { name: 'Size', type: 'integer', jsonPath: '.spec.size', description: 'How big it is.' },
        { name: 'Color', type: 'string', jsonPath: '.spec.color', priority: 1 },
        { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
      ],
    },
  })
  await api.setUp('POST', widgets(kind, api.namespace), widget(kind, 'a', { size: 3, color: 'red' }))
  await api.setUp('POST', widgets(kind, api.namespace), widget(kind, 'b', {}))
  return widgets(kind, api.namespace)
}

async function somePods(api: Api): Promise<string> {
  await api.makeNamespace()
  await api.setUp('POST', pods(api.namespace), pod('a'))
  await api.setUp('POST', pods(api.namespace), pod('b', { nodeName: 'node-b' }))
  return pods(api.namespace)
}

const TABLE = as('Table')

const tables: readonly ContractCase[] = [
  ...['None', 'Metadata', 'Object'].map((includeObject): ContractCase => ({
    name: `a Table of ConfigMaps with includeObject=${includeObject}`,
    run: async (api) => {
      const { path } = await makePast(api)
      await api.get(path, { includeObject, limit: 2 }, { accept: TABLE })
    },
  })),
  {
    name: 'a Table with an includeObject that nobody knows',
    run: async (api) => {
      await api.get(configMaps('default'), { includeObject: 'Some' }, { accept: TABLE })
    },
  },
  {
    name: 'a Table of pods',
    run: async (api) => {
      const path = await somePods(api)
      await api.get(path, { includeObject: 'None' }, { accept: TABLE })
      await api.get(`${path}/a`, { includeObject: 'Metadata' }, { accept: TABLE })
    },
  },
  {
    name: 'a Table of custom resources with columns of their own',
    run: async (api) => {
      const path = await aWidget(api)
      await api.get(path, {}, { accept: TABLE })
      await api.get(`${path}/a`, { includeObject: 'None' }, { accept: TABLE })
    },
  },
  {
    name: 'a Table of the beta version, with JSON as second choice',
    run: async (api) => {
      const { path } = await makePast(api)
      const accept =
        'application/json;as=Table;v=v1;g=meta.k8s.io,application/json;as=Table;v=v1beta1;g=meta.k8s.io,application/json'
      await api.get(path, { limit: 1 }, { accept })
    },
  },
  {
    name: 'a watched Table',
    run: async (api) => {
      const { path, before } = await makePast(api)
      const watch = await api.watch(path, { resourceVersion: before, includeObject: 'Metadata' }, { accept: TABLE })
      await watch.take(3)
    },
  },
  {
    name: 'a Table of namespaces, of one name',
    run: async (api) => {
      await api.makeNamespace()
      await api.get('/api/v1/namespaces', { fieldSelector: `metadata.name=${api.namespace}` }, { accept: TABLE })
    },
  },
]

const negotiated: readonly ContractCase[] = [
  ...[
    ['text/html', 'text/html'],
    ['CBOR', 'application/cbor'],
    ['anything', '*/*'],
    ['anything of application', 'application/*'],
    ['nothing', ''],
    ['JSON after HTML', 'text/html, application/json'],
    ['JSON of lower quality', 'application/vnd.kubernetes.protobuf;q=0.5, application/json;q=0.9'],
    ['a list of a group that nobody knows', 'application/json;as=Table;g=example.com;v=v1'],
    ['a form that nobody knows', 'application/json;as=Sketch;g=meta.k8s.io;v=v1'],
    ['a form that nobody knows, else JSON', 'application/json;as=Sketch;g=meta.k8s.io;v=v1,application/json'],
  ].map(([name, accept]): ContractCase => ({
    name: `a LIST that accepts ${name}`,
    run: async (api) => {
      const { path } = await makePast(api)
      await api.get(path, { limit: 1 }, { accept: accept! })
    },
  })),
  {
    name: 'custom resources asked for as protobuf',
    run: async (api) => {
      const path = await aWidget(api)
      await api.get(path, {}, { accept: PROTOBUF })
      await api.get(`${path}/a`, {}, { accept: PROTOBUF })
      await api.get(path, {}, { accept: `${PROTOBUF}, ${JSON_TYPE}` })
      await api.get(path, {}, { accept: as('PartialObjectMetadataList', PROTOBUF) })
    },
  },
  {
    name: 'pods in protobuf',
    run: async (api) => {
      const path = await somePods(api)
      await api.get(path, {}, { accept: PROTOBUF })
      await api.get(`${path}/a`, {}, { accept: PROTOBUF })
    },
  },
  {
    name: 'custom resources as metadata alone',
    run: async (api) => {
      const path = await aWidget(api)
      await api.get(path, {}, { accept: as('PartialObjectMetadataList') })
      await api.get(path, { limit: 1 }, { accept: as('PartialObjectMetadataList') })
      await api.get(`${path}/a`, {}, { accept: as('PartialObjectMetadata') })
    },
  },
  {
    name: 'pretty JSON',
    run: async (api) => {
      const { path } = await makePast(api)
      await api.get(`${path}/a`, { pretty: true })
    },
  },
  {
    name: 'a large LIST with gzip',
    run: async (api) => {
      await api.makeNamespace()
      const data = { value: 'abcdefghij'.repeat(8_000) }
      for (const name of ['a', 'b']) await api.setUp('POST', configMaps(api.namespace), { metadata: { name }, data })
      const headers = { 'accept-encoding': 'gzip' }
      await api.get(configMaps(api.namespace), {}, { headers })
      await api.get(configMaps(api.namespace, 'a'), {}, { headers })
    },
  },
]

export const formCases: readonly ContractCase[] = [
  form('metadata alone', as('PartialObjectMetadataList'), as('PartialObjectMetadata')),
  form('metadata alone in protobuf', as('PartialObjectMetadataList', PROTOBUF), as('PartialObjectMetadata', PROTOBUF)),
  form('protobuf', PROTOBUF),
  form('protobuf or JSON', `${PROTOBUF},${JSON_TYPE}`),
  form('YAML', YAML),
  form('a Table', TABLE),
  form('a list where an object is wanted', as('PartialObjectMetadata'), as('PartialObjectMetadataList')),
  ...tables,
  ...negotiated,
]

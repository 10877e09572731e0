import type { Api, Method, RequestParts } from '../api.ts'
import type { ContractCase } from '../contract-case.ts'
import { JSON_PATCH, MERGE_PATCH, STRATEGIC_PATCH, YAML } from '../media-types.ts'
import { configMap, configMaps, defineKind, makePast, widget, widgets } from '../objects.ts'

/** One request that is refused, in a namespace with ConfigMaps; `{}` stands for the collection. */
function refused(name: string, method: Method, path: string, parts: RequestParts = {}): ContractCase {
  return {
    name: `the refusal of ${name}`,
    run: async (api) => {
      const { path: collection } = await makePast(api)
      await api.send(method, path.replace('{}', collection), parts)
    },
  }
}

const paths: readonly ContractCase[] = [
  refused('an object that there is not', 'GET', '{}/nobody'),
  refused('a resource that there is not', 'GET', '/api/v1/namespaces/default/gadgets'),
  refused('a resource of the cluster that there is not', 'GET', '/api/v1/gadgets'),
  refused('a version that there is not', 'GET', '/api/v9/pods'),
  refused('a group that there is not', 'GET', '/apis/nowhere.example.com/v1/pods'),
  refused('a group version that there is not', 'GET', '/apis/apps/v9/deployments'),
  refused('a group alone that there is not', 'GET', '/apis/nowhere.example.com'),
  refused('a path of nothing', 'GET', '/nothing'),
  refused('a subresource that there is not', 'GET', '{}/a/status'),
  refused('a subresource of pods that there is not', 'GET', '/api/v1/namespaces/default/pods/a/nothing'),
  refused('the status of a pod that there is not', 'GET', '/api/v1/namespaces/default/pods/nobody/status'),
  refused('a namespaced object without its namespace', 'GET', '/api/v1/configmaps/a'),
  refused('a POST without a namespace', 'POST', '/api/v1/configmaps', { body: configMap('x') }),
]

const methods: readonly ContractCase[] = [
  refused('a POST to an object', 'POST', '{}/a', { body: configMap('a') }),
  refused('a PUT to a collection', 'PUT', '{}', { body: configMap('a') }),
  refused('a PATCH to a collection', 'PATCH', '{}', { body: {}, contentType: MERGE_PATCH }),
  refused('OPTIONS', 'OPTIONS', '{}/a'),
  refused('a GET of a kind that can only be created', 'GET', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews'),
]

const bodies: readonly ContractCase[] = [
  refused('a POST without a body', 'POST', '{}'),
  refused('a POST of an empty object', 'POST', '{}', { body: {} }),
  refused('a POST of no JSON', 'POST', '{}', { body: '{"metadata":' }),
  refused('a POST of a list', 'POST', '{}', { body: '[]' }),
  refused('a POST of a text', 'POST', '{}', { body: '"text"' }),
  refused('a POST of another kind', 'POST', '{}', {
    body: { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } },
  }),
  refused('a POST of another group', 'POST', '{}', {
    body: { apiVersion: 'apps/v1', kind: 'ConfigMap', metadata: { name: 'x' } },
  }),
  refused('a POST of a kind that there is not', 'POST', '{}', {
    body: { apiVersion: 'v1', kind: 'Gadget', metadata: { name: 'x' } },
  }),
  refused('a POST into another namespace', 'POST', '{}', { body: { metadata: { name: 'x', namespace: 'default' } } }),
  refused('a POST with a name in the wrong form', 'POST', '{}', { body: { metadata: { name: 'Not_A_Name' } } }),
  refused('a POST with a version', 'POST', '{}', { body: { metadata: { name: 'x', resourceVersion: '5' } } }),
  refused('a POST into a namespace that there is not', 'POST', '/api/v1/namespaces/c-nowhere/configmaps', {
    body: configMap('x'),
  }),
  refused('a POST with a label in the wrong form', 'POST', '{}', {
    body: { metadata: { name: 'x', labels: { a: '-b-' } } },
  }),
  refused('a PUT under another name', 'PUT', '{}/a', { body: configMap('b') }),
  refused('a PUT into another namespace', 'PUT', '{}/a', { body: { metadata: { name: 'a', namespace: 'default' } } }),
  refused('a PUT without a name', 'PUT', '{}/a', { body: { metadata: {} } }),
  refused('a PUT of what is not there', 'PUT', '{}/nobody', { body: configMap('nobody') }),
  refused('a PUT with an old version', 'PUT', '{}/a', { body: { metadata: { name: 'a', resourceVersion: '5' } } }),
  refused('a PUT with a version that is no number', 'PUT', '{}/a', {
    body: { metadata: { name: 'a', resourceVersion: 'abc' } },
  }),
  refused('a PUT with another uid', 'PUT', '{}/a', {
    body: { metadata: { name: 'a', uid: '6b1bd9a2-6a53-4cb0-9d0b-0d1c3f5a7e12' } },
  }),
  refused('a PUT of no JSON', 'PUT', '{}/a', { body: 'no' }),
  refused('a POST with a media type that nobody reads', 'POST', '{}', {
    body: 'a=b',
    contentType: 'application/x-www-form-urlencoded',
  }),
  refused('a DELETE of what is not there', 'DELETE', '{}/nobody'),
  refused('a DELETE with options of another kind', 'DELETE', '{}/a', { body: { kind: 'Pod', apiVersion: 'v1' } }),
  refused('a DELETE with a policy that there is not', 'DELETE', '{}/a', { query: { propagationPolicy: 'Sideways' } }),
  refused('a DELETE with two policies', 'DELETE', '{}/a', {
    query: { propagationPolicy: 'Orphan', orphanDependents: true },
  }),
  refused('a DELETE with dryRun of some', 'DELETE', '{}/a', { query: { dryRun: 'Some' } }),
  refused('a POST with dryRun of some', 'POST', '{}', { body: configMap('x'), query: { dryRun: 'Some' } }),
  refused('a POST with a fieldValidation that there is not', 'POST', '{}', {
    body: configMap('x'),
    query: { fieldValidation: 'Perhaps' },
  }),
]

const patches: readonly ContractCase[] = [
  refused('a patch in JSON', 'PATCH', '{}/a', { body: {} }),
  refused('a patch in YAML', 'PATCH', '{}/a', { body: 'a: b', contentType: YAML }),
  refused('a patch of what is not there', 'PATCH', '{}/nobody', { body: {}, contentType: MERGE_PATCH }),
  refused('a merge patch that is no JSON', 'PATCH', '{}/a', { body: '{', contentType: MERGE_PATCH }),
  refused('a merge patch that is a list', 'PATCH', '{}/a', { body: '[]', contentType: MERGE_PATCH }),
  refused('a merge patch of the name', 'PATCH', '{}/a', {
    body: { metadata: { name: 'z' } },
    contentType: MERGE_PATCH,
  }),
  refused('a merge patch with an old version', 'PATCH', '{}/a', {
    body: { metadata: { resourceVersion: '5' } },
    contentType: MERGE_PATCH,
  }),
  refused('a JSON patch that is an object', 'PATCH', '{}/a', { body: '{}', contentType: JSON_PATCH }),
  refused('a JSON patch of a path that there is not', 'PATCH', '{}/a', {
    body: [{ op: 'remove', path: '/data/nothing' }],
    contentType: JSON_PATCH,
  }),
  refused('a JSON patch whose test fails', 'PATCH', '{}/a', {
    body: [{ op: 'test', path: '/data/value', value: 'other' }],
    contentType: JSON_PATCH,
  }),
  refused('a JSON patch with an operation that there is not', 'PATCH', '{}/a', {
    body: [{ op: 'grow', path: '/data/value' }],
    contentType: JSON_PATCH,
  }),
  {
    name: 'the refusal of a strategic merge patch of a custom resource',
    run: async (api: Api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      await api.setUp('POST', widgets(kind, api.namespace), widget(kind, 'a'))
      await api.send('PATCH', widgets(kind, api.namespace, 'a'), { body: {}, contentType: STRATEGIC_PATCH })
    },
  },
  {
    name: 'the refusal of a custom resource of another kind',
    run: async (api: Api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      const path = widgets(kind, api.namespace)
      await api.send('POST', path, { body: { ...widget(kind, 'a'), kind: 'Gadget' } })
      await api.send('POST', path, { body: { ...widget(kind, 'a'), apiVersion: 'v1' } })
      await api.send('POST', path, { body: { metadata: { name: 'a' } } })
      await api.send('POST', path, { body: { ...widget(kind, 'a'), metadata: {} } })
    },
  },
  {
    name: 'the refusal of what already exists',
    run: async (api: Api) => {
      await api.makeNamespace()
      await api.send('POST', configMaps(api.namespace), { body: configMap('a') })
      await api.send('POST', configMaps(api.namespace), { body: configMap('a') })
      await api.send('POST', '/api/v1/namespaces', { body: { metadata: { name: api.namespace } } })
    },
  },
]

export const errorCases: readonly ContractCase[] = [...paths, ...methods, ...bodies, ...patches]

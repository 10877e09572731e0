import type { Api, Document, RequestParts } from '../api.ts'
import type { ContractCase } from '../contract-case.ts'
import { PROTOBUF, YAML } from '../media-types.ts'
import { configMap, configMaps, defineKind, pod, pods, widget, widgets } from '../objects.ts'

/** A case in a namespace with the ConfigMap `a`. */
function withA(name: string, run: (api: Api, path: string, a: Document) => Promise<unknown>): ContractCase {
  return {
    name,
    run: async (api) => {
      await api.makeNamespace()
      const path = configMaps(api.namespace)
      await run(api, path, await api.setUp('POST', path, configMap('a', { color: 'red' })))
    },
  }
}

const DRY: RequestParts = { query: { dryRun: 'All' } }

const created: readonly ContractCase[] = [
  withA('a POST', (api, path) => api.send('POST', path, { body: configMap('b', { color: 'blue' }) })),
  withA('a POST with kind and version', (api, path) =>
    api.send('POST', path, { body: { apiVersion: 'v1', kind: 'ConfigMap', ...configMap('b') } }),
  ),
  withA('a POST in YAML', (api, path) =>
    api.send('POST', path, {
      body: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: b\ndata:\n  x: "1"\n',
      contentType: YAML,
    }),
  ),
  withA('a POST with a generated name', async (api, path) => {
    const one = await api.send('POST', path, { body: { metadata: { generateName: 'made-' }, data: { x: '1' } } })
    await api.get(`${path}/${one.metadata.name}`)
    await api.send('POST', path, { body: { metadata: { generateName: 'made-', name: 'chosen' } } })
  }),
  withA('a POST without any name', (api, path) => api.send('POST', path, { body: { metadata: {}, data: { x: '1' } } })),
  withA('a POST with what only the server may set', async (api, path) => {
    const metadata = {
      name: 'b',
      uid: '6b1bd9a2-6a53-4cb0-9d0b-0d1c3f5a7e12',
      creationTimestamp: '2020-01-01T00:00:00Z',
      deletionTimestamp: '2020-01-01T00:00:00Z',
      generation: 7,
      selfLink: '/x',
    }
    await api.send('POST', path, { body: { metadata, data: {} } })
  }),
  withA('a POST with everything that metadata may have', (api, path, a) =>
    api.send('POST', path, {
      body: {
        metadata: {
          name: 'b',
          namespace: api.namespace,
          labels: { 'example.com/a': '', b: 'c' },
          annotations: { note: '<b> & "c" \u2028 grüße' },
          finalizers: ['example.com/hold'],
          ownerReferences: [
            {
              apiVersion: 'v1',
              kind: 'ConfigMap',
              name: 'a',
              uid: a.metadata.uid,
              controller: true,
              blockOwnerDeletion: true,
            },
          ],
        },
        binaryData: { bytes: 'AAEC/w==' },
        immutable: true,
      },
    }),
  ),
  withA('a POST that is only tried', async (api, path) => {
    await api.send('POST', path, { body: configMap('b'), ...DRY })
    await api.get(`${path}/b`)
    await api.send('POST', path, { body: configMap('a'), ...DRY })
  }),
  withA('a POST with fields that there are not', async (api, path) => {
    const body = { metadata: { name: 'b' }, data: {}, color: 'red' }
    await api.send('POST', path, { body })
    await api.send('POST', path, { body: { ...body, metadata: { name: 'c' } }, query: { fieldValidation: 'Strict' } })
    await api.send('POST', path, { body: { ...body, metadata: { name: 'd' } }, query: { fieldValidation: 'Ignore' } })
  }),
  withA('a POST that is answered in protobuf', (api, path) =>
    api.send('POST', path, { body: configMap('b'), accept: PROTOBUF }),
  ),
]

const updated: readonly ContractCase[] = [
  withA('a PUT', async (api, path) => {
    await api.send('PUT', `${path}/a`, { body: configMap('a', { color: 'blue' }, 'two') })
    await api.get(`${path}/a`)
  }),
  withA('a PUT with the current version', (api, path, a) =>
    api.send('PUT', `${path}/a`, { body: { ...a, data: { value: 'two' } } }),
  ),
  withA('a PUT with an old version', async (api, path, a) => {
    await api.send('PUT', `${path}/a`, { body: { ...a, data: { value: 'two' } } })
    await api.send('PUT', `${path}/a`, { body: { ...a, data: { value: 'three' } } })
  }),
  withA('a PUT that changes nothing', async (api, path, a) => {
    await api.send('PUT', `${path}/a`, { body: a })
    await api.send('PUT', `${path}/a`, { body: configMap('a', { color: 'red' }) })
  }),
  withA('a PUT that is only tried', async (api, path) => {
    await api.send('PUT', `${path}/a`, { body: configMap('a', {}, 'two'), ...DRY })
    await api.get(`${path}/a`)
  }),
  withA('a PUT that would change what may not change', async (api, path, a) => {
    const { metadata } = a
    await api.send('PUT', `${path}/a`, {
      body: { ...a, metadata: { ...metadata, creationTimestamp: '2020-01-01T00:00:00Z' } },
    })
    await api.send('PUT', `${path}/a`, {
      body: { ...a, metadata: { ...metadata, uid: '6b1bd9a2-6a53-4cb0-9d0b-0d1c3f5a7e12' } },
    })
    await api.send('PUT', `${path}/a`, {
      body: { ...a, metadata: { ...metadata, deletionTimestamp: '2020-01-01T00:00:00Z' } },
    })
    await api.send('PUT', `${path}/a`, { body: { ...a, metadata: { ...metadata, generation: 9 } } })
  }),
  {
    name: 'a PUT of what has been deleted, of a kind that it creates',
    run: async (api) => {
      await api.makeNamespace()
      const leases = `/apis/coordination.k8s.io/v1/namespaces/${api.namespace}/leases`
      const lease = await api.setUp('POST', leases, { metadata: { name: 'a' }, spec: { holderIdentity: 'one' } })
      await api.send('DELETE', `${leases}/a`)
      const { uid: _uid, ...metadata } = lease.metadata
      await api.send('PUT', `${leases}/a`, { body: lease })
      await api.send('PUT', `${leases}/a`, { body: { ...lease, metadata } })
      await api.send('PUT', `${leases}/a`, { body: lease })
    },
  },
  {
    ...withA('a PUT of what has been deleted', async (api, path, a) => {
      await api.send('DELETE', `${path}/a`)
      await api.send('PUT', `${path}/a`, { body: a })
    }),
    // Older ones look at the uid first, and answer 409.
    releases: ['1.36'],
  },
  withA('a PUT to a ConfigMap that is immutable', async (api, path) => {
    await api.setUp('POST', path, { metadata: { name: 'fixed' }, data: { value: 'one' }, immutable: true })
    await api.send('PUT', `${path}/fixed`, { body: configMap('fixed', {}, 'two') })
  }),
  {
    name: 'a PUT of a custom resource without a version',
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      await api.setUp('POST', widgets(kind, api.namespace), widget(kind, 'a'))
      await api.send('PUT', widgets(kind, api.namespace, 'a'), { body: widget(kind, 'a', { size: 2 }) })
    },
  },
]

const managed: readonly ContractCase[] = [
  {
    ...withA('managedFields of a POST and a PUT', async (api, path) => {
      await api.send('POST', path, { body: configMap('b'), query: { fieldManager: 'one' } })
      await api.send('PUT', `${path}/b`, {
        body: configMap('b', { color: 'red' }, 'two'),
        query: { fieldManager: 'two' },
      })
    }),
    keepsManagedFields: true,
  },
]

const statuses: readonly ContractCase[] = [
  {
    name: 'the status of a pod',
    run: async (api) => {
      await api.makeNamespace()
      const path = pods(api.namespace)
      const one = await api.send('POST', path, { body: { ...pod('a'), status: { phase: 'Running' } } })
      await api.send('PUT', `${path}/a/status`, {
        body: { ...one, metadata: { ...one.metadata, labels: { app: 'other' } }, status: { phase: 'Running' } },
      })
      await api.send('PATCH', `${path}/a/status`, {
        body: { status: { podIP: '10.1.2.3', podIPs: [{ ip: '10.1.2.3' }] } },
        contentType: 'application/merge-patch+json',
      })
      await api.get(`${path}/a/status`)
      await api.send('PATCH', `${path}/a`, {
        body: { status: { phase: 'Failed' } },
        contentType: 'application/merge-patch+json',
      })
    },
  },
  {
    name: 'the status of a custom resource',
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api, { version: { subresources: { status: {} } } })
      const path = widgets(kind, api.namespace)
      const one = await api.send('POST', path, { body: { ...widget(kind, 'a'), status: { ready: true } } })
      await api.send('PUT', `${path}/a/status`, { body: { ...one, spec: { size: 9 }, status: { ready: true } } })
      await api.send('PUT', `${path}/a`, {
        body: { ...widget(kind, 'a', { size: 2 }), metadata: { name: 'a', resourceVersion: '1' } },
      })
      await api.send('PATCH', `${path}/a`, {
        body: { spec: { size: 3 }, status: { ready: false } },
        contentType: 'application/merge-patch+json',
      })
      await api.send('PATCH', `${path}/a/status`, {
        body: { spec: { size: 4 }, status: { ready: 'no' } },
        contentType: 'application/merge-patch+json',
      })
      await api.get(`${path}/a/status`)
    },
  },
  {
    name: 'the generation of a custom resource',
    run: async (api) => {
      await api.makeNamespace()
      const kind = await defineKind(api)
      const path = widgets(kind, api.namespace)
      await api.send('POST', path, { body: widget(kind, 'a') })
      const patch = (body: object): Promise<Document> =>
        api.send('PATCH', `${path}/a`, { body, contentType: 'application/merge-patch+json' })
      await patch({ metadata: { labels: { a: 'b' } } })
      await patch({ spec: { size: 2 } })
      await patch({ spec: { size: 2 } })
    },
  },
  {
    name: 'the scale of a custom resource',
    run: async (api) => {
      await api.makeNamespace()
      const scale = { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' }
      const kind = await defineKind(api, { version: { subresources: { status: {}, scale } } })
      await api.setUp('POST', widgets(kind, api.namespace), widget(kind, 'a'))
      await api.get(widgets(kind, api.namespace, 'a/scale'))
      await api.send('PATCH', widgets(kind, api.namespace, 'a/scale'), {
        body: { spec: { replicas: 4 } },
        contentType: 'application/merge-patch+json',
      })
      await api.get(widgets(kind, api.namespace, 'a'))
    },
  },
  {
    name: 'the scale of a deployment',
    run: async (api) => {
      await api.makeNamespace()
      const path = `/apis/apps/v1/namespaces/${api.namespace}/deployments`
      const { spec } = pod('x') as { spec: { containers: object[] } }
      const template = { metadata: { labels: { app: 'shop' } }, spec: { containers: spec.containers } }
      await api.setUp('POST', path, {
        metadata: { name: 'a' },
        spec: { replicas: 2, selector: { matchLabels: { app: 'shop' } }, template },
      })
      const scale = await api.get(`${path}/a/scale`)
      await api.send('PUT', `${path}/a/scale`, { body: { ...scale, spec: { replicas: 5 } } })
      await api.send('PATCH', `${path}/a/scale`, {
        body: { spec: { replicas: 1 } },
        contentType: 'application/merge-patch+json',
      })
    },
  },
  {
    name: 'a pod that is bound to a node',
    run: async (api) => {
      await api.makeNamespace()
      await api.setUp('POST', pods(api.namespace), pod('a'))
      const binding = { metadata: { name: 'a' }, target: { kind: 'Node', name: 'one' } }
      await api.send('POST', pods(api.namespace, 'a/binding'), { body: binding })
      await api.send('POST', pods(api.namespace, 'a/binding'), { body: binding })
      await api.get(pods(api.namespace, 'a'))
      api.keep(({ spec }) => (spec as { nodeName: string }).nodeName)
    },
  },
]

const LEASE = {
  holderIdentity: 'one',
  leaseDurationSeconds: 15,
  acquireTime: '2024-01-02T03:04:05.000006Z',
  renewTime: '2024-01-02T03:04:05.123456Z',
}

const kinds: readonly ContractCase[] = [
  {
    name: 'a lease that two contend for',
    run: async (api) => {
      await api.makeNamespace()
      const path = `/apis/coordination.k8s.io/v1/namespaces/${api.namespace}/leases`
      const one = await api.send('POST', path, {
        body: { metadata: { name: 'leader' }, spec: { ...LEASE, leaseTransitions: 0 } },
      })
      const renewed = { ...one, spec: { ...LEASE, renewTime: '2024-01-02T03:04:10.000000Z', leaseTransitions: 0 } }
      await api.send('PUT', `${path}/leader`, { body: renewed })
      await api.send('PUT', `${path}/leader`, {
        body: { ...one, spec: { ...LEASE, holderIdentity: 'two', leaseTransitions: 1 } },
      })
      await api.get(`${path}/leader`)
    },
  },
  {
    name: 'a namespace that is made and taken away',
    run: async (api) => {
      await api.send('POST', '/api/v1/namespaces', { body: { metadata: { name: api.namespace } } })
      await api.get(`/api/v1/namespaces/${api.namespace}`)
      await api.send('POST', configMaps(api.namespace), { body: configMap('a') })
      await api.send('DELETE', `/api/v1/namespaces/${api.namespace}`)
    },
  },
  {
    name: 'the namespaces that are always there',
    run: async (api) => {
      for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease']) {
        await api.get(`/api/v1/namespaces/${name}`)
        api.keep(({ metadata: { resourceVersion, ...metadata }, ...rest }) => ({ ...rest, metadata }))
      }
    },
  },
  {
    name: 'a secret with text',
    run: async (api) => {
      await api.makeNamespace()
      const path = `/api/v1/namespaces/${api.namespace}/secrets`
      await api.send('POST', path, {
        body: { metadata: { name: 'a' }, stringData: { hello: 'world' }, type: 'Opaque' },
      })
    },
  },
  {
    name: 'whether one may do something',
    run: async (api) => {
      const resourceAttributes = { verb: 'list', resource: 'pods', namespace: 'default' }
      await api.send('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        body: { kind: 'SelfSubjectAccessReview', apiVersion: 'authorization.k8s.io/v1', spec: { resourceAttributes } },
      })
      api.keep(({ status }) => (status as { allowed: boolean }).allowed)
    },
  },
]

export const writeCases: readonly ContractCase[] = [...created, ...updated, ...managed, ...statuses, ...kinds]

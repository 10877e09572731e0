import type { Document } from '../api.ts'
import type { ContractCase } from '../contract-case.ts'
import { defineKind } from '../objects.ts'

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

interface Named {
  readonly name: string
}

/** The resources of a group version that people use most, with their subresources. */
function resourcesOf(path: string, plurals: readonly string[]): ContractCase {
  return {
    name: `the discovery of ${path}`,
    run: async (api) => {
      await api.get(path)
      api.keep((body) => ({
        ...body,
        resources: (body['resources'] as (Named & { storageVersionHash?: string })[])
          .filter(({ name }) => plurals.some((plural) => name === plural || name.startsWith(`${plural}/`)))
          .map(({ storageVersionHash, ...resource }) => resource),
      }))
    },
  }
}

const CORE = [
  'pods',
  'configmaps',
  'secrets',
  'services',
  'namespaces',
  'nodes',
  'events',
  'serviceaccounts',
  'endpoints',
  'persistentvolumeclaims',
]

const GROUPS: ReadonlySet<string> = new Set([
  'apps',
  'batch',
  'coordination.k8s.io',
  'networking.k8s.io',
  'rbac.authorization.k8s.io',
  'apiextensions.k8s.io',
])

function byName(a: Named, b: Named): number {
  return a.name < b.name ? -1 : 1
}

interface Discovered {
  readonly metadata: Partial<Named>
  readonly versions: readonly { readonly version: string; readonly resources: readonly { resource: string }[] }[]
}

/** Of an aggregated document one group, with some of its resources. */
function groupIn({ items }: Document, name: string | undefined, resources: readonly string[]): unknown {
  const group = (items as unknown as readonly Discovered[]).find(({ metadata }) => metadata.name === name)
  return group?.versions.map((version) => ({
    ...version,
    resources: version.resources.filter(({ resource }) => resources.includes(resource)),
  }))
}

export const discoveryCases: readonly ContractCase[] = [
  resourcesOf('/api/v1', CORE),
  resourcesOf('/apis/apps/v1', ['deployments', 'replicasets', 'statefulsets', 'daemonsets', 'controllerrevisions']),
  resourcesOf('/apis/batch/v1', ['jobs', 'cronjobs']),
  resourcesOf('/apis/coordination.k8s.io/v1', ['leases']),
  resourcesOf('/apis/networking.k8s.io/v1', ['ingresses', 'networkpolicies', 'ingressclasses']),
  resourcesOf('/apis/discovery.k8s.io/v1', ['endpointslices']),
  resourcesOf('/apis/rbac.authorization.k8s.io/v1', ['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings']),
  resourcesOf('/apis/apiextensions.k8s.io/v1', ['customresourcedefinitions']),
  {
    name: 'the versions of the core group',
    run: async (api) => {
      await api.get('/api')
    },
  },
  {
    name: 'the groups that everybody has',
    run: async (api) => {
      await api.get('/apis')
      api.keep((body) => (body['groups'] as Named[]).filter(({ name }) => GROUPS.has(name)).toSorted(byName))
      await api.get('/apis/apps')
      await api.get('/apis/batch')
    },
  },
  {
    name: 'the aggregated discovery of the core group',
    run: async (api) => {
      await api.get('/api', {}, { accept: AGGREGATED })
      api.keep((body) => groupIn(body, undefined, CORE))
    },
  },
  {
    name: 'the aggregated discovery of groups',
    run: async (api) => {
      await api.get('/apis', {}, { accept: `${AGGREGATED},application/json` })
      api.keep((body) => [
        groupIn(body, 'apps', ['deployments']),
        groupIn(body, 'batch', ['jobs']),
        groupIn(body, 'coordination.k8s.io', ['leases']),
      ])
    },
  },
  {
    name: 'the discovery of a custom resource',
    run: async (api) => {
      const { base, group } = await defineKind(api, {
        version: {
          subresources: { status: {}, scale: { specReplicasPath: '.spec.size', statusReplicasPath: '.status.size' } },
        },
      })
      await api.getUntil(base, {}, ({ status }) => status === 200)
      api.keep((body) => ({
        ...body,
        resources: (body['resources'] as (Named & { storageVersionHash?: string })[]).map(
          ({ storageVersionHash, ...resource }) => resource,
        ),
      }))
      await api.getUntil(`/apis/${group}`, {}, ({ status }) => status === 200)
    },
  },
  {
    name: 'the discovery of a custom resource of the cluster with names of its own',
    run: async (api) => {
      const { base } = await defineKind(api, {
        scope: 'Cluster',
        spec: {
          names: {
            plural: 'widgets',
            kind: 'Widget',
            listKind: 'WidgetList',
            singular: 'widget',
            shortNames: ['wd'],
            categories: ['all'],
          },
        },
      })
      await api.getUntil(base, {}, ({ status }) => status === 200)
      api.keep((body) => ({
        ...body,
        resources: (body['resources'] as (Named & { storageVersionHash?: string })[]).map(
          ({ storageVersionHash, ...resource }) => resource,
        ),
      }))
    },
  },
  {
    name: 'the version of the server',
    run: async (api) => {
      await api.get('/version')
      api.keep((body) => ({
        major: body['major'],
        minor: body['minor'],
        gitVersion: String(body['gitVersion']).split('.', 2),
      }))
    },
  },
  {
    name: 'the health of the server',
    run: async (api) => {
      for (const path of ['/readyz', '/healthz', '/livez']) await api.get(path)
    },
  },
  {
    name: 'the index of OpenAPI documents',
    run: async (api) => {
      await api.get('/openapi/v3')
      api.keep((body) =>
        Object.keys(body['paths'] as object)
          .filter((path) => ['api/v1', 'apis/apps/v1', 'apis/batch/v1'].includes(path))
          .toSorted(),
      )
    },
  },
]

import type { Registry } from './registry.ts'
import { type GroupVersionKind, tabledResources, type TabledResource } from './resource-facts.ts'

export const AGGREGATED_TYPE = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList'

/** Whether an `Accept` header takes version v2 of aggregated discovery, which is GA since 1.30. */
export function asksForAggregated(accept: string): boolean {
  return accept.split(',').some((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim())
    const wanted = ['g=apidiscovery.k8s.io', 'v=v2', 'as=APIGroupDiscoveryList']
    return type === 'application/json' && wanted.every((parameter) => parameters.includes(parameter))
  })
}

/** All of discovery in one document: that of the core group, or that of all others. */
export function aggregatedDiscovery(registry: Registry, isCore: boolean): object {
  const listed = registry.listed.filter(({ group }) => (group === '') === isCore)
  const groups = [...new Set(listed.map(({ group }) => group))]
  return {
    kind: 'APIGroupDiscoveryList',
    apiVersion: 'apidiscovery.k8s.io/v2',
    metadata: {},
    items: groups.map((name) =>
      groupDiscovery(
        name,
        listed.filter(({ group }) => group === name),
      ),
    ),
  }
}

function groupDiscovery(name: string, listed: readonly TabledResource[]): object {
  const versions = [...new Set(listed.map(({ version }) => version))]
  return {
    metadata: name === '' ? {} : { name },
    versions: versions.map((version) => ({
      version,
      resources: listed.filter((resource) => resource.version === version).map(resourceDiscovery),
      freshness: 'Current',
    })),
  }
}

function resourceDiscovery(resource: TabledResource): object {
  const { plural, namespaced, facts } = resource
  const { singular, verbs, shortNames, categories, subresources } = facts
  const responseKind = (target: GroupVersionKind): object => shownKind(target, resource)
  return {
    resource: plural,
    responseKind: responseKind(resource),
    scope: namespaced ? 'Namespaced' : 'Cluster',
    singularResource: singular,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
    ...(subresources.length === 0
      ? {}
      : {
          subresources: subresources.map((subresource) => ({
            subresource: subresource.name,
            responseKind: responseKind(subresource.responseKind),
            verbs: subresource.verbs,
          })),
        }),
  }
}

/** The group and version of a built-in kind are left empty where they are the resource's own. */
function shownKind({ group, version, kind }: GroupVersionKind, resource: TabledResource): object {
  const isOwn = group === resource.group && version === resource.version
  const isBuiltIn = tabledResources().includes(resource)
  return isOwn && isBuiltIn ? { group: '', version: '', kind } : { group, version, kind }
}

import type { Registry, ServedResource } from './registry.ts'
import type { Release } from './release.ts'

const VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch']

/**
 * The server's own documents: its health, its version, and what it serves. A string is plain text;
 * undefined: there is no such document. Only the unaggregated form of discovery is served.
 */
export function documentAt(
  path: string,
  { registry, release, host }: { registry: Registry; release: Release; host: string },
): string | object | undefined {
  const [, root, group, version] = path.split('/')
  switch (root) {
    case 'readyz':
    case 'livez':
    case 'healthz':
      return 'ok'
    case 'version':
      return versionInfo(release)
    case 'api':
      if (group !== undefined) return resourceList(registry, '', group)
      return {
        kind: 'APIVersions',
        versions: ['v1'],
        serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: host }],
      }
    default:
      if (group === undefined) return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(registry) }
      if (version !== undefined) return resourceList(registry, group, version)
      return apiGroup(registry, group)
  }
}

function versionInfo(release: Release): object {
  const [major, minor] = release.split('.')
  return { major, minor, gitVersion: `v${release}.0`, platform: 'kubeflume/testing' }
}

function groupsOf(registry: Registry): object[] {
  const groups = new Set([...registry.all].map(({ resource }) => resource.group).filter((group) => group !== ''))
  return [...groups].map((group) => {
    const { kind: _kind, apiVersion: _apiVersion, ...rest } = apiGroup(registry, group) as { [field: string]: unknown }
    return rest
  })
}

function apiGroup(registry: Registry, group: string): object | undefined {
  const served = [...registry.all].filter(({ resource }) => resource.group === group)
  const versions = [...new Set(served.map(({ resource }) => resource.version))].map((version) => ({
    groupVersion: `${group}/${version}`,
    version,
  }))
  if (versions.length === 0) return undefined
  return { kind: 'APIGroup', apiVersion: 'v1', name: group, versions, preferredVersion: versions[0] }
}

function resourceList(registry: Registry, group: string, version: string): object | undefined {
  if (!registry.hasGroupVersion(group, version)) return undefined
  const groupVersion = group === '' ? version : `${group}/${version}`
  const served = [...registry.all].filter(({ resource }) => resource.group === group && resource.version === version)
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources: served.map(apiResource) }
}

function apiResource({ resource }: ServedResource): object {
  const { plural, kind, namespaced } = resource
  return { name: plural, singularName: kind.toLowerCase(), namespaced, kind, verbs: VERBS }
}

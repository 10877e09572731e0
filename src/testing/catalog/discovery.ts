import { aggregatedDiscovery, asksForAggregated, AGGREGATED_TYPE } from './aggregated-discovery.ts'
import { openApiDocument, openApiIndex } from './openapi.ts'
import type { Registry } from './registry.ts'
import type { Release } from './release.ts'
import type { SubresourceFacts, TabledResource } from './resource-facts.ts'

/** A document of the server's own; a string is plain text. */
export interface ServerDocument {
  readonly body: string | object
  /** @default 'application/json' */
  readonly contentType?: string | undefined
}

const PLAIN_TEXT = 'text/plain; charset=utf-8'

export interface DocumentRequest {
  readonly registry: Registry
  readonly release: Release
  readonly host: string
  readonly accept: string
}

/** The server's own documents: its health, its version, and what it serves. undefined: there is no such document. */
export function documentAt(path: string, request: DocumentRequest): ServerDocument | undefined {
  const { registry, release, accept } = request
  const [, root, group, version] = path.split('/')
  if (root === 'readyz' || root === 'livez' || root === 'healthz') return { body: 'ok' }
  const isAggregated = (root === 'api' || root === 'apis') && group === undefined && asksForAggregated(accept)
  if (isAggregated) return { body: aggregatedDiscovery(registry, root === 'api'), contentType: AGGREGATED_TYPE }
  const body = documentOf(request, { root, group, version, path })
  // Of its Go map the server leaves the type to be guessed from the bytes.
  if (body !== undefined) return { body, contentType: path === '/openapi/v3' ? PLAIN_TEXT : undefined }
  const openApi = root === 'openapi' && group === 'v3' && version !== undefined
  const document = openApi ? openApiDocument(path.slice('/openapi/v3/'.length), registry, release) : undefined
  return document === undefined ? undefined : { body: document }
}

function documentOf(
  { registry, release, host }: DocumentRequest,
  {
    root,
    group,
    version,
    path,
  }: { root?: string | undefined; group?: string | undefined; version?: string | undefined; path: string },
): object | undefined {
  switch (root) {
    case '':
      return { paths: ['/api', '/api/v1', '/apis', '/healthz', '/livez', '/openapi/v3', '/readyz', '/version'] }
    case 'version':
      return versionInfo(release)
    case 'openapi':
      return path === '/openapi/v3' ? openApiIndex(registry, release) : undefined
    case 'api':
      if (group !== undefined) return resourceList(registry, '', group)
      return {
        kind: 'APIVersions',
        versions: ['v1'],
        serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: host }],
      }
    case 'apis':
      if (group === undefined) return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupsOf(registry) }
      return version === undefined ? apiGroup(registry, group) : resourceList(registry, group, version)
    default:
      return undefined
  }
}

/** The first patch release stands for all of a minor one. */
function versionInfo(release: Release): object {
  const [major = '', minor = ''] = release.split('.')
  const compatible = String(Number(minor) - 1)
  const emulation =
    Number(minor) < 33
      ? {}
      : {
          emulationMajor: major,
          emulationMinor: minor,
          minCompatibilityMajor: major,
          minCompatibilityMinor: compatible,
        }
  return {
    major,
    minor,
    ...emulation,
    gitVersion: `v${release}.0`,
    gitCommit: '',
    gitTreeState: 'clean',
    buildDate: '1970-01-01T00:00:00Z',
    goVersion: '',
    compiler: '',
    platform: 'kubeflume/testing',
  }
}

function groupsOf(registry: Registry): object[] {
  const groups = new Set(registry.listed.map(({ group }) => group).filter((group) => group !== ''))
  return [...groups].map((name) => groupOf(registry, name))
}

function apiGroup(registry: Registry, name: string): object | undefined {
  const isListed = registry.listed.some(({ group }) => group === name)
  return isListed ? { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(registry, name) } : undefined
}

function groupOf(registry: Registry, name: string): object {
  const listed = registry.listed.filter(({ group }) => group === name)
  const versions = [...new Set(listed.map(({ version }) => version))].map((version) => ({
    groupVersion: `${name}/${version}`,
    version,
  }))
  return { name, versions, preferredVersion: versions[0] }
}

function resourceList(registry: Registry, group: string, version: string): object | undefined {
  const listed = registry.listed.filter((resource) => resource.group === group && resource.version === version)
  if (listed.length === 0) return undefined
  const groupVersion = group === '' ? version : `${group}/${version}`
  // The list of the core group says no apiVersion.
  const head = group === '' ? { kind: 'APIResourceList' } : { kind: 'APIResourceList', apiVersion: 'v1' }
  const resources = listed.flatMap((resource) => [
    apiResource(resource),
    ...resource.facts.subresources.map((subresource) => apiSubresource(resource, subresource)),
  ])
  return { ...head, groupVersion, resources }
}

function apiResource({ plural, kind, namespaced, facts }: TabledResource): object {
  const { singular, verbs, shortNames, categories } = facts
  return {
    name: plural,
    singularName: singular,
    namespaced,
    kind,
    verbs,
    ...(shortNames.length === 0 ? {} : { shortNames }),
    ...(categories.length === 0 ? {} : { categories }),
  }
}

function apiSubresource(parent: TabledResource, { name, responseKind, verbs }: SubresourceFacts): object {
  const { group, version, kind } = responseKind
  const isForeign = group !== parent.group || version !== parent.version
  return {
    name: `${parent.plural}/${name}`,
    singularName: '',
    namespaced: parent.namespaced,
    ...(isForeign ? { group, version } : {}),
    kind,
    verbs,
  }
}

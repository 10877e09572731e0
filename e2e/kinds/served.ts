import type { Resource } from '../../src/index.ts'
import type { ApiClient } from './api-client.ts'

/** A resource as the server's discovery has it. */
export interface ServedResource extends Resource {
  readonly verbs: readonly string[]
  /** `status`, `approval`: what of an object can be written by itself. */
  readonly subresources: readonly string[]
}

interface ApiResourceList {
  readonly resources: readonly { name: string; kind: string; namespaced: boolean; verbs: readonly string[] }[]
}

/** Everything that the server serves, in every version; the preferred version of a group first. */
export async function servedResources(client: ApiClient): Promise<ServedResource[]> {
  const { groups } = (await client.expectOk('GET', '/apis')) as {
    groups: { name: string; versions: { version: string }[] }[]
  }
  const versions = groups.flatMap(({ name, versions: all }) => all.map(({ version }) => [name, version] as const))
  const found: ServedResource[] = []
  for (const [group, version] of [['', 'v1'] as const, ...versions]) {
    const path = group === '' ? `/api/${version}` : `/apis/${group}/${version}`
    const { resources } = (await client.expectOk('GET', path)) as ApiResourceList
    for (const { name: plural, kind, namespaced, verbs } of resources) {
      if (plural.includes('/')) continue
      const prefix = `${plural}/`
      const subresources = resources
        .filter(({ name }) => name.startsWith(prefix))
        .map(({ name }) => name.slice(prefix.length))
      found.push({ group, version, plural, kind, namespaced, verbs, subresources })
    }
  }
  return found
}

/** `core/v1 pods`, `apps/v1 deployments`: one name for a resource of one version. */
export function nameOf({ group, version, plural }: Resource): string {
  return `${group || 'core'}/${version} ${plural}`
}

import type { Resource } from './resource.ts'

/** `apps/v1/deployments`, `v1/pods`: for labels and names of checks. With metadata alone it has the same name. */
export function resourceName({ group, version, plural }: Resource): string {
  return group === '' ? `${version}/${plural}` : `${group}/${version}/${plural}`
}

import { type BuiltInResource, resources } from '../../src/index.ts'
import type { Resource } from '../../src/index.ts'

/** Every resource of the generated table. */
export function builtInResources(): BuiltInResource[] {
  return Object.values(resources).flatMap((versions: object) =>
    Object.values(versions).flatMap((plurals: object) => Object.values(plurals) as BuiltInResource[]),
  )
}

/** `apps/v1 deployments Deployment namespaced`: all that the table and the discovery both say. */
export function described({ group, version, plural, kind, namespaced }: Resource): string {
  return `${group || 'core'}/${version} ${plural} ${kind} ${namespaced ? 'namespaced' : 'cluster'}`
}

import type { KubernetesObject } from '../object.ts'
import type { Resource } from '../resource.ts'

/** A resource of Kubernetes itself, from the generated table. */
export interface BuiltInResource<out T extends KubernetesObject = KubernetesObject> extends Resource<T> {
  /** Whether its Go types have protobuf, so that a server can send it as `application/vnd.kubernetes.protobuf`. */
  readonly hasProtobuf: boolean
}

/**
 * Reads the generated table: a line for each group and version, `package group/version`, then
 * `plural:Kind` with `:cluster` where it has no namespace and `:json` where it has no protobuf.
 *
 * The generated interface `T` is written from the same model in the same run, which is what makes the
 * cast true.
 */
export function builtIns<T>(table: string): T {
  const groups: { [groupPackage: string]: { [version: string]: { [plural: string]: BuiltInResource } } } = {}
  for (const line of table.trim().split('\n')) {
    const [groupPackage = '', groupVersion = '', ...entries] = line.split(' ')
    const [group = '', version = ''] = groupVersion.split('/')
    const plurals = entries
      .map((entry) => builtIn(group, version, entry))
      .map((resource) => [resource.plural, resource])
    groups[groupPackage] = { ...groups[groupPackage], [version]: Object.freeze(Object.fromEntries(plurals)) }
  }
  for (const group of Object.values(groups)) Object.freeze(group)
  return Object.freeze(groups) as T
}

function builtIn(group: string, version: string, entry: string): BuiltInResource {
  const [plural = '', kind = '', ...flags] = entry.split(':')
  const hasProtobuf = !flags.includes('json')
  return Object.freeze({ group, version, plural, kind, namespaced: !flags.includes('cluster'), hasProtobuf })
}

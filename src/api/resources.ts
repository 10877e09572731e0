import type { KubernetesObject } from './object.ts'
import type { Resource } from './resource.ts'

/** A built-in object whose fields beyond `metadata` are read by the caller's own type, or through `unknown`. */
export interface BuiltInObject extends KubernetesObject {
  spec?: unknown
  status?: unknown
  data?: unknown
}

type Plurals<P extends string> = { readonly [plural in P]: Resource<BuiltInObject> }

/** The built-in resources, by group (client-go's package names), version and plural: `resources.core.v1.pods`. */
export const resources: {
  readonly core: {
    readonly v1: Plurals<'configmaps' | 'namespaces' | 'nodes' | 'pods' | 'secrets' | 'services' | 'events'>
  }
} = {
  core: {
    v1: {
      configmaps: builtIn('configmaps', 'ConfigMap'),
      events: builtIn('events', 'Event'),
      namespaces: builtIn('namespaces', 'Namespace', false),
      nodes: builtIn('nodes', 'Node', false),
      pods: builtIn('pods', 'Pod'),
      secrets: builtIn('secrets', 'Secret'),
      services: builtIn('services', 'Service'),
    },
  },
}

function builtIn(plural: string, kind: string, namespaced = true): Resource<BuiltInObject> {
  return Object.freeze({ group: '', version: 'v1', plural, kind, namespaced })
}

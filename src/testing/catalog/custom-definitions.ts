import { apiVersionOf, type Resource } from '../../api/resource.ts'
import { byVersionPriority } from '../../api/version-priority.ts'
import type { AnyObject } from '../encoding/encoding.ts'
import { type CustomVersion, type ServedResource, storageKeyOf } from './registry.ts'
import { type ResourceFacts, type ScalePaths, SUBRESOURCE_VERBS, type SubresourceFacts } from './resource-facts.ts'

export const DEFINITIONS = {
  group: 'apiextensions.k8s.io',
  version: 'v1',
  plural: 'customresourcedefinitions',
} as const

/** A CustomResourceDefinition, as far as this server goes by it. */
export interface CustomDefinition extends AnyObject {
  spec: {
    group: string
    scope: 'Namespaced' | 'Cluster'
    names: CustomNames
    versions: CustomVersion[]
    conversion?: object
    preserveUnknownFields?: boolean
  }
  status?: { conditions?: readonly object[] | null; acceptedNames?: object; storedVersions?: readonly string[] }
}

interface CustomNames {
  plural: string
  kind: string
  singular?: string
  listKind?: string
  shortNames?: string[]
  categories?: string[]
}

export function isDefinition({ resource }: ServedResource): boolean {
  return resource.group === DEFINITIONS.group && resource.plural === DEFINITIONS.plural
}

/** A definition of a resource about which no more is known, as the `crds` option has it: with a status subresource. */
export function definitionOf({ group, version, plural, kind, namespaced }: Resource): CustomDefinition {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      scope: namespaced ? 'Namespaced' : 'Cluster',
      names: { plural, kind },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
          subresources: { status: {} },
        },
      ],
    },
  }
}

/** What a real server fills in: names that follow from others, and that it has accepted them. */
export function established(definition: CustomDefinition, now: string): CustomDefinition {
  const { spec, status } = definition
  const { kind } = spec.names
  const names = {
    ...spec.names,
    singular: spec.names.singular ?? kind.toLowerCase(),
    listKind: spec.names.listKind ?? `${kind}List`,
  }
  const condition = (type: string, reason: string, message: string): object => ({
    type,
    status: 'True',
    lastTransitionTime: now,
    reason,
    message,
  })
  const storage = spec.versions.find((version) => version.storage)?.name
  const stored = new Set([...(status?.storedVersions ?? []), ...(storage === undefined ? [] : [storage])])
  return {
    ...definition,
    spec: { ...spec, names, conversion: spec.conversion ?? { strategy: 'None' } },
    status: {
      conditions: status?.conditions ?? [
        condition('NamesAccepted', 'NoConflicts', 'no conflicts found'),
        condition('Established', 'InitialNamesAccepted', 'the initial names have been accepted'),
      ],
      acceptedNames: names,
      storedVersions: [...stored],
    },
  }
}

/** One resource for each served version, the preferred version first. */
export function servedBy({ spec }: CustomDefinition): ServedResource[] {
  const versions = spec.versions.filter(({ served }) => served).sort((a, b) => byVersionPriority(a.name, b.name))
  return versions.map((definition) => {
    const { plural, kind } = spec.names
    const resource: Resource = {
      group: spec.group,
      version: definition.name,
      plural,
      kind,
      namespaced: spec.scope === 'Namespaced',
    }
    const facts = factsOf(spec.names, definition, resource)
    const apiVersion = apiVersionOf(resource)
    return { resource, apiVersion, isBuiltIn: false, facts, definition, storageKey: storageKeyOf(resource) }
  })
}

/** In the order of discovery, which is another one than that of built-in resources. */
const CUSTOM_VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']

function factsOf(names: CustomNames, { subresources }: CustomVersion, resource: Resource): ResourceFacts {
  return {
    singular: names.singular ?? names.kind.toLowerCase(),
    shortNames: names.shortNames ?? [],
    categories: names.categories ?? [],
    verbs: CUSTOM_VERBS,
    subresources: subresourcesOf(subresources ?? {}, resource),
    hasGeneration: true,
    isUpdatedUnconditionally: false,
    isCreatedByUpdate: false,
    isReturnedWhenDeleted: false,
  }
}

function subresourcesOf(
  { status, scale }: { status?: object; scale?: object },
  resource: Resource,
): SubresourceFacts[] {
  const found: SubresourceFacts[] = []
  if (status !== undefined) found.push({ name: 'status', responseKind: resource, verbs: SUBRESOURCE_VERBS })
  if (scale !== undefined) {
    const responseKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' }
    found.push({ name: 'scale', responseKind, verbs: SUBRESOURCE_VERBS, scale: scale as ScalePaths })
  }
  return found
}

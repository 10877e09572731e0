import { apiVersionOf, type Resource } from '../../api/resource.ts'
import { resources } from '../../api/generated/resources.ts'
import { kindSchema, messageSchema } from '../../decode/protobuf/schema.ts'
import { type ResourceFacts, type TabledResource, tabledResources, untabledFacts } from './resource-facts.ts'

/** A resource that the server serves, with what every answer needs to know of it. */
export interface ServedResource {
  readonly resource: Resource
  readonly apiVersion: string
  /** Decides the layout of bytes: typed objects in Go's order of fields, custom ones with sorted keys. */
  readonly isBuiltIn: boolean
  readonly facts: ResourceFacts
  /** Resources with the same key are versions of one: they share their objects. */
  readonly storageKey: string
  /** Of a custom resource: its entry in `spec.versions` of the CustomResourceDefinition. */
  readonly definition?: CustomVersion | undefined
}

/** What a CustomResourceDefinition says of one version, as far as this server goes by it. */
export interface CustomVersion {
  readonly name: string
  readonly served: boolean
  readonly storage?: boolean
  readonly schema?: { readonly openAPIV3Schema?: object }
  readonly subresources?: { readonly status?: object; readonly scale?: object }
  readonly additionalPrinterColumns?: readonly PrinterColumn[]
  readonly selectableFields?: readonly { readonly jsonPath: string }[]
}

export interface PrinterColumn {
  readonly name: string
  readonly type: string
  readonly jsonPath: string
  readonly description?: string
  readonly format?: string
  readonly priority?: number
}

/**
 * What the server serves: the built-in resources, and the custom ones that are defined at the moment.
 *
 * Built-in resources of alpha and beta versions are served too, though discovery does not list them, as
 * a real server has them switched off. The table of built-ins may have any depth, and may build its
 * branches when they are read.
 */
export class Registry {
  readonly #byPath = new Map<string, ServedResource>()
  readonly #byKind = new Map<string, ServedResource>()
  /** Custom resources that are served or were: the storage and open watches know a resource by its very object. */
  readonly #defined = new Map<string, ServedResource>()

  constructor(builtIns: object = resources) {
    const tabled = new Map(tabledResources().map((entry) => [pathOf(entry), entry.facts]))
    for (const resource of resourcesIn(builtIns)) {
      const facts = tabled.get(pathOf(resource)) ?? factsOfUntabled(resource)
      const apiVersion = apiVersionOf(resource)
      this.#add({ resource, apiVersion, isBuiltIn: true, facts, storageKey: storageKeyOf(resource) })
    }
  }

  get all(): Iterable<ServedResource> {
    return this.#byPath.values()
  }

  get custom(): ServedResource[] {
    return [...this.all].filter(({ isBuiltIn }) => !isBuiltIn)
  }

  /** Begins to serve a custom resource, or goes by a changed definition of it. Those that are built in stay so. */
  define(served: ServedResource): void {
    const path = pathOf(served.resource)
    if (this.#byPath.get(path)?.isBuiltIn) return
    const known = this.#defined.get(path)
    if (known !== undefined) this.#byKind.delete(kindOf(known))
    const same = known === undefined ? served : Object.assign(known, served)
    this.#defined.set(path, same)
    this.#add(same)
  }

  withdraw(served: ServedResource): void {
    this.#byPath.delete(pathOf(served.resource))
    this.#byKind.delete(kindOf(served))
  }

  find(group: string, version: string, plural: string): ServedResource | undefined {
    return this.#byPath.get(pathOf({ group, version, plural }))
  }

  ofKind(apiVersion: string, kind: string): ServedResource | undefined {
    return this.#byKind.get(`${apiVersion}/${kind}`)
  }

  hasGroup(name: string): boolean {
    return this.listed.some(({ group }) => group === name)
  }

  /** What discovery lists, in its order: the built-in resources that a server has by default, then custom ones. */
  get listed(): TabledResource[] {
    return [...tabledResources(), ...this.custom.map(({ resource, facts }) => ({ ...resource, facts }))]
  }

  #add(served: ServedResource): void {
    this.#byPath.set(pathOf(served.resource), served)
    this.#byKind.set(kindOf(served), served)
  }
}

/** Events are in two groups. */
export function storageKeyOf({ group, plural }: Resource): string {
  return `${group === 'events.k8s.io' ? '' : group}/${plural}`
}

function pathOf({ group, version, plural }: Pick<Resource, 'group' | 'version' | 'plural'>): string {
  return `${group}/${version}/${plural}`
}

function kindOf({ apiVersion, resource }: ServedResource): string {
  return `${apiVersion}/${resource.kind}`
}

/** Those of the same resource in the version that the table has; else what its fields tell. */
function factsOfUntabled(resource: Resource): ResourceFacts {
  const { group, plural, kind } = resource
  const sibling = tabledResources().find((entry) => entry.group === group && entry.plural === plural)
  if (sibling !== undefined) return sibling.facts
  const message = kindSchema(apiVersionOf(resource), kind)?.message
  const fields = message === undefined ? [] : (messageSchema(message)?.fields ?? [])
  return untabledFacts(resource, { hasStatus: fields.some(({ json }) => json === 'status') })
}

function* resourcesIn(table: object): Generator<Resource> {
  for (const branch of Object.values(table) as object[]) {
    if ('plural' in branch && typeof branch.plural === 'string') yield branch as Resource
    else yield* resourcesIn(branch)
  }
}

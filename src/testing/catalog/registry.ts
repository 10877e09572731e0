import { apiVersionOf, type Resource } from '../../api/resource.ts'
import { resources } from '../../api/generated/resources.ts'

/** A resource that the server serves, with what every answer needs to know of it. */
export interface ServedResource {
  readonly resource: Resource
  readonly apiVersion: string
  /** Decides the layout of bytes: typed objects in Go's order of fields, custom ones with sorted keys. */
  readonly isBuiltIn: boolean
}

/**
 * What the server serves: the built-in resources and the custom ones that it was started with.
 *
 * The table of built-ins may have any depth, and may build its branches when they are read.
 */
export class Registry {
  readonly #byPath = new Map<string, ServedResource>()
  readonly #byKind = new Map<string, ServedResource>()

  constructor(crds: readonly Resource[], builtIns: object = resources) {
    for (const resource of resourcesIn(builtIns)) this.#add(resource, true)
    for (const resource of crds) this.#add(resource, false)
  }

  get all(): Iterable<ServedResource> {
    return this.#byPath.values()
  }

  find(group: string, version: string, plural: string): ServedResource | undefined {
    return this.#byPath.get(`${group}/${version}/${plural}`)
  }

  ofKind(apiVersion: string, kind: string): ServedResource | undefined {
    return this.#byKind.get(`${apiVersion}/${kind}`)
  }

  hasGroupVersion(group: string, version: string): boolean {
    return [...this.all].some(({ resource }) => resource.group === group && resource.version === version)
  }

  #add(resource: Resource, isBuiltIn: boolean): void {
    const served: ServedResource = { resource, apiVersion: apiVersionOf(resource), isBuiltIn }
    this.#byPath.set(`${resource.group}/${resource.version}/${resource.plural}`, served)
    this.#byKind.set(`${served.apiVersion}/${resource.kind}`, served)
  }
}

function* resourcesIn(table: object): Generator<Resource> {
  for (const branch of Object.values(table) as object[]) {
    if ('plural' in branch && typeof branch.plural === 'string') yield branch as Resource
    else yield* resourcesIn(branch)
  }
}

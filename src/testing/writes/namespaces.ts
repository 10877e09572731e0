import type { Resource } from '../../api/resource.ts'
import type { Registry, ServedResource } from '../catalog/registry.ts'
import { parse } from '../encoding/encoding.ts'
import { notFound } from '../status.ts'
import type { StoredVersion } from '../storage/collection.ts'
import { convert } from '../storage/conversion.ts'
import type { Storage } from '../storage/storage.ts'
import { namespaceTerminating } from './refusals.ts'

/** Those that every cluster has. */
export const SYSTEM_NAMESPACES: readonly string[] = ['default', 'kube-node-lease', 'kube-public', 'kube-system']

/** Those that the server does not delete: the admission plugin NamespaceLifecycle. */
const STAYING = new Set(['default', 'kube-public', 'kube-system'])

/** What the admission plugin NamespaceLifecycle and the namespace controller of a real cluster do. */
export class Namespaces {
  readonly #storage: Storage
  readonly #registry: Registry
  /** Where objects were made in process, without a namespace to be in. */
  readonly #allowed = new Set<string>()

  constructor(storage: Storage, registry: Registry) {
    this.#storage = storage
    this.#registry = registry
  }

  /** Lets requests write into a namespace though there is no object of it. */
  allow(name: string): void {
    this.#allowed.add(name)
  }

  /** @throws {ApiError} 404 where there is no such namespace, 403 where it is being deleted */
  check(resource: Resource, name: string, objectName: string): void {
    const stored = this.#storage.collection(this.served).get(name)
    if (stored === undefined) {
      if (this.#allowed.has(name)) return
      throw notFound(this.served.resource, name)
    }
    if (parse(stored.bytes).metadata.deletionTimestamp !== undefined)
      throw namespaceTerminating(resource, objectName, name)
  }

  isNamespace(served: ServedResource): boolean {
    return served === this.served
  }

  isStaying(name: string): boolean {
    return STAYING.has(name)
  }

  /** Everything in a namespace, with its resource. */
  contents(name: string): { readonly served: ServedResource; readonly version: StoredVersion }[] {
    const namespaced = [...this.#registry.all].filter(({ resource }) => resource.namespaced)
    const oneOfEach = new Map(namespaced.map((served) => [served.storageKey, served])).values()
    const range = { prefix: `${name}/`, revision: this.#storage.revision }
    return [...oneOfEach].flatMap((served) =>
      this.#storage
        .collection(served)
        .read(range)
        .map((version) => ({ served, version: convert(served, version) })),
    )
  }

  /** A namespace that is being deleted, if this is one. */
  terminating(name: string): StoredVersion | undefined {
    const stored = this.#storage.collection(this.served).get(name)
    return stored !== undefined && parse(stored.bytes).metadata.deletionTimestamp !== undefined ? stored : undefined
  }

  get served(): ServedResource {
    return this.#registry.find('', 'v1', 'namespaces')!
  }
}

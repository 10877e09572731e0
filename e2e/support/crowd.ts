import type { KubeConfig } from '@kubernetes/client-node'
import { createInformer, type InformerOptions, type KubernetesObject, type Resource } from '../../src/index.ts'
import { eachLimited } from './each-limited.ts'
import { Following } from './following.ts'

const AT_ONCE = 32
const CHANGED = 30

/** An object as any client returns it from a write. */
interface Written {
  readonly metadata?: { readonly resourceVersion?: string }
}

export interface CrowdOptions {
  readonly config: KubeConfig
  readonly resource: Resource
  readonly namespace: string
  /** Of the collection. */
  readonly path: string
  readonly create: (name: string) => Promise<Written>
  /** Writes a number that it did not have. */
  readonly patch: (name: string, serial: number) => Promise<Written>
  readonly delete: (name: string) => Promise<unknown>
}

/** Objects of one resource in one namespace, where nobody else writes; through another client than this library. */
export class Crowd {
  readonly path: string
  readonly #options: CrowdOptions
  /** In the order in which they are listed. */
  #names: readonly string[] = []
  #serial = 0

  constructor(options: CrowdOptions) {
    this.path = options.path
    this.#options = options
  }

  async create(howMany: number): Promise<void> {
    const names = Array.from({ length: howMany }, (_, index) => `object-${String(index).padStart(5, '0')}`)
    await eachLimited(names, AT_ONCE, this.#options.create)
    this.#names = names
  }

  /**
   * Deletes, patches and creates, all along the list, as many as it deletes.
   *
   * @returns The versions of what was patched and created, by key. Each was written after the deletes.
   */
  async change(): Promise<ReadonlyMap<string, string>> {
    const { namespace, create, patch } = this.#options
    const step = Math.ceil(this.#names.length / CHANGED)
    const chosen = this.#names.filter((_, index) => index % step === 0)
    const deleted = chosen.filter((_, index) => index % 2 === 0)
    const patched = chosen.filter((_, index) => index % 2 === 1)
    const created = deleted.map((name) => `${name}-${this.#serial++}`)
    const versions = new Map<string, string>()
    await eachLimited(deleted, AT_ONCE, this.#options.delete)
    await eachLimited([...patched, ...created], AT_ONCE, async (name, index) => {
      const { metadata } = await (index < patched.length ? patch(name, this.#serial++) : create(name))
      versions.set(`${namespace}/${name}`, metadata!.resourceVersion!)
    })
    this.#names = this.#names
      .filter((name) => !deleted.includes(name))
      .concat(created)
      .toSorted()
    return versions
  }

  /** An informer of them, to be held against the server. Not started. */
  follow(config: KubeConfig, options: InformerOptions<KubernetesObject> = {}): Following {
    const { resource, path, namespace } = this.#options
    const namespaces = [namespace]
    return new Following({
      name: resource.plural,
      create: (onError) =>
        createInformer<KubernetesObject>(config, resource, {
          keepManagedFields: true,
          ...options,
          namespaces,
          onError,
        }),
      config: this.#options.config,
      paths: [path],
      namespaces,
    })
  }
}

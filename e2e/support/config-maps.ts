import { CoreV1Api, type KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import { createInformer, type InformerOptions, type KubernetesObject, resources } from '../../src/index.ts'
import { eachLimited } from './each-limited.ts'
import { Following } from './following.ts'

const AT_ONCE = 32
const CHANGED = 30

const mergePatch = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)

/** Config maps of about a kilobyte in a namespace of their own: the smallest objects that make a long list soon. */
export class ConfigMaps {
  readonly path: string
  readonly #api: CoreV1Api
  readonly #config: KubeConfig
  readonly #namespace: string
  /** In the order in which they are listed. */
  #names: readonly string[] = []
  #serial = 0

  constructor(config: KubeConfig, namespace: string) {
    this.#config = config
    this.#api = config.makeApiClient(CoreV1Api)
    this.#namespace = namespace
    this.path = `/api/v1/namespaces/${namespace}/configmaps`
  }

  async create(howMany: number): Promise<void> {
    const names = Array.from({ length: howMany }, (_, index) => `map-${String(index).padStart(5, '0')}`)
    await eachLimited(names, AT_ONCE, (name) => this.#create(name))
    this.#names = names
  }

  /**
   * Deletes, patches and creates, all along the list, as many as it deletes.
   *
   * @returns The versions of what is there, by key, of which each was written after the deletes.
   */
  async change(): Promise<ReadonlyMap<string, string>> {
    const step = Math.floor(this.#names.length / CHANGED)
    const chosen = this.#names.filter((_, index) => index % step === 0)
    const deleted = chosen.filter((_, index) => index % 2 === 0)
    const patched = chosen.filter((_, index) => index % 2 === 1)
    const created = deleted.map((name) => `${name}-${this.#serial++}`)
    const versions = new Map<string, string>()
    await eachLimited(deleted, AT_ONCE, (name) =>
      this.#api.deleteNamespacedConfigMap({ name, namespace: this.#namespace }),
    )
    await eachLimited([...patched, ...created], AT_ONCE, async (name, index) => {
      const version = await (index < patched.length ? this.#patch(name) : this.#create(name))
      versions.set(`${this.#namespace}/${name}`, version)
    })
    this.#names = this.#names.filter((name) => !deleted.includes(name)).concat(created).toSorted()
    return versions
  }

  /** An informer of them, to be held against the server. Not started. */
  follow(config: KubeConfig, options: InformerOptions<KubernetesObject> = {}): Following {
    const namespaces = [this.#namespace]
    return new Following({
      name: 'config maps',
      create: (onError) =>
        createInformer<KubernetesObject>(config, resources.core.v1.configmaps, {
          keepManagedFields: true,
          ...options,
          namespaces,
          onError,
        }),
      config: this.#config,
      paths: [this.path],
      namespaces,
    })
  }

  async #create(name: string): Promise<string> {
    const body = { metadata: { name }, data: { text: `${name} `.repeat(100) } }
    const { metadata } = await this.#api.createNamespacedConfigMap({ namespace: this.#namespace, body })
    return metadata!.resourceVersion!
  }

  async #patch(name: string): Promise<string> {
    const body = { data: { serial: String(this.#serial++) } }
    const patched = await this.#api.patchNamespacedConfigMap({ name, namespace: this.#namespace, body }, mergePatch)
    return patched.metadata!.resourceVersion!
  }
}

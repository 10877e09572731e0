import type { KubeConfig } from '@kubernetes/client-node'
import type { KubeflumeError, Informer, InformerStatus, KubernetesObject, Subscription } from '../../src/index.ts'
import { differences } from './differences.ts'
import { History } from './history.ts'
import { rawList, type RawListOptions } from './raw-list.ts'
import { waitUntil } from './wait.ts'

export interface FollowingOptions extends RawListOptions {
  /** What the test calls it. */
  readonly name: string
  readonly create: (onError: (error: KubeflumeError) => void) => Informer<KubernetesObject>
  /** How the server is asked for the same, past the informer and past any proxy. */
  readonly config: KubeConfig
  readonly paths: readonly string[]
  /** Where nobody else writes: objects elsewhere are left out of the comparison. */
  readonly namespaces: readonly string[]
  readonly ignoreManagedFields?: boolean
}

/** An informer, what a subscriber of it has heard, and the server to hold both against. */
export class Following {
  readonly name: string
  readonly informer: Informer<KubernetesObject>
  readonly history: History = new History()
  /** What the informer survived. */
  readonly errors: KubeflumeError[] = []
  /** The phases it went through, without repetition. */
  readonly phases: InformerStatus['phase'][] = []
  readonly #options: FollowingOptions
  readonly #subscription: Subscription

  constructor(options: FollowingOptions) {
    this.name = options.name
    this.informer = options.create((error) => void this.errors.push(error))
    this.#options = options
    // Every delta on its own: none may be folded into another before it is seen.
    this.#subscription = this.informer.subscribe(this.history.record, { maxPending: 1_000_000 })
    this.informer.onStatus(({ phase }) => {
      if (this.phases.at(-1) !== phase) this.phases.push(phase)
    })
  }

  /** Starts the informer, and resolves when the subscriber has the first list. The timeout is by the informer's clock. */
  async start(timeoutMs = 60_000): Promise<void> {
    this.informer.start()
    await this.#subscription.synced({ timeoutMs })
  }

  /**
   * Resolves when the store and the subscriber have these versions, or newer ones.
   *
   * @param marks Versions by key, of objects that the informer follows.
   */
  async caughtUp(marks: ReadonlyMap<string, string>, timeoutMs = 60_000): Promise<void> {
    const { store } = this.informer
    const has = (key: string, version: string): boolean =>
      store.get(key)?.metadata.resourceVersion === version &&
      this.history.folded.get(key)?.metadata.resourceVersion === version
    const followed = [...marks].filter(([key]) => this.#options.namespaces.includes(key.split('/', 1)[0]!))
    await waitUntil({
      what: `the informer "${this.name}" to have everything that was written`,
      timeoutMs,
      // A list is told in its own order: the marks may come before the rest.
      probe: async () => this.#subscription.pending === 0 && followed.every(([key, version]) => has(key, version)),
    })
  }

  /** Compares the store with a fresh LIST, and what the subscriber heard with the store. */
  async compare(): Promise<{ readonly compared: number; readonly differences: readonly string[] }> {
    const { config, paths, namespaces, ignoreManagedFields = false } = this.#options
    const lists = await Promise.all(paths.map((path) => rawList(config, path, this.#options)))
    const listed = lists.flat().filter(({ metadata }) => namespaces.includes(metadata.namespace!))
    const stored = namespaces.flatMap((namespace) => this.informer.store.list({ namespace }))
    const heard = [...this.history.folded.values()].filter(({ metadata }) => namespaces.includes(metadata.namespace!))
    const found = [
      ...differences(stored, listed, { ignoreManagedFields }),
      ...differences(heard, stored).map((line) => `subscriber and store: ${line}`),
      ...this.history.contradictions,
    ]
    return { compared: listed.length, differences: found.map((line) => `${this.name}: ${line}`) }
  }
}

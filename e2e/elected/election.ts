import type { KubeConfig } from '@kubernetes/client-node'
import { onTestFinished } from 'vitest'
import { type ConfigMap, createInformer, createWriter, type Lease, resources, type Writer } from '../../src/index.ts'
import { waitUntil } from '../support/wait.ts'
import { ReplicaProcess, type ReplicaSettings } from './replica-process.ts'

const { configmaps } = resources.core.v1
const { leases } = resources.coordination.v1
const PATIENCE_MS = 30_000

/** Replicas that want one lease, the work that they are given, and what etcd has of it in the end. */
export class Election {
  readonly replicas: ReplicaProcess[] = []
  readonly #config: KubeConfig
  readonly #namespace: string
  readonly #times: ReplicaSettings['times']
  readonly #writer: Writer<ConfigMap>
  /** By term: the first version of the lease that says it. */
  readonly #begun = new Map<number, bigint>()
  #work = 0
  #named = 0

  /** Of a namespace that nobody else uses. It ends with the test. */
  static async start(config: KubeConfig, namespace: string, times: ReplicaSettings['times']): Promise<Election> {
    const election = new Election(config, namespace, times)
    onTestFinished(async () => {
      for (const replica of election.replicas) await replica.kill()
    })
    await election.#watchLease()
    return election
  }

  private constructor(config: KubeConfig, namespace: string, times: ReplicaSettings['times']) {
    this.#config = config
    this.#namespace = namespace
    this.#times = times
    this.#writer = createWriter(config, configmaps)
  }

  /** Adds a replica, by a way of its own where one is given. */
  async join(config: KubeConfig = this.#config): Promise<ReplicaProcess> {
    const name = `r${this.#named++}`
    const replica = new ReplicaProcess(config, { namespace: this.#namespace, name, times: this.#times })
    this.replicas.push(replica)
    await replica.tells('candidate', 0)
    return replica
  }

  /** Gives so many pieces of work. */
  async give(pieces: number): Promise<void> {
    for (let piece = 0; piece < pieces; piece++) {
      const metadata = { namespace: this.#namespace, name: `work-${this.#work++}`, labels: { work: '' } }
      await this.#writer.create({ metadata })
    }
  }

  /** Until every piece of work is done. Returns how many there were. */
  async done(): Promise<number> {
    const missing = async (): Promise<string[]> => {
      const names = new Set((await this.#objects()).map(({ metadata }) => metadata.name))
      return Array.from({ length: this.#work }, (_, piece) => `done-${piece}`).filter((name) => !names.has(name))
    }
    const probe = async (): Promise<boolean> => (await missing()).length === 0
    await waitUntil({ what: 'all work to be done', timeoutMs: PATIENCE_MS, probe })
    return this.#work
  }

  /**
   * What the replicas have written, and what of it landed behind the beginning of a later term: by the versions
   * that etcd gave, not by any clock.
   */
  async writes(): Promise<{ readonly total: number; readonly terms: number; readonly late: readonly string[] }> {
    const written = (await this.#objects()).filter(({ metadata }) => metadata.labels?.['term'] !== undefined)
    const late = written.filter(({ metadata }) => {
      const next = this.#begun.get(Number(metadata.labels!['term']) + 1)
      return next !== undefined && BigInt(metadata.resourceVersion) > next
    })
    const titles = late.map(({ metadata }) => `${metadata.name} of term ${metadata.labels!['term']}`)
    return { total: written.length, terms: this.#begun.size, late: titles }
  }

  async #objects(): Promise<readonly ConfigMap[]> {
    const informer = createInformer(this.#config, configmaps, { namespaces: [this.#namespace] })
    informer.start()
    await informer.synced({ timeoutMs: PATIENCE_MS })
    const objects = informer.store.list() as ConfigMap[]
    await informer.stop()
    return objects
  }

  async #watchLease(): Promise<void> {
    const informer = createInformer<Lease>(this.#config, leases, { namespaces: [this.#namespace] })
    onTestFinished(() => informer.stop())
    informer.subscribe(({ object: { metadata, spec } }) => {
      const term = spec?.leaseTransitions ?? 0
      if (!this.#begun.has(term)) this.#begun.set(term, BigInt(metadata.resourceVersion))
    })
    informer.start()
    await informer.synced({ timeoutMs: PATIENCE_MS })
  }
}

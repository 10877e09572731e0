import type { KubeConfig, V1Pod } from '@kubernetes/client-node'
import { eachLimited } from './each-limited.ts'
import type { Happened } from './history.ts'
import { PatientClient } from './patient-client.ts'
import { makePod, tiers } from './pods.ts'
import { pick, type Random, randomFrom } from './random.ts'

/** Writers at work at the same time; each has pods of its own, so that what happens to a pod has an order. */
const WRITERS = 12
const CREATORS = 32

interface PodName {
  readonly namespace: string
  readonly name: string
}

export interface PodWriterOptions {
  readonly config: KubeConfig
  readonly namespaces: readonly string[]
  readonly seed: number
}

/** Creates pods and changes them at random, and remembers what the server made of it. */
export class PodWriter {
  readonly #client: PatientClient
  readonly #namespaces: readonly string[]
  readonly #random: Random
  readonly #pods: PodName[][] = Array.from({ length: WRITERS }, () => [])
  readonly #written = new Map<string, Happened[]>()
  #serial = 0

  constructor({ config, namespaces, seed }: PodWriterOptions) {
    this.#client = new PatientClient(config)
    this.#namespaces = namespaces
    this.#random = randomFrom(seed)
  }

  /** What has been written since `turnPage`, by key and in order. */
  get written(): ReadonlyMap<string, readonly Happened[]> {
    return this.#written
  }

  turnPage(): void {
    this.#written.clear()
  }

  /** Creates pods, spread over the namespaces. */
  async create(howMany: number): Promise<void> {
    await eachLimited(Array.from({ length: howMany }), CREATORS, (_, index) => this.#create(index % WRITERS))
    this.turnPage()
  }

  /**
   * Creates, labels, annotates and deletes pods and writes their status, `howMany` times in all.
   *
   * It gets over a server that is gone for a while. What was under way then may or may not have been
   * done, so that `written` is not to be relied on afterwards.
   */
  async change(howMany: number, onProgress: (done: number) => void = () => {}): Promise<void> {
    let begun = 0
    let done = 0
    await eachLimited(Array.from({ length: WRITERS }), WRITERS, async (_, writer) => {
      while (begun++ < howMany) {
        await this.#changeOne(writer)
        onProgress(++done)
      }
    })
  }

  /**
   * Writes one pod in each namespace that matches every selector used here, and returns their
   * versions by key: an informer that has them has everything before.
   */
  async mark(): Promise<ReadonlyMap<string, string>> {
    const marks = new Map<string, string>()
    for (const namespace of this.#namespaces) {
      const name = `mark-${this.#serial++}`
      const pod = makePod(this.#random, name)
      pod.metadata!.labels!['tier'] = 'frontend'
      delete pod.metadata!.finalizers
      const { metadata } = await this.#post({ namespace, name }, pod)
      this.#note({ namespace, name }, 'added', metadata!.resourceVersion)
      marks.set(`${namespace}/${name}`, metadata!.resourceVersion!)
    }
    return marks
  }

  async #changeOne(writer: number): Promise<void> {
    const dice = this.#random()
    const pods = this.#pods[writer]!
    if (dice < 0.2 || pods.length === 0) return this.#create(writer)
    const at = Math.floor(this.#random() * pods.length)
    const pod = pods[at]!
    if (dice < 0.4) {
      pods.splice(at, 1)
      return this.#delete(pod)
    }
    if (dice < 0.7) return this.#patch(pod, { labels: { tier: pick(this.#random, tiers) } })
    if (dice < 0.85) return this.#patch(pod, {})
    return this.#patchStatus(pod)
  }

  async #create(writer: number): Promise<void> {
    const serial = this.#serial++
    const namespace = this.#namespaces[serial % this.#namespaces.length]!
    const name = `pod-${String(serial).padStart(5, '0')}`
    const body = makePod(this.#random, name)
    const created = await this.#post({ namespace, name }, body)
    this.#note({ namespace, name }, 'added', created.metadata!.resourceVersion)
    this.#pods[writer]!.push({ namespace, name })
  }

  /** What an attempt without an answer may have created is read back. */
  async #post(pod: PodName, body: V1Pod): Promise<V1Pod> {
    const path = `/api/v1/namespaces/${pod.namespace}/pods`
    const created = await this.#client.ask<V1Pod>({ method: 'POST', path, body, done: 409 })
    return created ?? (await this.#client.ask<V1Pod>({ method: 'GET', path: pathOf(pod) }))!
  }

  async #patch(pod: PodName, metadata: object): Promise<void> {
    const body = { metadata: { ...metadata, annotations: { 'kubeflume.dev/serial': String(this.#serial++) } } }
    await this.#update(pod, pathOf(pod), body)
  }

  async #patchStatus(pod: PodName): Promise<void> {
    const phase = pick(this.#random, ['Pending', 'Running', 'Succeeded'])
    const body = { status: { phase, message: `<${this.#serial++}>` } }
    await this.#update(pod, `${pathOf(pod)}/status`, body)
  }

  async #update(pod: PodName, path: string, body: object): Promise<void> {
    const updated = await this.#client.ask<V1Pod>({ method: 'PATCH', path, body })
    this.#note(pod, 'updated', updated?.metadata?.resourceVersion)
  }

  /** A delete is two writes: the pod is first marked, which is an update, and then taken away, at the latest with its finalizer. */
  async #delete(pod: PodName): Promise<void> {
    const deleted = await this.#client.ask<V1Pod>({ method: 'DELETE', path: pathOf(pod), done: 404 })
    const version = deleted?.metadata?.resourceVersion
    if (deleted?.metadata?.finalizers?.length) {
      this.#note(pod, 'updated', version)
      const body = { metadata: { finalizers: null } }
      await this.#client.ask({ method: 'PATCH', path: pathOf(pod), body, done: 404 })
      this.#note(pod, 'deleted', undefined)
    } else {
      this.#note(pod, 'updated', undefined)
      this.#note(pod, 'deleted', version)
    }
  }

  #note({ namespace, name }: PodName, type: Happened['type'], resourceVersion: string | undefined): void {
    const key = `${namespace}/${name}`
    const written = this.#written.get(key)
    if (written) written.push({ type, resourceVersion })
    else this.#written.set(key, [{ type, resourceVersion }])
  }
}

function pathOf({ namespace, name }: PodName): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`
}

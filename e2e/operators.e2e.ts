import { createHash } from 'node:crypto'
import {
  ApiextensionsV1Api,
  CoordinationV1Api,
  CoreV1Api,
  CustomObjectsApi,
  type KubeConfig,
  type V1Secret,
} from '@kubernetes/client-node'
import { describe, expect, onTestFailed, onTestFinished, test } from 'vitest'
import { usesExistingCluster } from './support/cluster.ts'
import type { ControlPlane } from './support/control-plane.ts'
import { ExampleProcess, type ExampleProcessOptions, exampleEnv } from './support/example-process.ts'
import { createNamespaces } from './support/namespaces.ts'
import { ownControlPlane } from './support/own-control-plane.ts'
import { say } from './support/say.ts'
import { waitUntil } from './support/wait.ts'

const SETTLE_MS = 90_000
const websites = { group: 'examples.kubeflume.dev', version: 'v1', plural: 'websites' }

describe.skipIf(usesExistingCluster())('an operator at work while kube-apiserver is killed and started again', () => {
  test('leaves each ConfigMap with its Secrets, and no copy of one that is gone', async () => {
    const controlPlane = await ownControlPlane()
    const config = controlPlane.kubeConfig()
    const [namespace, other] = (await createNamespaces(config, 2)) as [string, string]
    const world = new ConfigMaps(config, namespace, other)
    for (let i = 0; i < 50; i++) await world.create(`early-${i}`)

    const operator = startExample(config, ['examples/config-map-to-secret.ts', '--run'])
    const done = await untilAtWork(() => world.doneCount())
    await killAndStart(controlPlane)
    expect(done).toBeLessThan(50)
    for (let i = 0; i < 10; i++) await world.change(`early-${i}`)
    for (let i = 10; i < 20; i++) await world.delete(`early-${i}`)
    for (let i = 0; i < 20; i++) await world.create(`late-${i}`)
    await untilNothingDiffers(() => world.differences(), [operator])

    operator.assertRunning()
    expect(await operator.stop()).toBe(0)
    expect(await world.differences()).toEqual([])
    say(`config-map-to-secret: ${done} of 50 done at the kill, all of 60 right afterwards, by the same process`)
  })

  test('publishes each Website, under one leader', async () => {
    const controlPlane = await ownControlPlane()
    const config = controlPlane.kubeConfig()
    const [namespace] = (await createNamespaces(config, 1)) as [string]
    await createWebsiteKind(config)
    const world = new Websites(config, namespace)
    for (let i = 0; i < 50; i++) await world.create(`early-${i}`)

    // The renew deadline of the example is 4 s: a leader may lose its lease meanwhile, and is started anew then.
    const replicas = ['anna', 'bert'].map((name) =>
      startExample(config, ['examples/elected-operator.ts', 'replica', name, namespace], { restartsWhenItFails: true }),
    )
    const done = await untilAtWork(() => world.doneCount())
    await killAndStart(controlPlane)
    expect(done).toBeLessThan(50)
    for (let i = 0; i < 5; i++) await world.change(`early-${i}`)
    for (let i = 0; i < 10; i++) await world.create(`late-${i}`)
    await untilNothingDiffers(() => world.differences(), replicas)

    const leader = await world.leader()
    expect(['anna', 'bert']).toContain(leader)
    const codes = await Promise.all(replicas.map((replica) => replica.stop()))
    expect(codes.toSorted()).toEqual([0, null]) // the leader in good order, and one that only waits
    // A lease under which a write went unanswered, as at the kill, is left to run out.
    expect(['', leader]).toContain(await world.leader())
    const restarts = replicas.reduce((sum, replica) => sum + replica.restarts, 0)
    say(`elected-operator: ${done} of 50 done at the kill, all of 60 right afterwards; restarts: ${restarts}`)
  })
})

function startExample(
  config: KubeConfig,
  command: readonly string[],
  options: ExampleProcessOptions = {},
): ExampleProcess {
  const { env, remove } = exampleEnv(config)
  const example = new ExampleProcess(command, env, options)
  onTestFailed(() => console.log(example.output))
  onTestFinished(() => {
    example.kill()
    remove()
  })
  return example
}

/** Resolves with how many are done, when it is the first time some are. */
async function untilAtWork(doneCount: () => Promise<number>): Promise<number> {
  let done = 0
  const probe = async (): Promise<boolean> => (done = await doneCount()) > 0
  await waitUntil({ what: 'the operator to be at work', timeoutMs: SETTLE_MS, probe })
  return done
}

async function killAndStart(controlPlane: ControlPlane): Promise<void> {
  await controlPlane.killApiServer()
  await controlPlane.startApiServer()
}

async function untilNothingDiffers(
  differences: () => Promise<readonly string[]>,
  running: readonly ExampleProcess[],
): Promise<void> {
  let last: readonly string[] = []
  const probe = async (): Promise<boolean> => (last = await differences()).length === 0
  const check = (): void => running.forEach((example) => example.assertRunning())
  await waitUntil({ what: 'the state that is wanted', timeoutMs: SETTLE_MS, probe, check }).catch((error: unknown) => {
    throw new Error(`what differs still: ${last.join('; ')}`, { cause: error })
  })
}

/** What a user does with ConfigMaps, and what should have come of it. */
class ConfigMaps {
  readonly #api: CoreV1Api
  readonly #namespace: string
  readonly #other: string
  readonly #values = new Map<string, string>()
  readonly #deleted = new Set<string>()

  constructor(config: KubeConfig, namespace: string, other: string) {
    this.#api = config.makeApiClient(CoreV1Api)
    this.#namespace = namespace
    this.#other = other
  }

  async create(name: string): Promise<void> {
    const metadata = {
      name,
      labels: { 'example.com/secret': 'true' },
      annotations: { 'example.com/copy-to': this.#other },
    }
    await this.#api.createNamespacedConfigMap({ namespace: this.#namespace, body: { metadata, data: { value: name } } })
    this.#values.set(name, name)
  }

  async change(name: string): Promise<void> {
    const value = `${name}, changed`
    await this.#api.patchNamespacedConfigMap({
      name,
      namespace: this.#namespace,
      body: [{ op: 'add', path: '/data/value', value }],
    })
    this.#values.set(name, value)
  }

  async delete(name: string): Promise<void> {
    await this.#api.deleteNamespacedConfigMap({ name, namespace: this.#namespace })
    this.#values.delete(name)
    this.#deleted.add(name)
  }

  async doneCount(): Promise<number> {
    return (await this.#secretsIn(this.#namespace)).size
  }

  async differences(): Promise<string[]> {
    const { items } = await this.#api.listNamespacedConfigMap({ namespace: this.#namespace })
    const found = new Map(items.map((item) => [item.metadata!.name!, item]))
    const beside = await this.#secretsIn(this.#namespace)
    const copies = await this.#secretsIn(this.#other)
    const wrong: string[] = []
    for (const [name, value] of this.#values) {
      const { uid, finalizers, annotations } = found.get(name)!.metadata!
      const status = JSON.stringify({ data: hashOf({ value }), namespaces: [this.#namespace, this.#other] })
      const own = beside.get(name)
      if (!finalizers?.includes('example.com/secret-copies')) wrong.push(`${name} has no finalizer`)
      if (annotations?.['example.com/secret-status'] !== status) wrong.push(`${name} has another status`)
      if (valueOf(own) !== value) wrong.push(`the secret of ${name} has another value`)
      if (own?.metadata?.ownerReferences?.[0]?.uid !== uid) wrong.push(`the secret of ${name} has another owner`)
      if (valueOf(copies.get(name)) !== value) wrong.push(`the copy of ${name} has another value`)
    }
    for (const name of this.#deleted) {
      if (found.has(name)) wrong.push(`${name} is still there`)
      if (copies.has(name)) wrong.push(`the copy of ${name} is still there`)
    }
    return wrong
  }

  async #secretsIn(namespace: string): Promise<Map<string, V1Secret>> {
    const { items } = await this.#api.listNamespacedSecret({ namespace })
    return new Map(items.map((item) => [item.metadata!.name!, item]))
  }
}

function valueOf(secret: V1Secret | undefined): string {
  return Buffer.from(secret?.data?.['value'] ?? '', 'base64').toString()
}

function hashOf(data: object): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex').slice(0, 16)
}

interface Website {
  readonly metadata: { readonly name: string; readonly generation: number }
  readonly spec: { readonly page: string }
  readonly status?: { readonly observedGeneration: number; readonly publishedBy: string }
}

/** What a user does with Websites, and what should have come of it. */
class Websites {
  readonly #api: CustomObjectsApi
  readonly #core: CoreV1Api
  readonly #leases: CoordinationV1Api
  readonly #namespace: string

  constructor(config: KubeConfig, namespace: string) {
    this.#api = config.makeApiClient(CustomObjectsApi)
    this.#core = config.makeApiClient(CoreV1Api)
    this.#leases = config.makeApiClient(CoordinationV1Api)
    this.#namespace = namespace
  }

  async create(name: string): Promise<void> {
    const apiVersion = `${websites.group}/${websites.version}`
    const body = { apiVersion, kind: 'Website', metadata: { name }, spec: { page: `<h1>${name}</h1>` } }
    await this.#api.createNamespacedCustomObject({ ...websites, namespace: this.#namespace, body })
  }

  async change(name: string): Promise<void> {
    const body = [{ op: 'replace', path: '/spec/page', value: `<h1>${name}, changed</h1>` }]
    await this.#api.patchNamespacedCustomObject({ ...websites, namespace: this.#namespace, name, body })
  }

  async doneCount(): Promise<number> {
    return (await this.#list()).filter(({ status }) => status !== undefined).length
  }

  async differences(): Promise<string[]> {
    const { items } = await this.#core.listNamespacedConfigMap({ namespace: this.#namespace })
    const pages = new Map(items.map(({ metadata, data }) => [metadata!.name!, data?.['index.html']]))
    return (await this.#list()).flatMap(({ metadata: { name, generation }, spec, status }) => [
      ...(pages.get(name) === spec.page ? [] : [`the page of ${name} is another`]),
      ...(status?.observedGeneration === generation ? [] : [`the status of ${name} is of another generation`]),
    ])
  }

  async leader(): Promise<string | undefined> {
    const { spec } = await this.#leases.readNamespacedLease({ name: 'website-operator', namespace: this.#namespace })
    return spec?.holderIdentity
  }

  async #list(): Promise<readonly Website[]> {
    const list: unknown = await this.#api.listNamespacedCustomObject({ ...websites, namespace: this.#namespace })
    return (list as { readonly items: readonly Website[] }).items
  }
}

/** Resolves when the server says that it serves it. */
async function createWebsiteKind(config: KubeConfig): Promise<void> {
  const { group, version, plural } = websites
  const api = config.makeApiClient(ApiextensionsV1Api)
  const name = `${plural}.${group}`
  const spec = { type: 'object', properties: { page: { type: 'string' } } }
  const status = {
    type: 'object',
    properties: { observedGeneration: { type: 'integer' }, publishedBy: { type: 'string' } },
  }
  const schema = { openAPIV3Schema: { type: 'object', properties: { spec, status } } }
  await api.createCustomResourceDefinition({
    body: {
      metadata: { name },
      spec: {
        group,
        scope: 'Namespaced',
        names: { plural, kind: 'Website' },
        versions: [{ name: version, served: true, storage: true, schema, subresources: { status: {} } }],
      },
    },
  })
  const probe = async (): Promise<boolean> => {
    const definition = await api.readCustomResourceDefinition({ name })
    return (
      definition.status?.conditions?.some(
        (condition) => condition.type === 'Established' && condition.status === 'True',
      ) ?? false
    )
  }
  await waitUntil({ what: 'the kind Website to be served', timeoutMs: SETTLE_MS, probe })
}

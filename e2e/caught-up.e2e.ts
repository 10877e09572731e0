import { CoreV1Api, type KubeConfig, PatchStrategy, setHeaderOptions } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createInformer, type Informer, type InformerOptions, type Pod, resources } from '../src/index.ts'
import { pooled } from './support/clients.ts'
import { type Cluster, openCluster, usesExistingCluster } from './support/cluster.ts'
import { eachLimited } from './support/each-limited.ts'
import { createNamespaces, deleteNamespaces } from './support/namespaces.ts'
import { makePod } from './support/pods.ts'
import { randomFrom } from './support/random.ts'
import { say } from './support/say.ts'

const UNTIL = { timeoutMs: 60_000 }
const WRITES = 100
const mergePatch = setHeaderOptions('Content-Type', PatchStrategy.MergePatch)

describe('what another client has written', () => {
  let cluster: Cluster
  let config: KubeConfig
  let api: CoreV1Api
  let namespace: string
  let elsewhere: string

  beforeAll(async () => {
    cluster = await openCluster()
    config = pooled(cluster.kubeConfig())
    api = config.makeApiClient(CoreV1Api)
    const namespaces = await createNamespaces(config, 2)
    ;[namespace, elsewhere] = namespaces as [string, string]
  })

  afterAll(async () => {
    if (usesExistingCluster() && namespace !== undefined) await deleteNamespaces(config, [namespace, elsewhere])
    await cluster?.stop()
  })

  async function follow(options: InformerOptions<Pod> = {}): Promise<Informer<Pod>> {
    const namespaces = [namespace, elsewhere]
    const informer = createInformer(cluster.kubeConfig(), resources.core.v1.pods, { namespaces, ...options })
    onTestFinished(() => informer.stop())
    informer.start()
    await informer.synced(UNTIL)
    return informer
  }

  const create = (name: string, where = namespace) => {
    const body = makePod(randomFrom(31), name)
    delete body.metadata!.finalizers
    return api.createNamespacedPod({ namespace: where, body })
  }

  test('is in the store after caughtUp, write by write', async () => {
    const informer = await follow()
    const startedAt = performance.now()
    await eachLimited(Array.from({ length: WRITES }), 8, async (_, index) => {
      const name = `written-${index}`
      await informer.caughtUp(await create(name), UNTIL)
      expect(informer.store.has(`${namespace}/${name}`)).toBe(true)
      const body = { metadata: { labels: { tier: `tier-${index}` } } }
      await informer.caughtUp(await api.patchNamespacedPod({ namespace, name, body }, mergePatch), UNTIL)
      expect(informer.store.get(`${namespace}/${name}`)?.metadata.labels?.['tier']).toBe(`tier-${index}`)
    })
    const ms = (performance.now() - startedAt) / WRITES / 2
    say(`caughtUp: ${WRITES * 2} writes were seen, one in ${ms.toFixed(1)} ms with 8 at a time`)
  })

  test('is gone from the store when what was deleted is waited for, also when its name is taken again', async () => {
    const informer = await follow()
    const { metadata } = await create('first')
    await api.deleteNamespacedPod({ namespace, name: 'first', gracePeriodSeconds: 0 })
    const second = await create('first')
    await informer.caughtUp({ deleted: { namespace, name: 'first' }, uid: metadata!.uid! }, UNTIL)
    expect(informer.store.get(`${namespace}/first`)?.metadata.uid).not.toBe(metadata!.uid)
    await informer.caughtUp(second, UNTIL)
    expect(informer.store.get(`${namespace}/first`)?.metadata.uid).toBe(second.metadata!.uid)
  })

  test('holds up neither an informer of other namespaces, nor one that is told of too long a wait', async () => {
    const informer = await follow({ namespaces: [elsewhere] })
    const written = await create('not-followed')
    await expect(informer.caughtUp(written, UNTIL)).rejects.toMatchObject({ code: 'ERR_OPTION' })
    const future = String(BigInt(written.metadata!.resourceVersion!) + 1_000_000n)
    await expect(informer.caughtUp(future, { timeoutMs: 200 })).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
  })
})

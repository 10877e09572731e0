import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createInformer, type Informer, type KubernetesObject, resources } from '../src/index.ts'
import { pooled } from './support/clients.ts'
import { type Cluster, openCluster, usesExistingCluster } from './support/cluster.ts'
import type { Crowd } from './support/crowd.ts'
import { configMaps } from './support/crowds.ts'
import { expectEqualToServer } from './support/expect-equal.ts'
import { LossyProxy } from './support/lossy-proxy.ts'
import { createNamespaces, deleteNamespaces } from './support/namespaces.ts'
import { count, say } from './support/say.ts'
import { waitUntil } from './support/wait.ts'

const OBJECTS = 600
const UNTIL = { timeoutMs: 60_000 }

describe('verify', () => {
  let cluster: Cluster
  let config: KubeConfig
  let namespace: string
  let maps: Crowd

  beforeAll(async () => {
    cluster = await openCluster()
    config = pooled(cluster.kubeConfig())
    ;[namespace] = (await createNamespaces(config, 1)) as [string]
    maps = configMaps(config, namespace)
    await maps.create(OBJECTS)
  })

  afterAll(async () => {
    if (usesExistingCluster() && namespace !== undefined) await deleteNamespaces(config, [namespace])
    await cluster?.stop()
  })

  test.each(['protobuf', 'json'] as const)(
    'finds nothing wrong in a store that is right, while it is written to, in %s',
    async (encoding) => {
      const following = maps.follow(config, { encoding })
      onTestFinished(() => following.informer.stop())
      await following.start()
      const over = new AbortController()
      const writing = (async () => {
        while (!over.signal.aborted) await maps.change()
      })()
      try {
        for (const content of [false, true, false, true]) {
          const report = await following.informer.verify({ content, ...UNTIL })
          expect(report).toMatchObject({ missing: [], extra: [], stale: [], repaired: false })
          expect(report.compared).toBeGreaterThan(OBJECTS / 2)
        }
      } finally {
        over.abort()
        await writing
      }
      await following.caughtUp(await maps.change())
      await expectEqualToServer(`after four verifications under writes, ${encoding}`, [following])
    },
  )

  test('finds what was lost on the way, and puts it right', async () => {
    const { proxy, informer } = await followThroughLossyProxy(cluster.kubeConfig())
    const heard: string[] = []
    informer.subscribe((delta) => {
      if (delta.type !== 'added' || !delta.isInitialList) heard.push(`${delta.type} ${delta.key}`)
    })
    const api = config.makeApiClient(CoreV1Api)
    const name = (kind: string): string => `lost-${kind}`
    const create = (kind: string) =>
      api.createNamespacedConfigMap({ namespace, body: { metadata: { name: name(kind) }, data: {} } })
    await create('extra')
    await informer.caughtUp(await create('stale'), UNTIL)

    proxy.lost = '"name":"lost-'
    await create('missing')
    const stale = { metadata: { name: name('stale') }, data: { is: 'other' } }
    await api.replaceNamespacedConfigMap({ namespace, name: name('stale'), body: stale })
    await api.deleteNamespacedConfigMap({ namespace, name: name('extra') })
    const seen = await api.createNamespacedConfigMap({ namespace, body: { metadata: { name: 'seen' } } })
    await informer.caughtUp(seen, UNTIL)
    expect(proxy.losses).toBe(3)

    const wrong = {
      missing: [`${namespace}/lost-missing`],
      extra: [`${namespace}/lost-extra`],
      stale: [`${namespace}/lost-stale`],
    }
    expect(await informer.verify(UNTIL)).toMatchObject({ ...wrong, repaired: false })
    expect(await informer.verify({ repair: true, ...UNTIL })).toMatchObject({ ...wrong, repaired: true })
    const { compared, ...report } = await informer.verify({ content: true, ...UNTIL })
    expect(report).toMatchObject({ missing: [], extra: [], stale: [] })
    expect(informer.store.get(`${namespace}/lost-stale`)).toMatchObject({ data: { is: 'other' } })
    const changes = ['added extra', 'added stale', 'added missing', 'updated stale', 'deleted extra']
    const told = changes.map((change) => change.replace(' ', ` ${namespace}/lost-`)).concat(`added ${namespace}/seen`)
    await waitUntil({ what: 'what was put right', ...UNTIL, probe: async () => heard.length >= told.length })
    expect(heard.toSorted()).toEqual(told.toSorted())
    say(`verify: of ${count(compared)} objects one missing, one stale and one too many were found and put right`)
  })

  async function followThroughLossyProxy(
    original: KubeConfig,
  ): Promise<{ readonly proxy: LossyProxy; readonly informer: Informer<KubernetesObject> }> {
    const proxy = await LossyProxy.start(original)
    const informer = createInformer<KubernetesObject>(proxy.kubeConfig(), resources.core.v1.configmaps, {
      encoding: 'json',
      namespaces: [namespace],
    })
    onTestFinished(async () => {
      await informer.stop()
      await proxy[Symbol.asyncDispose]()
    })
    informer.start()
    await informer.synced(UNTIL)
    return { proxy, informer }
  }
})

import { CoreV1Api, type KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createInformer, type KubernetesObject, resources } from '../src/index.ts'
import { pooled } from './support/clients.ts'
import { type Cluster, openCluster, usesExistingCluster } from './support/cluster.ts'
import { differences } from './support/differences.ts'
import { selector } from './support/followings.ts'
import { History } from './support/history.ts'
import { createNamespaces, deleteNamespaces } from './support/namespaces.ts'
import { PodWriter } from './support/pod-writer.ts'
import { rawList } from './support/raw-list.ts'
import { count, say } from './support/say.ts'
import { waitUntil } from './support/wait.ts'

const PODS = 300
const UNTIL = { timeoutMs: 60_000 }

describe('an informer of which the scope changes', () => {
  let cluster: Cluster
  let config: KubeConfig
  let namespaces: string[]
  let writer: PodWriter

  beforeAll(async () => {
    cluster = await openCluster()
    config = pooled(cluster.kubeConfig())
    namespaces = await createNamespaces(config, 3)
    writer = new PodWriter({ config, namespaces, seed: 41 })
    await writer.create(PODS)
  })

  afterAll(async () => {
    if (usesExistingCluster() && namespaces !== undefined) await deleteNamespaces(config, namespaces)
    await cluster?.stop()
  })

  async function listed(followed: readonly string[], labelSelector?: string): Promise<KubernetesObject[]> {
    const options = labelSelector === undefined ? {} : { labelSelector }
    const lists = followed.map((namespace) => rawList(config, `/api/v1/namespaces/${namespace}/pods`, options))
    return (await Promise.all(lists)).flat()
  }

  test('has what the new one has, and what is written meanwhile; subscribers hear the difference', async () => {
    const [a, b, c] = namespaces as [string, string, string]
    const informer = createInformer<KubernetesObject>(cluster.kubeConfig(), resources.core.v1.pods, {
      namespaces: [a],
      keepManagedFields: true,
    })
    onTestFinished(() => informer.stop())
    const history = new History()
    const subscription = informer.subscribe(history.record, { maxPending: 1_000_000 })
    informer.start()
    await informer.synced(UNTIL)

    const scopes = [
      { namespaces: [a, b] },
      { namespaces: [b, c] },
      { namespaces: [b, c], labelSelector: selector },
      { namespaces: [] },
      { namespaces: [a, b, c] },
    ]
    for (const scope of scopes) {
      const writing = writer.change(60)
      await informer.setScope(scope)
      await writing
      const marks = [...(await writer.mark())].filter(([key]) => scope.namespaces.includes(key.split('/', 1)[0]!))
      await waitUntil({
        what: 'the last writes',
        ...UNTIL,
        probe: async () =>
          subscription.pending === 0 &&
          marks.every(([key, version]) => history.folded.get(key)?.metadata.resourceVersion === version),
      })
      const server = await listed(scope.namespaces, scope.labelSelector)
      expect(differences(informer.store.list(), server).slice(0, 5)).toEqual([])
      expect(differences(history.folded.values(), server).slice(0, 5)).toEqual([])
      expect(history.contradictions).toEqual([])
      const selected = scope.labelSelector === undefined ? '' : ` with ${scope.labelSelector}`
      say(`scope: ${count(server.length)} pods in ${scope.namespaces.length} namespaces${selected}, equal to a LIST`)
    }
  })

  test('syncs a namespace when it comes to be, in which nothing was before', async () => {
    const informer = createInformer(cluster.kubeConfig(), resources.core.v1.configmaps, {
      namespaces: [namespaces[0]!],
    })
    onTestFinished(() => informer.stop())
    informer.start()
    await informer.synced(UNTIL)
    const [late] = (await createNamespaces(config, 1)) as [string]
    onTestFinished(async () => {
      if (usesExistingCluster()) await deleteNamespaces(config, [late])
    })
    await informer.setScope({ namespaces: [late] })
    const body = { metadata: { name: 'late' } }
    await informer.caughtUp(await config.makeApiClient(CoreV1Api).createNamespacedConfigMap({ namespace: late, body }))
    expect(informer.store.has(`${late}/late`)).toBe(true)
    expect(informer.store.count({ namespace: namespaces[0]! })).toBe(0)
  })
})

import type { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import type { InformerOptions, KubernetesObject } from '../src/index.ts'
import { pooled } from './support/clients.ts'
import { usesExistingCluster } from './support/cluster.ts'
import { ControlPlane } from './support/control-plane.ts'
import type { Crowd } from './support/crowd.ts'
import { configMaps } from './support/crowds.ts'
import { expectEqualToServer } from './support/expect-equal.ts'
import { fastClock } from './support/fast-clock.ts'
import type { Following } from './support/following.ts'
import { createNamespaces } from './support/namespaces.ts'
import { proxied } from './support/proxied.ts'
import { requestsOf } from './support/requests.ts'
import { count, say } from './support/say.ts'
import { type ServedObjects, servedObjects } from './support/served-objects.ts'

/** Three pages. */
const OBJECTS = 1200
/** Of an informer's time while the server is gone: its backoff grows to half a minute. */
const SPEED = 10

// It reads the server's metrics, compacts its etcd and kills it.
describe.skipIf(usesExistingCluster())('the server returns from its cache, and nothing from etcd,', () => {
  let controlPlane: ControlPlane
  let config: KubeConfig
  let maps: Crowd

  beforeAll(async () => {
    controlPlane = await ControlPlane.start()
    config = pooled(controlPlane.kubeConfig())
    const [namespace] = await createNamespaces(config, 1)
    maps = configMaps(config, namespace!)
    await maps.create(OBJECTS)
  })

  afterAll(() => controlPlane?.stop())

  /** By how much the server's counts grow meanwhile. */
  async function servedBy(work: () => Promise<unknown>): Promise<ServedObjects> {
    const before = await servedObjects(config, '', 'configmaps')
    await work()
    const after = await servedObjects(config, '', 'configmaps')
    return { cache: after.cache - before.cache, storage: after.storage - before.storage }
  }

  function follow(options: InformerOptions<KubernetesObject> = {}, from: KubeConfig = config): Following {
    const following = maps.follow(from, options)
    onTestFinished(() => following.informer.stop())
    return following
  }

  /** The lists that the server has answered so far; without the question, of one item, whether it has reached a version. */
  function lists(): number {
    return requestsOf(controlPlane, maps.path).filter(
      ({ verb, status, query }) => verb === 'list' && status === 200 && query['limit'] !== '1',
    ).length
  }

  test.each([
    { sync: 'stream', requests: 1, returned: OBJECTS },
    { sync: 'paged', requests: 3, returned: OBJECTS },
    // What comes as events is not counted among what is listed.
    { sync: 'watch-list', requests: 0, returned: 0 },
  ] as const)('a first list as $sync', async ({ sync, requests, returned }) => {
    const before = lists()
    const following = follow({ sync })
    expect(await servedBy(() => following.start())).toEqual({ cache: nearly(returned), storage: 0 })
    expect(lists() - before).toBe(requests)
    expect(await expectEqualToServer(`first list, ${sync}`, [following])).toBe(OBJECTS)
  })

  test.each([false, true])('a verification at the version that the store has (content: %s)', async (content) => {
    const following = follow()
    await following.start()
    await following.caughtUp(await maps.change())
    const before = lists()
    const served = await servedBy(async () => {
      const report = await following.informer.verify({ content, timeoutMs: 60_000 })
      expect(report).toMatchObject({ compared: OBJECTS, missing: [], extra: [], stale: [], repaired: false })
    })
    expect(served).toEqual({ cache: nearly(OBJECTS), storage: 0 })
    expect(lists() - before).toBe(1)
  })

  test.each([
    { sync: 'stream', requests: 1 },
    { sync: 'paged', requests: 3 },
  ] as const)('a relist as $sync after a 410', async ({ sync, requests }) => {
    const cable = await proxied(controlPlane.kubeConfig())
    onTestFinished(() => cable.proxy.stop())
    const following = follow({ sync, clock: fastClock(SPEED) }, cable.config)
    await following.start(60_000 * SPEED)
    cable.proxy.block()
    const marks = await maps.change()
    await controlPlane.compact()
    // Its own memory of the events since goes with it.
    await controlPlane.killApiServer()
    await controlPlane.startApiServer()

    const before = lists()
    const served = await servedBy(async () => {
      cable.proxy.unblock()
      await following.caughtUp(marks)
    })
    expect(served).toEqual({ cache: nearly(OBJECTS), storage: 0 })
    expect(lists() - before).toBe(requests)
    expect(following.errors.map(({ code }) => code)).toContain('ERR_RESOURCE_EXPIRED')
    await expectEqualToServer(`relist after a 410, ${sync}`, [following])
    say(`relist after a 410, ${sync}: ${count(served.cache)} objects from the cache, ${served.storage} from etcd`)
  })
})

/** The server lists config maps for itself too: the few that say who may authenticate. */
function nearly(objects: number): unknown {
  return expect.closeTo(objects, -1)
}

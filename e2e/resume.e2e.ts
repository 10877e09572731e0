import type { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, onTestFailed, onTestFinished, test } from 'vitest'
import type { ListObservation } from '../src/index.ts'
import { pooled } from './support/clients.ts'
import { usesExistingCluster } from './support/cluster.ts'
import { ConfigMaps } from './support/config-maps.ts'
import { ControlPlane } from './support/control-plane.ts'
import { expectEqualToServer } from './support/expect-equal.ts'
import { createNamespaces } from './support/namespaces.ts'
import { proxied } from './support/proxied.ts'
import { type Request, requestsOf } from './support/requests.ts'
import { count, say } from './support/say.ts'
import { type ServedObjects, servedObjects } from './support/served-objects.ts'

const OBJECTS = 3000

/** What became of a list that was cut. */
interface Outcome {
  /** Those that the server has answered, the one that was cut first. */
  readonly requests: readonly Request[]
  /** Of the informer, those that were dropped too. */
  readonly lists: readonly ListObservation[]
  /** By how much the server's counts grew from the cut on. */
  readonly served: ServedObjects
}

interface Cut {
  readonly encoding: 'protobuf' | 'json'
  readonly part: number
  /** What happens between the cut and the next request, beside changes. */
  readonly meanwhile?: () => Promise<void>
}

// It reads the server's audit log and metrics, compacts its etcd and kills it.
describe.skipIf(usesExistingCluster())('a list of which the connection is cut', () => {
  let controlPlane: ControlPlane
  let config: KubeConfig
  let maps: ConfigMaps
  /** Of a whole body. */
  const bytes = { protobuf: 0, json: 0 }

  beforeAll(async () => {
    controlPlane = await ControlPlane.start()
    config = pooled(controlPlane.kubeConfig())
    const [namespace] = await createNamespaces(config, 1)
    maps = new ConfigMaps(config, namespace!)
    await maps.create(OBJECTS)
    for (const encoding of ['protobuf', 'json'] as const) {
      const { informer } = maps.follow(config, { encoding })
      informer.start()
      await informer.synced({ timeoutMs: 60_000 })
      bytes[encoding] = informer.status.bytes
      await informer.stop()
    }
  })

  afterAll(() => controlPlane?.stop())

  async function syncThroughCut({ encoding, part, meanwhile = async () => {} }: Cut): Promise<Outcome> {
    onTestFailed(() => console.log(controlPlane.logs()))
    const cable = await proxied(controlPlane.kubeConfig())
    const lists: ListObservation[] = []
    const observer = { list: (list: ListObservation): void => void lists.push(list) }
    const following = maps.follow(cable.config, { encoding, observer })
    onTestFinished(async () => {
      await following.informer.stop()
      await cable.proxy.stop()
    })
    const before = requestsOf(controlPlane, maps.path).length
    const isCut = cable.proxy.blockAfter(bytes[encoding] * part)
    const started = following.start()
    await isCut
    const marks = await maps.change()
    await meanwhile()
    const servedBefore = await servedObjects(config, '', 'configmaps')
    cable.proxy.unblock()
    await started
    const served = await servedObjects(config, '', 'configmaps')
    await following.caughtUp(marks)
    const requests = requestsOf(controlPlane, maps.path).slice(before)
    const when = `${encoding}, cut at ${part * 100} %`
    const again = lists.at(-1)!.bytesReadAgain
    say(`${when}: ${count(again)} of ${count(bytes[encoding])} bytes read again`)
    console.log(requests, lists, servedBefore, served)
    await expectEqualToServer(when, [following])
    const since = (source: keyof ServedObjects): number => served[source] - servedBefore[source]
    return { requests, lists, served: { cache: since('cache'), storage: since('storage') } }
  }

  describe.each(['protobuf', 'json'] as const)('in %s', (encoding) => {
    test.each([0.5, 0.99])('at %f of it goes on behind what has come', async (part) => {
      const { requests } = await syncThroughCut({ encoding, part })
      expect(requests).toEqual([])
    })

    test('at its beginning begins anew', async () => {
      const { requests } = await syncThroughCut({ encoding, part: 0.01 })
    })
  })

  test('410', async () => {
    await syncThroughCut({
      encoding: 'protobuf',
      part: 0.5,
      async meanwhile() {
        await controlPlane.compact()
        await controlPlane.killApiServer()
        await controlPlane.startApiServer()
      },
    })
  })
  test('etcd', async () => {
    await syncThroughCut({
      encoding: 'protobuf',
      part: 0.5,
      async meanwhile() {
        await controlPlane.killApiServer()
        await controlPlane.startApiServer()
      },
    })
  })
})

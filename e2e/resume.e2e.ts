import type { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, onTestFailed, onTestFinished, test } from 'vitest'
import type { ListObservation } from '../src/index.ts'
import { pooled } from './support/clients.ts'
import { usesExistingCluster } from './support/cluster.ts'
import type { Crowd } from './support/crowd.ts'
import { configMaps } from './support/crowds.ts'
import { ControlPlane } from './support/control-plane.ts'
import { expectEqualToServer } from './support/expect-equal.ts'
import type { Following } from './support/following.ts'
import { createNamespaces } from './support/namespaces.ts'
import { proxied } from './support/proxied.ts'
import { type Request, requestsOf } from './support/requests.ts'
import { count, say } from './support/say.ts'
import { type ServedObjects, servedObjects } from './support/served-objects.ts'

const OBJECTS = 3000
/** The token of a list stands before its items: what comes with it are the first of them, in one chunk. */
const ONE_CHUNK = 64 * 1024
const newest: Request = { verb: 'list', status: 200, query: {} }
const rest: Request = { verb: 'list', status: 200, query: { continue: '…' } }

interface Cut {
  readonly encoding: 'protobuf' | 'json'
  readonly part: number
  /** What else happens between the cut and the next request. */
  readonly meanwhile?: () => Promise<void>
}

/** What became of a list that was cut. */
interface Outcome {
  /** Behind how many items it was cut. */
  readonly items: number
  readonly bytesReadAgain: number
  /** Those that the server has answered, but for watches; the list that was cut is the first. */
  readonly lists: readonly Request[]
  readonly watches: readonly Request[]
  /** By how much the server's counts grew after the cut, until the informer had caught up. */
  readonly served: ServedObjects
}

// It reads the server's audit log and metrics, compacts its etcd and kills it.
describe.skipIf(usesExistingCluster())(
  `a list of ${count(OBJECTS)} objects that is cut, and changed meanwhile,`,
  () => {
    let controlPlane: ControlPlane
    let config: KubeConfig
    let maps: Crowd
    /** Of a whole body. */
    const bytes = { protobuf: 0, json: 0 }

    beforeAll(async () => {
      controlPlane = await ControlPlane.start()
      config = pooled(controlPlane.kubeConfig())
      const [namespace] = await createNamespaces(config, 1)
      maps = configMaps(config, namespace!)
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

    /** Syncs an informer over a connection that ends within its list, and holds it against the server. */
    async function syncThroughCut(cut: Cut): Promise<Outcome> {
      onTestFailed(() => console.log(controlPlane.logs()))
      const cable = await proxied(controlPlane.kubeConfig())
      const observed: ListObservation[] = []
      const observer = { list: (list: ListObservation): void => void observed.push(list) }
      const following = maps.follow(cable.config, { encoding: cut.encoding, observer })
      onTestFinished(async () => {
        await following.informer.stop()
        await cable.proxy.stop()
      })
      const answeredBefore = requestsOf(controlPlane, maps.path).length
      const isCut = cable.proxy.holdAfter(bytes[cut.encoding] * cut.part)
      const started = following.start()
      await isCut
      const marks = await maps.change()
      await cut.meanwhile?.()
      const servedBefore = await servedObjects(config, '', 'configmaps')
      cable.proxy.release()
      await started
      await following.caughtUp(marks)
      const served = await servedObjects(config, '', 'configmaps')
      const requests = requestsOf(controlPlane, maps.path).slice(answeredBefore)
      await expectConvergence(cut, following)
      const whole = observed.find(({ error }) => error === undefined)!
      say(`${titleOf(cut)}: ${count(whole.bytesReadAgain)} of ${count(bytes[cut.encoding])} bytes were read again`)
      return {
        items: observed[0]!.items,
        bytesReadAgain: whole.bytesReadAgain,
        lists: requests.filter(({ verb }) => verb === 'list'),
        watches: requests.filter(({ verb }) => verb === 'watch'),
        served: { cache: served.cache - servedBefore.cache, storage: served.storage - servedBefore.storage },
      }
    }

    async function expectConvergence(cut: Cut, following: Following): Promise<void> {
      expect(await expectEqualToServer(titleOf(cut), [following])).toBe(OBJECTS)
      expect(following.errors[0]!.code).toBe('ERR_CONNECTION_LOST')
    }

    describe.each(['protobuf', 'json'] as const)('in %s', (encoding) => {
      test.each([0.5, 0.99])('behind %f of it goes on from there, out of the snapshot', async (part) => {
        const { items, bytesReadAgain, lists, watches, served } = await syncThroughCut({ encoding, part })
        expect(items / OBJECTS).toBeCloseTo(part, 1)
        expect(lists).toEqual([newest, placeOf(items, watches), rest])
        expect(watches).toHaveLength(1)
        expect(bytesReadAgain).toBeLessThan(ONE_CHUNK)
        expect(served).toEqual({ cache: nearly(OBJECTS), storage: 0 })
      })

      test('behind 0.01 of it begins anew, out of the cache', async () => {
        const { bytesReadAgain, lists, watches, served } = await syncThroughCut({ encoding, part: 0.01 })
        expect(lists).toEqual([newest, newest])
        expect(watches).toHaveLength(1)
        expect(bytesReadAgain).toBeLessThan(bytes[encoding] * 0.02)
        expect(served).toEqual({ cache: nearly(OBJECTS), storage: 0 })
      })
    })

    const restart = async (): Promise<void> => {
      await controlPlane.killApiServer()
      await controlPlane.startApiServer()
    }

    test('goes on out of etcd when the server has lost its snapshots', async () => {
      const { items, bytesReadAgain, lists, watches, served } = await syncThroughCut({
        encoding: 'protobuf',
        part: 0.5,
        meanwhile: restart,
      })
      // The new server's own memory begins later: the watch of that version is told so, by a 410.
      const anew = expectedRelist(watches)
      expect(lists).toEqual([newest, placeOf(items, watches), rest, anew])
      expect(watches).toHaveLength(2)
      expect(bytesReadAgain).toBeLessThan(ONE_CHUNK)
      expect(served).toEqual({ cache: nearly(OBJECTS), storage: OBJECTS })
    })

    test('begins anew, not older than it was, when its version is gone (410)', async () => {
      const { items, bytesReadAgain, lists, watches, served } = await syncThroughCut({
        encoding: 'json',
        part: 0.5,
        async meanwhile() {
          await controlPlane.compact()
          await restart()
        },
      })
      const place = lists[1]!
      expect(place).toMatchObject({ status: 410, query: { resourceVersionMatch: 'Exact', limit: String(items) } })
      const resourceVersion = place.query['resourceVersion']!
      const anew = { ...newest, query: { resourceVersion, resourceVersionMatch: 'NotOlderThan' } }
      expect(lists).toEqual([newest, place, anew])
      // Of the list that was cut too, where the watch came before the 410.
      expect(watches.length).toBeLessThanOrEqual(2)
      expect(bytesReadAgain / bytes.json).toBeCloseTo(0.5, 1)
      expect(served).toEqual({ cache: nearly(OBJECTS), storage: 0 })
    })
  },
)

/** The question for the place behind so many items, of the version that is watched. */
function placeOf(items: number, watches: readonly Request[]): Request {
  const query = { resourceVersion: watchedFrom(watches), resourceVersionMatch: 'Exact', limit: String(items) }
  return { verb: 'list', status: 200, query }
}

function expectedRelist(watches: readonly Request[]): Request {
  return { ...newest, query: { resourceVersion: watchedFrom(watches), resourceVersionMatch: 'NotOlderThan' } }
}

function watchedFrom([first]: readonly Request[]): string {
  return first!.query['resourceVersion']!
}

function titleOf({ encoding, part }: Cut): string {
  return `${encoding}, cut behind ${part * 100} %`
}

/** The server lists config maps for itself too: the few that say who may authenticate. */
function nearly(objects: number): unknown {
  return expect.closeTo(objects, -1)
}

import { randomBytes } from 'node:crypto'
import type { KubeConfig } from '@kubernetes/client-node'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { pooled } from './support/clients.ts'
import { usesExistingCluster } from './support/cluster.ts'
import type { Crowd } from './support/crowd.ts'
import { configMaps, widgets } from './support/crowds.ts'
import { ControlPlane } from './support/control-plane.ts'
import { differences } from './support/differences.ts'
import { expectEqualToServer } from './support/expect-equal.ts'
import type { Following } from './support/following.ts'
import { createNamespaces } from './support/namespaces.ts'
import { ownControlPlane } from './support/own-control-plane.ts'
import { rawList } from './support/raw-list.ts'
import { type Request, requestsOf } from './support/requests.ts'
import { say } from './support/say.ts'
import { snapshotGateVersion } from './support/versions.ts'
import { createWidgetKind, widgetKind } from './support/widgets.ts'

/** Three pages. */
const OBJECTS = 1200

const list = (query: Request['query'], status = 200): Request => ({ verb: 'list', status, query })
const watch = (query: Request['query'], status = 200): Request => ({ verb: 'watch', status, query })
const page = list({ limit: '500', continue: '…' })
const watchList = { sendInitialEvents: 'true', resourceVersionMatch: 'NotOlderThan' }
const from = { resourceVersion: expect.stringMatching(/^\d+$/) as string }

/** All that is asked for until the informer is stopped: lists in their order, then watches. */
const expectedRequests = {
  stream: [list({}), watch(from)],
  'watch-list': [watch(watchList)],
  paged: [list({ limit: '500' }), page, page, watch(from)],
} as const

// It reads the server's audit log.
describe.skipIf(usesExistingCluster())('a list that is made', () => {
  let controlPlane: ControlPlane
  let config: KubeConfig
  let maps: Crowd
  let custom: Crowd

  beforeAll(async () => {
    controlPlane = await ControlPlane.start()
    config = pooled(controlPlane.kubeConfig())
    const [namespace] = await createNamespaces(config, 1)
    maps = configMaps(config, namespace!)
    await maps.create(OBJECTS)
    const kind = widgetKind(`e2e-${randomBytes(4).toString('hex')}`)
    await createWidgetKind(config, kind)
    custom = widgets(config, kind, namespace!)
    await custom.create(OBJECTS)
  })

  afterAll(() => controlPlane?.stop())

  describe.each(['stream', 'watch-list', 'paged'] as const)('as %s', (sync) => {
    async function expectSyncAndChanges(following: Following, objects: Crowd): Promise<void> {
      onTestFinished(() => following.informer.stop())
      const before = requestsOf(controlPlane, objects.path).length
      await following.start()
      const { strategy, encoding } = following.informer.status
      expect(strategy).toBe(sync)
      const when = `${sync}, ${encoding}`
      expect(await expectEqualToServer(`${when}: after the list`, [following])).toBe(OBJECTS)
      await following.caughtUp(await objects.change())
      await expectEqualToServer(`${when}: after changes`, [following])
      const requests = requestsOf(controlPlane, objects.path).slice(before)
      const ordered = [
        ...requests.filter(({ verb }) => verb === 'list'),
        ...requests.filter(({ verb }) => verb === 'watch'),
      ]
      expect(ordered).toEqual(expectedRequests[sync])
      expect(following.errors).toEqual([])
    }

    test.each(['protobuf', 'json'] as const)(
      'of a built-in in %s is equal to a LIST, and followed',
      async (encoding) => {
        const following = maps.follow(config, { sync, encoding })
        await expectSyncAndChanges(following, maps)
        expect(following.informer.status.encoding).toBe(encoding)
      },
    )

    test('of custom resources is equal to a LIST, and followed', async () => {
      await expectSyncAndChanges(custom.follow(config, { sync }), custom)
    })
  })
})

const other = snapshotGateVersion()

describe.skipIf(other === undefined)('a watch-list of a server that has none', () => {
  test('is refused (422), once: the list is made otherwise, also after a stop', async () => {
    const controlPlane = await ownControlPlane({ version: other })
    const config = pooled(controlPlane.kubeConfig())
    const [namespace] = await createNamespaces(config, 1)
    const maps = configMaps(config, namespace!)
    await maps.create(100)
    const following = maps.follow(config, { sync: 'watch-list' })
    onTestFinished(() => following.informer.stop())
    await following.start()
    await following.caughtUp(await maps.change())
    await expectEqualToServer(`Kubernetes ${controlPlane.version}, after a refused watch-list`, [following])
    const first = [watch(watchList, 422), list({}), watch(from)]
    expect(requestsOf(controlPlane, maps.path)).toEqual(first)

    const { informer } = following
    await informer.stop()
    informer.start()
    await informer.synced({ timeoutMs: 60_000 })
    expect(differences(informer.store.list(), await rawList(config, maps.path))).toEqual([])
    await informer.caughtUp([...(await maps.change()).values()].at(-1)!)
    expect(requestsOf(controlPlane, maps.path)).toEqual([...first, list({}), watch(from)])
    say(`Kubernetes ${controlPlane.version}: a watch-list was refused by 422, and not asked for again after a stop`)
  })
})

import { describe, expect, onTestFinished, test } from 'vitest'
import { pooled } from './support/clients.ts'
import { countRequests } from './support/count-requests.ts'
import { expectEqualToServer } from './support/expect-equal.ts'
import { followPods } from './support/followings.ts'
import { createNamespaces } from './support/namespaces.ts'
import { ownControlPlane } from './support/own-control-plane.ts'
import { PodWriter } from './support/pod-writer.ts'
import { proxied } from './support/proxied.ts'
import { count, say } from './support/say.ts'
import { snapshotGateVersion } from './support/versions.ts'

const PODS = 500
/** Of each scope: of the first list, a relist after the kill, and those that a server turns away while it starts. */
const MAX_LISTS = 4
/** Of each scope: the first one, one after each of 3 cuts and the kill, twice as many for what is refused. */
const MAX_WATCHES = 10
const version = snapshotGateVersion()

describe.skipIf(version === undefined).each([{ gate: 'off' }, { gate: 'on' }])(
  'the first release with ListFromCacheSnapshot, which is $gate',
  ({ gate }) => {
    test('is synced from, followed and found again after cuts and a kill', async () => {
      const controlPlane = await ownControlPlane({ version, featureGates: { ListFromCacheSnapshot: gate === 'on' } })
      const when = `Kubernetes ${controlPlane.version}, ListFromCacheSnapshot ${gate}`
      const config = pooled(controlPlane.kubeConfig())
      const namespaces = await createNamespaces(config, 4)
      const writer = new PodWriter({ config, namespaces, seed: 7 })
      await writer.create(PODS)

      const cable = await proxied(controlPlane.kubeConfig())
      onTestFinished(() => cable.proxy.stop())
      const followings = followPods({ config: cable.config, direct: config, namespaces })
      onTestFinished(async () => void (await Promise.all(followings.map(({ informer }) => informer.stop()))))
      await Promise.all(followings.map((following) => following.start()))
      expect(followings[0]!.informer.store.size).toBe(PODS)

      const expectNothingMissed = async (after: string): Promise<void> => {
        const marks = await writer.mark()
        for (const following of followings) await following.caughtUp(marks)
        await expectEqualToServer(`${when}: ${after}`, followings)
      }
      await expectNothingMissed('after the sync')
      await writer.change(300, (done) => {
        if (done % 100 === 50) cable.proxy.cut()
      })
      await expectNothingMissed('after 300 writes and 3 cuts')

      const [, , cutOnly] = followings
      expect(cutOnly!.phases.filter((phase) => phase === 'listing')).toHaveLength(1)

      const killedAt = performance.now()
      await controlPlane.killApiServer()
      await controlPlane.startApiServer()
      say(`${when}: killed, and ready again after ${count(performance.now() - killedAt)} ms`)
      await writer.change(200)
      await expectNothingMissed('after the kill and 200 writes')

      const scopes = followings.reduce((sum, { informer }) => sum + informer.status.scopes.length, 0)
      const { lists, watches } = countRequests(controlPlane)
      say(`${when}: ${lists} lists and ${watches} watches, of ${scopes} scopes`)
      expect(lists).toBeLessThanOrEqual(MAX_LISTS * scopes)
      expect(watches).toBeLessThanOrEqual(MAX_WATCHES * scopes)
    })
  },
)

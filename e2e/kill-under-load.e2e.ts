import { describe, expect, onTestFinished, test } from 'vitest'
import type { InformerOptions, KubernetesObject } from '../src/index.ts'
import { pooled } from './support/clients.ts'
import { usesExistingCluster } from './support/cluster.ts'
import type { ControlPlane } from './support/control-plane.ts'
import { countRequests } from './support/count-requests.ts'
import { expectEqualToServer } from './support/expect-equal.ts'
import { fastClock } from './support/fast-clock.ts'
import { followPods } from './support/followings.ts'
import { createNamespaces } from './support/namespaces.ts'
import { ownControlPlane } from './support/own-control-plane.ts'
import { PodWriter } from './support/pod-writer.ts'
import { randomFrom } from './support/random.ts'
import { count, say } from './support/say.ts'
import { snapshotGateVersion } from './support/versions.ts'
import { waitUntil } from './support/wait.ts'

const PODS = 500
const KILLS = 10
/** Of the informers' time: their backoffs grow to half a minute. */
const SPEED = 10
/** Of the informers besides those of every form on the wire. */
const FORMS: readonly InformerOptions<KubernetesObject>[] = [
  { sync: 'paged' },
  { sync: 'watch-list' },
  { encoding: 'json', retain: 'compressed' },
]
/** Of a scope: the first list and one after each kill, twice as many for what is refused while a server starts; and pages. */
const MAX_LISTS = 3 * (KILLS + 1)
const MAX_WATCHES = 5 * (KILLS + 1)

const other = snapshotGateVersion()

// It kills the server.
describe.skipIf(usesExistingCluster()).each([
  { release: 'the release that everything is tested with', version: undefined, isThere: true },
  { release: 'the first release with snapshots', version: other, isThere: other !== undefined },
])('a load of writes on $release', ({ version, isThere }) => {
  const title = `during which kube-apiserver is killed ${KILLS} times leaves all informers equal to the server`
  test.skipIf(!isThere)(title, { timeout: 480_000 }, async () => {
    const controlPlane = await ownControlPlane({ version })
    const config = pooled(controlPlane.kubeConfig())
    const namespaces = await createNamespaces(config, 4)
    const writer = new PodWriter({ config, namespaces, seed: 11 })
    await writer.create(PODS)
    const from = { config: controlPlane.kubeConfig(), direct: config, namespaces }
    const followings = followPods({ ...from, more: FORMS, clock: fastClock(SPEED) })
    onTestFinished(async () => void (await Promise.all(followings.map(({ informer }) => informer.stop()))))
    await Promise.all(followings.map((following) => following.start(60_000 * SPEED)))

    const written = await killUnderLoad(controlPlane, writer)

    const marks = await writer.mark()
    for (const following of followings) await following.caughtUp(marks)
    const when = `Kubernetes ${controlPlane.version}, killed ${KILLS} times in ${count(written)} writes`
    await expectEqualToServer(when, followings)
    const scopes = followings.reduce((sum, { informer }) => sum + informer.status.scopes.length, 0)
    const { lists, watches } = countRequests(controlPlane)
    say(`${when}: ${lists} lists and ${watches} watches, of ${scopes} scopes`)
    expect(lists / scopes).toBeLessThan(MAX_LISTS)
    expect(watches / scopes).toBeLessThan(MAX_WATCHES)
  })
})

/** Kills at moments that a seed decides, while writers are at work. Returns how many writes were done. */
async function killUnderLoad(controlPlane: ControlPlane, writer: PodWriter): Promise<number> {
  const random = randomFrom(12)
  const over = new AbortController()
  let written = 0
  const load = async (): Promise<void> => {
    while (!over.signal.aborted) await writer.change(100, () => void written++)
  }
  const kill = async (): Promise<void> => {
    const next = written + 20 + Math.floor(random() * 300)
    await waitUntil({ what: `${next} writes`, timeoutMs: 120_000, probe: async () => written >= next })
    await controlPlane.killApiServer()
    await controlPlane.startApiServer()
  }
  const killAll = async (): Promise<void> => {
    try {
      for (let done = 0; done < KILLS; done++) await kill()
    } finally {
      over.abort()
    }
  }
  await Promise.all([load(), killAll()])
  return written
}

import { type CoreV1Event, CoreV1Api, type KubeConfig } from '@kubernetes/client-node'
import { beforeAll, afterAll, describe, expect, onTestFinished, test } from 'vitest'
import { createInformer, resources } from '../src/index.ts'
import type { AuditedRequest } from './support/audit-log.ts'
import { pooled } from './support/clients.ts'
import { usesExistingCluster } from './support/cluster.ts'
import { ControlPlane } from './support/control-plane.ts'
import { eachLimited } from './support/each-limited.ts'
import { expectEqualToServer } from './support/expect-equal.ts'
import { Following } from './support/following.ts'
import { followPods } from './support/followings.ts'
import { createNamespaces } from './support/namespaces.ts'
import { PodWriter } from './support/pod-writer.ts'
import { type Proxied, proxied } from './support/proxied.ts'
import { count, say } from './support/say.ts'

const EVENTS = 1200

// It compacts etcd, restarts kube-apiserver and reads its audit log.
describe.skipIf(usesExistingCluster())('an informer whose version the server has forgotten', () => {
  let controlPlane: ControlPlane
  let config: KubeConfig

  beforeAll(async () => {
    controlPlane = await ControlPlane.start()
    config = pooled(controlPlane.kubeConfig())
  })

  afterAll(() => controlPlane?.stop())

  test('asks for a list not older than what it saw, unpaged, and is answered', async () => {
    const namespaces = await createNamespaces(config, 1)
    const writer = new PodWriter({ config, namespaces, seed: 3 })
    await writer.create(100)
    const cable = await cableFor(controlPlane)
    const [following] = followPods({ config: cable.config, direct: config, namespaces })
    await follow(following!)
    await following!.caughtUp(await writer.mark())
    const seen = following!.informer.store.resourceVersion!

    cable.proxy.block()
    await writer.change(300)
    await controlPlane.compact()
    // The server's own memory of the events since goes with it; when it is back, so is the cable.
    await controlPlane.killApiServer()
    await controlPlane.startApiServer()
    cable.proxy.unblock()

    await following!.caughtUp(await writer.mark())
    await expectEqualToServer('after a 410 for pods', [following!])
    const requests = requestsOf(controlPlane, '/api/v1/pods')
    const watched = { verb: 'watch', status: 200, query: expect.objectContaining({ resourceVersion: seen }) as unknown }
    expect(requests).toContainEqual(watched)
    // A watch is accepted first: the 410 is the Status of an event.
    expect(following!.errors.map(({ code }) => code)).toContain('ERR_RESOURCE_EXPIRED')
    expect(listsOf(requests)).toEqual([
      { status: 200, query: {} },
      { status: 200, query: { resourceVersion: seen, resourceVersionMatch: 'NotOlderThan' } },
    ])
    say(
      `pods: WATCH from ${seen} ended by 410; LIST resourceVersion=${seen}&resourceVersionMatch=NotOlderThan was answered 200`,
    )
  })

  test('does the same in pages for events, of which the server has no cache', async () => {
    const [namespace] = await createNamespaces(config, 1)
    await createEvents(config, namespace!, 0, EVENTS)
    const cable = await cableFor(controlPlane)
    const following = followEvents(cable.config, config, namespace!)
    await follow(following)
    expect(following.informer.store.size).toBe(EVENTS)
    await expectEqualToServer('after a list in pages', [following])
    const seen = following.informer.store.resourceVersion!

    cable.proxy.block()
    const last = await createEvents(config, namespace!, EVENTS, 100)
    await controlPlane.compact()
    cable.proxy.unblock()

    await following.caughtUp(last)
    await expectEqualToServer('after a 410 for events', [following])
    const lists = listsOf(requestsOf(controlPlane, `/api/v1/namespaces/${namespace}/events`))
    const page = { status: 200, query: { limit: '500', continue: expect.any(String) } }
    expect(lists).toEqual([
      { status: 200, query: { limit: '500' } },
      page,
      page,
      { status: 200, query: { limit: '500', resourceVersion: seen, resourceVersionMatch: 'NotOlderThan' } },
      page,
      page,
    ])
    expect(following.errors.map(({ code }) => code)).toContain('ERR_RESOURCE_EXPIRED')
    say(`events: ${count(EVENTS)} in pages of 500; again so, not older than ${seen}, after the 410 of a compacted etcd`)
  })
})

async function cableFor(controlPlane: ControlPlane): Promise<Proxied> {
  const cable = await proxied(controlPlane.kubeConfig())
  onTestFinished(() => cable.proxy.stop())
  return cable
}

async function follow(following: Following): Promise<void> {
  onTestFinished(() => following.informer.stop())
  await following.start()
}

/** What this library asked for on one path, without what every request or watch has. */
function requestsOf(
  controlPlane: ControlPlane,
  requested: string,
): Pick<AuditedRequest, 'verb' | 'status' | 'query'>[] {
  return controlPlane
    .requests()
    .filter(({ path, userAgent }) => path === requested && userAgent.startsWith('kubeflume'))
    .map(({ verb, status, query: { pretty, ...query } }) => ({ verb, status, query }))
}

function listsOf(requests: ReturnType<typeof requestsOf>): Pick<AuditedRequest, 'status' | 'query'>[] {
  return requests.filter(({ verb }) => verb === 'list').map(({ status, query }) => ({ status, query }))
}

function followEvents(config: KubeConfig, direct: KubeConfig, namespace: string): Following {
  return new Following({
    name: 'events',
    create: (onError) =>
      createInformer(config, resources.core.v1.events, { namespaces: [namespace], keepManagedFields: true, onError }),
    config: direct,
    paths: [`/api/v1/namespaces/${namespace}/events`],
    namespaces: [namespace],
  })
}

/** Returns the versions of what it created, by key. */
async function createEvents(
  config: KubeConfig,
  namespace: string,
  from: number,
  howMany: number,
): Promise<ReadonlyMap<string, string>> {
  const api = config.makeApiClient(CoreV1Api)
  const versions = new Map<string, string>()
  await eachLimited(Array.from({ length: howMany }), 32, async (_, index) => {
    const { metadata } = await api.createNamespacedEvent({ namespace, body: makeEvent(namespace, from + index) })
    versions.set(`${namespace}/${metadata.name}`, metadata.resourceVersion!)
  })
  return versions
}

function makeEvent(namespace: string, serial: number): CoreV1Event {
  return {
    metadata: { name: `pod-${serial}.${serial.toString(16)}` },
    involvedObject: { kind: 'Pod', namespace, name: `pod-${serial}`, apiVersion: 'v1' },
    reason: 'Scheduled',
    message: `nothing happened to pod-${serial}`,
    type: 'Normal',
    source: { component: 'e2e' },
    firstTimestamp: new Date(),
    lastTimestamp: new Date(),
    count: 1,
  }
}

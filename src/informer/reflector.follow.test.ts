import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { metadataOnly } from '../api/resource.ts'
import { createRig, followingRig, kubeConfigOf, label, nodes, pods, webPod, webPods } from './informer.test-support.ts'

describe('an informer that starts', () => {
  test('lists the newest state and watches from its version, with bookmarks and an end', async () => {
    const { server, requests, keys } = await followingRig({ objects: webPods('a', 'b') }).then((rig) => ({
      server: rig.server,
      requests: rig.server.requests.map(({ verb, query }) => ({ verb, ...query })),
      keys: rig.keys,
    }))
    expect(keys).toEqual(['web/a', 'web/b'])
    expect(requests).toEqual([
      { verb: 'list', pretty: 'false' },
      {
        verb: 'watch',
        pretty: 'false',
        watch: 'true',
        resourceVersion: '3',
        allowWatchBookmarks: 'true',
        timeoutSeconds: '450',
      },
    ])
    expect(server.requests.map(({ path }) => path)).toEqual(['/api/v1/pods', '/api/v1/pods'])
  })

  test.each([
    [0, '300'],
    [0.999_999, '599'],
  ])('asks for a watch of 5 to 10 minutes (random %d)', async (random, seconds) => {
    const rig = await createRig({ start: false })
    vi.mocked(Math.random).mockReturnValue(random)
    rig.informer.start()
    await rig.following()
    expect(rig.server.requests.at(-1)?.query['timeoutSeconds']).toBe(seconds)
  })

  test('sends its selectors with every request, to the path of its namespace', async () => {
    const rig = await createRig({
      namespaces: ['web'],
      labelSelector: { matchLabels: { app: 'x' }, matchExpressions: [{ key: 'old', operator: 'DoesNotExist' }] },
      fieldSelector: 'status.phase=Running',
    })
    await rig.following()
    const selectors = 'labelSelector=app=x,!old fieldSelector=status.phase=Running'
    expect(rig.requests).toEqual([`LIST web ${selectors}`, `WATCH web rv=1 ${selectors}`])
  })

  test('asks for metadata alone where that is followed', async () => {
    const rig = await createRig({ objects: webPods('a'), resource: metadataOnly(pods) })
    await rig.following()
    label(rig.server, 'web/a', '1')
    await rig.until(() => rig.informer.store.resourceVersion === '3')
    const object = rig.informer.store.get('web/a')
    expect(Object.keys(object ?? {}).toSorted()).toEqual(['apiVersion', 'kind', 'metadata'])
    expect(object).toMatchObject({ kind: 'PartialObjectMetadata', metadata: { labels: { app: '1' } } })
    expect(rig.requests).toEqual(['LIST', 'WATCH rv=2'])
  })

  test('says what it is doing, in words', async () => {
    const rig = await createRig({ objects: webPods('a'), encoding: 'json', start: false })
    const phases: string[] = []
    rig.informer.onStatus(({ phase, synced, items }) => phases.push(`${phase} ${synced} ${items}`))
    expect(rig.status).toMatchObject({ phase: 'idle', reason: 'not started', synced: false, strategy: undefined })
    rig.informer.start()
    expect(rig.status).toMatchObject({ phase: 'listing', reason: 'first list', strategy: 'stream', synced: false })
    await rig.following()
    expect(rig.status).toMatchObject({
      phase: 'watching',
      reason: 'watching from 2',
      encoding: 'json',
      resourceVersion: '2',
      items: 1,
      attempts: 0,
      lastError: undefined,
      lastContactAt: rig.clock.now(),
      quarantined: [],
      scopes: [{ namespace: undefined, phase: 'watching', resourceVersion: '2' }],
    })
    expect(rig.status.bytes).toBeGreaterThan(100)
    await rig.informer.stop()
    expect(rig.status).toMatchObject({ phase: 'stopped', reason: 'stopped' })
    expect([...new Set(phases)]).toEqual([
      'listing false 0',
      'listing false 1',
      'listing true 1',
      'watching true 1',
      'stopped true 1',
    ])
  })
})

describe('an informer that watches', () => {
  test('applies what it hears, in order', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const seen = rig.record()
    rig.server.create(pods, webPod('b'))
    label(rig.server, 'web/a', '1')
    rig.server.delete(pods, 'web/b')
    await rig.until(() => seen.length === 4)
    expect(seen).toEqual(['added web/a (initial)', 'added web/b', 'updated web/a', 'deleted web/b'])
    expect(rig.informer.store.get('web/a')?.metadata.labels).toEqual({ app: '1' })
    expect(rig.informer.store.resourceVersion).toBe('5')
    expect(rig.requests).toEqual([])
  })

  test('goes on from the last event when the server ends the watch, without a list', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    label(rig.server, 'web/a', '1')
    await rig.until(() => rig.informer.store.resourceVersion === '3')
    await rig.clock.advance(60_000)
    rig.server.faults.dropWatches()
    await rig.requested(1)
    expect(rig.requests).toEqual(['WATCH rv=3'])
    expect([rig.errors, rig.waits]).toEqual([[], []])
  })

  test('goes on from the last bookmark, when that is newer', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    rig.server.create(nodes, { metadata: { name: 'n' } })
    rig.server.create(nodes, { metadata: { name: 'm' } })
    await rig.clock.advance(60_000)
    await rig.until(() => rig.informer.store.resourceVersion === '4')
    expect(rig.status.lastContactAt).toBe(rig.clock.now())
    await rig.clock.advance(390_000) // its own end: 450 s
    await rig.requested(1)
    expect(rig.requests).toEqual(['WATCH rv=4'])
    expect(rig.errors).toEqual([])
  })

  test('misses nothing that happens while its connection is cut', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    await rig.clock.advance(2000)
    rig.server.faults.rejectConnections()
    rig.server.faults.dropWatches({ reset: true })
    await rig.until(() => rig.codes.length === 2)
    label(rig.server, 'web/a', '1')
    rig.server.create(pods, webPod('b'))
    await rig.passWait()
    await rig.until(() => rig.keys.length === 2)
    expect(rig.requests).toEqual(['PROBE rv=2', 'PROBE rv=2', 'WATCH rv=2'])
    expect(rig.codes).toEqual(['ERR_CONNECTION_LOST', 'ERR_CONNECTION_LOST'])
    expect(rig.waits).toEqual([400])
    expect(rig.informer.store.get('web/a')?.metadata.labels).toEqual({ app: '1' })
  })

  test('waits before the next one when a watch lasted less than a second, whatever it brought', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    for (const app of ['1', '2', '3', '4', '5']) {
      label(rig.server, 'web/a', app)
      await rig.until(() => rig.informer.store.get('web/a')?.metadata.labels?.['app'] === app)
      rig.server.faults.dropWatches()
      await rig.passWait()
      await rig.following()
    }
    expect(rig.waits).toEqual([400, 800, 1600, 3200, 6400])
    expect(rig.requests).toEqual(['WATCH rv=3', 'WATCH rv=4', 'WATCH rv=5', 'WATCH rv=6', 'WATCH rv=7'])
  })

  test('takes bookmarks for versions only, never for objects', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const seen = rig.record()
    await rig.clock.advance(180_000)
    expect(seen).toEqual(['added web/a (initial)'])
    expect(rig.keys).toEqual(['web/a'])
  })
})

describe('a connection that says nothing any more', () => {
  test('is given up half a minute after the watch should have ended', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    rig.server.faults.stallWatches()
    rig.server.faults.clear()
    label(rig.server, 'web/a', '1')
    await rig.clock.advance(479_999)
    expect(rig.requests).toEqual([])
    await rig.clock.advance(1)
    await rig.until(() => rig.informer.store.resourceVersion === '3')
    expect(rig.requests).toEqual(['PROBE rv=2', 'WATCH rv=2'])
    expect(rig.errors.map(String)).toEqual(['KubeflumeError: a WATCH got nothing for 480 s'])
    expect(rig.codes).toEqual(['ERR_SERVER_SILENT'])
  })

  test('is given up after a minute and a half when it is a list, before its first item and after', async () => {
    const rig = await createRig({
      objects: webPods('a', 'b'),
      before: ({ faults }) => {
        faults.stallList()
        faults.stallList({ afterItems: 1 })
      },
    })
    await rig.requested(1)
    await rig.clock.advance(89_999)
    expect([rig.requests.length, rig.status.phase]).toEqual([1, 'listing'])
    await rig.clock.advance(1)
    await rig.passWait()
    await rig.until(() => rig.status.bytes > 0)
    await rig.clock.advance(90_000)
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual(['LIST', 'LIST', 'WATCH-LIST'])
    expect(rig.codes).toEqual(['ERR_SERVER_SILENT', 'ERR_SERVER_SILENT'])
    expect(rig.keys).toEqual(['web/a', 'web/b'])
  })
})

describe('a connection that is slow', () => {
  test('is not given up while something comes, however long the list takes', async () => {
    const answers: ServerResponse[] = []
    const server = createServer((_request, response) => void answers.push(response))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void (server.closeAllConnections(), server.close()))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const rig = await createRig({ kubeConfig: kubeConfigOf({ url }) })
    await rig.until(() => answers.length === 1, 'a request')
    const list = answers[0]!.writeHead(200, { 'content-type': 'application/json' })
    const metadata = { name: 'a', namespace: 'web', uid: 'A', resourceVersion: '1' }
    const body = JSON.stringify({
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: { resourceVersion: '2' },
      items: [{ metadata }],
    })
    for (let at = 0; at < body.length; at += 20) {
      const before = rig.status.bytes
      list.write(body.slice(at, at + 20))
      await rig.until(() => rig.status.bytes > before, 'the next piece')
      await rig.clock.advance(89_000)
    }
    list.end()
    await rig.until(() => rig.status.synced, 'synced')
    expect([rig.errors, rig.keys, answers.length]).toEqual([[], ['web/a'], 2])
  })
})

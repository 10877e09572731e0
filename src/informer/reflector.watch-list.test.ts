import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { AnswerFault } from '../testing/faults/fault-plan.ts'
import { createRig, followingRig, kubeConfigOf, label, pods, webPod, webPods } from './informer.test-support.ts'

const MINUTE = 60_000

/** A watch that says what the test says, and ends, where the server would have answered. */
function events(...list: readonly object[]): AnswerFault {
  return { verb: 'watch', status: 200, body: list.map((one) => JSON.stringify(one)).join('\n') }
}

function event(type: string, name: string, resourceVersion: string, labels: object = {}): object {
  const metadata = { name, namespace: 'web', uid: `uid-of-${name}`, resourceVersion, labels }
  return { type, object: { kind: 'Pod', apiVersion: 'v1', metadata } }
}

function bookmark(resourceVersion: string, mark?: string): object {
  const annotations = mark === undefined ? {} : { 'k8s.io/initial-events-end': mark }
  return { type: 'BOOKMARK', object: { kind: 'Pod', apiVersion: 'v1', metadata: { resourceVersion, annotations } } }
}

describe('a list as the beginning of a watch', () => {
  test('is in the store at its end bookmark, and goes on as the watch', async () => {
    const rig = await createRig({ objects: webPods('a', 'b'), sync: 'watch-list' })
    const seen = rig.record()
    await rig.following()
    expect(rig.status).toMatchObject({ synced: true, strategy: 'watch-list', items: 2, resourceVersion: '3' })
    label(rig.server, 'web/a', '1')
    await rig.until(() => seen.length === 3)
    expect(seen).toEqual(['added web/a (initial)', 'added web/b (initial)', 'updated web/a'])
    expect(rig.requests).toEqual(['WATCH-LIST'])
    expect(rig.server.requests[0]?.query).toEqual({
      pretty: 'false',
      watch: 'true',
      sendInitialEvents: 'true',
      resourceVersionMatch: 'NotOlderThan',
      allowWatchBookmarks: 'true',
      timeoutSeconds: '450',
    })
  })

  test('is followed by ordinary watches, and made again after a 410', async () => {
    const rig = await followingRig({ objects: webPods('a'), sync: 'watch-list' })
    label(rig.server, 'web/a', '1')
    await rig.until(() => rig.informer.store.resourceVersion === '3')
    await rig.clock.advance(2000)
    rig.server.faults.dropWatches()
    await rig.requested(1)
    await rig.following()
    await rig.clock.advance(2000)
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.requested(2)
    await rig.following()
    expect(rig.requests).toEqual(['WATCH rv=3', 'WATCH-LIST rv=3'])
  })

  test('may be of any age at first, where that is asked for', async () => {
    const rig = await createRig({ objects: webPods('a'), sync: 'watch-list', freshness: 'any' })
    await rig.following()
    expect(rig.requests).toEqual(['WATCH-LIST rv=0'])
  })

  test('takes what is changed and deleted before its end, and tells only what was left', async () => {
    const rig = await createRig({
      sync: 'watch-list',
      start: false,
      before: ({ faults }) =>
        faults.answer(
          events(
            event('ADDED', 'a', '2'),
            event('ADDED', 'b', '3'),
            event('MODIFIED', 'a', '4', { app: 'new' }),
            event('DELETED', 'b', '5'),
            event('MODIFIED', 'c', '6'),
            bookmark('7', 'false'),
            bookmark('7', 'true'),
            event('MODIFIED', 'c', '8', { app: 'live' }),
          ),
        ),
    })
    const seen = rig.record()
    rig.informer.start()
    await rig.until(() => seen.length === 3)
    expect(seen).toEqual(['added web/a (initial)', 'added web/c (initial)', 'updated web/c'])
    expect(rig.informer.store.get('web/a')?.metadata.labels).toEqual({ app: 'new' })
    expect([rig.requests, rig.errors]).toEqual([['WATCH-LIST'], []])
    await rig.passWait()
    expect(rig.requests).toEqual(['WATCH-LIST', 'WATCH rv=8'])
  })

  test('of nothing is an empty store', async () => {
    const rig = await createRig({ sync: 'watch-list' })
    await rig.following()
    expect([rig.keys, rig.status.synced, rig.requests]).toEqual([[], true, ['WATCH-LIST']])
  })

  test('that ends before its bookmark has changed nothing, and begins anew', async () => {
    const rig = await createRig({
      objects: webPods('a'),
      sync: 'watch-list',
      before: ({ faults }) => faults.answer(events(event('ADDED', 'gone', '2'))),
    })
    await rig.until(() => rig.waits.length === 1)
    expect([rig.keys, rig.status.synced, rig.codes]).toEqual([[], false, ['ERR_CONNECTION_LOST']])
    await rig.passWait()
    await rig.following()
    expect([rig.keys, rig.requests]).toEqual([['web/a'], ['WATCH-LIST', 'WATCH-LIST']])
  })

  test('that forgot its version before its bookmark has changed nothing, and begins anew', async () => {
    const status = { kind: 'Status', status: 'Failure', code: 410, reason: 'Expired' }
    const rig = await createRig({
      objects: webPods('a'),
      sync: 'watch-list',
      before: ({ faults }) => faults.answer(events(event('ADDED', 'gone', '2'), { type: 'ERROR', object: status })),
    })
    await rig.passWait()
    await rig.following()
    expect([rig.keys, rig.requests]).toEqual([['web/a'], ['WATCH-LIST', 'WATCH-LIST']])
    expect(rig.codes).toEqual(['ERR_RESOURCE_EXPIRED'])
  })

  test('whose bookmark has no version is asked for again', async () => {
    const rig = await createRig({
      sync: 'watch-list',
      before: ({ faults }) => faults.answer(events(bookmark('', 'true'))),
    })
    await rig.passWait()
    await rig.following()
    expect([rig.codes, rig.requests]).toEqual([['ERR_NO_RESOURCE_VERSION'], ['WATCH-LIST', 'WATCH-LIST']])
  })
})

describe('a server that refuses a watch-list', () => {
  const disabled = { kind: 'Status', status: 'Failure', code: 500, message: 'feature RequestWatchProgress is disabled' }

  test.each<[string, AnswerFault]>([
    ['by 422', { verb: 'watch', status: 422 }],
    ['because its etcd is too old', events({ type: 'ERROR', object: disabled })],
  ])('%s is listed at once, and not asked again for half an hour', async (_how, fault) => {
    const rig = await createRig({
      objects: webPods('a'),
      sync: 'watch-list',
      before: ({ faults }) => faults.answer(fault),
    })
    await rig.following()
    expect([rig.requests, rig.waits]).toEqual([['WATCH-LIST', 'LIST', 'WATCH rv=2'], []])
    expect(rig.status).toMatchObject({ synced: true, strategy: 'stream' })
    rig.mark()
    for (const minutes of [29, 2]) {
      await rig.clock.advance(minutes * MINUTE)
      await rig.following()
      const count = rig.requests.length
      rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
      await rig.requested(count + 1)
      await rig.until(() => rig.status.phase !== 'backoff')
      await rig.clock.advance(400)
      await rig.following()
    }
    const lists = rig.requests.filter((request) => request.includes('LIST'))
    expect(lists).toEqual(['LIST rv=2 NotOlderThan', 'WATCH-LIST rv=2'])
  })

  test('does not turn away who waits for the sync: a list is on its way', async () => {
    const rig = await createRig({ objects: webPods('a'), sync: 'watch-list', release: '1.33', start: false })
    const synced = rig.informer.synced()
    rig.informer.start()
    await expect(synced).resolves.toBeUndefined()
    expect(rig.requests.slice(0, 2)).toEqual(['WATCH-LIST', 'LIST'])
  })

  test('is remembered over a stop, by the same informer', async () => {
    const rig = await createRig({ objects: webPods('a'), sync: 'watch-list', release: '1.33' })
    await rig.following()
    await rig.informer.stop()
    rig.mark()
    rig.informer.start()
    await rig.following()
    expect(rig.requests).toEqual(['LIST', 'WATCH rv=2'])
  })

  test.each([
    [429, 5, 5500],
    [503, undefined, 400],
    [504, undefined, 400],
  ])('does not mean it with %d: the same is asked again', async (status, retryAfter, wait) => {
    const rig = await createRig({
      objects: webPods('a'),
      sync: 'watch-list',
      before: ({ faults }) => faults.answer({ verb: 'watch', status, retryAfter, times: 2 }),
    })
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual(['WATCH-LIST', 'WATCH-LIST', 'WATCH-LIST'])
    expect(rig.waits[0]).toBe(wait)
  })
})

describe('a watch-list whose end never comes', () => {
  test('is given up 15 s after its last item, for a list; the second time for half an hour', async () => {
    const rig = await createRig({
      objects: webPods('a'),
      sync: 'watch-list',
      before: ({ faults }) => faults.stallWatches({ times: 1 }),
    })
    await rig.requested(1)
    await rig.clock.advance(0)
    await rig.clock.advance(14_999)
    expect(rig.requests).toEqual(['WATCH-LIST'])
    await rig.clock.advance(1)
    await rig.following()
    expect(rig.requests).toEqual(['WATCH-LIST', 'LIST', 'WATCH rv=2'])
    expect(rig.codes).toEqual(['ERR_SERVER_SILENT'])
    rig.mark()
    for (const expected of ['WATCH-LIST rv=2', 'LIST rv=2 NotOlderThan']) {
      await rig.clock.advance(2000)
      const count = rig.requests.length
      rig.server.faults.stallWatches({ times: expected.startsWith('WATCH') ? 1 : 0 })
      rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
      await rig.requested(count + 1)
      await rig.clock.advance(0)
      await rig.clock.advance(15_000)
      await rig.following()
      expect(rig.requests[count]).toBe(expected)
    }
    expect(rig.requests).toEqual([
      'WATCH-LIST rv=2',
      'LIST rv=2 NotOlderThan',
      'WATCH rv=2',
      'LIST rv=2 NotOlderThan',
      'WATCH rv=2',
    ])
  })

  test('is another one than that of a dead connection, which is asked again', async () => {
    const asked: string[] = []
    const server = createServer(({ url }) => void asked.push(url!))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    onTestFinished(() => void (server.closeAllConnections(), server.close()))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const rig = await createRig({ kubeConfig: kubeConfigOf({ url }), sync: 'watch-list' })
    for (const count of [1, 2, 3]) {
      await rig.until(() => asked.length === count, `${count} requests`)
      await rig.clock.advance(60_000)
      await rig.until(() => rig.waits.length === count, 'a wait')
      await rig.clock.advance(rig.waits.at(-1)!)
    }
    await rig.until(() => asked.length === 4, '4 requests')
    expect(asked.filter((path) => path.includes('sendInitialEvents=true'))).toHaveLength(4)
    expect(rig.codes).toEqual(Array.from({ length: 3 }, () => 'ERR_CONNECTION_LOST'))
  })

  test('is not kept up by changes: only items count', async () => {
    const rig = await createRig({
      sync: 'watch-list',
      start: false,
      before: ({ faults }) => faults.stallWatches({ times: 1 }),
    })
    rig.informer.start()
    await rig.requested(1)
    rig.server.faults.clear()
    rig.server.create(pods, webPod('a'))
    await rig.clock.advance(10_000)
    rig.server.create(pods, webPod('b'))
    await rig.clock.advance(5000)
    await rig.following()
    expect(rig.requests).toEqual(['WATCH-LIST', 'LIST', 'WATCH rv=3'])
  })
})

describe('a list that was cut twice', () => {
  test('is made as a watch-list, which has no limit of a minute', async () => {
    const rig = await createRig({
      objects: webPods('a', 'b', 'c'),
      before: ({ faults }) => faults.cutList({ afterItems: 1, times: 2 }),
    })
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect([rig.requests, rig.keys.length]).toEqual([['LIST', 'LIST', 'WATCH-LIST'], 3])
    expect(rig.waits).toEqual([400, 800])
  })

  test('is made in pages where the server has no watch-list', async () => {
    const rig = await createRig({
      objects: webPods('a', 'b', 'c'),
      release: '1.33',
      before: ({ faults }) => faults.cutList({ afterItems: 1, times: 2 }),
    })
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual(['LIST', 'LIST', 'WATCH-LIST', 'LIST limit=500', 'WATCH rv=4'])
  })

  test('counts twice when it was cut after 45 s', async () => {
    const rig = await createRig({
      objects: webPods('a', 'b', 'c'),
      before: ({ faults }) => faults.stallList({ afterItems: 1 }),
    })
    await rig.until(() => rig.status.bytes > 0)
    await rig.clock.advance(45_000)
    rig.server.faults.restart()
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual(['LIST', 'WATCH-LIST'])
  })
})

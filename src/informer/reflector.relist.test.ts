import { describe, expect, test } from 'vitest'
import { customResource } from '../api/resource.ts'
import { createRig, followingRig, label, pods, type Rig, webPod, webPods } from './informer.test-support.ts'

/** Ends the watch and forgets what happened meanwhile, so that the next watch is refused. */
async function loseHistory(rig: Rig, meanwhile: () => void): Promise<void> {
  await rig.clock.advance(2000)
  rig.server.faults.dropWatches()
  meanwhile()
  rig.server.compact()
}

/** The server comes back with an earlier state, and accepts a watch from what is now the future. */
async function restore(rig: Rig, resourceVersion: string): Promise<void> {
  await rig.clock.advance(2000)
  rig.server.faults.restoreStorage(resourceVersion)
  await rig.requested(1)
  await rig.following()
  await rig.clock.advance(2000)
}

describe('when the server has forgotten the events since', () => {
  test('lists again, not older than what it saw, and drops what is gone', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b', 'c') })
    const seen = rig.record()
    await loseHistory(rig, () => {
      rig.server.delete(pods, 'web/a')
      label(rig.server, 'web/b', '1')
      rig.server.create(pods, webPod('d'))
    })
    await rig.requested(1)
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual(['PROBE rv=4', 'WATCH rv=4', 'LIST rv=4 NotOlderThan', 'WATCH rv=7'])
    expect(rig.server.requests.at(-2)?.servedFrom).toBe('cache')
    expect(seen.slice(3)).toEqual(['deleted web/a (unseen)', 'updated web/b', 'added web/d'])
    expect(rig.keys).toEqual(['web/b', 'web/c', 'web/d'])
    expect(rig.codes).toEqual(['ERR_RESOURCE_EXPIRED'])
  })

  test('tells nothing of objects that are as they were, and keeps them as they are', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    const seen = rig.record()
    const before = rig.informer.store.get('web/a')
    await loseHistory(rig, () => {
      rig.server.create(pods, webPod('c'))
      rig.server.delete(pods, 'web/c')
    })
    await rig.requested(1)
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toHaveLength(4)
    expect(seen).toEqual(['added web/a (initial)', 'added web/b (initial)'])
    expect(rig.informer.store.get('web/a')).toBe(before)
  })

  test('tells an object that came in place of another one as a delete and an add', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const seen = rig.record()
    const before = rig.informer.store.get('web/a')?.metadata.uid
    await loseHistory(rig, () => {
      rig.server.delete(pods, 'web/a')
      rig.server.create(pods, webPod('a'))
    })
    await rig.requested(1)
    await rig.passWait()
    await rig.following()
    expect(seen.slice(1)).toEqual(['deleted web/a (unseen)', 'added web/a'])
    expect(rig.informer.store.get('web/a')?.metadata.uid).not.toBe(before)
  })

  test('does the same for a 410 that comes as an event of a watch that was open, at once', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    label(rig.server, 'web/a', '1')
    await rig.clock.advance(2000)
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.requested(2)
    expect(rig.requests).toEqual(['LIST rv=3 NotOlderThan', 'WATCH rv=3'])
    expect(rig.waits).toEqual([])
  })

  test('does the same for a 410 that comes as an HTTP status', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    await rig.clock.advance(2000)
    rig.server.faults.answer({ verb: 'watch', status: 410 })
    rig.server.faults.dropWatches()
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual(['PROBE rv=2', 'WATCH rv=2', 'LIST rv=2 NotOlderThan', 'WATCH rv=2'])
  })

  test('does not list as fast as it can where every watch is refused', async () => {
    const rig = await createRig({
      objects: webPods('a'),
      before: ({ faults }) => faults.answer({ verb: 'watch', status: 410, times: 5 }),
    })
    for (let round = 0; round < 5; round++) await rig.passWait()
    await rig.following()
    expect(rig.waits).toEqual([400, 800, 1600, 3200, 6400])
    expect(rig.requests.filter((request) => request.startsWith('LIST'))).toHaveLength(6)
    expect(rig.requests).toHaveLength(12)
  })

  test('sees another state of a custom resource under the same version', async () => {
    const widgets = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })
    const item = (size: number, name = 'w') => ({
      apiVersion: 'example.com/v1',
      kind: 'Widget',
      metadata: { name, namespace: 'web', uid: `uid-of-${name}`, resourceVersion: '5', creationTimestamp: 'now' },
      spec: { size },
    })
    const list = (version: string, ...items: readonly object[]) => ({
      verb: 'list',
      status: 200,
      body: { apiVersion: 'example.com/v1', kind: 'WidgetList', items, metadata: { resourceVersion: version } },
    })
    const rig = await createRig({
      resource: widgets,
      crds: [widgets],
      before: ({ faults }) => {
        faults.answer(list('5', item(1), item(1, 'v')))
        faults.answer({ verb: 'watch', status: 410 })
        faults.answer(list('6', item(2), item(1, 'v')))
      },
    })
    const seen = rig.record()
    await rig.passWait()
    await rig.following()
    expect(seen).toEqual(
      ['added web/w', 'added web/v', 'updated web/w'].map((line, i) => (i < 2 ? `${line} (initial)` : line)),
    )
    expect(rig.informer.store.get('web/w')).toMatchObject({ spec: { size: 2 } })
  })
})

describe('when the watch fails in a way that may have lost events', () => {
  test('lists again after a StorageReadError', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    await rig.clock.advance(2000)
    rig.server.faults.loseEvents()
    rig.server.delete(pods, 'web/a')
    rig.server.faults.sendWatchError({ code: 500, reason: 'StorageReadError' })
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual(['LIST rv=2 NotOlderThan', 'WATCH rv=3'])
    expect([rig.codes, rig.waits, rig.keys]).toEqual([['ERR_STORAGE_READ'], [400], []])
  })

  test.each([
    ['garbage', 'not an event\n', 'ERR_DECODE_SYNTAX'],
    ['an unknown type', '{"type":"RENAMED","object":{}}\n', 'ERR_DECODE_SYNTAX'],
    ['an object without a name', '{"type":"DELETED","object":{"kind":"Pod","metadata":{}}}\n', 'ERR_DECODE_KEY'],
  ])('lists again after %s', async (_what, frame, code) => {
    const rig = await followingRig({ objects: webPods('a'), encoding: 'json' })
    rig.server.faults.sendToWatches(frame)
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual(['LIST rv=2 NotOlderThan', 'WATCH rv=2'])
    expect(rig.codes).toEqual([code])
  })

  test('watches again from the last version after half an event', async () => {
    const rig = await followingRig({ objects: webPods('a'), encoding: 'json' })
    await rig.clock.advance(2000)
    rig.server.faults.sendToWatches('{"type":"ADDED","obj')
    rig.server.faults.dropWatches()
    await rig.requested(2)
    expect(rig.requests).toEqual(['PROBE rv=2', 'WATCH rv=2'])
    expect(rig.codes).toEqual(['ERR_DECODE_TRUNCATED'])
  })

  test('watches three times more after InternalError, then lists', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    for (let round = 0; round < 4; round++) {
      rig.server.faults.sendWatchError({ code: 500, reason: 'InternalError' })
      await rig.passWait()
      await rig.following()
    }
    expect(rig.requests).toEqual(['WATCH rv=2', 'WATCH rv=2', 'WATCH rv=2', 'LIST rv=2 NotOlderThan', 'WATCH rv=2'])
    expect(rig.waits).toEqual([400, 800, 1600, 3200])
  })

  test('counts InternalErrors in a row only', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    for (let round = 1; round <= 6; round++) {
      label(rig.server, 'web/a', `${round}`)
      await rig.until(() => rig.informer.store.resourceVersion === `${2 + round}`)
      rig.server.faults.sendWatchError({ code: 500, reason: 'InternalError' })
      await rig.passWait()
      await rig.following()
    }
    expect(rig.requests).toEqual([3, 4, 5, 6, 7, 8].map((version) => `WATCH rv=${version}`))
  })

  test('lists again after three watches that were closed at once without a word', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    await rig.clock.advance(2000)
    rig.server.faults.closeWatchesAtOnce({ times: 3 })
    rig.server.faults.dropWatches()
    await rig.passWait()
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual([
      'PROBE rv=2',
      'WATCH rv=2',
      'WATCH rv=2',
      'WATCH rv=2',
      'LIST rv=2 NotOlderThan',
      'WATCH rv=2',
    ])
    expect(rig.waits).toEqual([400, 800, 1600])
    expect(rig.errors).toEqual([])
    expect(rig.status.reason).toBe('watching from 2')
  })
})

describe('when the server is behind what was seen', () => {
  test('waits once as it is told, then asks for the newest state, and takes it', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    const seen = rig.record()
    label(rig.server, 'web/a', '1')
    rig.server.delete(pods, 'web/b')
    await rig.until(() => rig.informer.store.resourceVersion === '5')
    await restore(rig, '3')
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual([
      'WATCH rv=5',
      'LIST rv=5 NotOlderThan',
      'LIST rv=5 NotOlderThan',
      'LIST',
      'WATCH rv=3',
    ])
    expect(rig.waits).toEqual([1100, 400])
    expect(rig.codes.slice(2)).toEqual(['ERR_RESOURCE_VERSION_TOO_LARGE', 'ERR_RESOURCE_VERSION_TOO_LARGE'])
    expect(seen.slice(2)).toEqual(['updated web/a', 'deleted web/b', 'updated web/a', 'added web/b'])
    expect(rig.informer.store.get('web/a')?.metadata.labels).toBeUndefined()
  })

  test('takes no version for the same state then: it may have been given out twice', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    label(rig.server, 'web/a', 'first life')
    await rig.until(() => rig.informer.store.resourceVersion === '3')
    await restore(rig, '2')
    rig.server.faults.answer({
      verb: 'list',
      status: 504,
      times: 2,
      reason: 'Timeout',
      causes: [{ reason: 'ResourceVersionTooLarge' }],
    })
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    label(rig.server, 'web/a', 'second life')
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.server.get(pods, 'web/a')?.metadata.resourceVersion).toBe('3')
    expect(rig.informer.store.get('web/a')?.metadata.labels).toEqual({ app: 'second life' })
  })

  test('asks for the newest state with `freshness: any` too, not for any', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b'), freshness: 'any' })
    label(rig.server, 'web/a', '1')
    await rig.until(() => rig.informer.store.resourceVersion === '4')
    await restore(rig, '2')
    rig.server.faults.sendWatchError({
      code: 504,
      reason: 'Timeout',
      causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }],
      retryAfterSeconds: 1,
    })
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual(['WATCH rv=4', 'LIST rv=4 NotOlderThan', 'LIST', 'WATCH rv=2'])
    expect(rig.keys).toEqual(['web/a'])
  })

  test('takes a list that is older than it asked for as behind, whatever the server calls it', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    const old = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '2' }, items: [] }
    await rig.clock.advance(2000)
    rig.server.faults.answer({ verb: 'list', status: 200, body: old })
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual(['LIST rv=3 NotOlderThan', 'LIST rv=3 NotOlderThan', 'WATCH rv=3'])
    expect(rig.errors.map(String)).toContain('KubeflumeError: the list is of 2, older than 3')
    expect([rig.waits, rig.keys]).toEqual([[1000], ['web/a', 'web/b']])
  })
})

describe('when the resource vanishes and returns', () => {
  test('keeps what it has, lists when it is there again, and tells what went', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    const seen = rig.record()
    await rig.clock.advance(2000)
    rig.server.faults.answer({ status: 404, times: 4 })
    rig.server.faults.dropWatches()
    await rig.passWait()
    await rig.passWait()
    expect([rig.keys, rig.status.synced]).toEqual([['web/a', 'web/b'], true])
    rig.server.delete(pods, 'web/a')
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual([
      'PROBE rv=3',
      'WATCH rv=3',
      'LIST rv=3 NotOlderThan',
      'LIST rv=3 NotOlderThan',
      'LIST rv=3 NotOlderThan',
      'WATCH rv=4',
    ])
    expect(rig.waits).toEqual([400, 800, 1600, 3200])
    expect(seen.slice(2)).toEqual(['deleted web/a (unseen)'])
  })
})

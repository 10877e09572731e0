import { describe, expect, test } from 'vitest'
import { resources } from '../api/generated/index.ts'
import { createRig, followingRig, label, nodes, pods, type Rig, webPod, webPods } from './informer.test-support.ts'

/** One page of a list, with a version and a token of the test's choice. */
function page(resourceVersion: string, token: string | undefined, ...items: readonly object[]) {
  const metadata = { resourceVersion, ...(token === undefined ? {} : { continue: token }) }
  return { verb: 'list', status: 200, body: { kind: 'PodList', apiVersion: 'v1', metadata, items } }
}

/** A list's next page and its watch are asked for side by side: either may come first. */
function sorted(rig: Rig): string[] {
  return rig.requests.toSorted()
}

function item(name: string, resourceVersion = '5'): object {
  return { metadata: { name, namespace: 'web', uid: `uid-of-${name}`, resourceVersion } }
}

describe('a list in pages', () => {
  test('is asked for by `sync: paged`, and followed to its last page before anything is seen', async () => {
    const names = Array.from({ length: 1100 }, (_, index) => `p${String(index).padStart(4, '0')}`)
    const rig = await createRig({ objects: webPods(...names), sync: 'paged' })
    const counts: number[] = []
    rig.informer.onStatus(({ synced, items }) => counts.push(synced ? -items : items))
    await rig.following()
    expect(sorted(rig)).toEqual([
      'LIST limit=500',
      'LIST limit=500 continue',
      'LIST limit=500 continue',
      'WATCH rv=1101',
    ])
    const pages = rig.server.requests.filter(({ query }) => query['continue'] !== undefined)
    expect(pages.map(({ query }) => Object.keys(query).sort())).toEqual([
      ['continue', 'limit', 'pretty'],
      ['continue', 'limit', 'pretty'],
    ])
    expect(rig.status).toMatchObject({ strategy: 'paged', items: 1100, synced: true })
    expect(rig.informer.store.size).toBe(1100)
  })

  test('is of one moment: what changes meanwhile comes by the watch', async () => {
    const names = Array.from({ length: 501 }, (_, index) => `p${String(index).padStart(4, '0')}`)
    const rig = await createRig({ objects: webPods(...names), sync: 'paged', start: false })
    const seen = rig.record()
    rig.informer.start()
    await rig.requested(1)
    rig.server.delete(pods, 'web/p0500')
    label(rig.server, 'web/p0000', '1')
    await rig.until(() => rig.informer.store.resourceVersion === '504')
    expect(sorted(rig)).toEqual(['LIST limit=500', 'LIST limit=500 continue', 'WATCH rv=502'])
    await rig.until(() => seen.length === 503)
    expect(seen.slice(500)).toEqual(['added web/p0500 (initial)', 'deleted web/p0500', 'updated web/p0000'])
  })

  test('is how events are listed, unless told otherwise', async () => {
    const { events: coreEvents } = resources.core.v1
    const rigs = [await createRig({ resource: coreEvents }), await createRig({ resource: resources.events.v1.events })]
    for (const paged of rigs) {
      await paged.until(() => paged.status.phase === 'watching')
      expect(paged.requests).toEqual(['LIST limit=500', 'WATCH rv=1'])
    }
    const rig = await createRig({ resource: coreEvents, sync: 'stream' })
    await rig.following()
    expect(rig.requests).toEqual(['LIST', 'WATCH rv=1'])
  })

  test('is paged when it is made again, too', async () => {
    const rig = await followingRig({ objects: webPods('a'), sync: 'paged' })
    await rig.clock.advance(2000)
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.requested(2)
    expect(rig.requests).toEqual(['LIST rv=2 NotOlderThan limit=500', 'WATCH rv=2'])
  })

  test('is followed when the server pages by itself, without a limit of ours', async () => {
    const rig = await createRig({
      before: ({ faults }) => {
        faults.answer(page('9', 'one', item('a')))
        faults.answer(page('9', 'two', item('b')))
        faults.answer(page('9', undefined, item('c')))
      },
    })
    await rig.following()
    expect(sorted(rig)).toEqual(['LIST', 'LIST continue', 'LIST continue', 'WATCH rv=9'])
    const tokens = rig.server.requests.map(({ query }) => query['continue'])
    expect(tokens.filter((token) => token !== undefined)).toEqual(['one', 'two'])
    expect(rig.keys).toEqual(['web/a', 'web/b', 'web/c'])
  })

  test('sends the version with the first page only', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    await rig.clock.advance(2000)
    rig.server.faults.answer(page('9', 'one', item('a')))
    rig.server.faults.answer(page('9', undefined, item('b')))
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.requested(3)
    expect(sorted(rig)).toEqual(['LIST continue', 'LIST rv=2 NotOlderThan', 'WATCH rv=9'])
  })

  test('begins anew when the server repeats a token, and changes nothing until then', async () => {
    const rig = await createRig({
      before: ({ faults }) => {
        faults.answer(page('9', 'one', item('a')))
        faults.answer(page('9', 'two', item('b')))
        faults.answer(page('9', 'one', item('c')))
      },
    })
    await rig.until(() => rig.waits.length === 1)
    expect([rig.keys, rig.status.synced]).toEqual([[], false])
    await rig.passWait()
    await rig.following()
    expect(sorted(rig)).toEqual(['LIST', 'LIST', 'LIST continue', 'LIST continue', 'WATCH rv=1', 'WATCH rv=9'])
    expect(rig.errors.map(String)).toEqual([
      'KubeflumeError: the pages are not of one list: a continue token that was used before',
    ])
    expect([rig.codes, rig.keys]).toEqual([['ERR_CONTINUE_TOKEN'], []])
  })

  test('begins anew when a page is of another version', async () => {
    const rig = await createRig({
      before: ({ faults }) => {
        faults.answer(page('9', 'one', item('a')))
        faults.answer(page('10', undefined, item('b')))
      },
    })
    await rig.passWait()
    await rig.following()
    expect(sorted(rig)).toEqual(['LIST', 'LIST', 'LIST continue', 'WATCH rv=1', 'WATCH rv=9'])
    expect(rig.errors.map(String)).toEqual(['KubeflumeError: the pages are not of one list: version 10 after 9'])
  })

  test('begins anew when a page has expired, not older than that list or what was seen before', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    await rig.clock.advance(2000)
    rig.server.create(nodes, { metadata: { name: 'n' } })
    rig.server.faults.answer(page('4', 'one', item('a')))
    rig.server.faults.answer({ verb: 'list', status: 410 })
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.passWait()
    await rig.following()
    expect(sorted(rig)).toEqual([
      'LIST continue',
      'LIST rv=3 NotOlderThan',
      'LIST rv=4 NotOlderThan',
      'WATCH rv=4',
      'WATCH rv=4',
    ])
    expect(rig.keys).toEqual(['web/a', 'web/b'])
  })
})

describe('a first list with `freshness: any`', () => {
  test('takes what the cache has, and is exact after that', async () => {
    const rig = await followingRig({ objects: webPods('a'), freshness: 'any' })
    expect(
      rig.server.requests.map(({ verb, query }) => `${verb} ${query['resourceVersion']} ${query['limit']}`),
    ).toEqual(['list 0 500', 'watch 2 undefined'])
    await rig.clock.advance(2000)
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.requested(2)
    expect(rig.requests).toEqual(['LIST rv=2 NotOlderThan', 'WATCH rv=2'])
  })
})

describe('a list that takes longer than the server remembers events', () => {
  test('still reaches its watch, which was opened with its first page: of each object the last event is kept', async () => {
    const rig = await createRig({ objects: webPods('a'), start: false })
    const seen = rig.record()
    const { faults } = rig.server
    const first = rig.server.get(pods, 'web/a')!
    faults.answer(page('2', 'one', first))
    faults.answer({ verb: 'list', status: 429, retryAfter: 3 })
    faults.answer(page('2', undefined, item('z', '2')))
    rig.informer.start()
    await rig.until(() => rig.waits.length === 1)
    label(rig.server, 'web/a', '1')
    label(rig.server, 'web/a', '2')
    rig.server.create(pods, webPod('new'))
    await rig.passWait()
    await rig.until(() => seen.length === 4)
    expect(seen).toEqual(['added web/a (initial)', 'added web/z (initial)', 'updated web/a', 'added web/new'])
    expect(rig.informer.store.get('web/a')?.metadata.labels).toMatchObject({ app: '2' })
    expect(sorted(rig)).toEqual(['LIST', 'LIST continue', 'LIST continue', 'WATCH rv=2'])
    expect([rig.codes, rig.waits]).toEqual([['ERR_TOO_MANY_REQUESTS'], [3300]])
  })

  test('is made as a watch-list when its pages have expired twice', async () => {
    const rig = await createRig({
      objects: webPods('a'),
      sync: 'paged',
      before: ({ faults }) => {
        for (let round = 0; round < 2; round++) {
          faults.answer(page('2', 'one', item('gone')))
          faults.answer({ verb: 'list', status: 410 })
        }
      },
    })
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(sorted(rig)).toEqual([
      'LIST limit=500',
      'LIST limit=500 continue',
      'LIST limit=500 continue',
      'LIST rv=2 NotOlderThan limit=500',
      'WATCH rv=2',
      'WATCH rv=2',
      'WATCH-LIST rv=2',
    ])
    expect([rig.keys, rig.waits]).toEqual([['web/a'], [400, 800]])
  })

  test('goes on from where its watch came to, when that ended first', async () => {
    const rig = await createRig({
      objects: webPods('a'),
      before: ({ faults }) => {
        faults.answer(page('2', 'one', item('a', '2')))
        faults.answer({ verb: 'list', status: 429, retryAfter: 3 })
        faults.answer(page('2', undefined, item('z', '2')))
      },
    })
    await rig.until(() => rig.waits.length === 1)
    rig.server.create(pods, webPod('b'))
    await rig.clock.advance(0)
    rig.server.faults.dropWatches()
    await rig.passWait()
    await rig.requested(5)
    await rig.following()
    expect(sorted(rig)).toEqual(['LIST', 'LIST continue', 'LIST continue', 'WATCH rv=2', 'WATCH rv=3'])
    expect(rig.keys).toEqual(['web/a', 'web/b', 'web/z'])
  })
})

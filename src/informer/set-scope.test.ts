import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { Pod } from '../api/generated/index.ts'
import { createRig, followingRig, label, pods, type Rig, webPod } from './informer.test-support.ts'

const objects = [
  webPod('a', { labels: { app: 'x' } }),
  webPod('b', { labels: { app: 'y' } }),
  webPod('c', { namespace: 'db', labels: { app: 'x' } }),
  webPod('d', { namespace: 'other', labels: { app: 'x' } }),
]

async function scopedRig(options: Parameters<typeof createRig<Pod>>[0] = {}): Promise<{ rig: Rig; seen: string[] }> {
  const rig = await followingRig({ objects, ...options })
  await allWatch(rig)
  const seen = rig.record()
  await rig.clock.advance(0)
  seen.length = 0
  rig.mark()
  return { rig, seen }
}

async function allWatch(rig: Rig): Promise<void> {
  await rig.until(() => rig.status.scopes.every(({ phase }) => phase === 'watching'), 'all scopes watching')
}

/**
 * Narrowed to `app=y`, whose list was refused: it waits for the next one, and the old watch goes on. Each look at the
 * clock takes 4 ms, so that what is to be told is told in many slices.
 */
async function narrowedRig(
  many: readonly ReturnType<typeof webPod>[],
): Promise<{ rig: Rig; seen: string[]; scoped: Promise<void> }> {
  const { rig, seen } = await scopedRig({ objects: many, namespaces: ['web'] })
  await rig.clock.advance(2000)
  let now = 0
  const look = vi.spyOn(performance, 'now').mockImplementation(() => (now += 4))
  onTestFinished(() => look.mockRestore())
  rig.server.faults.answer({ verb: 'list', status: 403 })
  const scoped = rig.informer.setScope({ namespaces: ['web'], labelSelector: 'app=y' })
  await rig.until(() => rig.status.phase === 'backoff')
  return { rig, seen, scoped }
}

describe('setScope', () => {
  test('adds a namespace by one list and one watch, and leaves the others alone', async () => {
    const { rig, seen } = await scopedRig({ namespaces: ['web'] })
    await rig.informer.setScope({ namespaces: ['web', 'db'] })
    expect(rig.keys).toEqual(['db/c', 'web/a', 'web/b'])
    await allWatch(rig)
    await rig.requested(2)
    expect(rig.requests).toEqual(['LIST db', 'WATCH db rv=5'])
    expect(seen).toEqual(['added db/c (initial)'])
    label(rig.server, 'db/c', 'new')
    await rig.informer.caughtUp(rig.server.get(pods, 'db/c')!)
    expect(rig.informer.store.get('db/c')?.metadata.labels?.['app']).toBe('new')
  })

  test('removes a namespace: its objects leave the store, its watch ends, nothing is asked', async () => {
    const { rig, seen } = await scopedRig({ namespaces: ['web', 'db'] })
    await rig.informer.setScope({ namespaces: ['db'] })
    expect([rig.keys, rig.requests]).toEqual([['db/c'], []])
    await rig.until(() => seen.length === 2)
    expect(seen).toEqual(['deleted web/a', 'deleted web/b'])
    label(rig.server, 'web/a', 'nobody follows it')
    label(rig.server, 'db/c', 'new')
    await rig.until(() => seen.length === 3)
    expect(seen[2]).toBe('updated db/c')
    expect(rig.timers).toBe(1) // the deadline of the one watch
  })

  test('goes to no namespace, and back', async () => {
    const { rig, seen } = await scopedRig({ namespaces: ['web'] })
    await rig.informer.setScope({ namespaces: [] })
    await rig.clock.advance(0)
    expect([rig.keys, rig.status.synced, rig.timers]).toEqual([[], true, 0])
    await rig.informer.setScope({ namespaces: ['web'] })
    expect(rig.keys).toEqual(['web/a', 'web/b'])
    await rig.until(() => seen.length === 4)
    expect(seen.slice(2)).toEqual(['added web/a (initial)', 'added web/b (initial)'])
  })

  test('replaces what the old selectors let in by one step, and tells the difference', async () => {
    const { rig, seen } = await scopedRig({ namespaces: ['web'], labelSelector: 'app=x' })
    expect(rig.keys).toEqual(['web/a'])
    const sizes = new Set<string>()
    const look = rig.informer.onStatus(() => sizes.add(rig.keys.join()))
    await rig.informer.setScope({ namespaces: ['web'], labelSelector: 'app=y' })
    look[Symbol.dispose]()
    expect([...sizes]).toEqual(['web/a', 'web/b'])
    await allWatch(rig)
    await rig.requested(2)
    expect(rig.requests).toEqual(['LIST web labelSelector=app=y', 'WATCH web rv=5 labelSelector=app=y'])
    await rig.until(() => seen.length === 2)
    expect(seen).toEqual(['deleted web/a (unseen)', 'added web/b (initial)'])
    label(rig.server, 'web/a', 'y')
    await rig.until(() => seen.length === 3)
    expect(seen[2]).toBe('added web/a')
  })

  test('serves by the old watch until the new list is there, and never goes back', async () => {
    const { rig, seen } = await scopedRig({ namespaces: ['web'] })
    rig.server.faults.answer({ verb: 'list', status: 403 })
    const scoped = rig.informer.setScope({ namespaces: ['web'], labelSelector: 'app!=none' })
    await rig.requested(1)
    await rig.until(() => rig.status.phase === 'backoff')
    expect(rig.status.synced).toBe(false)
    label(rig.server, 'web/a', 'while it waits')
    await rig.until(() => seen.length === 1, 'an event of the old watch')
    expect(seen).toEqual(['updated web/a'])
    await rig.passWait()
    await scoped
    await allWatch(rig)
    expect(rig.keys).toEqual(['web/a', 'web/b'])
    expect(seen).toEqual(['updated web/a'])
    expect(rig.requests).toEqual([
      'LIST web labelSelector=app!=none',
      'LIST web labelSelector=app!=none',
      'WATCH web rv=6 labelSelector=app!=none',
    ])
  })

  test('serves on when the old watch expires and is listed anew while the new list waits', async () => {
    const { rig, seen } = await scopedRig()
    await rig.clock.advance(2000)
    rig.server.faults.answer({ verb: 'list', status: 403 })
    const scoped = rig.informer.setScope({ namespaces: ['web'], labelSelector: 'app=x' })
    await rig.until(() => rig.status.phase === 'backoff')
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.requested(3)
    label(rig.server, 'other/d', 'still followed')
    await rig.until(() => seen.length === 1, 'an event of the old scope')
    expect([seen, rig.keys.length]).toEqual([['updated other/d'], 4])
    await rig.passWait()
    await scoped
    expect([rig.keys, rig.requests.slice(1, 3)]).toEqual([['web/a'], ['LIST rv=5 NotOlderThan', 'WATCH rv=5']])
  })

  test('holds back what comes over the old watch while the new list is under way', async () => {
    const { rig, seen } = await scopedRig({ namespaces: ['web'] })
    rig.server.faults.stallList({ afterItems: 1 })
    const scoped = rig.informer.setScope({ namespaces: ['web'], labelSelector: 'app!=none' })
    await rig.requested(1)
    label(rig.server, 'web/b', 'later than the list')
    rig.server.delete(pods, 'web/a')
    await rig.clock.advance(1000)
    expect([rig.keys, seen]).toEqual([['web/a', 'web/b'], []])
    await rig.clock.advance(89_000) // the list is given up, and what was held back is applied
    await rig.until(() => seen.length === 2)
    expect(seen).toEqual(['updated web/b', 'deleted web/a'])
    await rig.passWait()
    await scoped
    await allWatch(rig)
    expect([rig.keys, seen.length]).toEqual([['web/b'], 2])
  })

  test('waits with the new list while one of the old watch is still told in slices', async () => {
    const names = Array.from({ length: 300 }, (_, number) => `p${number}`)
    const many = names.map((name) => webPod(name, { labels: { app: 'x' } }))
    const { rig, seen, scoped } = await narrowedRig(many)
    rig.server.faults.loseEvents({ times: names.length })
    for (const name of names) label(rig.server, `web/${name}`, name === 'p0' ? 'y' : 'z')
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.until(() => seen.length > 0, 'the first slice')
    await rig.clock.advance(500) // the wait of the new list is over
    expect(rig.requests.filter((request) => request.includes('app=y'))).toHaveLength(1)
    expect(seen.length).toBeLessThan(names.length)
    expect(rig.status.reason).toBe('waits until another list of the same objects is in the store')
    await scoped
    await rig.until(() => seen.length === 2 * names.length - 1, 'all that is to be told')
    expect(seen.slice(0, names.length).every((text) => text.startsWith('updated'))).toBe(true)
    expect(seen.slice(names.length).every((text) => text.endsWith('(unseen)'))).toBe(true)
    expect(rig.keys).toEqual(['web/p0'])
  })

  test('takes nothing for gone that the old list and the new one have both seen', async () => {
    const names = Array.from({ length: 300 }, (_, number) => `p${number}`)
    const isLast = (number: number): boolean => number >= names.length - 5
    const many = names.map((name, number) => webPod(name, { labels: { app: isLast(number) ? 'y' : 'x' } }))
    const { rig, seen, scoped } = await narrowedRig(many)
    rig.server.faults.loseEvents({ times: 1 })
    rig.server.delete(pods, 'web/p0')
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.until(() => seen.length > 0, 'the first slice of the old list')
    await rig.clock.advance(500) // the wait of the new list is over
    await scoped
    await allWatch(rig)
    expect(rig.keys).toEqual(['web/p295', 'web/p296', 'web/p297', 'web/p298', 'web/p299'])
    await rig.until(() => seen.length === 295, 'all that is to be told')
    expect(seen.filter((text) => rig.keys.some((key) => text.includes(key)))).toEqual([])
    expect(rig.requests.filter((request) => request.startsWith('LIST'))).toHaveLength(3)
  })

  test('takes no version for the same state when the storage was restored before the new list', async () => {
    const { rig } = await scopedRig({ namespaces: ['web'] })
    label(rig.server, 'web/a', 'first life')
    await rig.until(() => rig.informer.store.resourceVersion === '6')
    rig.server.faults.restoreStorage('5')
    label(rig.server, 'web/a', 'second life')
    await rig.informer.setScope({ namespaces: ['web'], labelSelector: 'app' })
    expect(rig.server.get(pods, 'web/a')?.metadata.resourceVersion).toBe('6')
    expect(rig.informer.store.get('web/a')?.metadata.labels).toEqual({ app: 'second life' })
    expect(rig.requests.filter((request) => request.startsWith('LIST'))).toEqual(['LIST web labelSelector=app'])
  })

  test('lets nobody wait for a version of before, when the storage was restored meanwhile', async () => {
    const { rig } = await scopedRig({ namespaces: ['web'] })
    label(rig.server, 'web/a', 'first life')
    await rig.until(() => rig.informer.store.resourceVersion === '6')
    const waiting = rig.informer.caughtUp('7', { timeoutMs: 3_600_000 }).catch((error: { code: string }) => error.code)
    rig.server.faults.restoreStorage('5')
    await rig.informer.setScope({ namespaces: ['web'], labelSelector: 'app' })
    expect(await waiting).toBe('ERR_STORAGE_RESTORED')
    await rig.informer.caughtUp('5')
  })

  test('goes on to wait for a version, when the storage is the same', async () => {
    const { rig } = await scopedRig({ namespaces: ['web'] })
    const waiting = rig.informer.caughtUp('6', { timeoutMs: 3_600_000 })
    await rig.informer.setScope({ namespaces: ['db'] })
    await rig.informer.setScope({ namespaces: ['web', 'db'], labelSelector: 'app' })
    label(rig.server, 'web/a', 'next')
    await rig.until(() => rig.informer.store.get('web/a')?.metadata.labels?.['app'] === 'next')
    for (let step = 0; step < 4; step++) await rig.clock.advance(30_000) // the bookmark of the other one
    await waiting
  })

  test('does not wait for the rest of an old list that cannot be had', async () => {
    const { rig } = await scopedRig({ namespaces: ['web'] })
    await rig.clock.advance(2000)
    const metadata = { resourceVersion: '5', continue: 'more' }
    const page = { kind: 'PodList', apiVersion: 'v1', metadata, items: [] }
    rig.server.faults.answer({ verb: 'list', status: 200, body: page })
    rig.server.faults.answer({ verb: 'list', status: 403 })
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.until(() => rig.status.phase === 'backoff')
    const scoped = rig.informer.setScope({ namespaces: ['web'], labelSelector: 'app=y' })
    await rig.until(() => rig.keys.join() === 'web/b', 'the new scope')
    await scoped
    expect(rig.requests.filter((request) => request.startsWith('LIST'))).toHaveLength(3)
  })

  test('goes from all namespaces to some, and back', async () => {
    const { rig, seen } = await scopedRig()
    await rig.informer.setScope({ namespaces: ['web', 'db'] })
    await rig.until(() => rig.keys.length === 3)
    expect(rig.keys).toEqual(['db/c', 'web/a', 'web/b'])
    await rig.until(() => seen.length > 0)
    expect(seen).toEqual(['deleted other/d'])
    await allWatch(rig)
    await rig.requested(4)
    expect(rig.requests.toSorted()).toEqual(['LIST db', 'LIST web', 'WATCH db rv=5', 'WATCH web rv=5'])
    label(rig.server, 'other/d', 'nobody follows it')
    await rig.clock.advance(1000)
    rig.mark()
    await rig.informer.setScope({})
    await allWatch(rig)
    await rig.requested(2)
    expect(rig.requests).toEqual(['LIST', 'WATCH rv=6'])
    expect(rig.keys).toEqual(['db/c', 'other/d', 'web/a', 'web/b'])
    await rig.until(() => seen.length === 2)
    expect(seen).toEqual(['deleted other/d', 'added other/d (initial)'])
    expect(rig.timers).toBe(1)
  })

  test('drops what a namespace still had from before, when that is given up before its own list has come', async () => {
    const { rig, seen } = await scopedRig({ objects: [webPod('a'), webPod('b', { namespace: 'ops' })] })
    rig.server.faults.stallList() // that of the first namespace
    const given = rig.informer.setScope({ namespaces: ['web', 'ops'] })
    const isThere = (): boolean => rig.status.scopes.some(({ phase }) => phase === 'watching')
    await rig.until(() => rig.status.scopes.length === 2 && isThere(), 'one of two namespaces')
    expect(rig.keys).toEqual(['ops/b', 'web/a'])
    seen.length = 0
    await Promise.all([rig.informer.setScope({ namespaces: ['ops'] }), given])
    expect(rig.keys).toEqual(['ops/b'])
    await rig.until(() => seen.length > 0, 'a delete')
    expect(seen).toEqual(['deleted web/a'])
    expect(rig.requests).toEqual(['LIST web', 'LIST ops', 'WATCH ops rv=3'])
  })

  test('takes the last one of several calls, and resolves them all with it', async () => {
    const { rig, seen } = await scopedRig({ namespaces: ['web'] })
    const calls = [['db'], ['web', 'other'], ['other'], ['web', 'db']].map((namespaces) =>
      rig.informer.setScope({ namespaces }),
    )
    await Promise.all(calls)
    await allWatch(rig)
    expect(rig.keys).toEqual(['db/c', 'web/a', 'web/b'])
    await rig.until(() => seen.length >= 5)
    const told = new Set(['web/a', 'web/b'])
    for (const text of seen) {
      const [type, key] = text.split(' ') as [string, string]
      expect(told.has(key)).toBe(type !== 'added')
      if (type === 'added') told.add(key)
      if (type === 'deleted') told.delete(key)
    }
    expect([...told].toSorted()).toEqual(rig.keys)
    expect(rig.requests.filter((request) => request.startsWith('LIST')).length).toBeLessThanOrEqual(2)
    expect(rig.timers).toBe(2)
  })

  test('asks for nothing when the scope is as it was, or is again before its list has come', async () => {
    const { rig, seen } = await scopedRig({ namespaces: ['web'], labelSelector: 'app=x' })
    await rig.informer.setScope({ namespaces: ['web'], labelSelector: { matchLabels: { app: 'x' } } })
    expect(rig.requests).toEqual([])
    rig.server.faults.stallList()
    const away = rig.informer.setScope({ namespaces: ['web'], labelSelector: 'app=y' })
    await rig.requested(1)
    await Promise.all([away, rig.informer.setScope({ namespaces: ['web'], labelSelector: 'app=x' })])
    rig.server.edit(pods, 'web/a', (draft) => (draft.metadata.annotations = { seen: 'yes' }))
    await rig.until(() => seen.length === 1)
    expect([seen, rig.keys, rig.requests.length]).toEqual([['updated web/a'], ['web/a'], 1])
  })

  test('says before the start, and after a stop, what the next start follows', async () => {
    const rig = await createRig({ objects, start: false })
    await rig.informer.setScope({ namespaces: ['db'] })
    expect(rig.requests).toEqual([])
    rig.informer.start()
    await rig.following()
    expect([rig.keys, rig.requests]).toEqual([['db/c'], ['LIST db', 'WATCH db rv=5']])
    await rig.informer.stop()
    await rig.informer.setScope({ namespaces: ['other'] })
    rig.informer.start()
    await rig.following()
    expect(rig.keys).toEqual(['other/d'])
  })

  test('rejects what is no scope, and leaves the scope as it was', async () => {
    const { rig } = await scopedRig({ namespaces: ['web'] })
    await expect(rig.informer.setScope({ namespaces: [''] })).rejects.toMatchObject({ code: 'ERR_OPTION' })
    await expect(rig.informer.setScope({ labelSelector: '((' })).rejects.toMatchObject({ code: 'ERR_SELECTOR' })
    expect([rig.keys, rig.requests]).toEqual([['web/a', 'web/b'], []])
  })

  test('rejects as synced does: at once for what waiting cannot mend, and at stop', async () => {
    const { rig } = await scopedRig({ namespaces: ['web'] })
    rig.server.faults.answer({ verb: 'list', status: 400 })
    await expect(rig.informer.setScope({ namespaces: ['db'] })).rejects.toMatchObject({ code: 'ERR_SYNC' })
    rig.server.faults.stallList()
    const scoped = rig.informer.setScope({ namespaces: ['other'] }).catch((error: { code: string }) => error.code)
    await rig.informer.stop()
    expect([await scoped, rig.timers]).toEqual(['ERR_STOPPED', 0])
  })
})

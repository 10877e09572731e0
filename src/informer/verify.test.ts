import { describe, expect, test } from 'vitest'
import type { Pod } from '../api/generated/index.ts'
import { createRig, followingRig, label, pods, type Rig, webPod, webPods } from './informer.test-support.ts'

const RIGHT = { missing: [], extra: [], stale: [], repaired: false }

/** A store that has missed an add, a delete and a change: web/new is missing, web/b is extra, web/c is stale. */
async function wrongRig(options: Parameters<typeof createRig<Pod>>[0] = {}): Promise<Rig> {
  const rig = await followingRig({ objects: webPods('a', 'b', 'c'), ...options })
  rig.server.faults.loseEvents({ times: 3 })
  rig.server.create(pods, webPod('new'))
  rig.server.delete(pods, 'web/b')
  label(rig.server, 'web/c', 'changed')
  label(rig.server, 'web/a', 'seen') // brings the store to the newest version
  await rig.until(() => rig.informer.store.resourceVersion === '8', 'the newest version')
  rig.mark()
  return rig
}

const WRONG = { missing: ['web/new'], extra: ['web/b'], stale: ['web/c'] }

describe('verify', () => {
  test('finds nothing in a store that is right, by one list of metadata at its version', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b', 'c') })
    expect(await rig.informer.verify()).toEqual({ ...RIGHT, resourceVersion: '4', compared: 3 })
    expect(rig.requests).toEqual(['LIST rv=4 Exact'])
    expect(await rig.informer.verify({ content: true, repair: true })).toEqual({
      ...RIGHT,
      resourceVersion: '4',
      compared: 3,
    })
    expect(rig.requests).toEqual(['LIST rv=4 Exact', 'LIST rv=4 Exact'])
  })

  test('says what is missing, what is there and should not be, and what is stale; and changes nothing', async () => {
    const rig = await wrongRig()
    const seen = rig.record()
    await rig.until(() => seen.length === 3)
    expect(await rig.informer.verify()).toEqual({ ...WRONG, resourceVersion: '8', compared: 4, repaired: false })
    expect(rig.keys).toEqual(['web/a', 'web/b', 'web/c'])
    expect(seen).toHaveLength(3)
  })

  test.each([
    { content: false, lists: 2 },
    { content: true, lists: 1 },
  ])(
    'puts that right with `repair`, and tells it: $lists lists where content is $content',
    async ({ content, lists }) => {
      const rig = await wrongRig()
      const seen = rig.record()
      await rig.until(() => seen.length === 3)
      const report = await rig.informer.verify({ content, repair: true })
      expect(report).toEqual({ ...WRONG, resourceVersion: '8', compared: 4, repaired: true })
      expect(rig.requests).toEqual(Array.from({ length: lists }, () => 'LIST rv=8 Exact'))
      expect(rig.keys).toEqual(['web/a', 'web/c', 'web/new'])
      expect(rig.informer.store.get('web/c')?.metadata.labels).toMatchObject({ app: 'changed' })
      await rig.until(() => seen.length === 6)
      expect(seen.slice(3)).toEqual(['deleted web/b (unseen)', 'updated web/c', 'added web/new'])
      expect(await rig.informer.verify()).toMatchObject(RIGHT)
    },
  )

  test('wakes who waits for the end of what it drops', async () => {
    const rig = await wrongRig()
    const uid = rig.informer.store.get('web/b')!.metadata.uid
    let isGone = false
    const gone = rig.informer.caughtUp({ deleted: 'web/b', uid }).then(() => (isGone = true))
    await rig.informer.verify({ repair: true })
    await rig.until(() => isGone)
    await gone
  })

  test('compares the objects themselves with `content`', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b'), encoding: 'json' })
    const wrong = structuredClone(rig.server.get(pods, 'web/a')!)
    wrong.metadata.labels = { app: 'corrupt' }
    wrong.metadata.resourceVersion = '4'
    rig.server.faults.sendToWatches(`${JSON.stringify({ type: 'MODIFIED', object: wrong })}\n`)
    await rig.until(() => rig.informer.store.get('web/a')?.metadata.labels?.['app'] === 'corrupt')
    rig.server.edit(pods, 'web/a', (draft) => (draft.metadata.labels = { app: 'right' }))
    await rig.until(() => rig.server.get(pods, 'web/a')?.metadata.resourceVersion === '4')
    await rig.clock.advance(0)
    const report = await rig.informer.verify()
    const withContent = await rig.informer.verify({ content: true })
    expect([report.stale, withContent.stale]).toEqual([[], ['web/a']])
    expect(await rig.informer.verify({ content: true, repair: true })).toMatchObject({
      stale: ['web/a'],
      repaired: true,
    })
    expect(rig.informer.store.get('web/a')?.metadata.labels).toEqual({ app: 'right' })
  })

  test('takes an event and an item for the same object, though their bytes differ', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b'), encoding: 'json' })
    label(rig.server, 'web/a', 'by an event')
    await rig.informer.caughtUp('4')
    expect(await rig.informer.verify({ content: true })).toMatchObject(RIGHT)
  })

  test('compares what the filter keeps out by its version, and what a transform makes by its content', async () => {
    const rig = await wrongRig({
      filter: ({ metadata }) => metadata.name !== 'c',
      transform: (object) => ({ ...object, spec: { containers: [] } }),
    })
    expect(rig.keys).toEqual(['web/a', 'web/b'])
    expect(await rig.informer.verify({ content: true, repair: true })).toMatchObject({ ...WRONG, repaired: true })
    expect(rig.keys).toEqual(['web/a', 'web/new'])
    expect(await rig.informer.verify({ content: true })).toMatchObject(RIGHT)
  })

  test('goes by scope, with the same selectors, and adds up', async () => {
    const objects = [webPod('a'), webPod('b', { namespace: 'db' }), webPod('c', { namespace: 'other' })]
    const rig = await followingRig({ objects, namespaces: ['web', 'db'], fieldSelector: 'metadata.name!=x' })
    await rig.until(() => rig.status.scopes.every(({ phase }) => phase === 'watching'))
    rig.mark()
    rig.server.faults.loseEvents({ times: 2 })
    rig.server.delete(pods, 'db/b')
    rig.server.create(pods, webPod('new'))
    label(rig.server, 'other/c', 'not theirs')
    await rig.clock.advance(90_000) // bookmarks bring both to the newest version
    expect(rig.informer.store.resourceVersion).toBe('7')
    expect(await rig.informer.verify({ repair: true })).toMatchObject({
      compared: 3,
      missing: ['web/new'],
      extra: ['db/b'],
      repaired: true,
    })
    const selected = 'rv=7 Exact fieldSelector=metadata.name!=x'
    expect(rig.requests).toEqual([
      `LIST web ${selected}`,
      `LIST web ${selected}`,
      `LIST db ${selected}`, // to drop what is gone needs no list more
    ])
    expect(rig.keys).toEqual(['web/a', 'web/new'])
  })

  test('takes a newer version where the server has none of that one, three times', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    rig.server.faults.answer({ verb: 'list', status: 410 })
    rig.server.faults.answer({ verb: 'list', status: 410 })
    const verifying = rig.informer.verify()
    await rig.requested(1)
    label(rig.server, 'web/a', 'newer')
    await rig.passWait()
    await rig.passWait()
    expect(await verifying).toMatchObject({ ...RIGHT, resourceVersion: '3' })
    expect(rig.requests).toEqual(['LIST rv=2 Exact', 'LIST rv=3 Exact', 'LIST rv=3 Exact'])

    rig.mark()
    rig.server.faults.answer({ verb: 'list', status: 410, times: 3 })
    const failing = rig.informer.verify().catch((error: { code: string }) => error.code)
    await rig.passWait()
    await rig.passWait()
    expect([await failing, rig.requests.length]).toEqual(['ERR_RESOURCE_EXPIRED', 3])
  })

  test('rejects with the error of its list, at once', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    rig.server.faults.answer({ verb: 'list', status: 403 })
    await expect(rig.informer.verify()).rejects.toMatchObject({ code: 'ERR_FORBIDDEN' })
    expect([rig.requests, rig.status.phase]).toEqual([['LIST rv=2 Exact'], 'watching'])
  })

  test('ends with its time, its signal and the informer, and leaves nothing', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const codeOf = (promise: Promise<unknown>) =>
      promise.catch((error: { code?: string; message: string }) => error.code ?? error.message)
    const abort = new AbortController()
    const ends: readonly (readonly [string, Parameters<typeof rig.informer.verify>[0], () => Promise<void>])[] = [
      ['ERR_TIMEOUT', { timeoutMs: 5000 }, () => rig.clock.advance(5000)],
      ['enough', { signal: abort.signal }, async () => abort.abort(new Error('enough'))],
      ['ERR_STOPPED', {}, () => rig.informer.stop()],
    ]
    for (const [code, options, end] of ends) {
      rig.server.faults.stallList()
      rig.mark()
      const failing = codeOf(rig.informer.verify(options))
      await rig.requested(1)
      await end()
      expect(await failing).toBe(code)
    }
    expect(rig.timers).toBe(0)
    await expect(rig.informer.verify()).rejects.toMatchObject({ code: 'ERR_STOPPED' })
  })

  test('begins anew when the scope is changed, and brings nothing back of the old one', async () => {
    const objects = [webPod('a'), webPod('b', { namespace: 'db' })]
    const rig = await followingRig({ objects })
    rig.server.faults.stallList({ afterItems: 1 })
    const verifying = rig.informer.verify({ repair: true })
    await rig.requested(1)
    await rig.informer.setScope({ namespaces: ['web'] })
    rig.server.delete(pods, 'db/b')
    await rig.until(() => rig.status.phase === 'watching')
    await rig.clock.advance(90_000) // the list is given up
    expect(await verifying).toEqual({ ...RIGHT, resourceVersion: '4', compared: 1 })
    expect([rig.keys, rig.requests[0], rig.requests.at(-1)]).toEqual([
      ['web/a'],
      'LIST rv=3 Exact',
      'LIST web rv=4 Exact',
    ])
  })

  test('waits for the first sync', async () => {
    const rig = await createRig({ objects: webPods('a'), start: false })
    const verifying = rig.informer.verify()
    await rig.clock.advance(1000)
    expect(rig.requests).toEqual([])
    rig.informer.start()
    expect(await verifying).toMatchObject({ ...RIGHT, compared: 1 })
  })
})

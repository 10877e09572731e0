import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { KubeflumeError } from '../api/errors.ts'
import type { Pod } from '../api/generated/index.ts'
import { createFactoryRig } from './factory.test-support.ts'
import { label, nodes, pods, text, webPod, webPods } from './informer.test-support.ts'
import type { Informer } from './informer.ts'

const byNode = { node: 'spec.nodeName' } as const

/** Every delta from now on, as text. */
function record(informer: Informer<Pod>): string[] {
  const seen: string[] = []
  informer.subscribe((delta) => void seen.push(text(delta)))
  return seen
}

describe('informers of one factory', () => {
  test('share a watch and a store where only what reads and hears differs', async () => {
    const rig = await createFactoryRig({ objects: webPods('a', 'b') })
    const informers = [
      rig.factory.informer(pods),
      rig.factory.informer(pods, { indexes: byNode, onError: () => {} }),
      rig.factory.informer(pods, { sync: 'auto', keepManagedFields: false, observer: {} }),
    ]
    await rig.factory.synced()
    await rig.settle()
    expect(rig.requests).toEqual(['LIST pods', 'WATCH pods rv=3'])
    expect(informers.map(({ store }) => store.get('web/a') === informers[0]!.store.get('web/a'))).toEqual([
      true,
      true,
      true,
    ])
  })

  test('have watches of their own where they follow or keep something else', async () => {
    const rig = await createFactoryRig({ objects: webPods('a') })
    rig.factory.informer(pods)
    rig.factory.informer(pods, { namespaces: ['web'] })
    rig.factory.informer(pods, { labelSelector: 'app=a' })
    rig.factory.informer(nodes)
    await rig.factory.synced()
    await rig.until(() => rig.watches.length === 4)
    expect(rig.lists).toEqual(['pods', 'pods', 'pods', 'nodes'])
  })

  test('end with the last of their handles, and not before', async () => {
    const rig = await createFactoryRig({ objects: webPods('a') })
    const [a, b] = [rig.factory.informer(pods), rig.factory.informer(pods)]
    const [seenByA, seenByB] = [record(a), record(b)]
    await rig.factory.synced()
    await rig.until(() => seenByA.length + seenByB.length === 2)
    await a.stop()
    label(rig.server, 'web/a', '1')
    await rig.until(() => seenByB.length === 2)
    expect([seenByA, seenByB]).toEqual([['added web/a (initial)'], ['added web/a (initial)', 'updated web/a']])
    expect([a.status.phase, a.status.reason, b.status.phase]).toEqual(['stopped', 'stopped', 'watching'])
    await b.stop()
    label(rig.server, 'web/a', '2')
    await rig.clock.advance(3_600_000)
    expect(rig.requests).toEqual(['LIST pods', 'WATCH pods rv=2'])
    expect(b.status.phase).toBe('stopped')
  })

  test('run for all as soon as one of them is started', async () => {
    const rig = await createFactoryRig({ objects: webPods('a'), start: false })
    const [a, b] = [rig.factory.informer(pods), rig.factory.informer(pods)]
    const waiting = b.synced()
    await rig.clock.advance(60_000)
    expect([rig.requests, a.status.phase]).toEqual([[], 'idle'])
    a.start()
    await waiting
    expect([...b.store.keys()]).toEqual(['web/a'])
    b.start()
    await rig.settle()
    expect(rig.requests).toEqual(['LIST pods', 'WATCH pods rv=2'])
  })

  test('give a late subscriber what is there', async () => {
    const rig = await createFactoryRig({ objects: webPods('a') })
    rig.factory.informer(pods)
    await rig.factory.synced()
    const late = record(rig.factory.informer(pods))
    await rig.until(() => late.length === 1)
    expect(late).toEqual(['added web/a (initial)'])
  })

  test('resync each subscriber by itself', async () => {
    const rig = await createFactoryRig({ objects: webPods('a'), start: false })
    const [a, b] = [rig.factory.informer(pods), rig.factory.informer(pods)]
    const seen: string[] = []
    a.subscribe((delta) => void seen.push(text(delta)), { resyncPeriodMs: 1000 })
    const others = record(b)
    rig.factory.start()
    await rig.factory.synced()
    await rig.clock.advance(1000)
    expect([seen, others]).toEqual([['added web/a (initial)', 'updated web/a (resync)'], ['added web/a (initial)']])
  })
})

describe('indexes of informers that are shared', () => {
  const node = (name: string) => webPod(name, { nodeName: `node-${name}` })

  test('are merged, and made at any time', async () => {
    const rig = await createFactoryRig({ objects: [node('a'), node('b')], start: false })
    const first = rig.factory.informer(pods, { indexes: byNode })
    const second = rig.factory.informer(pods, { indexes: { phase: ({ status }) => [status?.phase ?? ''] } })
    rig.factory.start()
    await rig.factory.synced()
    const third = rig.factory.informer(pods, { indexes: { name: ['metadata', 'name'] } })
    expect(first.store.count({ index: ['node', 'node-a'] })).toBe(1)
    expect(second.store.count({ index: ['phase', 'Running'] })).toBe(2)
    expect(third.store.count({ index: ['name', 'b'] })).toBe(1)
    rig.server.create(pods, node('c'))
    await rig.until(() => first.store.size === 3)
    expect(third.store.count({ index: ['name', 'c'] })).toBe(1)
    expect(rig.watches).toEqual(['pods'])
  })

  test('are whole when they are added in the middle of a list', async () => {
    const names = Array.from({ length: 501 }, (_, i) => `p${i}`)
    const rig = await createFactoryRig({ objects: names.map(node), start: false })
    const page = (): void => rig.server.faults.answer({ status: 429, retryAfter: 1, verb: 'list' }) // to the next one
    const first = rig.factory.informer(pods, { sync: 'paged', observer: { page } })
    rig.factory.start()
    await rig.until(() => first.status.phase === 'backoff')
    expect([first.status.items, first.status.synced]).toEqual([500, false])
    const late = rig.factory.informer(pods, { sync: 'paged', indexes: byNode })
    await rig.clock.advance(2000)
    await late.synced()
    expect(names.filter((name) => late.store.count({ index: ['node', `node-${name}`] }) !== 1)).toEqual([])
  })

  test('are the same when they lead to the same field, or are the same function', async () => {
    const rig = await createFactoryRig({ start: false })
    const zone = (): readonly string[] => []
    rig.factory.informer(pods, { indexes: { node: 'spec.nodeName', app: { label: 'app' }, zone } })
    rig.factory.informer(pods, { indexes: { node: ['spec', 'nodeName'], app: "metadata.labels['app']", zone } })
  })

  test.each([
    ['another field', 'spec.schedulerName'],
    ['a label', { label: 'node' }],
    ['a function', () => []],
  ])('conflict when they have one name and are of %s: then nothing has changed', async (_what, other) => {
    const rig = await createFactoryRig({ objects: [node('a')], start: false })
    const informer = rig.factory.informer(pods, { indexes: byNode })
    const conflict = () => rig.factory.informer(pods, { indexes: { new: 'metadata.uid', node: other } })
    expect(conflict).toThrow(expect.objectContaining({ code: 'ERR_INDEX_CONFLICT' }))
    rig.factory.start()
    await rig.factory.synced()
    await informer.stop()
    expect(rig.factory.informer(pods, { indexes: { new: 'spec.nodeName' } }).status.phase).not.toBe('stopped')
    await rig.factory.synced()
    expect(rig.lists).toEqual(['pods', 'pods']) // a handle of the conflict would have kept the first one
  })
})

describe('errors of a shared informer', () => {
  test('are heard by each handle, and by the factory once', async () => {
    const rig = await createFactoryRig({ start: false })
    const heard: [handle: string, code: string][] = []
    const onError = (name: string) => (error: KubeflumeError) => void heard.push([name, error.code])
    rig.factory.informer(pods, { onError: onError('a') })
    rig.factory.informer(pods, { onError: onError('b') })
    const same = onError('c')
    rig.factory.informer(pods, { onError: same })
    rig.factory.informer(pods, { onError: same })
    rig.server.faults.answer({ status: 403 })
    rig.factory.start()
    await rig.until(() => heard.length > 0)
    expect(heard).toEqual(['a', 'b', 'c'].map((name) => [name, 'ERR_FORBIDDEN']))
    expect(rig.errors.map(({ code }) => code)).toEqual(['ERR_FORBIDDEN'])
  })

  test('of a handler are its own', async () => {
    const rig = await createFactoryRig({ objects: webPods('a') })
    const heard: string[] = []
    const a = rig.factory.informer(pods, { onError: ({ code }) => void heard.push(`a ${code}`) })
    const b = rig.factory.informer(pods, { onError: ({ code }) => void heard.push(`b ${code}`) })
    a.subscribe(() => {
      throw new Error('no')
    })
    const seen = record(b)
    await rig.until(() => heard.length > 0 && seen.length > 0)
    expect(heard).toEqual(['a ERR_HANDLER'])
    expect(rig.errors.map(({ code }) => code)).toEqual(['ERR_HANDLER'])
  })

  test('are a warning, once, where nobody listens', async () => {
    const rig = await createFactoryRig({ start: false, onError: undefined })
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation(() => {})
    onTestFinished(() => warn.mockRestore())
    for (let i = 0; i < 3; i++) rig.factory.informer(pods)
    rig.server.faults.answer({ status: 403 })
    rig.factory.start()
    await rig.until(() => warn.mock.calls.length > 0)
    expect(warn.mock.calls).toEqual([[expect.objectContaining({ code: 'ERR_FORBIDDEN' })]])
  })
})

describe('observers of a shared informer', () => {
  test('each hear the lists, and of handlers their own', async () => {
    const rig = await createFactoryRig({ objects: webPods('a'), start: false })
    const heard: string[] = []
    const observer = (name: string) => ({
      list: () => void heard.push(`${name} list`),
      handled: () => void heard.push(`${name} handled`),
    })
    const a = rig.factory.informer(pods, { observer: observer('a') })
    const b = rig.factory.informer(pods, { observer: observer('b') })
    a.subscribe(() => {})
    rig.factory.start()
    await rig.until(() => heard.length === 3)
    expect(heard.toSorted()).toEqual(['a handled', 'a list', 'b list'])
    await b.stop()
    heard.length = 0
    await rig.clock.advance(5000)
    rig.server.faults.sendWatchError({ code: 410, reason: 'Expired' })
    await rig.until(() => heard.length === 1)
    expect(heard).toEqual(['a list'])
  })
})

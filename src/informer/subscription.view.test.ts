import { describe, expect, test } from 'vitest'
import type { Pod } from '../api/generated/index.ts'
import type { DeepReadonly } from '../api/object.ts'
import { createRig, followingRig, label, pods, type Rig, text, webPod, webPods } from './informer.test-support.ts'

type Filter = (object: DeepReadonly<Pod>) => boolean

/** What a subscriber's view is, kept by what it is told alone: what does not fit is a mistake. */
function viewOf(rig: Rig, filter?: Filter): { readonly view: Map<string, string | undefined>; readonly log: string[] } {
  const view = new Map<string, string | undefined>()
  const log: string[] = []
  const appOf = (object: DeepReadonly<Pod>): string | undefined => object.metadata.labels?.['app']
  rig.informer.subscribe(
    {
      added(object, delta) {
        if (view.has(delta.key)) log.push(`${delta.key} was added twice`)
        log.push(text(delta))
        view.set(delta.key, appOf(object))
      },
      updated(object, previous, delta) {
        if (view.get(delta.key) !== appOf(previous)) log.push(`the previous ${appOf(previous)} was never seen`)
        log.push(text(delta))
        view.set(delta.key, appOf(object))
      },
      deleted(_object, delta) {
        if (!view.delete(delta.key)) log.push(`${delta.key} was never there`)
        log.push(text(delta))
      },
    },
    { filter },
  )
  return { view, log }
}

/** A version of `web/a` that has a key and cannot be decoded, for a watch in JSON. */
function sendBroken(rig: Rig, type: 'ADDED' | 'MODIFIED' | 'DELETED', version: number): void {
  const uid = rig.server.get(pods, 'web/a')?.metadata.uid ?? 'gone'
  const metadata = `{"name":"a","namespace":"web","uid":"${uid}","resourceVersion":"${version}"}`
  const object = `{"kind":"Pod","apiVersion":"v1","metadata":${metadata},"spec":{"hostname":tru}}`
  rig.server.faults.sendToWatches(`{"type":"${type}","object":${object}}\n`)
}

describe('a subscription with a filter', () => {
  const isMine: Filter = ({ metadata }) => metadata.labels?.['app'] === 'mine'

  test('hears of an object from when it matches until it does not', async () => {
    const rig = await followingRig({ objects: webPods('a', 'b') })
    const { log, view } = viewOf(rig, isMine)
    for (const app of ['mine', 'yours', 'theirs', 'mine']) label(rig.server, 'web/a', app)
    rig.server.edit(pods, 'web/a', (draft) => void (draft.metadata.annotations = { n: '1' }))
    rig.server.delete(pods, 'web/b')
    rig.server.create(pods, webPod('c', { labels: { app: 'mine' } }))
    rig.server.delete(pods, 'web/c')
    await rig.until(() => rig.informer.store.resourceVersion === '11')
    await rig.clock.advance(0)
    expect(log).toEqual([
      'added web/a',
      'deleted web/a',
      'added web/a',
      'updated web/a',
      'added web/c',
      'deleted web/c',
    ])
    expect([...view]).toEqual([['web/a', 'mine']])
  })

  test('begins with what matches', async () => {
    const rig = await followingRig({ objects: [webPod('a', { labels: { app: 'mine' } }), webPod('b')] })
    const { log } = viewOf(rig, isMine)
    await rig.clock.advance(0)
    expect(log).toEqual(['added web/a (initial)'])
  })

  test('hears of the delete of what it has, whatever the final state is', async () => {
    const rig = await followingRig({ objects: [webPod('a', { labels: { app: 'mine' } })] })
    const { log, view } = viewOf(rig, isMine)
    await rig.clock.advance(0)
    rig.server.faults.loseEvents()
    label(rig.server, 'web/a', 'yours')
    rig.server.delete(pods, 'web/a')
    await rig.until(() => log.length === 2)
    expect(log).toEqual(['added web/a (initial)', 'deleted web/a'])
    expect(view.size).toBe(0)
  })

  test('keeps its view whole when the filter throws in between', async () => {
    const rig = await followingRig({ objects: [webPod('a', { labels: { app: '1' } })] })
    const { log, view } = viewOf(rig, ({ metadata }) => {
      if (metadata.labels?.['app'] === 'bad') throw new Error('bad')
      return metadata.labels?.['app'] !== 'out'
    })
    for (const app of ['bad', '2', 'bad', 'out', 'bad', '3', 'bad']) label(rig.server, 'web/a', app)
    rig.server.delete(pods, 'web/a')
    await rig.until(() => rig.informer.store.resourceVersion === '10')
    await rig.clock.advance(0)
    expect(log).toEqual(['added web/a (initial)', 'updated web/a', 'deleted web/a', 'added web/a', 'deleted web/a'])
    expect(view.size).toBe(0)
    expect(rig.codes).toEqual(Array(4).fill('ERR_FILTER'))
  })
})

describe('a version that cannot be read', () => {
  test('is left out, and the next one follows on what was seen last', async () => {
    const rig = await followingRig({ encoding: 'json', objects: webPods('a') })
    const { log, view } = viewOf(rig)
    label(rig.server, 'web/a', '1')
    await rig.until(() => log.length === 2)
    sendBroken(rig, 'MODIFIED', 4)
    sendBroken(rig, 'MODIFIED', 5)
    await rig.until(() => rig.codes.length === 2)
    expect(log).toHaveLength(2)
    for (const name of ['b', 'c']) rig.server.create(pods, webPod(name)) // versions 4 and 5
    label(rig.server, 'web/a', '2')
    await rig.until(() => view.get('web/a') === '2')
    expect(log).toEqual(['added web/a (initial)', 'updated web/a', 'added web/b', 'added web/c', 'updated web/a'])
    expect(rig.codes).toEqual(['ERR_DECODE_OBJECT', 'ERR_DECODE_OBJECT'])
  })

  test('as the first one makes the next one an add', async () => {
    const rig = await followingRig({ encoding: 'json' })
    const { log } = viewOf(rig)
    sendBroken(rig, 'ADDED', 2)
    await rig.until(() => rig.codes.length === 1)
    rig.server.create(pods, webPod('other'))
    rig.server.create(pods, webPod('a'))
    rig.server.edit(pods, 'web/a', (draft) => void (draft.metadata.labels = { app: '1' }))
    await rig.until(() => log.length === 3)
    expect(log).toEqual(['added web/other', 'added web/a', 'updated web/a'])
  })

  test('as the first and only one makes the delete nothing', async () => {
    const rig = await followingRig({ encoding: 'json' })
    const { log } = viewOf(rig)
    sendBroken(rig, 'ADDED', 2)
    await rig.until(() => rig.codes.length === 1)
    sendBroken(rig, 'DELETED', 3)
    await rig.until(() => rig.informer.store.size === 0)
    await rig.clock.advance(0)
    expect(log).toEqual([])
  })

  test('as the final state makes it a delete with the last one that could be', async () => {
    const rig = await followingRig({ encoding: 'json', objects: [webPod('a', { labels: { app: '1' } })] })
    const { log } = viewOf(rig)
    const last: unknown[] = []
    rig.informer.subscribe({ deleted: (object) => void last.push(object.metadata.labels) })
    await rig.until(() => log.length === 1)
    sendBroken(rig, 'DELETED', 3)
    await rig.until(() => log.length === 2)
    expect(log).toEqual(['added web/a (initial)', 'deleted web/a (unseen)'])
    expect(last).toEqual([{ app: '1' }])
  })

  test('is an error of the handler that reads it, where it is not read for it', async () => {
    const rig = await followingRig({ encoding: 'json' })
    const seen: string[] = []
    rig.informer.subscribe((delta) => {
      seen.push(delta.key)
      seen.push(delta.object.kind)
    })
    sendBroken(rig, 'ADDED', 2)
    await rig.until(() => rig.codes.length === 2)
    expect(seen).toEqual(['web/a'])
    expect(rig.errors).toMatchObject([{ code: 'ERR_DECODE_OBJECT' }, { code: 'ERR_HANDLER', cause: rig.errors[0] }])
  })
})

describe('a quarantined object', () => {
  test('is there for get, has, keys and count, and not for list', async () => {
    const rig = await followingRig({ encoding: 'json', objects: webPods('b') })
    sendBroken(rig, 'ADDED', 3)
    await rig.until(() => rig.informer.store.size === 2)
    const { store } = rig.informer
    expect(rig.status.quarantined).toEqual([]) // nobody has tried to read it
    const error = expect.objectContaining({ code: 'ERR_DECODE_OBJECT', key: 'web/a' })
    expect(() => store.get('web/a')).toThrow(error)
    expect(() => [...store.iterate()]).toThrow(error)
    expect(store.list().map(({ metadata }) => metadata.name)).toEqual(['b'])
    expect([store.has('web/a'), store.count(), store.size, [...store.keys()].sort()]).toEqual([
      true,
      2,
      2,
      ['web/a', 'web/b'],
    ])
    expect(rig.status.quarantined).toEqual([{ key: 'web/a', resourceVersion: '3', error }])
    expect(rig.codes).toEqual(['ERR_DECODE_OBJECT'])
    sendBroken(rig, 'DELETED', 4)
    await rig.until(() => store.size === 1)
    expect(rig.status.quarantined).toEqual([])
    expect(store.get('web/a')).toBeUndefined()
  })

  test('leaves nothing behind when its list is not taken', async () => {
    const broken = { ...webPod('a'), spec: { hostname: 'x'.repeat(4000) } }
    const rig = await createRig({
      objects: [broken, webPod('b')],
      maxItemBytes: 2000,
      before: ({ faults }) => faults.cutList({ afterItems: 2 }),
    })
    await rig.until(() => rig.waits.length === 1)
    expect(rig.status.quarantined).toEqual([])
    rig.server.delete(pods, 'web/a')
    await rig.passWait()
    await rig.following()
    expect(rig.status.quarantined).toEqual([])
  })
})

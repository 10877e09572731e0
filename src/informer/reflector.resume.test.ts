import { describe, expect, test } from 'vitest'
import { customResource } from '../api/resource.ts'
import { createRig, label, pods, type Rig, text, webPod, webPods } from './informer.test-support.ts'

const COUNT = 2000
const NAMES = Array.from({ length: COUNT }, (_, index) => `p${String(index).padStart(4, '0')}`)
const OBJECTS = webPods(...NAMES)
const RV = String(COUNT + 1)

async function cut(rig: Rig, requestsBefore = 2): Promise<void> {
  await rig.requested(requestsBefore)
  await rig.until(() => rig.waits.length === 1)
}

/** It waits once, after the cut; the watch of what it resumes has been asked for before that. */
async function synced(rig: Rig, requestsBefore = 2): Promise<void> {
  await cut(rig, requestsBefore)
  await rig.passWait()
  await rig.following()
}

/** Whether each object is there, once. */
function isWhole(rig: Rig): boolean {
  return rig.keys.join() === NAMES.map((name) => `web/${name}`).join()
}

describe('a list that was cut', () => {
  test.each([
    ['half way', 0.5, 'json'],
    ['half way', 0.5, 'protobuf'],
    ['near its end', 0.99, 'json'],
    ['near its end', 0.99, 'protobuf'],
  ] as const)('%s goes on behind the items that have come', async (_where, part, encoding) => {
    const rig = await createRig({
      objects: OBJECTS,
      encoding,
      before: ({ faults }) => faults.cutList({ afterItems: COUNT * part }),
    })
    const seen = rig.record()
    await synced(rig)
    expect(rig.requests).toEqual([
      'LIST',
      `WATCH rv=${RV}`,
      `LIST rv=${RV} Exact limit=${COUNT * part}`,
      'LIST continue',
    ])
    expect(rig.server.requests.map(({ servedFrom }) => servedFrom)).toEqual([
      'cache',
      undefined,
      'snapshot',
      'snapshot',
    ])
    await rig.until(() => seen.length === COUNT)
    expect([isWhole(rig), rig.status.resourceVersion]).toEqual([true, RV])
    expect(rig.errors.map(({ code }) => code)).toEqual(['ERR_CONNECTION_LOST'])
  })

  test('at its beginning begins anew: that is less than to find the place', async () => {
    const rig = await createRig({
      objects: OBJECTS,
      before: ({ faults }) => faults.cutList({ afterItems: COUNT * 0.01 }),
    })
    await synced(rig, 1)
    expect(rig.requests).toEqual(['LIST', 'LIST', `WATCH rv=${RV}`])
    expect(isWhole(rig)).toBe(true)
  })

  test('behind its last item is found to be whole', async () => {
    const rig = await createRig({ objects: OBJECTS, before: ({ faults }) => faults.cutList({ afterItems: COUNT }) })
    await synced(rig)
    expect(rig.requests).toEqual(['LIST', `WATCH rv=${RV}`, `LIST rv=${RV} Exact limit=${COUNT}`])
    expect(isWhole(rig)).toBe(true)
  })

  test('says what it is doing', async () => {
    const rig = await createRig({ objects: OBJECTS, before: ({ faults }) => faults.cutList({ afterItems: 1000 }) })
    const reasons: string[] = []
    rig.informer.onStatus(({ phase, reason }) => reasons.push(`${phase}: ${reason.split(/[:,]/)[0]}`))
    await synced(rig)
    expect([...new Set(reasons)]).toEqual([
      'listing: first list',
      'backoff: the rest of the list in 0.4 s',
      `listing: the rest of the list of ${RV}`,
      `watching: watching from ${RV}`,
    ])
    expect(rig.requests).toEqual(['LIST', `WATCH rv=${RV}`, `LIST rv=${RV} Exact limit=1000`, 'LIST continue'])
  })

  test('is of one moment: what happened since the cut comes by the watch, each object once', async () => {
    const rig = await createRig({ objects: OBJECTS, before: ({ faults }) => faults.cutList({ afterItems: 1000 }) })
    const seen: string[] = []
    rig.informer.subscribe((delta) => void seen.push(text(delta)), { maxPending: 2 * COUNT })
    await cut(rig)
    label(rig.server, 'web/p0001', 'first')
    label(rig.server, 'web/p0001', 'second')
    rig.server.delete(pods, 'web/p1999')
    rig.server.create(pods, webPod('new'))
    await rig.passWait()
    await rig.until(() => seen.length === COUNT + 3)
    expect(seen.slice(COUNT)).toEqual(['updated web/p0001', 'deleted web/p1999', 'added web/new'])
    expect(rig.requests).toHaveLength(4)
    expect(rig.informer.store.get('web/p0001')?.metadata.labels?.['app']).toBe('second')
  })

  test('begins anew, not older than itself, when its version is gone', async () => {
    const rig = await createRig({ objects: OBJECTS, before: ({ faults }) => faults.cutList({ afterItems: 1000 }) })
    await cut(rig)
    label(rig.server, 'web/p0001', 'new')
    rig.server.compact()
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual([
      'LIST',
      `WATCH rv=${RV}`,
      `LIST rv=${RV} Exact limit=1000`,
      `LIST rv=${RV} NotOlderThan`,
      `WATCH rv=${COUNT + 2}`,
    ])
    expect(isWhole(rig)).toBe(true)
  })

  test('begins anew, not older than itself, when another server is twice behind it', async () => {
    const rig = await createRig({ objects: OBJECTS, before: ({ faults }) => faults.cutList({ afterItems: 1000 }) })
    await cut(rig)
    const causes = [{ reason: 'ResourceVersionTooLarge' }]
    rig.server.faults.answer({ verb: 'list', status: 504, reason: 'Timeout', causes, retryAfter: 1, times: 2 })
    await rig.passWait()
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual([
      'LIST',
      `WATCH rv=${RV}`,
      `LIST rv=${RV} Exact limit=1000`,
      `LIST rv=${RV} Exact limit=1000`,
      `LIST rv=${RV} NotOlderThan`,
      `WATCH rv=${RV}`,
    ])
    expect([rig.waits, isWhole(rig)]).toEqual([[400, 1100, 800], true])
  })

  test('is made as a watch-list when its rest is cut, too', async () => {
    const rig = await createRig({ objects: OBJECTS, before: ({ faults }) => faults.cutList({ afterItems: 1000 }) })
    await cut(rig)
    rig.server.faults.answer({ verb: 'list', status: 503 })
    await rig.passWait()
    rig.server.faults.cutList({ afterItems: 0, times: 2 }) // what finds the place has its token by then
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual([
      'LIST',
      `WATCH rv=${RV}`,
      `LIST rv=${RV} Exact limit=1000`,
      `LIST rv=${RV} Exact limit=1000`,
      'LIST continue',
      'WATCH-LIST',
    ])
    expect(isWhole(rig)).toBe(true)
  })

  test.each([
    ['another version', { resourceVersion: '9', continue: 'x' }],
    ['no end where it should', { resourceVersion: RV }],
  ])('begins anew when the place is of %s', async (_what, metadata) => {
    const body = { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', metadata, items: [] }
    const rig = await createRig({ objects: OBJECTS, before: ({ faults }) => faults.cutList({ afterItems: 1000 }) })
    await cut(rig)
    rig.server.faults.answer({ verb: 'list', status: 200, body })
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.codes).toEqual(['ERR_CONNECTION_LOST', 'ERR_CONTINUE_TOKEN'])
    expect(rig.requests.slice(3)).toEqual(['LIST', `WATCH rv=${RV}`])
    expect(isWhole(rig)).toBe(true)
  })

  test('begins anew when an item comes again: then the lists are not in one order', async () => {
    const again = webPod('p0003')
    const body = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: RV }, items: [again] }
    const rig = await createRig({ objects: OBJECTS, before: ({ faults }) => faults.cutList({ afterItems: 1000 }) })
    await cut(rig)
    const place = { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', items: [] }
    rig.server.faults.answer({
      verb: 'list',
      status: 200,
      body: { ...place, metadata: { resourceVersion: RV, continue: 'x' } },
    })
    rig.server.faults.answer({ verb: 'list', status: 200, body })
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    expect(rig.codes).toContain('ERR_CONTINUE_TOKEN')
    expect(rig.requests).toHaveLength(6)
    expect(isWhole(rig)).toBe(true)
  })

  test('of custom resources begins anew: their version comes last', async () => {
    const widgets = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })
    const rig = await createRig({
      resource: widgets,
      crds: [widgets],
      start: false,
      before: ({ faults }) => faults.cutList({ afterItems: 600 }),
    })
    for (let index = 0; index < 700; index++)
      rig.server.create(widgets, {
        apiVersion: 'example.com/v1',
        kind: 'Widget',
        metadata: { name: `w${index}`, namespace: 'web' },
      } as never)
    rig.informer.start()
    await rig.passWait()
    await rig.following()
    expect(rig.requests).toEqual(['LIST', 'LIST', 'WATCH rv=701'])
    expect(rig.keys).toHaveLength(700)
  })

  test('leaves nothing open when it is stopped in the middle', async () => {
    const rig = await createRig({ objects: OBJECTS, before: ({ faults }) => faults.cutList({ afterItems: 1000 }) })
    await cut(rig)
    await rig.informer.stop()
    expect([rig.timers, rig.keys, rig.requests]).toEqual([0, [], ['LIST', `WATCH rv=${RV}`]])
  })
})

import { describe, expect, test } from 'vitest'
import { customResource } from '../api/resource.ts'
import type { KubernetesObject } from '../api/object.ts'
import { createRig, followingRig, label, pods, webPod, webPods } from './informer.test-support.ts'

/** Whether a promise has settled, and how. */
function watched(promise: Promise<void>): { state: unknown } {
  const seen: { state: unknown } = { state: 'waits' }
  promise.then(
    () => (seen.state = 'resolved'),
    (error: unknown) => (seen.state = error),
  )
  return seen
}

describe('caughtUp', () => {
  test('resolves with the event of a write, and the store shows it then', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const written = rig.server.edit(pods, 'web/a', (draft) => (draft.metadata.labels = { app: 'new' }))
    expect(rig.informer.store.get('web/a')?.metadata.resourceVersion).toBe('2')
    await Promise.all([rig.informer.caughtUp(written), rig.until(() => rig.informer.store.resourceVersion === '3')])
    expect(rig.informer.store.get('web/a')?.metadata.labels).toEqual({ app: 'new' })
    await rig.informer.caughtUp('3')
    await rig.informer.caughtUp('2')
  })

  test('waits before the start, and for the first list', async () => {
    const rig = await createRig({ objects: webPods('a'), start: false })
    const waiting = watched(rig.informer.caughtUp('2'))
    await rig.clock.advance(1000)
    expect(waiting.state).toBe('waits')
    rig.informer.start()
    await rig.until(() => waiting.state !== 'waits')
    expect([waiting.state, rig.keys]).toEqual(['resolved', ['web/a']])
  })

  test('waits for a bookmark where the selectors leave the object out', async () => {
    const rig = await followingRig({ objects: webPods('a'), labelSelector: 'app=none' })
    const written = rig.server.create(pods, webPod('b'))
    const waiting = watched(rig.informer.caughtUp(written, { timeoutMs: 300_000 }))
    await rig.clock.advance(20_000)
    expect(waiting.state).toBe('waits')
    await rig.clock.advance(60_000)
    expect([waiting.state, rig.keys]).toEqual(['resolved', []])
  })

  test('waits for every namespace with a version, and for its own with an object', async () => {
    const objects = [webPod('a'), webPod('b', { namespace: 'db' })]
    const rig = await followingRig({ objects, namespaces: ['web', 'db'] })
    await rig.until(() => rig.status.scopes.every(({ phase }) => phase === 'watching'))
    const written = rig.server.edit(pods, 'web/a', (draft) => (draft.metadata.labels = { app: 'new' }))
    const all = watched(rig.informer.caughtUp(written.metadata.resourceVersion, { timeoutMs: 300_000 }))
    const own = watched(rig.informer.caughtUp(written))
    await rig.until(() => own.state === 'resolved')
    expect(all.state).toBe('waits')
    await rig.clock.advance(90_000) // the bookmark of the other one
    expect(all.state).toBe('resolved')
  })

  test('waits until a uid is gone, whatever has the name then', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const { uid } = rig.informer.store.get('web/a')!.metadata
    const waiting = watched(rig.informer.caughtUp({ deleted: { namespace: 'web', name: 'a' }, uid }))
    await rig.clock.advance(1000)
    expect(waiting.state).toBe('waits')
    rig.server.delete(pods, 'web/a')
    rig.server.create(pods, webPod('a'))
    await rig.until(() => waiting.state !== 'waits')
    expect(waiting.state).toBe('resolved')
    await rig.informer.caughtUp({ deleted: 'web/never', uid: 'x' })
  })

  test('rejects after half a minute, with where it is, and leaves no timer', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const waiting = watched(rig.informer.caughtUp('99'))
    const sooner = watched(rig.informer.caughtUp('99', { timeoutMs: 5000 }))
    await rig.clock.advance(5000)
    expect(sooner.state).toMatchObject({ code: 'ERR_TIMEOUT', retryable: true })
    await rig.clock.advance(24_999)
    expect(waiting.state).toBe('waits')
    await rig.clock.advance(1)
    expect(String(waiting.state)).toMatch(/pods are not caught up after 30000 ms: at 2, watching from 2/)
    expect(rig.timers).toBe(1) // the deadline of its watch
  })

  test('rejects with the reason of its signal, and at stop', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    const abort = new AbortController()
    const aborted = watched(rig.informer.caughtUp('99', { signal: abort.signal }))
    const stopped = watched(rig.informer.caughtUp('99'))
    abort.abort(new Error('enough'))
    await rig.informer.stop()
    await rig.clock.advance(0)
    expect(aborted.state).toMatchObject({ message: 'enough' })
    expect(stopped.state).toMatchObject({ code: 'ERR_STOPPED' })
    await expect(rig.informer.caughtUp('2')).rejects.toMatchObject({ code: 'ERR_STOPPED' })
  })

  test('rejects at once what cannot be waited for', async () => {
    const rig = await followingRig({ objects: webPods('a'), namespaces: ['web'] })
    const refused = (to: never): Promise<unknown> =>
      rig.informer.caughtUp(to).catch((error: { code: string }) => error.code)
    const given: readonly (readonly [unknown, string])[] = [
      ['', 'ERR_RESOURCE_VERSION'],
      ['0', 'ERR_RESOURCE_VERSION'],
      ['v2-a', 'ERR_RESOURCE_VERSION'],
      [{}, 'ERR_RESOURCE_VERSION'],
      [undefined, 'ERR_RESOURCE_VERSION'],
      [{ metadata: { name: 'a', namespace: 'web' } }, 'ERR_RESOURCE_VERSION'],
      [{ metadata: { name: 'a', namespace: 'db', resourceVersion: '9' } }, 'ERR_OPTION'],
      [{ deleted: 'a', uid: 'x' }, 'ERR_KEY'],
      [{ deleted: 'db/a', uid: 'x' }, 'ERR_OPTION'],
      [{ deleted: 'web/a' }, 'ERR_OPTION'],
    ]
    for (const [to, code] of given) expect([to, await refused(to as never)]).toEqual([to, code])
    expect(rig.timers).toBe(1)
  })

  test('takes a version that has no order only where it is just the one that is there', async () => {
    const widgets = customResource<KubernetesObject>({
      group: 'example.com',
      version: 'v1',
      plural: 'widgets',
      kind: 'Widget',
    })
    const list = {
      apiVersion: 'example.com/v1',
      kind: 'WidgetList',
      metadata: { resourceVersion: 'b-7' },
      items: [{ metadata: { name: 'a', namespace: 'web', uid: 'u', resourceVersion: 'a-3' } }],
    }
    const rig = await createRig({
      resource: widgets,
      crds: [widgets],
      before: ({ faults }) =>
        faults.answer({ status: 200, contentType: 'application/json', body: JSON.stringify(list) }),
    })
    await rig.informer.synced()
    await rig.informer.caughtUp('b-7')
    await rig.informer.caughtUp({ metadata: { name: 'a', namespace: 'web', resourceVersion: 'a-3' } } as object)
    for (const to of ['b-8', 'a-3', '12'])
      await expect(rig.informer.caughtUp(to)).rejects.toMatchObject({ code: 'ERR_RESOURCE_VERSION' })
  })

  test('rejects when the storage was restored: the version means something else now', async () => {
    const rig = await followingRig({ objects: webPods('a') })
    for (const value of ['1', '2', '3']) label(rig.server, 'web/a', value)
    await rig.until(() => rig.informer.store.resourceVersion === '5')
    const waiting = watched(rig.informer.caughtUp('99', { timeoutMs: 3_600_000 }))
    rig.server.faults.answer({ verb: 'watch', status: 410 })
    rig.server.faults.restoreStorage('3')
    for (let step = 0; step < 40 && waiting.state === 'waits'; step++) await rig.clock.advance(30_000)
    expect(waiting.state).toMatchObject({ code: 'ERR_STORAGE_RESTORED' })
    expect(rig.informer.store.resourceVersion).toBe('3')
    await rig.informer.caughtUp('3')
    expect(rig.requests.filter((request) => request.startsWith('LIST'))).toHaveLength(3)
  })
})

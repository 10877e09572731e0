import { expect, onTestFinished, test } from 'vitest'
import type { Pod } from '../api/generated/index.ts'
import { readStatus } from '../decode/read-status.ts'
import { createTransport } from '../transport/undici-transport.ts'
import { HttpListWatcher } from './http-list-watcher.ts'
import { createRig, kubeConfigOf, label, pods, text, webPod, webPods } from './informer.test-support.ts'
import type { CollectionLister, ListWatcher } from './list-watcher.ts'
import { resolveOptions } from './options.ts'
import { ReflectingInformer } from './reflecting-informer.ts'

/** Lists wait for `gate` before they are asked for; watches do not. */
function gated<T>(inner: ListWatcher<T>, gate: () => Promise<void>): ListWatcher<T> {
  const list = <U>(lister: CollectionLister<U>): CollectionLister<U>['list'] => {
    return async (query, sink, signal) => {
      await gate()
      return lister.list(query, sink, signal)
    }
  }
  return {
    list: list(inner),
    metadata: { list: list(inner.metadata) },
    watch: (query, signal) => inner.watch(query, signal),
  }
}

test('verify leaves alone what an event has changed since, and counts it as put right', async () => {
  const rig = await createRig({ objects: webPods('a', 'b', 'c', 'd'), start: false })
  const transport = createTransport(kubeConfigOf(rig.server), { readStatus })
  let gate: Promise<void> = Promise.resolve()
  const { wire, ...options } = resolveOptions<Pod, never>(pods, { clock: rig.clock })
  const informer = new ReflectingInformer<Pod, never>({
    ...options,
    observer: {},
    onError: () => {},
    connect: () => ({
      listWatcherOf: (namespace) =>
        gated(new HttpListWatcher({ ...wire, transport, resource: pods, namespace }), () => gate),
      close: () => transport.close(),
    }),
  })
  onTestFinished(() => informer.stop())
  informer.start()
  await rig.until(() => informer.status.phase === 'watching')

  rig.server.faults.loseEvents({ times: 4 })
  rig.server.create(pods, webPod('new'))
  rig.server.create(pods, webPod('other'))
  rig.server.delete(pods, 'web/b')
  label(rig.server, 'web/c', 'changed')
  label(rig.server, 'web/a', 'brings it to the newest version')
  await rig.until(() => informer.store.resourceVersion === '10')
  const seen: string[] = []
  informer.subscribe((delta) => void seen.push(text(delta)))
  await rig.until(() => seen.length === 4)
  seen.length = 0

  const opened = Promise.withResolvers<void>()
  gate = opened.promise
  const verifying = informer.verify({ repair: true })
  await rig.clock.advance(0)
  rig.server.delete(pods, 'web/new') // the server had it at that version: it must not come back
  rig.server.create(pods, webPod('b')) // the store had another one
  label(rig.server, 'web/c', 'meanwhile')
  label(rig.server, 'web/d', 'was never wrong')
  await rig.until(() => informer.store.resourceVersion === '14')
  opened.resolve()
  expect(await verifying).toEqual({
    resourceVersion: '10',
    compared: 6,
    missing: ['web/new', 'web/other'],
    extra: ['web/b'],
    stale: ['web/c'],
    repaired: true,
  })
  expect([...informer.store.keys()].toSorted()).toEqual(['web/a', 'web/b', 'web/c', 'web/d', 'web/other'])
  expect(informer.store.get('web/c')?.metadata.labels?.['app']).toBe('meanwhile')
  await rig.until(() => seen.includes('added web/other'))
  expect(seen).toEqual(['deleted web/b (unseen)', 'added web/b', 'updated web/c', 'updated web/d', 'added web/other'])
  expect(await informer.verify()).toMatchObject({ missing: [], extra: [], stale: [], resourceVersion: '14' })
})

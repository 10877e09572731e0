import { describe, expect, test } from 'vitest'
import type { ConfigMap } from '../api/generated/index.ts'
import { createWriter } from '../client.ts'
import { kubeConfigOf } from '../informer/informer.test-support.ts'
import type { Controller, ControllerOptions } from './controller.ts'
import { configMap, configMaps, ControllerRig } from './controller.test-support.ts'
import { finalize } from './finalizer.ts'

const NAME = 'example.org/clean'

interface Finalized {
  readonly rig: ControllerRig
  readonly controller: Controller
  /** `reconcile a` with the finalizers that were seen, `cleanup a`. */
  readonly seen: string[]
  readonly patches: () => number
  readonly finalizers: (key: string) => readonly string[] | undefined
}

async function startFinalized(
  objects: readonly object[],
  options: { readonly cleanup?: (name: string) => Promise<void>; readonly hidesWrites?: boolean } = {},
): Promise<Finalized> {
  const rig = await ControllerRig.start(objects)
  const seen: string[] = []
  const writer = createWriter<ConfigMap>(kubeConfigOf(rig.server), configMaps)
  let patches = 0
  const finalizer: ControllerOptions<ConfigMap>['finalizer'] = {
    name: NAME,
    writer: {
      patch: (...args) => {
        patches++
        if (options.hidesWrites) rig.server.faults.fallBehind()
        return writer.patch(...args)
      },
    },
    cleanup: ({ metadata: { name } }) => {
      seen.push(`cleanup ${name}`)
      return options.cleanup?.(name) ?? Promise.resolve()
    },
  }
  const controller = rig.controller({
    finalizer,
    reconcile: ({ key, name }, { store }) => {
      seen.push(`reconcile ${name} with ${store.get(key)?.metadata.finalizers?.join() ?? 'nothing'}`)
      return Promise.resolve()
    },
  })
  controller.start()
  const finalizers = (key: string): readonly string[] | undefined =>
    rig.server.get(configMaps, key)?.metadata.finalizers
  return { rig, controller, seen, finalizers, patches: () => patches }
}

describe('a finalizer', () => {
  test('is on an object before it is reconciled, beside those of others', async () => {
    const { rig, seen, finalizers, patches } = await startFinalized([configMap('a', { finalizers: ['other.org/x'] })])
    await rig.until(() => seen.length > 0)
    await rig.settled()
    expect(seen).toEqual([`reconcile a with other.org/x,${NAME}`])
    expect(finalizers('web/a')).toEqual(['other.org/x', NAME])
    expect(patches()).toBe(1)
  })

  test('keeps an object until it is cleaned up, and comes off then', async () => {
    const { rig, seen, controller } = await startFinalized([configMap('a')])
    await rig.until(() => seen.length > 0)
    rig.server.delete(configMaps, 'web/a')
    await rig.until(() => seen.includes('cleanup a') && rig.server.get(configMaps, 'web/a') === undefined)
    await rig.settled()
    await controller.idle()
    expect(seen).toEqual([`reconcile a with ${NAME}`, 'cleanup a', 'reconcile a with nothing'])
    expect(rig.errors).toEqual([])
  })

  test('is put on and taken off once, however late the informer sees it', async () => {
    const { rig, seen, controller, patches } = await startFinalized([configMap('a')], { hidesWrites: true })
    const runAgain = async (): Promise<void> => {
      await rig.settled()
      controller.enqueue('web/a')
      await rig.settled()
    }
    await rig.until(() => patches() === 1)
    await runAgain()
    expect(seen).toEqual([])
    rig.server.faults.catchUp()
    await rig.until(() => seen.length > 0)
    rig.server.delete(configMaps, 'web/a')
    await rig.until(() => patches() === 2)
    await runAgain()
    rig.server.faults.catchUp()
    await rig.until(() => seen.includes('reconcile a with nothing'))
    expect(patches()).toBe(2)
    expect(seen.filter((what) => what === 'cleanup a')).toHaveLength(1)
  })

  test('stays on while cleaning up fails', async () => {
    let failures = 2
    const { rig, seen, finalizers } = await startFinalized([configMap('a', { finalizers: [NAME] })], {
      cleanup: () => (failures-- > 0 ? Promise.reject(new Error('not yet')) : Promise.resolve()),
    })
    await rig.until(() => seen.length > 0)
    rig.server.delete(configMaps, 'web/a')
    await rig.until(() => seen.length === 2)
    await rig.settled()
    expect(finalizers('web/a')).toEqual([NAME])
    await rig.clock.advance(15)
    await rig.until(() => rig.server.get(configMaps, 'web/a') === undefined)
    expect(seen.slice(1, 4)).toEqual(['cleanup a', 'cleanup a', 'cleanup a'])
    expect(rig.codes).toEqual(['ERR_RECONCILE', 'ERR_RECONCILE'])
  })

  test('leaves what waits for others alone', async () => {
    const { rig, seen, finalizers } = await startFinalized([configMap('a', { finalizers: ['other.org/x', NAME] })])
    await rig.until(() => seen.length > 0)
    rig.server.delete(configMaps, 'web/a')
    await rig.until(() => seen.includes('cleanup a'))
    await rig.settled()
    rig.server.edit(configMaps, 'web/a', (draft) => void (draft.data = { changed: 'yes' }))
    await rig.settled()
    expect(finalizers('web/a')).toEqual(['other.org/x'])
    expect(seen).toEqual([`reconcile a with other.org/x,${NAME}`, 'cleanup a'])
  })

  test('is tried again when somebody else has written meanwhile', async () => {
    const { rig, seen, finalizers } = await startFinalized([])
    await rig.settled()
    rig.server.faults.answer({ verb: 'patch', status: 409 })
    rig.server.create(configMaps, { metadata: { namespace: 'web', name: 'a' } })
    await rig.until(() => rig.errors.length > 0)
    expect([seen, rig.codes]).toEqual([[], ['ERR_RECONCILE']])
    await rig.clock.advance(5)
    await rig.until(() => seen.length > 0)
    expect(finalizers('web/a')).toEqual([NAME])
  })

  test('is cleaned up again when taking it off has failed', async () => {
    const { rig, seen } = await startFinalized([configMap('a', { finalizers: [NAME] })])
    await rig.until(() => seen.length > 0)
    rig.server.faults.answer({ verb: 'patch', status: 500 })
    rig.server.delete(configMaps, 'web/a')
    await rig.until(() => rig.errors.length > 0)
    expect(rig.server.get(configMaps, 'web/a')).toBeDefined()
    await rig.clock.advance(5)
    await rig.until(() => rig.server.get(configMaps, 'web/a') === undefined)
    expect(seen.slice(1, 3)).toEqual(['cleanup a', 'cleanup a'])
  })

  test('is content with an object that is gone already', async () => {
    const { rig, seen, controller } = await startFinalized([configMap('a', { finalizers: [NAME] })], {
      cleanup: (name) => {
        rig.server.edit(configMaps, `web/${name}`, (draft) => void (draft.metadata.finalizers = []))
        return Promise.resolve()
      },
    })
    await rig.until(() => seen.length > 0)
    rig.server.delete(configMaps, 'web/a')
    await rig.until(() => seen.length === 3)
    await controller.idle()
    expect(seen.slice(1)).toEqual(['cleanup a', 'reconcile a with nothing'])
    expect(rig.errors).toEqual([])
  })
})

describe('what is waited for when a finalizer has come off', () => {
  const deletionTimestamp = '2026-01-01T00:00:00Z'
  const gone = { deleted: 'web/a', uid: 'u' }

  test.each<[string, object, boolean]>([
    ['the end of the object', {}, true],
    ['the write, where others keep the object', { finalizers: [NAME, 'other.org/x'] }, false],
    ['the write, where the object has time to end', { deletionGracePeriodSeconds: 30 }, false],
  ])('is %s', async (_, more, isGone) => {
    const rig = await ControllerRig.start([])
    const wrote: unknown[] = []
    const finalizers = [NAME]
    const metadata = { namespace: 'web', name: 'a', uid: 'u', deletionTimestamp, finalizers, ...more }
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata } as unknown as ConfigMap
    const patch = (current: unknown, edit: (draft: ConfigMap) => void): Promise<ConfigMap> => {
      const draft = structuredClone(current) as ConfigMap
      edit(draft)
      return Promise.resolve(draft)
    }
    const informer = rig.informer(configMaps)
    const signal = new AbortController().signal
    const context = {
      store: informer.store,
      signal,
      attempt: 1,
      wrote: (_where: unknown, to: unknown) => void wrote.push(to),
    }
    const finalizer = { name: NAME, writer: { patch }, cleanup: () => Promise.resolve() }
    expect(await finalize(finalizer, object, informer, context)).toBe('ended')
    expect(wrote).toMatchObject([isGone ? gone : { metadata: { uid: 'u' } }])
    expect(JSON.stringify(wrote)).not.toContain(NAME)
  })
})

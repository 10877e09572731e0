import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { KubeflumeError } from '../api/errors.ts'
import type { ConfigMap } from '../api/generated/index.ts'
import { createInformer, InformerFactory } from '../client.ts'
import { kubeConfigOf } from '../informer/informer.test-support.ts'
import { deferred } from '../internal/deferred.ts'
import { configMap, configMaps, ControllerRig, secrets } from './controller.test-support.ts'
import type { ControllerOptions } from './controller.ts'
import { createController } from '../controllers.ts'
import { terminal } from './terminal.ts'
import { watches } from './trigger.ts'

describe('a controller', () => {
  test('runs every object of the first list, and then what changes, deletes too', async () => {
    const rig = await ControllerRig.start()
    const controller = rig.controller()
    controller.start()
    await controller.idle()
    expect(await rig.settled()).toEqual(['web/a', 'web/b'])
    rig.server.edit(configMaps, 'web/a', (draft) => void (draft.data = { changed: 'yes' }))
    expect(await rig.settled()).toEqual(['web/a'])
    rig.server.delete(configMaps, 'web/b')
    expect(await rig.settled()).toEqual(['web/b'])
  })

  test('gives a run its name, the store and its attempt', async () => {
    const rig = await ControllerRig.start()
    const seen: unknown[] = []
    const controller = rig.controller({
      reconcile: (request, { store, attempt, signal }) => {
        seen.push([request, store.get(request.key)?.metadata.name, attempt, signal.aborted])
        if (request.name === 'b' && attempt === 1) throw new Error('not yet')
        return Promise.resolve()
      },
    })
    controller.start()
    await rig.until(() => seen.length === 2)
    await rig.clock.advance(5)
    expect(seen).toEqual([
      [{ key: 'web/a', namespace: 'web', name: 'a' }, 'a', 1, false],
      [{ key: 'web/b', namespace: 'web', name: 'b' }, 'b', 1, false],
      [{ key: 'web/b', namespace: 'web', name: 'b' }, 'b', 2, false],
    ])
    expect(rig.codes).toEqual(['ERR_RECONCILE'])
  })

  test('runs nothing before all its informers are synced', async () => {
    const rig = await ControllerRig.start()
    rig.server.faults.answer({ resource: secrets, verb: 'list', status: 403 })
    const controller = rig.controller({ triggers: [watches(rig.informer(secrets), () => [])] })
    controller.start()
    await rig.until(() => rig.codes.includes('ERR_FORBIDDEN'))
    expect(await rig.settled()).toEqual([])
    await rig.clock.advance(1000)
    await controller.idle()
    expect(await rig.settled()).toEqual(['web/a', 'web/b'])
  })

  test('goes on waiting for an informer that only somebody else can help, and says so', async () => {
    const rig = await ControllerRig.start()
    rig.server.faults.answer({ resource: configMaps, verb: 'list', status: 405 })
    const controller = rig.controller()
    controller.start()
    await rig.until(() => rig.codes.includes('ERR_SYNC'))
    await rig.clock.advance(60_000)
    await controller.idle()
    expect(await rig.settled()).toEqual(['web/a', 'web/b'])
  })

  test('starts and stops the informers that do not run, and leaves the others alone', async () => {
    const rig = await ControllerRig.start()
    const [mine, theirs] = [rig.informer(configMaps), rig.informer(secrets)]
    theirs.start()
    await theirs.synced()
    const controller = rig.controller({ informer: mine, triggers: [watches(theirs, () => [])] })
    controller.start()
    controller.start()
    await controller.idle()
    await controller.stop()
    await controller.stop()
    expect([mine.status.phase, theirs.status.phase]).toEqual(['stopped', 'watching'])
    expect(await rig.settled()).toEqual(['web/a', 'web/b'])
  })

  test('leaves an informer alone that was started and still waits for its first list', async () => {
    const rig = await ControllerRig.start()
    const { clock, onError } = rig
    await using factory = new InformerFactory(kubeConfigOf(rig.server), { maxConcurrentSyncs: 1, clock, onError })
    rig.server.faults.stallList({ resource: secrets })
    const [, theirs] = [factory.informer(secrets), factory.informer(configMaps)]
    factory.start()
    await rig.until(() => theirs.status.reason.startsWith('waits for a place'))
    const controller = rig.controller({ informer: theirs })
    controller.start()
    await controller.stop()
    expect(theirs.status.phase).toBe('idle')
  })

  test('stops where an informer cannot be started, says why, and can be started again', async () => {
    const rig = await ControllerRig.start([configMap('a')])
    const { clock, onError } = rig
    const kubeConfig = kubeConfigOf(rig.server)
    let isBroken = true
    const getCurrentCluster = (): { readonly server: string } | null => {
      if (isBroken) throw new Error('the file is gone')
      return kubeConfig.getCurrentCluster()
    }
    const informer = createInformer({ ...kubeConfig, getCurrentCluster }, configMaps, { clock, onError })
    const controller = rig.controller({ informer })
    controller.start()
    await rig.until(() => rig.errors.length > 0)
    expect(rig.errors[0]).toMatchObject({ code: 'ERR_SYNC', cause: { message: 'the file is gone' } })
    await expect(controller.idle()).rejects.toMatchObject({ code: 'ERR_STOPPED' })
    isBroken = false
    controller.start()
    await controller.idle()
    expect(rig.runs).toEqual(['web/a'])
  })

  test('begins anew after a stop, when the runs before have ended', async () => {
    const rig = await ControllerRig.start([configMap('a')])
    const ending = deferred<void>()
    const controller = rig.controller({ reconcile: () => ending.promise })
    controller.start()
    await rig.until(() => rig.runs.length === 1)
    const stopped = controller.stop()
    controller.start()
    expect(await rig.settled()).toEqual(['web/a'])
    expect(await rig.settled()).toEqual([])
    ending.resolve()
    await stopped
    await controller.idle()
    expect(await rig.settled()).toEqual(['web/a'])
  })

  test('runs a key that it is given, kept for the start', async () => {
    const rig = await ControllerRig.start([])
    const controller = rig.controller()
    controller.enqueue('web/x')
    controller.enqueue({ namespace: 'web', name: 'x' })
    expect(await rig.settled()).toEqual([])
    controller.start()
    await controller.idle()
    expect(await rig.settled()).toEqual(['web/x'])
    expect(() => controller.enqueue('x')).toThrow(expect.objectContaining({ code: 'ERR_KEY' }))
  })

  test('does nothing at all with a signal that has aborted', async () => {
    const rig = await ControllerRig.start()
    const controller = rig.controller()
    controller.start({ signal: AbortSignal.abort() })
    expect(await rig.settled()).toEqual([])
    expect(rig.server.requests).toEqual([])
  })

  test('lets first lists and resyncs wait for what is new', async () => {
    const rig = await ControllerRig.start()
    const heard: string[] = []
    const controller = rig.controller({
      resyncPeriodMs: 60_000,
      observer: { enqueued: ({ controller: name, key, priority }) => void heard.push(`${name} ${key} ${priority}`) },
    })
    controller.start()
    await controller.idle()
    rig.server.edit(configMaps, 'web/a', (draft) => void (draft.data = { changed: 'yes' }))
    await rig.settled()
    await rig.clock.advance(60_000)
    const all = ['test web/a low', 'test web/b low']
    expect(heard.splice(0, 3)).toEqual([...all, 'test web/a normal'])
    expect(heard.sort()).toEqual(all)
  })

  test('survives an observer that throws', async () => {
    const rig = await ControllerRig.start([configMap('a')])
    const controller = rig.controller({ observer: { started: failing } })
    controller.start()
    await controller.idle()
    expect(rig.runs).toEqual(['web/a'])
    expect(rig.codes).toEqual(['ERR_HANDLER'])
  })
})

describe('a run that fails', () => {
  test('is reported with its cause, and tried again', async () => {
    const rig = await ControllerRig.start([configMap('a')])
    const cause = new Error('no luck')
    const controller = rig.controller({ reconcile: (_, { attempt }) => (attempt < 3 ? Promise.reject(cause) : done()) })
    controller.start()
    await rig.until(() => rig.runs.length === 1)
    await rig.clock.advance(14)
    expect(rig.runs).toHaveLength(2)
    await rig.clock.advance(1)
    await controller.idle()
    expect(rig.runs).toHaveLength(3)
    expect(rig.errors).toMatchObject([1, 2].map(() => ({ code: 'ERR_RECONCILE', retryable: true, cause })))
  })

  test('is not tried again if it was terminal', async () => {
    const rig = await ControllerRig.start([configMap('a')])
    const controller = rig.controller({ reconcile: () => Promise.reject(terminal(new Error('a bad spec'))) })
    controller.start()
    await controller.idle()
    await rig.clock.advance(2_000_000)
    expect(rig.runs).toHaveLength(1)
    expect(rig.errors).toMatchObject([
      { code: 'ERR_RECONCILE', retryable: false, cause: { code: 'ERR_TERMINAL', message: 'a bad spec' } },
    ])
  })

  test.each([[-1], [Number.NaN], [Number.POSITIVE_INFINITY]])('is one that asks for %d ms', async (requeueAfterMs) => {
    const rig = await ControllerRig.start([configMap('a')])
    const controller = rig.controller({
      reconcile: (_, { attempt }) => Promise.resolve(attempt === 1 ? { requeueAfterMs } : {}),
    })
    controller.start()
    await rig.until(() => rig.errors.length === 1)
    expect(rig.errors).toMatchObject([{ code: 'ERR_RECONCILE', cause: { code: 'ERR_OPTION' } }])
  })

  test.each<[string, ControllerOptions<ConfigMap>['onError'], string[]]>([
    ['nobody listens', undefined, ['ERR_RECONCILE']],
    ['who listens throws', failing, ['ERR_RECONCILE', 'ERR_HANDLER']],
  ])('is a warning of the process where %s', async (_, onError, codes) => {
    const warn = vi.spyOn(process, 'emitWarning').mockReturnValue()
    onTestFinished(() => warn.mockRestore())
    const rig = await ControllerRig.start([configMap('a')])
    const controller = rig.controller({ onError, reconcile: () => Promise.reject(terminal('enough')) })
    controller.start()
    await controller.idle()
    expect(warn.mock.calls).toMatchObject(codes.map((code) => [{ code }]))
  })
})

describe('the time of a run', () => {
  test('ends with an abort of its signal, told once', async () => {
    const rig = await ControllerRig.start([configMap('a')])
    const reasons: unknown[] = []
    const controller = rig.controller({
      runTimeoutMs: 5000,
      reconcile: (_, { attempt, signal }) => (attempt === 1 ? heeding(signal, reasons) : done()),
    })
    controller.start()
    await rig.until(() => rig.runs.length === 1)
    await rig.clock.advance(4999)
    expect(rig.errors).toEqual([])
    await rig.clock.advance(1)
    expect(rig.codes).toEqual(['ERR_TIMEOUT'])
    expect(reasons).toEqual(rig.errors)
    await rig.clock.advance(5)
    expect(rig.runs).toHaveLength(2)
    expect(rig.codes).toEqual(['ERR_TIMEOUT'])
  })

  test('does not free the key of a run that goes on', async () => {
    const rig = await ControllerRig.start([configMap('a')])
    const ending = deferred<void>()
    const controller = rig.controller({ concurrency: 2, runTimeoutMs: 5000, reconcile: () => ending.promise })
    controller.start()
    await rig.until(() => rig.runs.length === 1)
    controller.enqueue('web/a')
    await rig.clock.advance(60_000)
    expect(rig.runs).toHaveLength(1)
    ending.resolve()
    await controller.idle()
    expect(rig.runs).toHaveLength(2)
    expect(rig.codes).toEqual(['ERR_TIMEOUT'])
  })
})

describe('stopping a controller', () => {
  test('lets runs end, and aborts their signals when that takes too long', async () => {
    const rig = await ControllerRig.start()
    const reasons: unknown[] = []
    const controller = rig.controller({ reconcile: (_, { signal }) => heeding(signal, reasons), drainTimeoutMs: 7000 })
    controller.start()
    await rig.until(() => rig.runs.length === 1)
    let hasStopped = false
    void controller.stop().then(() => (hasStopped = true))
    await rig.clock.advance(6999)
    expect([hasStopped, reasons]).toEqual([false, []])
    await rig.clock.advance(1)
    await rig.until(() => hasStopped)
    expect(reasons).toMatchObject([{ code: 'ERR_STOPPED' }])
    expect(rig.runs).toEqual(['web/a']) // web/b is for the next start
    expect(rig.codes).toEqual(['ERR_TIMEOUT'])
  })

  test('by the signal of the start aborts the runs at once', async () => {
    const rig = await ControllerRig.start()
    const reasons: unknown[] = []
    const controller = rig.controller({ reconcile: (_, { signal }) => heeding(signal, reasons) })
    const aborting = new AbortController()
    controller.start({ signal: aborting.signal })
    await rig.until(() => rig.runs.length === 1)
    aborting.abort('enough')
    await rig.settled()
    await controller.stop()
    expect(reasons).toEqual(['enough'])
    expect(rig.errors).toEqual([])
  })

  test('turns away who waits for it to be idle, started or not', async () => {
    const rig = await ControllerRig.start([])
    const never = rig.controller()
    const idle = expect(never.idle()).rejects.toMatchObject({ code: 'ERR_STOPPED' })
    await never.stop()
    await idle
    const controller = rig.controller()
    const waiting = controller.idle()
    await expect(Promise.all([controller.idle({ timeoutMs: 10 }), rig.clock.advance(10)])).rejects.toMatchObject({
      code: 'ERR_TIMEOUT',
    })
    controller.start()
    await waiting
    controller.enqueue('web/x')
    const late = controller.idle()
    const stopped = controller.stop()
    await expect(late).rejects.toMatchObject({ code: 'ERR_STOPPED' })
    await expect(controller.idle()).rejects.toMatchObject({ code: 'ERR_STOPPED' })
    await stopped
    await expect(Promise.resolve(controller[Symbol.asyncDispose]())).resolves.toBeUndefined()
  })
})

describe('createController', () => {
  test.each<[string, object]>([
    ['no name', { name: '' }],
    ['a concurrency of 0', { concurrency: 0 }],
    ['a concurrency of 1.5', { concurrency: 1.5 }],
    ['a run timeout of 0', { runTimeoutMs: 0 }],
    ['a drain timeout below 0', { drainTimeoutMs: -1 }],
    ['a resync period in seconds', { resyncPeriodMs: 30 }],
    ['a finalizer without a domain', { finalizer: { name: 'mine' } }],
    ['a trigger of its own', { triggers: [{ informer: {} }] }],
  ])('refuses %s', async (_, options) => {
    const rig = await ControllerRig.start([])
    const informer = rig.informer(configMaps)
    const create = (): unknown => createController({ name: 'test', informer, reconcile: done, ...options })
    expect(create).toThrow(KubeflumeError)
    expect(create).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})

function failing(): never {
  throw new Error('broken')
}

function done(): Promise<void> {
  return Promise.resolve()
}

/** A run that lasts until it is told to end, and then throws what it was told. */
function heeding(signal: AbortSignal, reasons: unknown[]): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => {
      reasons.push(signal.reason)
      reject(signal.reason)
    })
  })
}

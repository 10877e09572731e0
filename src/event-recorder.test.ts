import { describe, expect, onTestFinished, test } from 'vitest'
import type { KubeflumeError } from './api/errors.ts'
import { resources } from './api/generated/index.ts'
import { keyOf } from './api/key.ts'
import type { Event } from './api/generated/types/events-v1.ts'
import type { KubernetesObject, New } from './api/object.ts'
import { type EventRecorder, SeriesRecorder } from './controller/event-recorder.ts'
import type { EventDetails } from './controller/new-event.ts'
import { createEventRecorder, type EventRecorderOptions } from './event-recorder.ts'
import { kubeConfigOf } from './informer/informer.test-support.ts'
import { deferred } from './internal/deferred.ts'
import { ManualClock } from './testing/manual-clock.ts'
import { TestApiServer } from './testing/server.ts'

const { events } = resources.events.v1
const pod: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'web', name: 'a', uid: 'u-1', resourceVersion: '7', creationTimestamp: '' },
}
const made: EventDetails = { type: 'Normal', reason: 'Made', action: 'Make', note: 'it is made' }

async function start(options: Partial<EventRecorderOptions> = {}) {
  const clock = new ManualClock()
  const objects = ['web', 'default'].map((name) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }))
  const server = await TestApiServer.start({ objects })
  const errors: KubeflumeError[] = []
  const onError = (error: KubeflumeError): void => void errors.push(error)
  const recorder: EventRecorder = createEventRecorder(kubeConfigOf(server), {
    controller: 'example.com/operator',
    instance: 'replica-1',
    clock,
    onError,
    ...options,
  })
  onTestFinished(async () => {
    await recorder.close()
    await server.stop()
    expect(clock.pending).toBe(0)
  })
  const record = (details: Partial<EventDetails> = {}, object: object = pod): void =>
    recorder.event(object as KubernetesObject, { ...made, ...details })
  const verbs = (): string[] => server.requests.map(({ verb }) => verb)
  return { clock, server, recorder, errors, record, verbs, codes: () => errors.map(({ code }) => code) }
}

describe('an event', () => {
  test('is created with all that the server wants, beside its object', async () => {
    const { server, recorder, record, clock } = await start()
    record({ related: pod })
    await recorder.flush()
    const [event] = server.list(events)
    const { apiVersion, kind } = pod
    const reference = { apiVersion, kind, namespace: 'web', name: 'a', uid: 'u-1', resourceVersion: '7' }
    expect(event).toMatchObject({
      metadata: { namespace: 'web', name: `a.${(BigInt(clock.now()) * 1_000_000n).toString(16)}` },
      eventTime: '2026-01-01T00:00:00.000000Z',
      reportingController: 'example.com/operator',
      reportingInstance: 'replica-1',
      regarding: reference,
      related: reference,
      ...made,
    })
    expect(event?.series).toBeUndefined()
  })

  test('of an object without a namespace is in default, and its name is one whatever the object is called', async () => {
    const { server, recorder, record, codes } = await start()
    for (const name of ['System:Node.', 'a'.repeat(253), '.-']) {
      record({}, { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name, uid: name } })
    }
    await recorder.flush()
    expect(codes()).toEqual([])
    const names = server.list(events).map(({ metadata }) => metadata.name.replace(/\.[0-9a-f]+$/, ''))
    expect(names.toSorted()).toEqual(['a'.repeat(235), 'object', 'system-node'])
    expect(new Set(server.list(events).map(({ metadata }) => metadata.namespace))).toEqual(new Set(['default']))
  })

  test('is dropped where its object is metadata alone, which does not say what it is of', async () => {
    const { server, recorder, record, errors } = await start()
    record({}, { ...pod, apiVersion: 'meta.k8s.io/v1', kind: 'PartialObjectMetadata' })
    await recorder.flush()
    expect(errors.map(({ message }) => message)).toEqual([expect.stringContaining('metadata alone')])
    expect(server.list(events)).toEqual([])
  })

  test('is cut to what the server takes, between two characters', async () => {
    const { server, recorder, record, codes } = await start()
    record({ note: 'ü'.repeat(600), reason: '€'.repeat(50), action: 'x'.repeat(200) })
    await recorder.flush()
    expect(codes()).toEqual([])
    const [event] = server.list(events)
    expect(event).toMatchObject({ note: `${'ü'.repeat(510)}…`, reason: '€'.repeat(42), action: 'x'.repeat(128) })
  })

  test.each<[string, object, object]>([
    ['without an object', {}, { apiVersion: 'v1', kind: 'Pod', metadata: {} }],
    ['without a reason', { reason: '' }, pod],
    ['without an action', { action: undefined }, pod],
    ['of another type', { type: 'Sad' }, pod],
    ['without a text', { note: undefined }, pod],
    ['about nothing', {}, undefined as never],
  ])('%s is dropped, and throws nothing', async (_name, details, object) => {
    const { recorder, codes, verbs } = await start()
    recorder.event(object as KubernetesObject, { ...made, ...details })
    await recorder.flush()
    expect([codes(), verbs()]).toEqual([['ERR_EVENT'], []])
  })
})

describe('an event that happens again', () => {
  test('makes a series at once, which is told again no more than once a minute', async () => {
    const { server, clock, recorder, record, verbs } = await start()
    record()
    await recorder.flush()
    await clock.advance(1000)
    record()
    await clock.advance(0)
    await recorder.flush()
    expect(server.list(events)[0]?.series).toEqual({ count: 2, lastObservedTime: '2026-01-01T00:00:01.000000Z' })
    for (let second = 0; second < 50; second++) {
      record()
      await clock.advance(1000)
    }
    expect(verbs()).toEqual(['create', 'patch'])
    await clock.advance(10_000)
    expect(server.list(events)[0]?.series).toEqual({ count: 52, lastObservedTime: '2026-01-01T00:00:50.000000Z' })
    expect(verbs()).toEqual(['create', 'patch', 'patch'])
  })

  test('is one request where it came before the first was sent', async () => {
    const { server, recorder, record, verbs } = await start()
    for (let time = 0; time < 5; time++) record()
    await recorder.flush()
    expect([server.list(events)[0]?.series?.count, verbs()]).toEqual([5, ['create']])
  })

  test('is another event six minutes later, and where a word of it differs', async () => {
    const { server, clock, recorder, record } = await start()
    record()
    record({ note: 'otherwise' })
    await recorder.flush()
    await clock.advance(360_000)
    record()
    await recorder.flush()
    expect(server.list(events)).toHaveLength(3)
  })

  test('is created anew with its count when the server has forgotten it', async () => {
    const { server, recorder, record } = await start()
    record()
    await recorder.flush()
    server.delete(events, keyOf(server.list(events)[0]!))
    record()
    await recorder.flush()
    expect(server.list(events)[0]?.series?.count).toBe(2)
  })

  test('is the same event where its notes differ only in what is cut off', async () => {
    const { server, recorder, record } = await start()
    record({ note: `${'n'.repeat(1024)}1` })
    record({ note: `${'n'.repeat(1024)}2` })
    await recorder.flush()
    expect(server.list(events).map(({ series }) => series?.count)).toEqual([2])
  })

  test('may differ 25 times for an object, and once more every five minutes', async () => {
    const { server, clock, recorder, record, codes } = await start()
    for (let time = 0; time < 100; time++) record({ note: `number ${time}` })
    await recorder.flush()
    expect([server.list(events).length, codes()]).toEqual([25, ['ERR_EVENT']])
    await clock.advance(300_000)
    for (let time = 100; time < 110; time++) record({ note: `number ${time}` })
    await recorder.flush()
    expect([server.list(events).length, codes()]).toEqual([26, ['ERR_EVENT', 'ERR_EVENT']])
  })
})

describe('a recorder', () => {
  test('tries five times where that may help, and then drops the event', async () => {
    const { server, clock, recorder, record, errors, verbs } = await start()
    server.faults.answer({ status: 503, times: 5 })
    record()
    await clock.advance(1000 + 2000 + 4000 + 8000)
    expect(errors).toMatchObject([{ code: 'ERR_EVENT', cause: { code: 'ERR_UNAVAILABLE' } }])
    expect(verbs()).toHaveLength(5)
    record({ note: 'the next one' })
    await recorder.flush()
    expect(server.list(events)).toHaveLength(1)
  })

  test('drops at once what the server refuses', async () => {
    const { recorder, record, errors } = await start()
    record({}, { ...pod, metadata: { ...pod.metadata, namespace: 'gone' } })
    await recorder.flush()
    expect(errors).toMatchObject([{ code: 'ERR_EVENT', cause: { code: 'ERR_NOT_FOUND' } }])
  })

  test('takes an event for recorded whose answer was lost', async () => {
    const { server, clock, recorder, record, errors } = await start()
    record()
    await recorder.flush()
    const [event] = server.list(events)
    server.faults.answer({ status: 409, verb: 'create' })
    record({ note: 'another' })
    await recorder.flush()
    record({ note: 'another' })
    server.create(events, { ...event!, metadata: { namespace: 'web', name: later(event!.metadata.name) } })
    await clock.advance(0)
    await recorder.flush()
    expect(errors).toEqual([])
    expect(
      server.list(events).find(({ metadata }) => metadata.name === later(event!.metadata.name))?.series?.count,
    ).toBe(2)
  })

  test('queues no more than 1,000', async () => {
    const { recorder, record, codes } = await start()
    for (let one = 0; one < 1003; one++) record({}, { ...pod, metadata: { ...pod.metadata, uid: `u-${one}` } })
    expect(codes()).toEqual(['ERR_EVENT', 'ERR_EVENT', 'ERR_EVENT'])
    void recorder
  })

  test('drops none of 1,000 that wait when it is told to send them', async () => {
    const { server, recorder, record, codes } = await start()
    for (let one = 0; one < 1000; one++) record({}, { ...pod, metadata: { ...pod.metadata, uid: `u-${one}` } })
    await recorder.flush()
    expect([codes(), server.list(events).length]).toEqual([[], 1000])
  })

  test('sends also what is repeated while it is being sent', async () => {
    const { server, recorder, record } = await start()
    record()
    await recorder.flush()
    record()
    await new Promise((resolve) => setImmediate(resolve)) // the series is on its way
    record()
    await recorder.flush()
    expect(server.list(events)[0]?.series?.count).toBe(3)
  })

  test.each(Array.from({ length: 12 }, (_, turns) => turns))(
    'sends what comes %i turns after the answer to the last one',
    async (turns) => {
      const sent: (string | undefined)[] = []
      const answered = deferred<void>()
      const sink = {
        async create(event: New<Event>): Promise<Event> {
          sent.push(event.reason)
          await answered.promise
          return event as Event
        },
        patch: () => Promise.reject(new Error('there is no series')),
      }
      const clock = new ManualClock()
      const parts = { source: { controller: 'c', instance: 'i' }, clock, wallTime: () => clock.now(), report: () => {} }
      await using recorder = new SeriesRecorder({ ...parts, sink: () => sink })
      recorder.event(pod, { ...made, reason: 'First' })
      await clock.advance(0)
      answered.resolve()
      for (let turn = 0; turn < turns; turn++) await Promise.resolve()
      recorder.event(pod, { ...made, reason: 'Second' })
      await clock.advance(0)
      expect(sent).toEqual(['First', 'Second'])
    },
  )

  test('sends what is left when it is closed, and nothing later', async () => {
    const { server, clock, recorder, record, codes } = await start()
    record()
    await recorder.flush()
    record()
    await recorder.flush()
    record()
    await recorder.close()
    expect(server.list(events)[0]?.series?.count).toBe(3)
    record()
    expect([codes(), clock.pending]).toEqual([['ERR_EVENT'], 0])
  })

  test('waits five seconds at most when it is closed', async () => {
    const { server, clock, recorder, record, codes } = await start()
    server.faults.answer({ status: 503, times: 100 })
    record()
    const closed = recorder.close()
    await clock.advance(5000)
    await closed
    expect([codes(), clock.pending]).toEqual([['ERR_EVENT'], 0])
  })

  test.each(['', 'a/b/c', 'with space', '-a', 'a'.repeat(64)])('does not take %o for its controller', (controller) => {
    const make = () => createEventRecorder(kubeConfigOf({ url: 'http://127.0.0.1:1' }), { controller })
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })

  test.each([{}, { controller: 'a', instance: '' }])('does not take %o', (options) => {
    const make = () => createEventRecorder(kubeConfigOf({ url: 'http://127.0.0.1:1' }), options as EventRecorderOptions)
    expect(make).toThrow(expect.objectContaining({ code: 'ERR_OPTION' }))
  })
})

/** The name that comes a microsecond later. */
function later(name: string): string {
  const dot = name.lastIndexOf('.')
  return `${name.slice(0, dot)}.${(BigInt(`0x${name.slice(dot + 1)}`) + 1000n).toString(16)}`
}

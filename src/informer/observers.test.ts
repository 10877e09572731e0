import { channel } from 'node:diagnostics_channel'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { KubeflumeError } from '../api/errors.ts'
import type { Pod } from '../api/generated/index.ts'
import type { HandlerObservation, Observer } from '../api/observer.ts'
import { channelObserver } from '../channel-observer.ts'
import { createRig, followingRig, label, webPods } from './informer.test-support.ts'
import { Observers } from './observers.ts'

/** Hears everything, by name. */
function recorder(): { observer: Observer; heard: [name: string, event: object][] } {
  const heard: [string, object][] = []
  const names = ['list', 'page', 'relist', 'watchEnd', 'quarantined', 'backoff', 'handled'] as const
  const hears = (name: string) => (event: object) => void heard.push([name, event])
  return { observer: Object.fromEntries(names.map((name) => [name, hears(name)])), heard }
}

/** Messages of a channel, until the test is over. */
function subscribed(name: string): object[] {
  const messages: object[] = []
  const listen = (message: unknown): void => void messages.push(message as object)
  channel(name).subscribe(listen)
  onTestFinished(() => {
    channel(name).unsubscribe(listen)
  })
  return messages
}

describe('an observer', () => {
  test('hears how long a handler took, by the clock of the informer, and what it threw', async () => {
    const { observer, heard } = recorder()
    const rig = await followingRig({ objects: webPods('a'), observer })
    const release = Promise.withResolvers<void>()
    rig.informer.subscribe(async ({ type }) => {
      await release.promise
      if (type === 'updated') throw new Error('no')
    })
    const handled = (): HandlerObservation[] =>
      heard.filter(([name]) => name === 'handled').map(([, event]) => event as HandlerObservation)
    await rig.clock.advance(250)
    expect(handled()).toEqual([])
    release.resolve()
    label(rig.server, 'web/a', 'new')
    await rig.until(() => handled().length === 2)
    expect(handled()).toEqual([
      { resource: rig.informer.resource, type: 'added', key: 'web/a', durationMs: 250, error: undefined },
      { resource: rig.informer.resource, type: 'updated', key: 'web/a', durationMs: 0, error: new Error('no') },
    ])
  })

  test('hears of each version that is quarantined, once', async () => {
    const { observer, heard } = recorder()
    const filter = ({ metadata }: { metadata: { labels?: { [label: string]: string } } }): boolean => {
      if (metadata.labels?.['app'] !== 'good') throw new Error('bad')
      return true
    }
    const rig = await createRig({ objects: webPods('a'), observer, namespaces: ['web'], filter })
    await rig.following()
    const quarantined = (): object[] => heard.filter(([name]) => name === 'quarantined').map(([, event]) => event)
    expect(quarantined()).toMatchObject([
      { namespace: 'web', key: 'web/a', resourceVersion: '2', error: { code: 'ERR_FILTER' } },
    ])
    expect(() => rig.informer.store.get('web/a')).toThrow('filter')
    label(rig.server, 'web/a', 'good')
    await rig.informer.caughtUp('3')
    label(rig.server, 'web/a', 'bad again')
    await rig.informer.caughtUp('4')
    expect(quarantined()).toHaveLength(2)
    expect(rig.status.quarantined).toMatchObject([{ key: 'web/a', resourceVersion: '4' }])
  })

  test('hears of lists, relists, waits and the ends of watches, in the order in which they happen', async () => {
    const { observer, heard } = recorder()
    const rig = await followingRig({ objects: webPods('a'), observer })
    rig.server.faults.answer({ verb: 'watch', status: 410 })
    rig.server.faults.dropWatches()
    await rig.passWait() // a watch of less than a second
    await rig.passWait()
    await rig.following()
    const told = heard.filter(([name]) => name !== 'page').map(([name]) => name)
    expect(told).toEqual(['list', 'watchEnd', 'backoff', 'watchEnd', 'backoff', 'relist', 'list'])
  })

  test('that throws is reported, and nothing else changes', async () => {
    const { observer, heard } = recorder()
    const observers = {
      ...observer,
      list: () => {
        throw new Error('mine')
      },
    }
    const errors: KubeflumeError[] = []
    const onError = (error: KubeflumeError): void => void errors.push(error)
    const rig = await followingRig({ objects: webPods('a'), observer: observers, onError })
    expect(errors).toMatchObject([{ code: 'ERR_HANDLER', cause: { message: 'mine' } }])
    expect([rig.keys, heard.some(([name]) => name === 'page')]).toEqual([['web/a'], true])
  })
})

describe('several observers', () => {
  test('each hear, whatever another one throws', () => {
    const heard: object[] = []
    const errors: Error[] = []
    const throws: Observer = {
      backoff: () => {
        throw new Error('mine')
      },
    }
    const observers = new Observers([throws, { backoff: (event) => heard.push(event) }], (error) => errors.push(error))
    const event = { resource: {} as never, namespace: undefined, delayMs: 1, after: 'x' }
    observers.backoff?.(event)
    expect([heard, errors.map(({ cause }) => (cause as Error).message)]).toEqual([[event], ['mine']])
  })

  test('have a method only while one of them has it', () => {
    const observers = new Observers([channelObserver, {}], () => {})
    expect([observers.handled, observers.list]).toEqual([undefined, undefined])
    subscribed('kubeflume:handled')
    expect([typeof observers.handled, observers.list]).toEqual(['function', undefined])
  })
})

describe('the channels of node:diagnostics_channel', () => {
  test('have what every informer of the process does', async () => {
    const names = ['list', 'page', 'relist', 'watch-end', 'quarantined', 'backoff', 'handled']
    const messages = new Map(names.map((name) => [name, subscribed(`kubeflume:${name}`)]))
    const transform = (object: Pod): Pod => (object.metadata.name === 'a' ? (undefined as never) : object)
    const rig = await followingRig({ objects: webPods('a', 'b'), transform })
    rig.record()
    rig.informer.subscribe(() => {})
    rig.server.faults.answer({ verb: 'watch', status: 410 })
    rig.server.faults.dropWatches()
    await rig.passWait()
    await rig.passWait()
    await rig.following()
    const silent = names.filter((name) => messages.get(name)!.length === 0)
    expect(silent).toEqual([])
    expect(messages.get('list')).toMatchObject([
      { resource: { plural: 'pods' }, items: 2, error: undefined },
      { items: 2 },
    ])
  })
})

import { describe, expect, test } from 'vitest'
import { DecodeError } from '../api/errors.ts'
import type { Change } from './change.ts'
import { ObjectStore, type ObjectStoreOptions } from './object-store.ts'
import { shown, testCodec, type Thing, wire } from './store.test-support.ts'

function createStore(options: Partial<ObjectStoreOptions<Thing>> = {}) {
  const changes: Change<Thing>[] = []
  const quarantined: string[] = []
  const store = new ObjectStore<Thing>({
    codec: testCodec,
    onChanges: (some) => void changes.push(...some),
    onQuarantine: (key, error) => void quarantined.push(`${key} ${error.code}`),
    ...options,
  })
  /** What has been told since the last time. */
  const told = (): string[] => changes.splice(0).map(shown)
  return { store, told, quarantined }
}

describe('a store', () => {
  test('tells an add, an update and a delete, each with the versions that it is about', () => {
    const { store, told } = createStore()
    store.put(wire('a', { version: '1' }))
    store.put(wire('a', { version: '2' }))
    store.delete(wire('a', { version: '3' }))
    expect(told()).toEqual(['added web/a 1', 'updated web/a 1 -> 2', 'deleted web/a 3'])
    expect(store.size).toBe(0)
  })

  test('takes the same version again for nothing new', () => {
    const { store, told } = createStore()
    store.put(wire('a'))
    store.put(wire('a', { labels: { other: 'content' } }))
    expect(told()).toEqual(['added web/a 1'])
  })

  test('takes no version for the same where there is none', () => {
    const { store, told } = createStore()
    store.put(wire('a', { version: '' }))
    store.put(wire('a', { version: '' }))
    store.put(wire('b', { uid: '' }))
    store.put(wire('b', { uid: '' }))
    expect(told()).toEqual(['added web/a ', 'updated web/a  -> ', 'added web/b 1', 'updated web/b 1 -> 1'])
  })

  test('tells another uid as a delete and an add', () => {
    const { store, told } = createStore()
    store.put(wire('a', { uid: 'A' }))
    store.put(wire('a', { uid: 'B', version: '2' }))
    expect(told()).toEqual(['added web/a 1', 'deleted web/a 1 (unseen)', 'added web/a 2'])
  })

  test('tells nothing of the delete of what it does not know', () => {
    const { store, told } = createStore()
    store.delete(wire('a'))
    expect(told()).toEqual([])
  })

  test('is as told when it tells', () => {
    const sizes: number[] = []
    const { store } = createStore({ onChanges: () => void sizes.push(store.size) })
    store.put(wire('a'))
    store.delete(wire('a', { version: '2' }))
    expect(sizes).toEqual([1, 0])
  })
})

describe('an object in a store', () => {
  test('is decoded when it is read, once for as long as somebody holds it, and frozen', () => {
    const { store } = createStore()
    const a = wire('a', { labels: { app: 'x' } })
    store.put(a)
    expect(a.decoded).toBe(0)
    const object = store.get('web/a')!.read()
    expect(store.get('web/a')!.read()).toBe(object)
    expect(a.decoded).toBe(1)
    expect(() => {
      ;(object.metadata.labels as { [label: string]: string })['app'] = 'y'
    }).toThrow(TypeError)
  })

  test('that cannot be decoded is quarantined when that is found out, told once, and gone with its version', () => {
    const { store, quarantined } = createStore()
    const broken = new DecodeError('ERR_DECODE_OBJECT', 'broken', { offset: 0, key: 'web/a' })
    store.put(wire('a', { broken }))
    expect(store.quarantined).toEqual([])
    const entry = store.get('web/a')!
    expect(() => entry.read()).toThrow(broken)
    expect(entry.tryRead()).toBeUndefined()
    const listed = [{ key: 'web/a', resourceVersion: '1', error: broken }]
    expect([quarantined, store.quarantined]).toEqual([['web/a ERR_DECODE_OBJECT'], listed])
    store.put(wire('b'))
    expect(store.quarantined).toBe(store.quarantined)
    store.put(wire('a', { version: '2' }))
    expect(store.quarantined).toEqual([])
  })

  test('that nobody holds any more is not quarantined, whoever still reads it', () => {
    const { store } = createStore()
    const broken = new DecodeError('ERR_DECODE_OBJECT', 'broken', { offset: 0 })
    store.put(wire('a', { broken }))
    const old = store.get('web/a')!
    store.put(wire('a', { version: '2' }))
    expect(old.tryRead()).toBeUndefined()
    expect(store.quarantined).toEqual([])
  })
})

describe('a filter', () => {
  const isVisible = (thing: { spec?: { readonly show?: unknown } }): boolean => thing.spec?.show === true

  test('makes adds and deletes of what begins and ceases to match', () => {
    const { store, told } = createStore({ filter: isVisible })
    store.put(wire('a', { version: '1' }))
    store.put(wire('a', { version: '2', spec: { show: true } }))
    store.put(wire('a', { version: '3', spec: { show: true } }))
    store.put(wire('a', { version: '4' }))
    store.put(wire('a', { version: '5' }))
    store.delete(wire('a', { version: '6' }))
    expect(told()).toEqual(['added web/a 2', 'updated web/a 2 -> 3', 'deleted web/a 3'])
    expect([...store.known(undefined)]).toEqual([])
  })

  test('keeps no bytes of what it keeps out, and does not decode it again', () => {
    const { store } = createStore({ filter: isVisible })
    store.put(wire('a'))
    const again = wire('a')
    store.put(again)
    expect([store.size, store.get('web/a'), store.find('web/a')?.bytes, again.decoded]).toEqual([
      0,
      undefined,
      undefined,
      0,
    ])
  })

  test('does not hide the delete of what it let in', () => {
    const { store, told } = createStore({ filter: isVisible })
    store.put(wire('a', { version: '1', spec: { show: true } }))
    store.delete(wire('a', { version: '2' }))
    expect(told()).toEqual(['added web/a 1', 'deleted web/a 1'])
  })

  test('sees the object before the transform', () => {
    const { store } = createStore({
      filter: isVisible,
      transform: (thing) => ({ ...thing, spec: { shown: true } }),
    })
    store.put(wire('a', { spec: { show: true } }))
    expect(store.get('web/a')?.read().spec).toEqual({ shown: true })
  })
})

describe('a transform', () => {
  test('is what is kept, decoded and frozen', () => {
    const { store } = createStore({ transform: ({ spec: _, ...thing }) => thing })
    const a = wire('a', { spec: { secret: 1 } })
    store.put(a)
    const object = store.get('web/a')!.read()
    expect([object.spec, store.get('web/a')!.bytes, store.get('web/a')!.read() === object]).toEqual([
      undefined,
      undefined,
      true,
    ])
    expect(a.decoded).toBe(1)
    expect(Object.isFrozen(object.metadata)).toBe(true)
  })

  test.each<[string, (thing: Thing) => unknown]>([
    [
      'throws',
      () => {
        throw new Error('boom')
      },
    ],
    ['returns nothing', () => undefined],
    ['returns a promise', (thing) => Promise.resolve(thing)],
    ['changes the name', (thing) => ({ ...thing, metadata: { ...thing.metadata, name: 'b' } })],
    ['changes the namespace', (thing) => ({ ...thing, metadata: { ...thing.metadata, namespace: 'b' } })],
    ['changes the uid', (thing) => ({ ...thing, metadata: { ...thing.metadata, uid: 'b' } })],
    ['changes the resourceVersion', (thing) => ({ ...thing, metadata: { ...thing.metadata, resourceVersion: '7' } })],
    ['drops the metadata', ({ metadata: _, ...thing }) => thing],
  ])('that %s quarantines the object', (_what, transform) => {
    const { store, quarantined, told } = createStore({ transform: transform as (thing: Thing) => Thing })
    store.put(wire('a'))
    expect(quarantined).toEqual(['web/a ERR_TRANSFORM'])
    expect(store.quarantined.map(({ key }) => key)).toEqual(['web/a'])
    expect(told()).toEqual(['added web/a 1'])
  })
})

describe('an index', () => {
  const keys = (store: ObjectStore<Thing>, name: string, value: string): string[] =>
    [...store.select({ index: [store.indexer.numberOf(name), value] })].map(({ key }) => key)

  test.each<[string, ObjectStoreOptions<Thing>['indexes'] & object]>([
    ['a path', { by: 'spec.node' }],
    ['a path in parts', { by: ['spec', 'node'] }],
    ['a function', { by: ({ spec }) => [spec?.['node']].filter((node) => typeof node === 'string') }],
  ])('by %s follows its objects', (_kind, indexes) => {
    const { store } = createStore({ indexes })
    store.put(wire('a', { spec: { node: 'n1' } }))
    store.put(wire('b', { spec: { node: 'n1' } }))
    store.put(wire('c'))
    expect(keys(store, 'by', 'n1')).toEqual(['web/a', 'web/b'])
    store.put(wire('a', { version: '2', spec: { node: 'n2' } }))
    store.delete(wire('b', { version: '2' }))
    expect([keys(store, 'by', 'n1'), keys(store, 'by', 'n2')]).toEqual([[], ['web/a']])
  })

  test('by a label, or by an array, has every value, as text', () => {
    const { store } = createStore({ indexes: { app: { label: 'a.b/app' }, port: 'spec.ports.number' } })
    store.put(
      wire('a', { labels: { 'a.b/app': 'x' }, spec: { ports: [{ number: 1 }, { number: 2 }, { number: null }] } }),
    )
    expect([
      keys(store, 'app', 'x'),
      keys(store, 'port', '1'),
      keys(store, 'port', '2'),
      keys(store, 'port', 'null'),
    ]).toEqual([['web/a'], ['web/a'], ['web/a'], []])
  })

  test('reads the transformed object', () => {
    const { store } = createStore({
      transform: (thing) => ({ ...thing, spec: { node: 'other' } }),
      indexes: { by: 'spec.node' },
    })
    store.put(wire('a', { spec: { node: 'n1' } }))
    expect([keys(store, 'by', 'n1'), keys(store, 'by', 'other')]).toEqual([[], ['web/a']])
  })

  test('that is not there is an error', () => {
    const { store } = createStore({ indexes: { by: 'spec.node' } })
    expect(() => keys(store, 'node', 'n1')).toThrow(
      expect.objectContaining({ code: 'ERR_INDEX', message: 'there is no index "node"' }),
    )
  })

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('boom')
      },
    ],
    ['returns nothing', () => undefined],
    ['returns text', () => 'text'],
    ['returns other than text', () => [1]],
  ])('whose function %s quarantines the object', (_what, by) => {
    const { store, quarantined } = createStore({ indexes: { by: by as () => string[] } })
    store.put(wire('a'))
    expect([quarantined, store.size]).toEqual([['web/a ERR_INDEX'], 1])
    store.delete(wire('a', { version: '2' }))
    expect(store.size).toBe(0)
  })
})

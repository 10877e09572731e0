import { describe, expect, test } from 'vitest'
import { DecodeError } from '../api/errors.ts'
import type { Change } from './change.ts'
import { ObjectStore, type ObjectStoreOptions } from './object-store.ts'
import { Replacement, type ReplacementOptions } from './replacement.ts'
import { shown, type Thing, wire } from './store.test-support.ts'

function createStore(options: Partial<ObjectStoreOptions<Thing>> = {}) {
  const changes: Change<Thing>[] = []
  const store = new ObjectStore<Thing>({
    onChanges: (some) => void changes.push(...some),
    onQuarantine: () => {},
    ...options,
  })
  const told = (): string[] => changes.splice(0).map(shown)
  const replace = (items: readonly ReturnType<typeof wire>[], given: Partial<ReplacementOptions> = {}): string[] => {
    const replacement = begin(store, given)
    for (const item of items) replacement.stage(item)
    replacement.commit()
    return told()
  }
  return { store, told, replace }
}

function begin(store: ObjectStore<Thing>, options: Partial<ReplacementOptions> = {}): Replacement<Thing> {
  return new Replacement(store, {
    namespace: undefined,
    isInitialList: false,
    trustsVersions: true,
    onDuplicate: () => {},
    ...options,
  })
}

const keys = (store: ObjectStore<Thing>): string[] => [...store.entries()].map(({ key }) => key)

describe('a replacement', () => {
  test('adds, updates and drops in one step, deletes told first', () => {
    const { store, replace } = createStore()
    replace([wire('a'), wire('b'), wire('c')], { isInitialList: true })
    expect(replace([wire('d'), wire('b', { version: '2' }), wire('c')])).toEqual([
      'deleted web/a 1 (unseen)',
      'added web/d 1',
      'updated web/b 1 -> 2',
    ])
    expect(keys(store).toSorted()).toEqual(['web/b', 'web/c', 'web/d'])
  })

  test('tells the first list as such', () => {
    const { replace } = createStore()
    expect(replace([wire('a')], { isInitialList: true })).toEqual(['added web/a 1 (initial)'])
  })

  test('changes nothing for a reader before its commit, and everything in it', () => {
    const { store, told } = createStore()
    store.put(wire('a'))
    told()
    const replacement = begin(store)
    const reading = store.entries()
    replacement.stage(wire('b'))
    expect([replacement.size, keys(store), told()]).toEqual([1, ['web/a'], []])
    expect(reading.next().value?.key).toBe('web/a')
    replacement.commit()
    expect(keys(store)).toEqual(['web/b'])
  })

  test('that is given up has changed nothing', () => {
    const { store, told } = createStore()
    store.put(wire('a'))
    told()
    const replacement = begin(store)
    replacement.stage(wire('a', { version: '2' }))
    replacement.stage(wire('b'))
    expect([keys(store), store.get('web/a')?.resourceVersion, told()]).toEqual([['web/a'], '1', []])
  })

  test('tells another uid under the same key as a delete and an add', () => {
    const { replace } = createStore()
    replace([wire('a', { uid: 'A' })])
    expect(replace([wire('a', { uid: 'B' })])).toEqual(['deleted web/a 1 (unseen)', 'added web/a 1'])
  })

  test('takes the newer one of a key that comes twice', () => {
    const duplicates: string[] = []
    const { store, replace } = createStore()
    const onDuplicate = (key: string): void => void duplicates.push(key)
    replace([wire('a', { version: '9' }), wire('a', { version: '10' }), wire('a', { version: '8' })], { onDuplicate })
    expect([store.get('web/a')?.resourceVersion, duplicates]).toEqual(['10', ['web/a', 'web/a']])
  })

  test('of one namespace leaves the others alone', () => {
    const { store, replace } = createStore({ filter: ({ spec }) => spec?.['hidden'] !== true })
    const other = wire('x', { namespace: 'db' })
    replace([wire('a'), wire('h', { spec: { hidden: true } }), other])
    expect(replace([], { namespace: 'web' })).toEqual(['deleted web/a 1 (unseen)'])
    expect([...store.known(undefined)].map(({ key }) => key)).toEqual(['db/x'])
  })
})

describe('an item that the store has already', () => {
  test('is the same entry afterwards, with the same decoded object, and is not decoded', () => {
    const { store, replace } = createStore()
    replace([wire('a')])
    const entry = store.get('web/a')
    const object = entry?.read()
    const again = wire('a')
    expect(replace([again])).toEqual([])
    expect([store.get('web/a') === entry, store.get('web/a')?.read() === object, again.decoded]).toEqual([
      true,
      true,
      0,
    ])
  })

  test('is not taken for it without a uid or a version', () => {
    const { replace } = createStore()
    replace([wire('a', { uid: '' }), wire('b', { version: '' })])
    expect(replace([wire('a', { uid: '' }), wire('b', { version: '' })])).toEqual([
      'updated web/a 1 -> 1',
      'updated web/b  -> ',
    ])
  })

  test('is not filtered again when the filter keeps it out', () => {
    let calls = 0
    const { replace } = createStore({ filter: () => calls++ > 99 })
    replace([wire('a')])
    expect([replace([wire('a')]), calls]).toEqual([[], 1])
  })

  test('stays quarantined, and is not told again', () => {
    const broken = new DecodeError('ERR_DECODE_OBJECT', 'broken', { offset: 0 })
    const { store, replace } = createStore()
    replace([wire('a', { broken })])
    store.get('web/a')?.tryRead()
    expect(replace([wire('a', { broken })])).toEqual([])
    expect(store.quarantined.map(({ key }) => key)).toEqual(['web/a'])
  })
})

describe('where versions are not to be trusted', () => {
  const replaceTwice = (options: Partial<ObjectStoreOptions<Thing>>, size: number): string[] => {
    const { replace } = createStore(options)
    replace([wire('a', { spec: { size: 1 } })], { trustsVersions: false })
    return replace([wire('a', { spec: { size } })], { trustsVersions: false })
  }

  test('equal bytes are the same object, others a new state', () => {
    expect(replaceTwice({}, 1)).toEqual([])
    expect(replaceTwice({}, 2)).toEqual(['updated web/a 1 -> 1'])
  })

  test('a transformed object is the same when what was made of it is', () => {
    expect(replaceTwice({ transform: (thing) => ({ ...thing }) }, 1)).toEqual([])
    expect(replaceTwice({ transform: (thing) => ({ ...thing }) }, 2)).toEqual(['updated web/a 1 -> 1'])
    expect(replaceTwice({ transform: ({ spec: _, ...thing }) => thing }, 2)).toEqual([])
  })

  test('what the filter keeps out is looked at again', () => {
    expect(replaceTwice({ filter: ({ spec }) => spec?.['size'] === 2 }, 1)).toEqual([])
    expect(replaceTwice({ filter: ({ spec }) => spec?.['size'] === 2 }, 2)).toEqual(['added web/a 1'])
  })
})

import { describe, expect, test } from 'vitest'
import { DecodeError } from '../api/errors.ts'
import type { Change } from './change.ts'
import { ObjectStore, type ObjectStoreOptions } from './object-store.ts'
import { Replacement, type ReplacementOptions } from './replacement.ts'
import { shown, testCodec, type Thing, wire } from './store.test-support.ts'

function createStore(options: Partial<ObjectStoreOptions<Thing>> = {}) {
  const changes: Change<Thing>[] = []
  const store = new ObjectStore<Thing>({
    codec: testCodec,
    onChanges: (some) => void changes.push(...some),
    onQuarantine: () => {},
    ...options,
  })
  const told = (): string[] => changes.splice(0).map(shown)
  const replace = async (
    items: readonly ReturnType<typeof wire>[],
    given: Partial<ReplacementOptions> = {},
  ): Promise<string[]> => {
    const replacement = begin(store, given)
    for (const item of items) replacement.stage(item)
    await replacement.commit()
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

const keys = (store: ObjectStore<Thing>): string[] => [...store.select({})].map(({ key }) => key)

describe('a replacement', () => {
  test('adds, updates and drops in one step, deletes told first', async () => {
    const { store, replace } = createStore()
    await replace([wire('a'), wire('b'), wire('c')], { isInitialList: true })
    expect(await replace([wire('d'), wire('b', { version: '2' }), wire('c')])).toEqual([
      'deleted web/a 1 (unseen)',
      'added web/d 1',
      'updated web/b 1 -> 2',
    ])
    expect(keys(store).toSorted()).toEqual(['web/b', 'web/c', 'web/d'])
  })

  test('tells the first list as such', async () => {
    const { replace } = createStore()
    expect(await replace([wire('a')], { isInitialList: true })).toEqual(['added web/a 1 (initial)'])
  })

  test('changes nothing for a reader before its commit, and everything in it', async () => {
    const { store, told } = createStore()
    store.put(wire('a'))
    told()
    const replacement = begin(store)
    const reading = store.select({})
    replacement.stage(wire('b'))
    expect([replacement.size, keys(store), told()]).toEqual([1, ['web/a'], []])
    expect(reading.next().value?.key).toBe('web/a')
    await replacement.commit()
    expect(keys(store)).toEqual(['web/b'])
  })

  test('that is given up has changed nothing', async () => {
    const { store, told } = createStore()
    store.put(wire('a'))
    told()
    const replacement = begin(store)
    replacement.stage(wire('a', { version: '2' }))
    replacement.stage(wire('b'))
    expect([keys(store), store.get('web/a')?.resourceVersion, told()]).toEqual([['web/a'], '1', []])
  })

  test('tells another uid under the same key as a delete and an add', async () => {
    const { replace } = createStore()
    await replace([wire('a', { uid: 'A' })])
    expect(await replace([wire('a', { uid: 'B' })])).toEqual(['deleted web/a 1 (unseen)', 'added web/a 1'])
  })

  test('takes the newer one of a key that comes twice', async () => {
    const duplicates: string[] = []
    const { store, replace } = createStore()
    const onDuplicate = (key: string): void => void duplicates.push(key)
    await replace([wire('a', { version: '9' }), wire('a', { version: '10' }), wire('a', { version: '8' })], {
      onDuplicate,
    })
    expect([store.get('web/a')?.resourceVersion, duplicates]).toEqual(['10', ['web/a', 'web/a']])
  })

  test('of one namespace leaves the others alone', async () => {
    const { store, replace } = createStore({ filter: ({ spec }) => spec?.['hidden'] !== true })
    const other = wire('x', { namespace: 'db' })
    await replace([wire('a'), wire('h', { spec: { hidden: true } }), other])
    expect(await replace([], { namespace: 'web' })).toEqual(['deleted web/a 1 (unseen)'])
    expect([...store.known(undefined)].map(({ key }) => key)).toEqual(['db/x'])
  })
})

describe('a replacement that a watch-list fills', () => {
  const restaged = async (...versions: readonly string[]): Promise<string[]> => {
    const { store, told } = createStore()
    store.put(wire('a', { version: '5' }))
    told()
    const replacement = begin(store, { onDuplicate: (key) => expect.fail(`${key} is told as a duplicate`) })
    replacement.stage(wire('a', { version: versions[0]! }))
    for (const version of versions.slice(1)) replacement.restage(wire('a', { version }))
    expect(replacement.size).toBe(1)
    await replacement.commit()
    return told()
  }

  test('takes what was modified for what it is now', async () => {
    expect(await restaged('5', '6', '7')).toEqual(['updated web/a 5 -> 7'])
    expect(await restaged('4', '5')).toEqual([])
    expect(await restaged('6', '5')).toEqual(['updated web/a 5 -> 6'])
  })

  test('takes a first sight of something modified for an item', async () => {
    const { store, told } = createStore()
    const replacement = begin(store)
    replacement.restage(wire('a'))
    await replacement.commit()
    expect(told()).toEqual(['added web/a 1'])
  })

  test.each(['1', '2'])('takes back what was deleted: of version %s in the list', async (version) => {
    const { store, told } = createStore()
    store.put(wire('a'))
    told()
    const replacement = begin(store)
    replacement.stage(wire('a', { version }))
    replacement.unstage(wire('a', { version: '3' }))
    replacement.unstage(wire('b'))
    expect([replacement.size, replacement.visible]).toEqual([0, 0])
    await replacement.commit()
    expect([told(), store.size]).toEqual([['deleted web/a 1 (unseen)'], 0])
  })
})

describe('an item that the store has already', () => {
  test('is the same entry afterwards, with the same decoded object, and is not decoded', async () => {
    const { store, replace } = createStore()
    await replace([wire('a')])
    const entry = store.get('web/a')
    const object = entry?.read()
    const again = wire('a')
    expect(await replace([again])).toEqual([])
    expect([store.get('web/a') === entry, store.get('web/a')?.read() === object, again.decoded]).toEqual([
      true,
      true,
      0,
    ])
  })

  test('is not taken for it without a uid or a version', async () => {
    const { replace } = createStore()
    await replace([wire('a', { uid: '' }), wire('b', { version: '' })])
    expect(await replace([wire('a', { uid: '' }), wire('b', { version: '' })])).toEqual([
      'updated web/a 1 -> 1',
      'updated web/b  -> ',
    ])
  })

  test('is not filtered again when the filter keeps it out', async () => {
    let calls = 0
    const { replace } = createStore({ filter: () => calls++ > 99 })
    await replace([wire('a')])
    expect([await replace([wire('a')]), calls]).toEqual([[], 1])
  })

  test('stays quarantined, and is not told again', async () => {
    const broken = new DecodeError('ERR_DECODE_OBJECT', 'broken', { offset: 0 })
    const { store, replace } = createStore()
    await replace([wire('a', { broken })])
    store.get('web/a')?.tryRead()
    expect(await replace([wire('a', { broken })])).toEqual([])
    expect(store.quarantined.map(({ key }) => key)).toEqual(['web/a'])
  })
})

describe('where versions are not to be trusted', () => {
  const replaceTwice = async (options: Partial<ObjectStoreOptions<Thing>>, size: number): Promise<string[]> => {
    const { replace } = createStore(options)
    await replace([wire('a', { spec: { size: 1 } })], { trustsVersions: false })
    return replace([wire('a', { spec: { size } })], { trustsVersions: false })
  }

  test('equal bytes are the same object, others a new state', async () => {
    expect(await replaceTwice({}, 1)).toEqual([])
    expect(await replaceTwice({}, 2)).toEqual(['updated web/a 1 -> 1'])
  })

  test('bytes that say the same are the same object: an event says what an item leaves out', async () => {
    const { replace } = createStore()
    const item = wire('a', { spec: { size: 1, unit: 'm' } })
    const event = wire('a', { spec: { unit: 'm', size: 1 } })
    expect(Buffer.compare(item.bytes, event.bytes)).not.toBe(0)
    await replace([event], { trustsVersions: false })
    expect(await replace([item], { trustsVersions: false })).toEqual([])
  })

  test('a transformed object is the same when what was made of it is', async () => {
    expect(await replaceTwice({ transform: (thing) => ({ ...thing }) }, 1)).toEqual([])
    expect(await replaceTwice({ transform: (thing) => ({ ...thing }) }, 2)).toEqual(['updated web/a 1 -> 1'])
    expect(await replaceTwice({ transform: ({ spec: _, ...thing }) => thing }, 2)).toEqual([])
  })

  test('what the filter keeps out is looked at again', async () => {
    expect(await replaceTwice({ filter: ({ spec }) => spec?.['size'] === 2 }, 1)).toEqual([])
    expect(await replaceTwice({ filter: ({ spec }) => spec?.['size'] === 2 }, 2)).toEqual(['added web/a 1'])
  })
})

import { describe, expect, test } from 'vitest'
import { DecodeError } from '../api/errors.ts'
import { ObjectStore, type ObjectStoreOptions } from './object-store.ts'
import { Replacement } from './replacement.ts'
import { testCodec, type Thing, type ThingOptions, wire } from './store.test-support.ts'

const item = (options: ThingOptions = {}): ReturnType<typeof wire> =>
  wire('a', { spec: { size: 1, unit: 'm' }, ...options })
/** Says the same in other bytes. */
const event = (options: ThingOptions = {}): ReturnType<typeof wire> =>
  wire('a', { spec: { unit: 'm', size: 1 }, ...options })

function createStore(options: Partial<ObjectStoreOptions<Thing>> = {}) {
  const told: string[] = []
  const store = new ObjectStore<Thing>({
    codec: testCodec,
    onChanges: () => {},
    onQuarantine: (key, { code }, version) => void told.push(`${key} ${version} ${code}`),
    ...options,
  })
  /** Lists a resource whose versions are not to be trusted. */
  const list = async (...items: readonly ReturnType<typeof wire>[]): Promise<void> => {
    const replacement = new Replacement(store, {
      namespace: undefined,
      isInitialList: false,
      trustsVersions: false,
      onDuplicate: () => {},
    })
    for (const one of items) replacement.stage(one)
    await replacement.commit()
  }
  return { store, told, list }
}

describe('an object that is compared with what a server has', () => {
  test('is not kept decoded for that: by verify', () => {
    const { store } = createStore()
    store.put(item())
    const entry = store.get('web/a')!
    expect(store.hasContent(entry, event())).toBe(true)
    expect(store.hasContent(entry, event({ spec: { size: 2 } }))).toBe(false)
    expect(entry.hot).toBeUndefined()
  })

  test('is not kept decoded for that: by a relist', async () => {
    const { store, list } = createStore()
    await list(item())
    await list(event())
    expect([...store.select({})].map(({ hot }) => hot)).toEqual([undefined])
  })
})

describe('an object that cannot be read', () => {
  const unreadable = new DecodeError('ERR_DECODE_OBJECT', 'broken', { offset: 0, key: 'web/a' })

  test('is told once for each of its versions where every list looks at it again', async () => {
    const transform = (): Thing => {
      throw new Error('no')
    }
    const { store, told, list } = createStore({ transform })
    for (const version of ['1', '1', '2', '2']) await list(item({ version }))
    expect(told).toEqual(['web/a 1 ERR_TRANSFORM', 'web/a 2 ERR_TRANSFORM'])
    expect(store.quarantined).toHaveLength(1)
  })

  test('is told once when a list has it in other bytes', async () => {
    const { store, told, list } = createStore()
    await list(item({ broken: unreadable }))
    expect(() => store.get('web/a')!.read()).toThrow('broken')
    await list(event({ broken: unreadable }))
    expect(() => store.get('web/a')!.read()).toThrow('broken')
    expect([told, store.quarantined.length]).toEqual([['web/a 1 ERR_DECODE_OBJECT'], 1])
  })

  test('can be read again when a list has it otherwise, though its version is the same', async () => {
    const { store, list } = createStore()
    await list(item({ broken: unreadable }))
    expect(store.get('web/a')!.tryRead()).toBeUndefined()
    await list(event())
    expect([store.get('web/a')!.read().spec, store.quarantined]).toEqual([{ size: 1, unit: 'm' }, []])
  })
})

import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { resources } from '../../api/generated/resources.ts'
import { Registry } from '../catalog/registry.ts'
import { Storage } from './storage.ts'

const { nodes } = resources.core.v1

function start() {
  const storage = new Storage()
  const served = new Registry().find('', 'v1', nodes.plural)!
  const collection = storage.collection(served)
  const put = (name: string) => storage.put(served, { metadata: { name, uid: name } })
  const remove = (name: string) => storage.remove(served, collection.get(name)!)
  const read = (revision: number = storage.revision, prefix = '') =>
    collection.read({ prefix, revision }).map(({ key, revision: at }) => `${key} ${at}`)
  return { storage, served, collection, put, remove, read }
}

describe('the storage', () => {
  test('shows the state at any revision since the last compaction', () => {
    const name = fc.integer({ min: 0, max: 9 }).map((n) => `n${n}`)
    const step = fc.oneof({ weight: 10, arbitrary: name }, { weight: 1, arbitrary: fc.constant('compact') })
    fc.assert(
      fc.property(fc.array(fc.tuple(step, fc.boolean()), { maxLength: 60 }), (steps) => {
        const { storage, collection, put, remove, read } = start()
        const states = new Map([[storage.revision, read()]])
        for (const [what, isRemoval] of steps) {
          if (what === 'compact') storage.compact()
          else if (!isRemoval || collection.get(what) === undefined) put(what)
          else remove(what)
          states.set(storage.revision, read())
        }
        for (const [revision, state] of states) {
          if (revision >= collection.compactedRevision) expect(read(revision)).toEqual(state)
        }
        storage.compact()
        expect(read()).toEqual(states.get(storage.revision))
        expect(collection.since(collection.compactedRevision)).toEqual([])
      }),
    )
  })

  test('keeps the order of keys through many and few changes', () => {
    const { storage, put, remove, read } = start()
    const keys = Array.from({ length: 2000 }, (_, i) => `k${(i * 7919) % 2000}`)
    for (const key of keys) put(key)
    const expected = keys.toSorted()
    const keysRead = (): string[] => read().map((text) => text.split(' ')[0]!)
    expect(keysRead()).toEqual(expected)
    put('k1a')
    expect(keysRead()).toEqual([...expected, 'k1a'].toSorted())
    for (const key of keys.slice(0, 1500)) remove(key)
    remove('k1a')
    storage.compact()
    expect(keysRead()).toEqual(keys.slice(1500).toSorted())
    expect(read(storage.revision, 'k19')).toHaveLength(keys.slice(1500).filter((key) => key.startsWith('k19')).length)
  })

  test('remembers the last ten thousand events at least, and forgets the rest', () => {
    const { collection, storage, put } = start()
    for (let i = 0; i < 20_001; i++) put('n')
    expect(collection.compactedRevision).toBe(storage.revision - 10_000)
    expect(collection.since(storage.revision - 10_000)).toHaveLength(10_000)
  })

  test('counts no write that fails', () => {
    const { storage } = start()
    const served = new Registry().find('', 'v1', 'configmaps')!
    const { revision } = storage
    expect(() => storage.put(served, { metadata: { name: 'a' }, data: 1 })).toThrow('it takes an object')
    expect(storage.revision).toBe(revision)
  })

  test('tells of every write before it returns', () => {
    const { storage, put, remove } = start()
    const heard: string[] = []
    const listening = storage.onWrite(({ key, isDeleted, previous }) => {
      heard.push(`${key} ${isDeleted} ${previous?.revision}`)
    })
    put('a')
    put('a')
    remove('a')
    listening[Symbol.dispose]()
    put('a')
    expect(heard).toEqual(['a false undefined', 'a false 2', 'a true 3'])
  })
})

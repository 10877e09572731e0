import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { Registry } from '../catalog/registry.ts'
import { ManualClock } from '../manual-clock.ts'
import type { StoredVersion } from './collection.ts'
import type { KeyTree } from './key-tree.ts'
import { Storage } from './storage.ts'
import { WatchCache, type WatchCacheOptions } from './watch-cache.ts'

function start(options: Partial<WatchCacheOptions> = {}) {
  const storage = new Storage()
  const clock = new ManualClock()
  const served = new Registry().find('', 'v1', 'configmaps')!
  const collection = storage.collection(served)
  const cache = new WatchCache(
    { revision: storage.revision, versions: [] },
    { clock, newestRevision: () => storage.revision, hasSnapshots: true, watchesChanged: () => {}, ...options },
  )
  storage.onWrite((version) => {
    cache.receive(version)
    cache.progress()
  })
  const put = (name: string) => storage.put(served, { metadata: { name, uid: name } })
  const remove = (name: string) => storage.remove(served, collection.get(name)!)
  return { storage, clock, collection, cache, put, remove }
}

const shown = (versions: Iterable<StoredVersion>): string[] =>
  Array.from(versions, ({ key, revision }) => `${key} ${revision}`)
const inTree = (tree: KeyTree<StoredVersion> | undefined): string[] | undefined => tree && shown(tree.values())

describe('a watch cache', () => {
  test('has a snapshot of every revision that its ring reaches', () => {
    const name = fc.integer({ min: 0, max: 40 }).map((n) => `n${n}`)
    fc.assert(
      fc.property(fc.array(fc.tuple(name, fc.boolean()), { maxLength: 300 }), (steps) => {
        const { storage, clock, collection, cache, put, remove } = start()
        const states = new Map<number, string[]>()
        for (const [key, isRemoval] of steps) {
          clock.jump(1000)
          if (isRemoval && collection.get(key) !== undefined) remove(key)
          else put(key)
          states.set(storage.revision, shown(collection.read({ prefix: '', revision: storage.revision })))
        }
        for (const [revision, state] of states) {
          const kept = revision >= cache.oldestWatchable + (steps.length > 100 ? 1 : 0)
          expect(inTree(cache.snapshotAt(revision))).toEqual(kept ? state : undefined)
        }
        expect(shown(cache.tree.values())).toEqual(states.get(storage.revision) ?? [])
      }),
      { numRuns: 30 },
    )
  })

  test('remembers from where it began until its ring is full', () => {
    const { clock, cache, put } = start()
    for (let i = 0; i < 100; i++) {
      clock.jump(1000)
      put('a')
    }
    expect(cache.oldestWatchable).toBe(1)
    clock.jump(1000)
    put('a')
    expect(cache.oldestWatchable).toBe(2)
    expect(cache.since(99)).toHaveLength(3)
    expect(cache.since(99)[0]?.previous?.revision).toBe(99)
  })

  test('says what it held before, whatever the storage has forgotten', () => {
    const { storage, cache, put, remove } = start()
    put('a')
    put('a')
    storage.compact()
    remove('a')
    storage.compact()
    const [, second, third] = cache.since(1)
    expect([second?.previous?.revision, third?.previous?.revision, third?.isDeleted]).toEqual([2, 3, true])
  })

  test('answers from before a lag while it lasts, and from all after it', () => {
    const { cache, put, remove } = start()
    put('a')
    cache.fallBehind()
    put('b')
    remove('a')
    expect([cache.revision, inTree(cache.tree), cache.since(0).length]).toEqual([2, ['a 2'], 1])
    cache.catchUp(3)
    expect([cache.revision, inTree(cache.tree)]).toEqual([3, ['a 2', 'b 3']])
    put('c')
    cache.catchUp()
    expect([cache.revision, inTree(cache.tree), cache.since(0).length]).toEqual([5, ['b 3', 'c 5'], 4])
    expect(inTree(cache.snapshotAt(3))).toEqual(['a 2', 'b 3'])
  })

  test('is waited for until it has come so far, or the time or the patience is over', async () => {
    const { clock, cache, put } = start()
    cache.fallBehind()
    const reached = cache.reaches(2, { timeoutMs: 3000 })
    const late = cache.reaches(9, { timeoutMs: 3000 })
    const controller = new AbortController()
    const aborted = expect(cache.reaches(9, { timeoutMs: 3000, signal: controller.signal })).rejects.toBe('gone')
    put('a')
    cache.catchUp()
    expect(await reached).toBe(true)
    controller.abort('gone')
    await aborted
    await clock.advance(3000)
    expect(await late).toBe(false)
    expect(await cache.reaches(9, { timeoutMs: 0 })).toBe(false)
    const stopped = cache.reaches(9, { timeoutMs: 3000 })
    cache.stop()
    expect(await stopped).toBe(false)
    expect(clock.pending).toBe(0)
  })

  test('keeps no snapshots where there are none in its release, or while it is not to be trusted', () => {
    const { cache, put } = start({ hasSnapshots: false })
    put('a')
    expect(cache.snapshotAt(2)).toBeUndefined()
    const other = start()
    other.put('a')
    other.cache.markConsistent(false)
    other.put('b')
    expect([other.cache.snapshotAt(2), other.cache.snapshotAt(3)]).toEqual([undefined, undefined])
    other.cache.markConsistent(true)
    other.put('c')
    expect(other.cache.snapshotAt(3)).toBeUndefined()
    expect(inTree(other.cache.snapshotAt(4))).toEqual(['a 2', 'b 3', 'c 4'])
  })

  test('loses the snapshots that a compaction takes', () => {
    const { cache, put } = start()
    for (const name of ['a', 'b', 'c']) put(name)
    cache.compact(3)
    expect(cache.snapshotAt(2)).toBeUndefined()
    expect(inTree(cache.snapshotAt(3))).toEqual(['a 2', 'b 3'])
    expect(cache.oldestWatchable, 'the events stay').toBe(1)
  })
})

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Change } from './change.ts'
import { ObjectStore, type ObjectStoreOptions } from './object-store.ts'
import { Replacement } from './replacement.ts'
import { StoreLister } from './store-lister.ts'
import { testCodec, type Thing, things, wire } from './store.test-support.ts'

const COUNT = 60

/** Each look at the time takes a millisecond, so that a slice is over after a few objects. */
beforeEach(() => {
  let now = 0
  vi.spyOn(performance, 'now').mockImplementation(() => ++now)
})
afterEach(() => void vi.restoreAllMocks())

type Item = ReturnType<typeof wire>

function createRig(
  onTold: (rig: Rig, changes: readonly Change<Thing>[]) => void,
  options: Partial<ObjectStoreOptions<Thing>> = {},
) {
  const store: ObjectStore<Thing> = new ObjectStore<Thing>({
    codec: testCodec,
    onQuarantine: () => {},
    onChanges: (changes) => onTold(rig, changes),
    ...options,
  })
  const lister = new StoreLister<Thing, 'node'>({
    resource: things,
    store: () => store,
    resourceVersion: () => undefined,
    omitted: [],
  })
  const replacement = (items: Iterable<Item>, namespace?: string): Replacement<Thing> => {
    const made = new Replacement(store, {
      namespace,
      isInitialList: false,
      trustsVersions: true,
      onDuplicate: () => {},
    })
    for (const item of items) made.stage(item)
    return made
  }
  const rig = { store, lister, replacement, slices: 0 }
  return rig
}
type Rig = ReturnType<typeof createRig>

const items = (from: number, to: number, version: string, node: string): Item[] =>
  Array.from({ length: to - from }, (_, i) => wire(`${from + i}`, { version, spec: { node } }))

describe('the commit of a large list', () => {
  const byNode = { indexes: { node: 'spec.node' } }

  test('is whole for every reader while it is told in slices', async () => {
    const shown = ({ lister, store }: Rig) => ({
      size: lister.size,
      counted: [...store.select({})].length,
      inNamespace: lister.count({ namespace: 'web' }),
      old: lister.count({ index: ['node', 'old'] }),
      fresh: lister.count({ index: ['node', 'new'] }),
      gone: lister.has('web/0'),
      changed: lister.get(`web/${COUNT - 1}`)?.metadata.resourceVersion,
      added: lister.has(`web/${COUNT}`),
      both: lister.count({ namespace: 'web', index: ['node', 'new'] }),
    })
    const half = COUNT / 2
    const after = {
      size: COUNT,
      counted: COUNT,
      inNamespace: COUNT,
      old: half - 1,
      fresh: half + 1,
      gone: false,
      changed: '2',
      added: true,
      both: half + 1,
    }
    let isChecked = false
    const rig = createRig((self) => {
      self.slices++
      if (isChecked) expect(shown(self)).toEqual(after)
    }, byNode)
    await rig.replacement(items(0, COUNT, '1', 'old')).commit()
    rig.slices = 0
    const next = rig.replacement([...items(1, half, '1', 'old'), ...items(half, COUNT + 1, '2', 'new')])
    expect(shown(rig)).toMatchObject({ size: COUNT, old: COUNT, fresh: 0, gone: true, changed: '1', added: false })
    isChecked = true
    const told = next.commit()
    expect(shown(rig)).toEqual(after)
    await told
    expect(rig.slices).toBeGreaterThan(5)
    expect(shown(rig)).toEqual(after)
  })

  test('lets the event loop turn', async () => {
    const rig = createRig(() => {})
    let turns = 0
    let isDone = false
    const turn = (): void => {
      turns++
      if (!isDone) setImmediate(turn)
    }
    setImmediate(turn)
    await rig.replacement(items(0, COUNT, '1', 'old')).commit()
    isDone = true
    expect(turns).toBeGreaterThan(5)
  })

  test('has told what `told` shows, at every slice', async () => {
    const heard = new Set<string>()
    const rig = createRig(({ store }, changes) => {
      for (const { object, type } of changes) {
        if (type === 'deleted') heard.delete(object.key)
        else heard.add(object.key)
      }
      expect([...store.told()].map(({ key }) => key).sort()).toEqual([...heard].sort())
    })
    await rig.replacement(items(0, 40, '1', 'old')).commit()
    await rig.replacement(items(20, 60, '1', 'old')).commit()
    expect(heard.size).toBe(40)
  })

  test('leaves events of other namespaces their way', async () => {
    const other = wire('x', { namespace: 'db' })
    const rig = createRig(() => {})
    const told = rig.replacement(items(0, COUNT, '1', 'old'), 'web').commit()
    rig.store.put(other)
    expect([rig.lister.size, rig.lister.has('db/x')]).toEqual([COUNT + 1, true])
    rig.store.delete(other)
    await told
    expect(rig.lister.size).toBe(COUNT)
  })

  test('is not told to be gone before it was told to be there', async () => {
    const heard = new Map<string, number>()
    const rig = createRig((_, changes) => {
      for (const { type, object } of changes) {
        const count = (heard.get(object.key) ?? 0) + (type === 'deleted' ? -1 : 1)
        expect([0, 1]).toContain(count)
        heard.set(object.key, count)
      }
    })
    const told = rig.replacement(items(0, COUNT, '1', 'old'), 'web').commit()
    await new Promise((resolve) => setImmediate(resolve))
    expect(heard.size).toBeLessThan(COUNT)
    rig.store.delete(wire(`${COUNT - 1}`, { version: '2' }))
    rig.store.put(wire(`${COUNT - 2}`, { version: '2' }))
    await Promise.all([told, rig.store.removeScope('web')])
    expect([...heard.values()].filter((count) => count > 0)).toEqual([])
    expect([rig.lister.size, heard.has(`web/${COUNT - 1}`), heard.has(`web/${COUNT - 2}`)]).toEqual([0, false, true])
  })

  test('stops telling with the end of the store, which can still be read', async () => {
    let told = 0
    const rig = createRig((_, changes) => void (told += changes.length))
    const done = rig.replacement(items(0, COUNT, '1', 'old')).commit()
    rig.store.end()
    await done
    expect(told).toBeLessThan(COUNT)
    expect([rig.lister.size, [...rig.lister.keys()].length]).toEqual([COUNT, COUNT])
  })
})

describe('a namespace that is removed', () => {
  test('is gone at once, and its objects are told as having left the view', async () => {
    const told: string[] = []
    const rig = createRig((_, changes) => {
      for (const change of changes)
        told.push(`${change.type} ${change.object.key} ${change.type === 'deleted' && change.finalStateKnown}`)
    })
    rig.store.put(wire('a'))
    rig.store.put(wire('b', { namespace: 'db' }))
    told.length = 0
    const removed = rig.store.removeScope('web')
    expect([rig.lister.size, rig.lister.has('web/a')]).toEqual([1, false])
    await removed
    expect(told).toEqual(['deleted web/a true'])
  })
})

describe('an index that is added later', () => {
  test.each([0, 1])('has what was there and what comes, asked for %i turns later', async (turns) => {
    const rig = createRig(() => {})
    await rig.replacement(items(0, COUNT, '1', 'old')).commit()
    const open = rig.replacement(items(1, COUNT + 5, '1', 'old'))
    const added = rig.store.addIndex('node', 'spec.node')
    for (let i = 0; i < turns; i++) await new Promise((resolve) => setImmediate(resolve))
    rig.store.put(wire('x', { namespace: 'db', spec: { node: 'old' } }))
    rig.store.delete(wire('0', { version: '2' }))
    expect(rig.lister.count({ index: ['node', 'old'] })).toBe(COUNT)
    await added
    await open.commit()
    expect(rig.lister.count({ index: ['node', 'old'] })).toBe(COUNT + 4)
  })

  test('cannot have the name of another one', async () => {
    const rig = createRig(() => {})
    await rig.store.addIndex('node', 'spec.node')
    await expect(rig.store.addIndex('node', 'spec.other')).rejects.toMatchObject({ code: 'ERR_INDEX' })
  })
})

import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Change } from '../store/change.ts'
import type { Entry } from '../store/entry.ts'
import { entry, shown, type Thing } from '../store/store.test-support.ts'
import { DeltaBatch } from './delta-batch.ts'
import { DeltaQueue } from './delta-queue.ts'

type ThingChange = Change<Thing>

const at = (version: number, name = 'a', uid = 'A'): Entry<Thing> => entry(name, { version: String(version), uid })
const added = (object: Entry<Thing>, isInitialList = false): ThingChange => ({ type: 'added', object, isInitialList })
const updated = (previous: Entry<Thing>, object: Entry<Thing>, isResync = false): ThingChange => ({
  type: 'updated',
  object,
  previous,
  isResync,
})
const deleted = (object: Entry<Thing>, finalStateKnown = true): ThingChange => ({
  type: 'deleted',
  object,
  finalStateKnown,
})

/** What comes out when everything is put in before anything is taken. */
function through(changes: readonly ThingChange[], maxPending = 1): string[] {
  const queue = new DeltaQueue<Thing>(maxPending)
  for (const change of changes) queue.push(change)
  return drained(queue)
}

function drained(queue: DeltaQueue<Thing>): string[] {
  const out: string[] = []
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (next.type === 'marker') next.reached()
    else out.push(shown(next))
  }
  return out
}

describe('two changes of one object, beyond what may wait', () => {
  const [v1, v2, v3, other] = [at(1), at(2), at(3), at(4, 'a', 'B')]
  const cases: readonly [name: string, before: ThingChange, after: ThingChange, expected: readonly string[]][] = [
    ['added + updated = added', added(v1), updated(v1, v2), ['added web/a 2']],
    ['added (initial) + updated = added (initial)', added(v1, true), updated(v1, v2), ['added web/a 2 (initial)']],
    ['added + deleted = nothing', added(v1), deleted(v2), []],
    ['updated + updated keeps the first previous', updated(v1, v2), updated(v2, v3), ['updated web/a 1 -> 3']],
    ['updated + resync is an update', updated(v1, v2), updated(v2, v2, true), ['updated web/a 1 -> 2']],
    ['resync + updated is an update', updated(v1, v1, true), updated(v1, v2), ['updated web/a 1 -> 2']],
    ['resync + resync is a resync', updated(v1, v1, true), updated(v1, v1, true), ['updated web/a 1 -> 1 (resync)']],
    ['added + resync = added', added(v1), updated(v1, v1, true), ['added web/a 1']],
    ['updated + deleted = deleted', updated(v1, v2), deleted(v3), ['deleted web/a 3']],
    ['updated + deleted unseen = deleted unseen', updated(v1, v2), deleted(v2, false), ['deleted web/a 2 (unseen)']],
    [
      'deleted (A) + added (B) stay two',
      deleted(v3, false),
      added(other),
      ['deleted web/a 3 (unseen)', 'added web/a 4'],
    ],
  ]

  test.each(cases)('are one: %s', (_name, before, after, expected) => {
    expect(through([before, after])).toEqual(expected)
  })

  test('stay as they are while no more than that wait', () => {
    expect(through([added(v1), updated(v1, v2), deleted(v3)], 3)).toEqual([
      'added web/a 1',
      'updated web/a 1 -> 2',
      'deleted web/a 3',
    ])
  })

  test('are folded into the last one, so that a name that comes and goes stays two at most', () => {
    const changes = [deleted(v3)]
    for (const uid of ['B', 'C', 'D']) {
      const object = at(5, 'a', uid)
      changes.push(added(object), updated(object, at(6, 'a', uid)), deleted(at(7, 'a', uid)))
    }
    expect(through(changes)).toEqual(['deleted web/a 3'])
    expect(through([...changes, added(at(9, 'a', 'E'))])).toEqual(['deleted web/a 3', 'added web/a 9'])
  })
})

describe('a queue', () => {
  test('counts what waits, and what it has folded', () => {
    const queue = new DeltaQueue<Thing>(1)
    queue.push(added(at(1)))
    queue.push(added(at(1, 'b')))
    queue.push(updated(at(1), at(2)))
    queue.push(deleted(at(2, 'b')))
    expect([queue.pending, queue.coalesced]).toEqual([1, 2])
    queue.shift()
    expect([queue.pending, queue.coalesced]).toEqual([0, 2])
  })

  test('reaches a marker after what was there before it', () => {
    const queue = new DeltaQueue<Thing>(10)
    let pendingThen: number | undefined
    queue.push(added(at(1)))
    queue.mark(() => (pendingThen = queue.pending))
    queue.push(added(at(1, 'b')))
    drained(queue)
    expect(pendingThen).toBe(1)
  })

  test('tells who waits for a marker when it is cleared', () => {
    const queue = new DeltaQueue<Thing>(10)
    let reached = 0
    queue.push(added(at(1)))
    queue.mark(() => reached++)
    queue.mark(() => reached++)
    queue.clear()
    expect([reached, queue.pending, queue.shift()]).toEqual([2, 0, undefined])
  })

  test.each([
    ['objects that come and go while nobody takes anything', false],
    ['a subscriber who is always a little behind', true],
  ])('does not grow with %s', (_name, isTaken) => {
    const queue = new DeltaQueue<Thing>(1)
    queue.push(added(at(1, 'first')))
    const objects = [at(1), at(1, 'b')]
    const before = heapAfterGc()
    for (let round = 0; round < 300_000; round++) {
      const object = objects[round % 2]!
      queue.push(added(object))
      if (isTaken) queue.shift()
      else queue.push(deleted(object))
    }
    expect(queue.pending).toBe(1)
    expect(heapAfterGc() - before).toBeLessThan(1_000_000)
    queue.clear()
  })

  test('tells the same final view as one that folds nothing, with every change fitting the one before', () => {
    const step = fc.record({ key: fc.nat(3), act: fc.nat(4), takes: fc.nat(2) })
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), fc.integer({ min: 1, max: 5 }), (steps, maxPending) => {
        const truth = new Map<string, string>()
        const view = new Map<string, string>()
        const queue = new DeltaQueue<Thing>(maxPending)
        const newest = new Map<number, Entry<Thing>>()
        let version = 0
        const take = (): boolean => {
          const change = queue.shift()
          if (change !== undefined && change.type !== 'marker') apply(view, change)
          return change !== undefined
        }
        for (const { key, act, takes } of steps) {
          const before = newest.get(key)
          const make = (uid: string): Entry<Thing> => at(++version, `k${key}`, uid)
          for (const change of changesOf(before, act, make)) {
            if (change.type === 'deleted') newest.delete(key)
            else newest.set(key, change.object)
            apply(truth, change)
            queue.push(change)
          }
          expect(queue.pending).toBeLessThanOrEqual(maxPending + 2 * 4)
          for (let taken = 0; taken < takes; taken++) take()
        }
        while (take());
        expect(view).toEqual(truth)
        expect(queue.pending).toBe(0)
      }),
      { numRuns: 500 },
    )
  })
})

/** What may happen to an object that is there, or is not. */
function changesOf(
  before: Entry<Thing> | undefined,
  act: number,
  make: (uid: string) => Entry<Thing>,
): readonly ThingChange[] {
  if (before === undefined) return act === 0 ? [] : [added(make(`uid ${act}`), act === 1)]
  if (act === 0) return [deleted(make(before.uid))]
  if (act === 1) return [deleted(before, false), added(make(`${before.uid}'`))]
  if (act === 2) return [updated(before, before, true)]
  return [updated(before, make(before.uid))]
}

/** As a subscriber does who believes what he is told; what does not fit what he knows is a mistake. */
function apply(view: Map<string, string>, change: ThingChange): void {
  const { key, resourceVersion } = change.object
  const seen = view.get(key)
  if (change.type === 'added') expect(seen).toBeUndefined()
  if (change.type === 'updated') expect(change.previous.resourceVersion).toBe(seen)
  if (change.type === 'deleted') {
    expect(seen).toBeDefined()
    view.delete(key)
  } else view.set(key, resourceVersion)
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

function heapAfterGc(): number {
  collectGarbage()
  return process.memoryUsage().heapUsed
}

describe('a batch', () => {
  const names = ['a', 'b', 'c']
  const batchOf = (): DeltaBatch<Thing> =>
    new DeltaBatch(
      names.map((name) => at(1, name)),
      (object) => added(object, true),
    )

  test('is told in its order, between what was there before it and what comes after', () => {
    const queue = new DeltaQueue<Thing>(1000)
    queue.push(added(at(1, 'before')))
    queue.pushAll(batchOf())
    queue.push(deleted(at(1, 'a')))
    expect(queue.pending).toBe(5)
    const expected = [added(at(1, 'before')), ...names.map((name) => added(at(1, name), true)), deleted(at(1, 'a'))]
    expect(drained(queue)).toEqual(expected.map(shown))
    expect(queue.pending).toBe(0)
  })

  test('takes nothing in, while what comes after it is folded', () => {
    const queue = new DeltaQueue<Thing>(1)
    queue.pushAll(batchOf())
    queue.push(updated(at(1), at(2)))
    queue.push(updated(at(2), at(3)))
    expect([queue.pending, queue.coalesced]).toEqual([4, 1])
    const expected = [...names.map((name) => added(at(1, name), true)), updated(at(1), at(3))]
    expect(drained(queue)).toEqual(expected.map(shown))
  })

  test('lets nothing that comes after it be folded into what was there before it', () => {
    const queue = new DeltaQueue<Thing>(1)
    const resync = (object: Entry<Thing>): ThingChange => updated(object, object, true)
    queue.push(updated(at(1), at(2)))
    queue.push(updated(at(1, 'b'), at(2, 'b')))
    queue.push(updated(at(2), at(3))) // from here on it is known where the last change of each key stands
    queue.pushAll(new DeltaBatch([at(3), at(2, 'b')], resync))
    queue.push(deleted(at(3)))
    queue.push(updated(at(2, 'b'), at(3, 'b')))
    queue.push(updated(at(3, 'b'), at(4, 'b')))
    const before = [updated(at(1), at(3)), updated(at(1, 'b'), at(2, 'b'))]
    const after = [deleted(at(3)), updated(at(2, 'b'), at(4, 'b'))]
    expect(drained(queue)).toEqual([...before, resync(at(3)), resync(at(2, 'b')), ...after].map(shown))
  })

  test('is let go by clear, and its markers are reached', () => {
    const queue = new DeltaQueue<Thing>(1)
    let reached = 0
    queue.pushAll(batchOf())
    queue.mark(() => reached++)
    queue.clear()
    expect([queue.pending, reached, queue.shift()]).toEqual([0, 1, undefined])
  })
})

import { describe, expect, test } from 'vitest'
import type { StoredVersion } from './collection.ts'
import { EventRing } from './event-ring.ts'

function start() {
  const ring = new EventRing()
  let revision = 0
  /** So many events, one each `everyMs`, the last one at `now`. */
  let now = 0
  const push = (count: number, everyMs: number): boolean[] =>
    Array.from({ length: count }, () => {
      now += everyMs
      return ring.push({ version: { revision: ++revision } as StoredVersion, at: now })
    })
  const revisions = (after: number): number[] => ring.since(after).map((version) => version.revision)
  return { ring, push, revisions }
}

describe('the ring of events', () => {
  test('holds a hundred of a quiet resource, and loses the oldest for each new one', () => {
    const { ring, push, revisions } = start()
    expect(push(100, 1000)).not.toContain(true)
    expect(push(1, 1000)).toEqual([true])
    expect([ring.capacity, ring.size, ring.oldest?.version.revision]).toEqual([100, 100, 2])
    expect(revisions(98)).toEqual([99, 100, 101])
    expect(revisions(101)).toEqual([])
    expect(revisions(0)).toHaveLength(100)
  })

  test('grows while it is full of events of less than 75 s, to 102,400 and no further', () => {
    const { ring, push, revisions } = start()
    expect(push(102_400, 0)).not.toContain(true)
    expect(ring.capacity).toBe(102_400)
    expect(revisions(102_000)).toEqual(Array.from({ length: 400 }, (_, i) => 102_001 + i))
    expect(push(1, 0)).toEqual([true])
    expect([ring.capacity, ring.oldest?.version.revision]).toEqual([102_400, 2])
  })

  test('holds 75 s of events as they come', () => {
    const { ring, push } = start()
    push(2000, 100) // 750 events in 75 s
    expect(ring.capacity).toBe(800)
    expect(ring.size).toBe(800)
  })

  test('shrinks again when the resource has gone quiet', () => {
    const { ring, push, revisions } = start()
    push(1500, 0)
    push(100, 1000)
    expect([ring.capacity, ring.isFull]).toEqual([1600, true])
    push(3, 1000) // halves three times, as long as the newest quarter reaches back for more than 75 s
    expect([ring.capacity, revisions(1600)]).toEqual([200, [1601, 1602, 1603]])
    expect(revisions(0)).toHaveLength(200)
    push(1000, 2000)
    expect(ring.capacity).toBe(100)
  })

  test('is copied, and cleared, without a trace in the other', () => {
    const { ring, push, revisions } = start()
    push(150, 10)
    const copy = ring.copy()
    ring.clear()
    expect([ring.size, revisions(0), ring.oldest]).toEqual([0, [], undefined])
    expect(copy.since(148).map((version) => version.revision)).toEqual([149, 150])
    push(1, 10)
    expect(revisions(0)).toEqual([151])
    expect(copy.size).toBe(150)
  })
})

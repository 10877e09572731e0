import { describe, expect, test } from 'vitest'
import { ShardedMap } from './sharded-map.ts'

describe.each([10, 40_000])('a sharded map of %i entries', (count) => {
  const keys = Array.from({ length: count }, (_, i) => `web/kube-root-ca-${i}.crt`)
  const filled = (): ShardedMap<number> => {
    const map = new ShardedMap<number>()
    for (const [i, key] of keys.entries()) map.set(key, i)
    return map
  }

  test('has each of them, once', () => {
    const map = filled()
    for (const [i, key] of keys.entries()) map.set(key, i)
    expect(map.size).toBe(count)
    expect(keys.every((key, i) => map.get(key) === i)).toBe(true)
    expect([...map.values()].toSorted((a, b) => a - b)).toEqual(keys.map((_, i) => i))
  })

  test('is walked over once each, though it grows meanwhile', () => {
    const map = filled()
    const seen: number[] = []
    for (const value of map.values()) {
      if (seen.length % 100 === 0) for (let i = 0; i < 100; i++) map.set(`more/${seen.length}-${i}`, -1)
      if (value >= 0) seen.push(value)
    }
    expect(seen.toSorted((a, b) => a - b)).toEqual(keys.map((_, i) => i))
  })

  test('loses what is deleted, in the middle of a walk too', () => {
    const map = filled()
    let seen = 0
    for (const value of map.values()) if (map.delete(keys[value]!) && !map.delete(keys[value]!)) seen++
    expect([seen, map.size, [...map.values()]]).toEqual([count, 0, []])
  })
})

test('a sharded map of few keeps the order in which they came', () => {
  const map = new ShardedMap<string>()
  for (const key of ['b', 'a', 'c']) map.set(key, key)
  expect([...map.values()]).toEqual(['b', 'a', 'c'])
})

/** Counts the values of a map that do not come behind the same one as when it was asked last: what is split changes its order. */
function newPlaces(map: ShardedMap<number>, before: Int32Array): number {
  let count = 0
  let last = -1
  for (const value of map.values()) {
    if (before[value] !== last) count++
    before[value] = last
    last = value
  }
  return count
}

test.each([
  ['60 maps', 60, 2500],
  ['one map', 1, 60_000],
])('%s of names that are spread evenly: no 500 inserts split all shards', (_title, count, size) => {
  const maps = Array.from({ length: count }, () => ({ map: new ShardedMap<number>(), before: new Int32Array(size) }))
  const moves: number[] = []
  let inserts = 0
  for (let number = 0; number < size; number++) {
    for (const [at, { map }] of maps.entries()) {
      map.set(`team-${at}/web-${number}`, number)
      if (++inserts % 500 > 0) continue
      moves.push(maps.reduce((sum, { map: each, before }) => sum + newPlaces(each, before), 0))
    }
  }
  expect(moves.reduce((sum, moved) => sum + moved)).toBeGreaterThan(1.5 * count * size) // or nothing was split
  expect(Math.max(...moves)).toBeLessThan(8000)
})

/** Keys with the last 20 bits of their hashes in common: of each part there are two that lead to the same next state. */
function keysOfOneEnd(parts: number): readonly string[] {
  let keys = ['']
  let state = 0x811c9dc5
  for (let part = 0; part < parts; part++) {
    const byState = new Map<number, string>()
    for (let number = 0; ; number++) {
      const text = number.toString(36).padStart(4, '0')
      let next = state
      for (let at = 0; at < text.length; at++) next = Math.imul(next ^ text.charCodeAt(at), 0x01000193) & 0xfffff
      const other = byState.get(next)
      byState.set(next, text)
      if (other === undefined) continue
      keys = keys.flatMap((key) => [key + text, key + other])
      state = next
      break
    }
  }
  return keys
}

describe('a sharded map of keys that somebody has chosen to end alike', () => {
  test('holds them like any others', () => {
    const keys = keysOfOneEnd(13)
    const map = new ShardedMap<number>()
    for (const [number, key] of keys.entries()) map.set(key, number)
    expect([map.size, [...map.values()].length]).toEqual([2 ** 13, 2 ** 13])
    for (const [number, key] of keys.entries()) if (map.get(key) !== number) expect.fail(key)
  })
})

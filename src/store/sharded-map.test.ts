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

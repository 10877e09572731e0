import { describe, expect, test } from 'vitest'
import { randomFrom } from '../../e2e/support/random.ts'
import { HashTable } from './hash-table.ts'

/** Hashes of every sort: spread, few, all alike, and such that lie side by side at the end of the slots. */
const HASHES: readonly (readonly [name: string, hashOf: (key: number) => number])[] = [
  ['spread hashes', (key) => Math.imul(key + 1, 0x2545f491) >>> 0],
  ['few hashes', (key) => key % 7],
  ['one hash', () => 0xdeadbeef],
  ['neighbours', (key) => Math.imul(0xffffffff - key, 0x144cbc89) >>> 0],
]

describe.each(HASHES)('a table of %s', (_name, hashOf) => {
  test('has what a Map has, after any insertions, replacements and deletions', () => {
    const table = new HashTable<number>(16)
    const map = new Map<string, number>()
    const random = randomFrom(1)
    const next = (below: number) => Math.floor(random() * below)
    for (let step = 0; step < 5000; step++) {
      const number = next(300)
      const key = `key-${number}`
      if (next(3) === 0) expect(table.delete(key, hashOf(number))).toBe(map.delete(key))
      else {
        table.set(key, step, hashOf(number))
        map.set(key, step)
      }
      const asked = next(300)
      expect(table.get(`key-${asked}`, hashOf(asked))).toBe(map.get(`key-${asked}`))
    }
    expect(table.size).toBe(map.size)
    expect([...table.values()].toSorted()).toEqual([...map.values()].toSorted())
    const seen = new Map<string, number>()
    table.forEach((key, value, hash) => {
      expect(hash).toBe(hashOf(Number(key.slice('key-'.length))))
      seen.set(key, value)
    })
    expect(seen).toEqual(map)
  })
})

describe('the values of a table', () => {
  const filled = (count: number): HashTable<number> => {
    const table = new HashTable<number>(16)
    for (let i = 0; i < count; i++) table.set(`key-${i}`, i, i)
    return table
  }

  test('come in the order in which their keys came, the replaced ones too', () => {
    const table = filled(100)
    table.set('key-3', -3, 3)
    table.delete('key-5', 5)
    const expected = Array.from({ length: 100 }, (_, i) => (i === 3 ? -3 : i)).filter((value) => value !== 5)
    expect([...table.values()]).toEqual(expected)
  })

  test('go on as they were where the table is built anew meanwhile', () => {
    const table = filled(15)
    const values = table.values()
    expect(values.next().value).toBe(0)
    table.delete('key-0', 0)
    for (let i = 100; i < 1000; i++) table.set(`key-${i}`, i, i)
    const rest = [...values]
    expect(rest.slice(0, 14)).toEqual(Array.from({ length: 14 }, (_, i) => i + 1))
    expect(new Set(rest).size).toBe(rest.length)
  })
})

import { describe, expect, test } from 'vitest'
import { ValueIndex } from './value-index.ts'

const item = (key: string) => ({ key })

describe('an index of values', () => {
  test('has the objects of each value, of several values too', () => {
    const index = new ValueIndex<{ key: string }>()
    const [a, b, c] = [item('a'), item('b'), item('c')]
    index.add(a, ['x'])
    index.add(b, ['x', 'y'])
    index.add(c, [])
    expect([[...index.get('x')], [...index.get('y')], [...index.get('z')]]).toEqual([[a, b], [b], []])
  })

  test('forgets a value with its last object', () => {
    const index = new ValueIndex<{ key: string }>()
    const [a, b] = [item('a'), item('b')]
    index.add(a, ['x', 'y'])
    index.add(b, ['x'])
    index.remove(a, ['x', 'y'])
    expect([index.size, [...index.get('x')]]).toEqual([1, [b]])
    index.remove(b, ['x'])
    expect(index.size).toBe(0)
  })

  test('has one object of a key, and does not lose it to one that left before', () => {
    const index = new ValueIndex<{ key: string }>()
    const [before, after, other] = [item('a'), item('a'), item('b')]
    for (const one of [before, after, other, before, after]) index.add(one, ['x'])
    index.remove(before, ['x'])
    expect([...index.get('x')]).toEqual([after, other])
  })
})

import { describe, expect, test } from 'vitest'
import { isDeepEqual } from './deep-equal.ts'

function nested(depth: number, leaf: unknown): unknown {
  let value = leaf
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { a: value }
  return value
}

describe('isDeepEqual', () => {
  test.each([
    [1, 1],
    [null, null],
    [undefined, undefined],
    [[], []],
    [
      { a: 1, b: [1, { c: 'x' }] },
      { b: [1, { c: 'x' }], a: 1 },
    ],
    [nested(100_000, 'x'), nested(100_000, 'x')],
  ])('is true for what says the same', (a, b) => {
    expect(isDeepEqual(a, b)).toBe(true)
  })

  test.each([
    [1, 2],
    [0, null],
    [{}, []],
    [{}, null],
    [{ a: undefined }, { b: undefined }],
    [{ a: 1 }, { a: 1, b: 1 }],
    [[1, 2], [1]],
    [{ a: [{ b: 1 }] }, { a: [{ b: '1' }] }],
    [nested(100_000, 'x'), nested(100_000, 'y')],
  ])('is false for what does not', (a, b) => {
    expect(isDeepEqual(a, b)).toBe(false)
    expect(isDeepEqual(b, a)).toBe(false)
  })
})

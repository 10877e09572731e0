import { describe, expect, test } from 'vitest'
import { applyJsonPatch } from './json-patch.ts'

const document = { a: { b: 1 }, list: [1, 2, 3], 'x/y': { '~': 0 } }

describe('a JSON patch', () => {
  test.each([
    [
      { op: 'add', path: '/a/c', value: 2 },
      { ...document, a: { b: 1, c: 2 } },
    ],
    [
      { op: 'add', path: '/list/1', value: 9 },
      { ...document, list: [1, 9, 2, 3] },
    ],
    [
      { op: 'add', path: '/list/-', value: 9 },
      { ...document, list: [1, 2, 3, 9] },
    ],
    [
      { op: 'remove', path: '/list/0' },
      { ...document, list: [2, 3] },
    ],
    [
      { op: 'remove', path: '/list/-1' },
      { ...document, list: [1, 2] },
    ],
    [
      { op: 'replace', path: '/x~1y/~0', value: 5 },
      { ...document, 'x/y': { '~': 5 } },
    ],
    [{ op: 'replace', path: '', value: { z: 1 } }, { z: 1 }],
    [
      { op: 'move', from: '/a/b', path: '/b' },
      { ...document, a: {}, b: 1 },
    ],
    [
      { op: 'move', from: '/list/0', path: '/list/2' },
      { ...document, list: [2, 3, 1] },
    ],
    [
      { op: 'copy', from: '/a', path: '/c' },
      { ...document, c: { b: 1 } },
    ],
    [{ op: 'test', path: '/x~1y', value: { '~': 0 } }, document],
    [{ op: 'test', path: '/none', value: null }, document],
  ])('carries out %o', (operation, expected) => {
    expect(applyJsonPatch(document, [operation])).toEqual(expected)
  })

  test.each([
    { op: 'remove', path: '/none' },
    { op: 'remove', path: '/list/3' },
    { op: 'add', path: '/list/4', value: 0 },
    { op: 'add', path: '/none/deep', value: 0 },
    { op: 'copy', from: '/none', path: '/b' },
    { op: 'move', path: '/b' },
    { op: 'test', path: '/a/b', value: 2 },
    { op: 'replace', path: 'a', value: 2 },
    { op: 'flip', path: '/a' },
    null,
  ])('is refused for %o', (operation) => {
    expect(() => applyJsonPatch(document, [operation])).toThrow(expect.objectContaining({ status: 422 }))
  })

  test('changes neither the document nor shares with the patch', () => {
    const value = { deep: [1] }
    const before = structuredClone(document)
    const patched = applyJsonPatch(document, [{ op: 'add', path: '/v', value }]) as { v: typeof value }
    patched.v.deep.push(2)
    expect([document, value]).toEqual([before, { deep: [1] }])
    expect(() => applyJsonPatch(document, {})).toThrow('cannot unmarshal object')
    expect(() =>
      applyJsonPatch(
        document,
        Array.from({ length: 10_001 }, () => ({})),
      ),
    ).toThrow('10000')
  })

  test('of a key named __proto__ sets just that', () => {
    const patched = applyJsonPatch({}, [{ op: 'add', path: '/__proto__', value: { x: 1 } }])
    expect(Object.keys(patched as object)).toEqual(['__proto__'])
    expect('x' in (patched as object)).toBe(false)
  })
})

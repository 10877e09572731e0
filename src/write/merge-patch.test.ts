import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isJsonObject, type JsonObject, mergePatch, valueAt } from './merge-patch.ts'

/** `MergePatch` of RFC 7386, section 2, line by line. */
function applied(target: unknown, patch: unknown): unknown {
  if (!isJsonObject(patch)) return patch
  const result = new Map(Object.entries(isJsonObject(target) ? target : {}))
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) result.delete(name)
    else result.set(name, applied(result.get(name), value))
  }
  return Object.fromEntries(result)
}

/** Without properties that are null, which a merge patch cannot say. */
function withoutNulls(value: unknown): unknown {
  if (!isJsonObject(value)) return value
  const entries = Object.entries(value).filter(([, child]) => child !== null)
  return Object.fromEntries(entries.map(([name, child]) => [name, withoutNulls(child)]))
}

const patchOf = (before: JsonObject, after: JsonObject) => mergePatch(before, after)?.patch

describe('a merge patch', () => {
  test.each([
    ['a changed value', { a: 1, b: 2 }, { a: 1, b: 3 }, { b: 3 }],
    ['a new value', { a: 1 }, { a: 1, b: { c: 1 } }, { b: { c: 1 } }],
    ['a removed value', { a: 1, b: { c: 1 } }, { a: 1 }, { b: null }],
    ['a removed value in depth', { a: { b: 1, c: 2 } }, { a: { c: 2 } }, { a: { b: null } }],
    ['a value that becomes null', { a: 1, b: 2 }, { a: 1, b: null }, { b: null }],
    ['an object in place of an array', { a: [1] }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['an empty object', {}, { a: {} }, { a: {} }],
    ['an array, whole', { a: [{ x: 1 }, { y: 1 }] }, { a: [{ x: 2 }, { y: 1 }] }, { a: [{ x: 2 }, { y: 1 }] }],
  ])('says %s', (_title, before, after, patch) => {
    expect(patchOf(before, after)).toEqual(patch)
  })

  test.each([
    ['nothing changed', { a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } }],
    ['only the order of keys changed', { a: 1, b: [{ c: 1, d: 2 }] }, { b: [{ d: 2, c: 1 }], a: 1 }],
    ['a null goes', { a: null }, {}],
    ['a null comes', {}, { a: null }],
  ])('is not there where %s', (_title, before, after) => {
    expect(mergePatch(before, after)).toBeUndefined()
  })

  test('takes any name for a property', () => {
    const before = JSON.parse('{"labels":{"__proto__":"a","constructor":"b"}}') as JsonObject
    const after = JSON.parse('{"labels":{"toString":"c","constructor":"d"}}') as JsonObject
    expect(JSON.stringify(patchOf(before, after))).toBe(
      '{"labels":{"__proto__":null,"constructor":"d","toString":"c"}}',
    )
  })

  test('makes of any object any other', () => {
    const objects = fc.dictionary(
      fc.string({ maxLength: 2 }),
      fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as unknown), // JSON has no -0
    )
    fc.assert(
      fc.property(objects, objects, (before, after) => {
        const patch = JSON.parse(JSON.stringify(patchOf(before, after) ?? {})) as JsonObject
        expect(withoutNulls(applied(before, patch))).toEqual(withoutNulls(after))
      }),
      { numRuns: 200 },
    )
  })
})

describe('that a patch touches an array', () => {
  test.each([
    ['is changed', { a: { b: [1] } }, { a: { b: [1, 2] } }],
    ['is new', {}, { a: [] }],
    ['is new within an object', {}, { a: { b: { c: [1] } } }],
    ['is gone', { a: [1] }, {}],
    ['is gone within an object', { a: { b: [1] } }, { a: 1 }],
  ])('is said where one %s', (_title, before, after) => {
    expect(mergePatch(before, after)?.touchesArray).toBe(true)
  })

  test('is not said of an array that stays as it is', () => {
    expect(mergePatch({ a: [1], b: { c: [2], d: 1 } }, { a: [1], b: { c: [2], d: 2 } })?.touchesArray).toBe(false)
  })
})

describe('a value', () => {
  test('is never an inherited one', () => {
    expect([valueAt({}, 'constructor'), valueAt({}, '__proto__'), valueAt({ a: null }, 'a')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

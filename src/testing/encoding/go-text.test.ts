import { expect, test } from 'vitest'
import { goText, sortedJson, sortedKeysOf } from './go-text.ts'

test.each([
  ['plain text', '"plain text"'],
  ['<a href="x">&', '"\\u003ca href=\\"x\\"\\u003e\\u0026"'],
  ['\u2028\u2029', '"\\u2028\\u2029"'],
  ['\n\t\b\f\u0001\u007f', '"\\n\\t\\b\\f\\u0001\u007f"'],
  ['\ud800é', '"\ufffdé"'],
])('%j is written %s', (text, json) => expect(goText(text)).toBe(json))

test('the keys of a map are in order of their bytes, numbers and emoji included', () => {
  expect(sortedKeysOf({ b: 1, 10: 1, 9: 1, B: 1, '\u{1f600}': 1, '\ufb00': 1, é: 1, '': 1 })).toEqual([
    '',
    '10',
    '9',
    'B',
    'b',
    'é',
    '\ufb00',
    '\u{1f600}',
  ])
})

test('a custom resource is sorted to the last leaf, and has numbers as Go has them', () => {
  const value = { b: [{ d: 1, c: null, 2: 1, 10: 1 }], a: undefined, n: [1e21, 1e-7, 1.0, -0.5], t: '<' }
  expect(sortedJson(value)).toBe('{"b":[{"10":1,"2":1,"c":null,"d":1}],"n":[1e+21,1e-7,1,-0.5],"t":"\\u003c"}')
})

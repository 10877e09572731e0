import { describe, expect, test } from 'vitest'
import { wireText, yamlText } from './wire-text.ts'

describe('JSON that is read as YAML', () => {
  test('has no character that YAML refuses or takes for a line break', () => {
    const text = 'a\u007F\u0085\u2028\u2029\uFEFF\uFFFFz'
    expect(yamlText(wireText({ text }))).toBe(String.raw`{"text":"a\u007f\u0085\u2028\u2029\ufeff\uffffz"}`)
  })

  test('means the same', () => {
    const every = Array.from({ length: 0xd800 }, (_, code) => String.fromCharCode(code)).join('')
    const value = { every, astral: '😀', private: '\uE000\uFFFD' }
    expect(JSON.parse(yamlText(wireText(value)))).toEqual(value)
  })

  test('leaves alone what takes two code units: YAML knows no halves', () => {
    expect(yamlText('"😀"')).toBe('"😀"')
  })
})

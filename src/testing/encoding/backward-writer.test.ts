import { describe, expect, test } from 'vitest'
import { BackwardWriter } from './backward-writer.ts'

describe('what is written backwards', () => {
  test.each([
    [0, '00'],
    [127, '7f'],
    [128, '8001'],
    [16_384, '808001'],
    [2 ** 31 - 1, 'ffffffff07'],
    [2 ** 31, '8080808008'],
    [-1, 'ffffffffffffffffff01'],
    [-(2n ** 63n), '80808080808080808001'],
    [Number.MAX_SAFE_INTEGER, 'ffffffffffffff0f'],
  ])('has the integer %d as %s', (value, hex) => {
    const out = new BackwardWriter()
    out.varint(value)
    expect(out.copy().toString('hex')).toBe(hex)
  })

  test('reads forwards, however long it becomes', () => {
    const out = new BackwardWriter()
    const parts = ['short', 'é'.repeat(10), 'x'.repeat(5_000), '\u{1f600}'.repeat(2_000)]
    for (const part of parts.toReversed()) out.text(part)
    expect(out.copy().toString()).toBe(parts.join(''))
    expect(out.length).toBe(Buffer.byteLength(parts.join('')))
  })

  test('is a copy, and the room is used again', () => {
    const out = new BackwardWriter()
    out.bytes(Buffer.from('one'))
    const first = out.copy()
    out.clear()
    out.bytes(Buffer.from('two'))
    expect([first.toString(), out.copy().toString()]).toEqual(['one', 'two'])
  })
})

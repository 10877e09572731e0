import { expect, test } from 'vitest'
import { readKey, readText } from './text.ts'

const read = (reader: typeof readText, value: Uint8Array): string =>
  reader(Uint8Array.of(65, ...value, 66), 1, value.length + 1)

test.for([0, 1, 5, 6, 15, 16, 17, 31, 32, 33, 64, 65, 5000])(
  'a text of %d bytes is read, a second time too',
  (length) => {
    for (const character of ['x', '\0', '\x7f']) {
      const text = character.repeat(length)
      for (const reader of [readText, readText, readKey, readKey]) expect(read(reader, Buffer.from(text))).toBe(text)
    }
  },
)

test.for(['grüße', '日本語', '👩‍👩‍👧 family', 'ä'.repeat(16), `${'x'.repeat(20)}é`])('%s is read', (text) => {
  for (const reader of [readText, readText, readKey, readKey]) expect(read(reader, Buffer.from(text))).toBe(text)
})

test('characters of one text are not taken for the bytes of another', () => {
  const mojibake = Buffer.from(`${'x'.repeat(18)}Ã©`)
  const accent = Buffer.from(`${'x'.repeat(18)}é`)
  for (const reader of [readText, readKey]) {
    read(reader, mojibake)
    expect(read(reader, accent)).toBe(accent.toString())
  }
})

test.for([
  [[0xff], '\ufffd'],
  [[0xe2, 0x82], '\ufffd\ufffd'],
  [[0xe2, 0x82, 0x41], '\ufffd\ufffdA'],
  [[0xed, 0xa0, 0x80], '\ufffd\ufffd\ufffd'],
  [[0xc0, 0xaf, 0xf5], '\ufffd\ufffd\ufffd'],
  [[0xf0, 0x9f, 0x98, 0x80, 0xf0, 0x9f], '😀\ufffd\ufffd'],
  [[0xef, 0xbf, 0xbd, 0xe2, 0x82], '\ufffd\ufffd\ufffd'],
] as const)('%j is %j: each broken byte is one U+FFFD, as in Go', ([bytes, text]) => {
  expect(read(readText, Uint8Array.from(bytes))).toBe(text)
})

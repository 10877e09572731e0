import { describe, expect, test } from 'vitest'
import { formatDuration, formatMicros, formatSeconds } from './go-time.ts'

describe('formatSeconds', () => {
  test('is Date’s own form without milliseconds, over all years of four digits', () => {
    for (let seconds = -62_135_596_800; seconds <= 253_402_300_799; seconds += 86_399 * 97) {
      expect(formatSeconds(seconds)).toBe(new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'))
    }
  })

  test.for([
    [253_402_300_800, '10000-01-01T00:00:00Z'],
    [-62_167_219_201, '-0001-12-31T23:59:59Z'],
    [-62_167_219_200, '0000-01-01T00:00:00Z'],
  ] as const)('%d is %s', ([seconds, text]) => {
    expect(formatSeconds(seconds)).toBe(text)
  })
})

test.for([
  [0, 0, '1970-01-01T00:00:00.000000Z'],
  [1, 999_999_999, '1970-01-01T00:00:01.999999Z'],
  [1, -1_000, '1970-01-01T00:00:00.999999Z'],
] as const)('formatMicros of %d s and %d ns is %s', ([seconds, nanos, text]) => {
  expect(formatMicros(seconds, nanos)).toBe(text)
})

test.for([
  [0n, '0s'],
  [1n, '1ns'],
  [1_500n, '1.5µs'],
  [-1_234_567n, '-1.234567ms'],
  [60_000_000_000n, '1m0s'],
  [90_061_000_000_001n, '25h1m1.000000001s'],
  [-(2n ** 63n), '-2562047h47m16.854775808s'],
] as const)('formatDuration of %d is %s', ([nanos, text]) => {
  expect(formatDuration(nanos)).toBe(text)
})

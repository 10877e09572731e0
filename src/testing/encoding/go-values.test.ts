import { describe, expect, test } from 'vitest'
import {
  canonicalDuration,
  canonicalMicroTime,
  canonicalTime,
  nanosOf,
  nanosOfDuration,
  secondsOf,
} from './go-values.ts'

describe('a date', () => {
  test.each([
    ['2026-01-01T00:00:00Z', '2026-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00.999Z', '2026-01-01T00:00:00Z'],
    ['2026-01-01T00:00:00-01:30', '2026-01-01T01:30:00Z'],
    ['0001-01-01T00:00:00Z', null],
    ['2026-01-01', undefined],
    ['2026-13-01T00:00:00+00:00', undefined],
  ])('%s is %s', (text, canonical) => expect(canonicalTime(text)).toBe(canonical))

  test('in microseconds keeps six digits', () => {
    expect(canonicalMicroTime('2026-01-01T00:00:00.1234567Z')).toBe('2026-01-01T00:00:00.123456Z')
    expect(canonicalMicroTime('2026-01-01T01:00:00+01:00')).toBe('2026-01-01T00:00:00.000000Z')
    expect(canonicalMicroTime('0001-01-01T00:00:00Z')).toBeNull()
    expect(nanosOf('2026-01-01T00:00:00.123456Z')).toBe(123_456_000)
    expect(secondsOf('1969-12-31T23:59:59.500000Z')).toBe(-1)
  })
})

test.each([
  ['1h0m0s', '1h0m0s', 3_600_000_000_000n],
  ['90s', '1m30s', 90_000_000_000n],
  ['1.5h', '1h30m0s', 5_400_000_000_000n],
  ['-1ms', '-1ms', -1_000_000n],
  ['0', '0s', 0n],
])('a duration of %s is %s', (text, canonical, nanos) => {
  expect([canonicalDuration(text), nanosOfDuration(text)]).toEqual([canonical, nanos])
})

test('what is no duration is none', () => expect(canonicalDuration('1 hour')).toBeUndefined())

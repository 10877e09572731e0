import { describe, expect, test } from 'vitest'
import { isStatus, parseRetryAfter, retryAfterOf } from './status.ts'

const NOW = Date.UTC(2026, 0, 1)

describe('a Retry-After header', () => {
  test.each<[string | undefined, number | undefined]>([
    ['1', 1000],
    [' 30 ', 30_000],
    ['1.5', 1500],
    ['+2', 2000],
    ['0', 0],
    ['-60', 0],
    ['300', 300_000],
    ['301', 300_000],
    ['31536000', 300_000],
    ['9'.repeat(400), 300_000],
    ['Thu, 01 Jan 2026 00:00:10 GMT', 10_000],
    ['Thu, 01 Jan 2026 01:00:00 GMT', 300_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    ['soon', undefined],
    ['', undefined],
    ['  ', undefined],
    [undefined, undefined],
  ])('of %j is %j ms', (header, expected) => {
    expect(parseRetryAfter(header, NOW)).toBe(expected)
  })
})

describe('retryAfterSeconds of a Status', () => {
  test.each<[unknown, number | undefined]>([
    [1, 1000],
    [31_536_000, 300_000],
    [0, undefined],
    [-5, undefined],
    ['5', undefined],
    [undefined, undefined],
    [Number.NaN, undefined],
  ])('of %j is %j ms', (retryAfterSeconds, expected) => {
    expect(retryAfterOf({ kind: 'Status', details: { retryAfterSeconds: retryAfterSeconds as number } })).toBe(expected)
  })

  test('is missing where there are no details', () => {
    expect([retryAfterOf(undefined), retryAfterOf({})]).toEqual([undefined, undefined])
  })
})

describe('a Status', () => {
  test.each([
    [{ kind: 'Status' }, true],
    [{ kind: 'PodList' }, false],
    [null, false],
    ['Status', false],
    [undefined, false],
  ])('%j: %j', (value, expected) => {
    expect(isStatus(value)).toBe(expected)
  })
})

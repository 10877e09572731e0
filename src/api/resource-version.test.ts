import { describe, expect, test } from 'vitest'
import { compareResourceVersions, isOlder } from './resource-version.ts'

/** The table of KEP-5504, `CompareResourceVersion` of apimachinery. */
describe('comparing resourceVersions', () => {
  test.each([
    ['1', '1', 0],
    ['1', '2', -1],
    ['2', '1', 1],
    ['9', '10', -1],
    ['10', '9', 1],
    ['100', '99', 1],
    ['18446744073709551615', '18446744073709551616', -1],
    ['9007199254740993', '9007199254740992', 1],
    ['99999999999999999999999999999999999999', '100000000000000000000000000000000000000', -1],
    ['1'.repeat(200), '1'.repeat(200), 0],
  ])('%s and %s gives %d', (a, b, order) => {
    expect(Math.sign(compareResourceVersions(a, b) ?? Number.NaN)).toBe(order)
    expect([isOlder(a, b), isOlder(b, a)]).toEqual([order < 0, order > 0])
  })

  test.each([
    ['', '1'],
    ['0', '1'],
    ['0', '0'],
    ['01', '1'],
    ['-1', '1'],
    ['1.5', '1'],
    ['1e3', '1'],
    [' 1', '1'],
    ['abc', 'abc'],
    ['abc', 'abd'],
    ['1', 'opaque'],
    ['１', '1'],
  ])('%j and %j cannot be compared', (a, b) => {
    expect([compareResourceVersions(a, b), compareResourceVersions(b, a)]).toEqual([undefined, undefined])
    expect([isOlder(a, b), isOlder(b, a)]).toEqual([false, false])
  })
})

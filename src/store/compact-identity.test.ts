import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compactUid, compactVersion, expandUid } from './compact-identity.ts'

const UID = 'ed252be3-00ff-4a10-8000-0123456789ab'

describe('a compact uid', () => {
  test('of a UUID has one character for each byte', () => {
    expect(compactUid(UID)).toHaveLength(16)
    expect(expandUid(compactUid(UID))).toBe(UID)
  })

  test.each(['', 'a', '0123456789abcdef', UID.toUpperCase(), `${UID}0`, `\u0100${UID}`, compactUid(UID)])(
    'gives back %j as it was, and is no other one',
    (uid) => {
      expect(expandUid(compactUid(uid))).toBe(uid)
      expect(compactUid(uid) === compactUid(UID)).toBe(false)
    },
  )

  test('is equal where the uids are, and only there', () => {
    const uid = fc.oneof(fc.uuid(), fc.string(), fc.string({ minLength: 16, maxLength: 16 }))
    fc.assert(
      fc.property(
        uid,
        uid,
        (a, b) => expandUid(compactUid(a)) === a && (compactUid(a) === compactUid(b)) === (a === b),
      ),
    )
  })
})

describe('a compact version', () => {
  test.each(['1', '4000000000', '999999999999999', '1000000000000000', '0', '01', '', 'abc', '99999999999999999999'])(
    'of %j is that as text',
    (version) => expect(String(compactVersion(version))).toBe(version),
  )
})

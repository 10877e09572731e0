import { describe, expect, test } from 'vitest'
import { Redactor } from './redactor.ts'

describe('a Redactor', () => {
  const bearer = new Redactor({ authorization: 'Bearer abc/def+ghi==' })

  test.each([
    ['the whole header', 'got "Bearer abc/def+ghi=="'],
    ['the token alone', 'invalid token abc/def+ghi==!'],
    ['the token in a URL', '/login?token=abc%2Fdef%2Bghi%3D%3D'],
    ['the token as some JSON writes it', '"abc\\/def+ghi=="'],
  ])('takes out %s', (_form, text) => {
    expect(bearer.text(text)).toContain('[redacted]')
    expect(bearer.text(text)).not.toMatch(/ghi/)
  })

  test('takes out the password of Basic, decoded or not', () => {
    const encoded = Buffer.from('admin:hunter22').toString('base64')
    const basic = new Redactor({ authorization: `Basic ${encoded}` })
    expect(basic.text(`${encoded} admin:hunter22 hunter22`)).toBe('[redacted] [redacted] [redacted]')
  })

  test('goes through values and names of JSON', () => {
    const clean = bearer.json({ 'abc/def+ghi==': ['x abc/def+ghi==', { deep: 'Bearer abc/def+ghi==' }], n: 1, z: null })
    expect(clean).toEqual({ '[redacted]': ['x [redacted]', { deep: '[redacted]' }], n: 1, z: null })
  })

  test('leaves the names of impersonation readable', () => {
    const redactor = new Redactor({ 'impersonate-user': 'jane', 'x-api-key': 'sesame' })
    expect(redactor.text('User "jane" cannot list pods with sesame')).toBe(
      'User "jane" cannot list pods with [redacted]',
    )
  })
})

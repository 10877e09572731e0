import { describe, expect, test } from 'vitest'
import { isLoopback } from './loopback.ts'

describe('isLoopback', () => {
  test.each(['localhost', 'LOCALHOST', 'api.localhost', '127.0.0.1', '127.8.9.10', '::1', '[::1]', '::ffff:127.0.0.1'])(
    'is true of %s',
    (host) => expect(isLoopback(host)).toBe(true),
  )

  test('is true of an IPv4-mapped address as URL writes it', () => {
    expect(isLoopback(new URL('http://[::ffff:127.0.0.1]').hostname)).toBe(true)
  })

  test.each([
    '10.0.0.1',
    '128.0.0.1',
    '127.example.com',
    'localhost.example.com',
    '::2',
    '[2001:db8::1]',
    'kubernetes',
  ])('is false of %s', (host) => expect(isLoopback(host)).toBe(false))
})

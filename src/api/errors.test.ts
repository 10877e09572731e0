import { inspect } from 'node:util'
import { describe, expect, test, vi } from 'vitest'
import { ApiError, DecodeError, KubeflumeError, reasonOf, SyncError } from './errors.ts'
import type { InformerStatus } from './informer-status.ts'

const status = (code: number, reason: string, details: object = {}) => ({ kind: 'Status', code, reason, details })

describe('an ApiError', () => {
  test.each<[number, object | undefined, string, boolean]>([
    [400, undefined, 'ERR_BAD_REQUEST', false],
    [401, undefined, 'ERR_UNAUTHORIZED', true],
    [403, undefined, 'ERR_FORBIDDEN', true],
    [404, undefined, 'ERR_NOT_FOUND', true],
    [405, undefined, 'ERR_BAD_REQUEST', false],
    [406, undefined, 'ERR_BAD_REQUEST', false],
    [409, status(409, 'Conflict'), 'ERR_CONFLICT', true],
    [422, status(422, 'Invalid', { causes: [{ field: 'metadata.uid' }] }), 'ERR_CONFLICT', false],
    [410, status(410, 'Expired'), 'ERR_RESOURCE_EXPIRED', true],
    [410, status(410, 'Gone'), 'ERR_RESOURCE_EXPIRED', true],
    [415, undefined, 'ERR_BAD_REQUEST', false],
    [422, status(422, 'Invalid'), 'ERR_BAD_REQUEST', false],
    [429, undefined, 'ERR_TOO_MANY_REQUESTS', true],
    [500, status(500, 'InternalError'), 'ERR_API', true],
    [500, status(500, 'StorageReadError'), 'ERR_STORAGE_READ', true],
    [503, undefined, 'ERR_UNAVAILABLE', true],
    [504, status(504, 'Timeout'), 'ERR_API', true],
    [
      504,
      status(504, 'Timeout', { causes: [{ reason: 'ResourceVersionTooLarge' }] }),
      'ERR_RESOURCE_VERSION_TOO_LARGE',
      true,
    ],
    [302, undefined, 'ERR_REDIRECT', true],
    [418, undefined, 'ERR_API', true],
  ])('of %d and %j is %s', (code, body, expected, retryable) => {
    expect(new ApiError(code, 'why', { body })).toMatchObject({ code: expected, status: code, retryable })
  })

  test('has what the server said', () => {
    const body = status(429, 'TooManyRequests', { retryAfterSeconds: 3 })
    expect(new ApiError(429, 'why', { body })).toMatchObject({ reason: 'TooManyRequests', retryAfterMs: 3000, body })
    expect(new ApiError(429, 'why', { body, retryAfterMs: 5000 }).retryAfterMs).toBe(5000)
    expect(Object.keys(new ApiError(500, 'why'))).not.toContain('retryAfterMs')
  })

  test.each<[unknown]>([
    [null],
    ['text'],
    [{}],
    [{ details: null }],
    [{ details: { causes: null } }],
    [{ reason: '' }],
  ])('takes %j for a body', (body) => {
    expect(new ApiError(500, 'why', { body })).toMatchObject({ code: 'ERR_API', status: 500 })
  })
})

describe('an error', () => {
  test('has its name, code, message and cause', () => {
    const cause = new Error('below')
    const error = new KubeflumeError('ERR_OPTION', 'why', { cause })
    expect(error).toMatchObject({ name: 'KubeflumeError', code: 'ERR_OPTION', message: 'why', cause, retryable: false })
    expect('cause' in new KubeflumeError('ERR_OPTION', 'why')).toBe(false)
    expect(new DecodeError('ERR_DECODE_SYNTAX', 'why', { offset: 7, key: 'a/b' })).toMatchObject({
      name: 'DecodeError',
      message: 'why (at byte 7)',
      offset: 7,
      key: 'a/b',
      retryable: true,
    })
  })

  test('of a sync says who is not synced, and why', () => {
    const informers = ['pods', 'nodes'].map((plural) => ({
      resource: { group: '', version: 'v1', plural, kind: '', namespaced: true },
      status: { reason: `no ${plural}` } as InformerStatus,
    }))
    expect(new SyncError('ERR_SYNC', informers)).toMatchObject({
      name: 'SyncError',
      message: 'not synced: pods: no pods; nodes: no nodes',
      informers,
    })
  })

  test('is shown without what it is recognised by', () => {
    expect(inspect(new ApiError(403, 'no'))).not.toMatch(/kubeflume\.error|Symbol/)
  })

  test('is recognised by another copy of this package, as what it is and no more', async () => {
    vi.resetModules()
    const copy = await import('./errors.ts')
    expect(copy.KubeflumeError).not.toBe(KubeflumeError)
    const theirs = [
      new copy.KubeflumeError('ERR_OPTION', ''),
      new copy.ApiError(500, ''),
      new copy.DecodeError('ERR_DECODE_SYNTAX', '', { offset: 0 }),
      new copy.SyncError('ERR_SYNC', []),
    ]
    const classes = [KubeflumeError, ApiError, DecodeError, SyncError]
    expect(theirs.map((error) => classes.map((known) => error instanceof known))).toEqual([
      [true, false, false, false],
      [true, true, false, false],
      [true, false, true, false],
      [true, false, false, true],
    ])
    class Mine extends KubeflumeError {}
    expect([new Mine('ERR_KEY', '') instanceof Mine, theirs[0] instanceof Mine]).toEqual([true, false])
    for (const other of [new Error('x'), null, undefined, 'x', {}]) expect(other instanceof KubeflumeError).toBe(false)
  })
})

describe('the reason of an error', () => {
  test.each<[unknown, string | undefined]>([
    [new ApiError(404, '', { body: status(404, 'NotFound') }), 'NotFound'],
    [new ApiError(404, ''), undefined],
    [Object.assign(new Error('client-node'), { body: status(409, 'Conflict') }), 'Conflict'],
    [Object.assign(new Error('client-node'), { body: JSON.stringify(status(409, 'Conflict')) }), 'Conflict'],
    [Object.assign(new Error('client-node'), { body: 'upstream is away' }), undefined],
    [Object.assign(new Error('client-node'), { body: 'null' }), undefined],
    [Object.assign(new Error('client-node'), { body: null }), undefined],
    [new Error('any'), undefined],
    [undefined, undefined],
    [null, undefined],
    ['text', undefined],
  ])('%s is %j', (error, expected) => {
    expect(reasonOf(error)).toBe(expected)
  })
})

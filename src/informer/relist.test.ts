import { describe, expect, test } from 'vitest'
import { ApiError, KubeflumeError } from '../api/errors.ts'
import { resources } from '../api/generated/index.ts'
import { metadataOnly } from '../api/resource.ts'
import { Backoff } from './backoff.ts'
import { afterListFailure, afterWatchEnd, firstList, newer, relist, type WatchEnd } from './relist.ts'
import { listing, type ReflectorState, watching } from './state.ts'

const { pods, events } = resources.core.v1
const first = firstList({ resource: pods, sync: 'auto', freshness: 'latest' })
const NEWER = { resourceVersion: '7', resourceVersionMatch: 'NotOlderThan' }

const api = (status: number, options: { reason?: string; cause?: string; retryAfterMs?: number } = {}): ApiError => {
  const { reason, cause, retryAfterMs } = options
  const body = { kind: 'Status', reason, details: { causes: cause === undefined ? [] : [{ reason: cause }] } }
  return new ApiError(status, `${status}`, { body, retryAfterMs })
}
const tooLarge = (retryAfterMs?: number): ApiError =>
  api(504, { reason: 'Timeout', cause: 'ResourceVersionTooLarge', ...(retryAfterMs !== undefined && { retryAfterMs }) })
const lost = new KubeflumeError('ERR_CONNECTION_LOST', 'cut', { retryable: true })
const silent = new KubeflumeError('ERR_SERVER_SILENT', 'silent', { retryable: true })
const truncated = new KubeflumeError('ERR_DECODE_TRUNCATED', 'half', { retryable: true })
const garbage = new KubeflumeError('ERR_DECODE_SYNTAX', 'garbage', { retryable: true })
const table = new KubeflumeError('ERR_UNEXPECTED_KIND', 'a Table', { retryable: true })
const noCluster = new KubeflumeError('ERR_NO_CLUSTER', 'none')

/** `after 400 ms: list …`, `now: watch 7`. */
function shown(state: ReflectorState): string {
  if (state.name === 'waiting') return `after ${state.delayMs} ms: ${what(state.next)}`
  return `now: ${what(state)}`
}

function what(state: ReflectorState): string {
  if (state.name === 'waiting') throw new Error('two waits')
  if (state.name === 'watching') return `watch ${state.resourceVersion}`
  const query = Object.values(state.plan.query).join(' ')
  return `list${query && ` ${query}`}${state.plan.mayGoBack ? ' (may go back)' : ''}`
}

const memory = (lastSeen: string | undefined = '7') => ({
  lastSeen,
  first,
  backoff: new Backoff({ now: () => 0, setTimeout: () => ({ [Symbol.dispose]() {} }) }, () => 0.5),
})

describe('the first list', () => {
  test.each([
    [pods, 'auto', 'latest', {}],
    [pods, 'stream', 'latest', {}],
    [pods, 'paged', 'latest', { limit: '500' }],
    [pods, 'auto', 'any', { resourceVersion: '0', limit: '500' }],
    [pods, 'stream', 'any', { resourceVersion: '0', limit: '500' }],
    [events, 'auto', 'latest', { limit: '500' }],
    [events, 'stream', 'latest', {}],
    [resources.events.v1.events, 'auto', 'latest', { limit: '500' }],
    [metadataOnly(events), 'auto', 'latest', { limit: '500' }],
    [metadataOnly(pods), 'auto', 'latest', {}],
  ] as const)('of %j with %s and %s asks for %j', (resource, sync, freshness, query) => {
    expect(firstList({ resource, sync, freshness }).query).toEqual(query)
  })
})

describe('a relist', () => {
  test.each([
    ['7', {}, NEWER],
    ['7', { limit: '500' }, { ...NEWER, limit: '500' }],
    ['7', { resourceVersion: '0', limit: '500' }, { ...NEWER, limit: '500' }],
    [undefined, {}, {}],
    [undefined, { resourceVersion: '0', limit: '500' }, { resourceVersion: '0', limit: '500' }],
  ])('after having seen %j, with a first list of %j, asks for %j', (lastSeen, query, expected) => {
    expect(relist(lastSeen, { query, reason: 'first list' }, 'why')).toEqual({ query: expected, reason: 'why' })
  })
})

describe('after a list that failed', () => {
  const state = listing(relist('7', first, 'why'))

  test.each<[string, KubeflumeError, string]>([
    ['a cut', lost, 'after 400 ms: list 7 NotOlderThan'],
    ['silence', silent, 'after 400 ms: list 7 NotOlderThan'],
    ['a body that is none', garbage, 'after 400 ms: list 7 NotOlderThan'],
    ['401', api(401), 'after 400 ms: list 7 NotOlderThan'],
    ['404', api(404), 'after 400 ms: list 7 NotOlderThan'],
    ['429 and 2 s', api(429, { retryAfterMs: 2000 }), 'after 2200 ms: list 7 NotOlderThan'],
    ['429 and 0 s', api(429, { retryAfterMs: 0 }), 'after 400 ms: list 7 NotOlderThan'],
    ['410', api(410, { reason: 'Expired' }), 'after 400 ms: list 7 NotOlderThan'],
    ['400', api(400), 'after 30000 ms: list 7 NotOlderThan'],
    ['400 and 2 s', api(400, { retryAfterMs: 2000 }), 'after 30000 ms: list 7 NotOlderThan'],
    ['no cluster', noCluster, 'after 30000 ms: list 7 NotOlderThan'],
    ['"too large" without a time', tooLarge(), 'after 1000 ms: list 7 NotOlderThan'],
    ['"too large" and 3 s', tooLarge(3000), 'after 3300 ms: list 7 NotOlderThan'],
    ['504 of another kind', api(504), 'after 400 ms: list 7 NotOlderThan'],
  ])('with %s', (_name, error, expected) => {
    expect(shown(afterListFailure(state, error, memory()))).toBe(expected)
  })

  test('"too large" twice in a row asks for the newest state, once in between does not', () => {
    const once = afterListFailure(state, tooLarge(), memory())
    const next = once.name === 'waiting' && once.next.name === 'listing' ? once.next : undefined
    expect(shown(afterListFailure(next!, tooLarge(), memory()))).toBe('after 400 ms: list (may go back)')
    const between = afterListFailure(next!, lost, memory())
    const again = between.name === 'waiting' && between.next.name === 'listing' ? between.next : undefined
    expect(shown(afterListFailure(again!, tooLarge(), memory()))).toBe('after 1000 ms: list 7 NotOlderThan')
  })

  test('says what it waits for', () => {
    expect(afterListFailure(state, lost, memory())).toMatchObject({ after: 'cut', next: { plan: { reason: 'why' } } })
  })
})

describe('after a watch', () => {
  const cases: readonly (readonly [name: string, end: Partial<WatchEnd>, long: string, short: string])[] = [
    ['a clean end', {}, 'now: watch 7', 'after 400 ms: watch 7'],
    ['a clean end with events', { sawEvents: true }, 'now: watch 7', 'after 400 ms: watch 7'],
    ['a cut', { error: lost }, 'now: watch 7', 'after 400 ms: watch 7'],
    ['a cut after events', { error: lost, sawEvents: true }, 'now: watch 7', 'after 400 ms: watch 7'],
    ['silence', { error: silent }, 'now: watch 7', 'after 400 ms: watch 7'],
    ['half an event', { error: truncated }, 'now: watch 7', 'after 400 ms: watch 7'],
    ['410', { error: api(410) }, 'now: list 7 NotOlderThan', 'after 400 ms: list 7 NotOlderThan'],
    ...(
      [
        ['garbage', garbage, 'after 400 ms: list 7 NotOlderThan'],
        ['a Table', table, 'after 400 ms: list 7 NotOlderThan'],
        ['StorageReadError', api(500, { reason: 'StorageReadError' }), 'after 400 ms: list 7 NotOlderThan'],
        ['"too large"', tooLarge(2000), 'after 2200 ms: list 7 NotOlderThan'],
        ['InternalError', api(500, { reason: 'InternalError' }), 'after 400 ms: watch 7'],
        ['403', api(403), 'after 400 ms: watch 7'],
        ['404', api(404), 'after 400 ms: watch 7'],
        ['405', api(405), 'after 30000 ms: watch 7'],
        ['429 and 5 s', api(429, { retryAfterMs: 5000 }), 'after 5500 ms: watch 7'],
      ] as const
    ).map(([name, error, next]) => [name, { error }, next, next] as const),
  ]

  test.each(cases)('that ended with %s', (_name, end, long, short) => {
    const after = (durationMs: number): string =>
      shown(afterWatchEnd(watching('5'), { error: undefined, sawEvents: false, ...end, durationMs }, memory()))
    expect([after(1000), after(999)]).toEqual([long, short])
  })

  test('goes on from where it began, when nothing has been seen', () => {
    const end = { error: undefined, sawEvents: false, durationMs: 300_000 }
    expect(shown(afterWatchEnd(watching('5'), end, { ...memory(), lastSeen: undefined }))).toBe('now: watch 5')
  })

  test('a failure in between does not make short empty watches forgotten', () => {
    const failed = afterWatchEnd(
      { ...watching('7'), emptyCloses: 2 },
      { error: api(429), sawEvents: false, durationMs: 10 },
      memory(),
    )
    expect(failed).toMatchObject({ next: { name: 'watching', emptyCloses: 2 } })
  })

  test('one that lasted makes them forgotten', () => {
    const ended = afterWatchEnd(
      { ...watching('7'), emptyCloses: 2 },
      { error: undefined, sawEvents: false, durationMs: 300_000 },
      memory(),
    )
    expect(ended).toMatchObject({ name: 'watching', emptyCloses: 0 })
  })
})

describe('the newer of two versions', () => {
  test.each([
    [undefined, '5', '5'],
    ['5', '6', '6'],
    ['6', '5', '6'],
    ['9', '10', '10'],
    ['10', '9', '10'],
    ['abc', 'abd', 'abd'],
    ['5', 'abc', 'abc'],
  ])('%j and %j is %j', (before, after, expected) => {
    expect(newer(before, after)).toBe(expected)
  })
})

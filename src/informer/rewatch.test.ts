import { describe, expect, test } from 'vitest'
import { ApiError, KubeflumeError } from '../api/errors.ts'
import { resources } from '../api/generated/index.ts'
import { Backoff } from './backoff.ts'
import { firstList, queryOf } from './list-plan.ts'
import type { Memory } from './pause.ts'
import { afterProbeFailure, afterWatchEnd, type WatchEnd } from './rewatch.ts'
import { type Probing, type ReflectorState, watching } from './state.ts'
import { StrategyMemory } from './strategy-memory.ts'

const first = firstList({ resource: resources.core.v1.pods, sync: 'auto', freshness: 'latest' })
const clock = { now: () => 0, setTimeout: () => ({ [Symbol.dispose]() {} }) }

const api = (status: number, options: { reason?: string; cause?: string; retryAfterMs?: number } = {}): ApiError => {
  const { reason, cause, retryAfterMs } = options
  const body = { kind: 'Status', reason, details: { causes: cause === undefined ? [] : [{ reason: cause }] } }
  return new ApiError(status, `${status}`, { body, retryAfterMs })
}
const tooLarge = api(504, { reason: 'Timeout', cause: 'ResourceVersionTooLarge', retryAfterMs: 2000 })
const lost = new KubeflumeError('ERR_CONNECTION_LOST', 'cut', { retryable: true })
const silent = new KubeflumeError('ERR_SERVER_SILENT', 'silent', { retryable: true })
const truncated = new KubeflumeError('ERR_DECODE_TRUNCATED', 'half', { retryable: true })
const garbage = new KubeflumeError('ERR_DECODE_SYNTAX', 'garbage', { retryable: true })
const table = new KubeflumeError('ERR_UNEXPECTED_KIND', 'a Table', { retryable: true })

const memory = (lastSeen: string | undefined = '7'): Memory => ({
  lastSeen,
  first,
  strategies: new StrategyMemory(clock),
  backoff: new Backoff(clock, () => 0.5),
})

/** `400: list 7 NotOlderThan`, `now: watch 7`. */
function shown(state: ReflectorState): string {
  if (state.name === 'waiting') return `${state.delayMs}: ${shown(state.next).replace('now: ', '')}`
  if (state.name === 'watching') return `now: watch ${state.resourceVersion}`
  if (state.name === 'probing') return `now: probe ${state.next.resourceVersion}`
  return ['now: list', ...Object.values(queryOf(state.plan)), ...(state.plan.mayGoBack ? ['(may go back)'] : [])].join(
    ' ',
  )
}

const QUIET: WatchEnd = { error: undefined, hasOpened: true, sawEvents: false, durationMs: 300_000 }

describe('after a watch', () => {
  const list = 'list 7 NotOlderThan'
  const cases: readonly (readonly [name: string, end: Partial<WatchEnd>, long: string, short: string])[] = [
    ['a clean end', {}, 'now: probe 7', '400: watch 7'],
    ['a clean end with events', { sawEvents: true }, 'now: watch 7', '400: watch 7'],
    ['a cut', { error: lost }, 'now: probe 7', '400: watch 7'],
    ['a cut after events', { error: lost, sawEvents: true }, 'now: watch 7', '400: watch 7'],
    ['a cut before it was open', { error: lost, hasOpened: false }, 'now: watch 7', '400: watch 7'],
    ['silence', { error: silent }, 'now: probe 7', '400: watch 7'],
    ['half an event', { error: truncated }, 'now: probe 7', '400: watch 7'],
    ['410', { error: api(410) }, `now: ${list}`, `400: ${list}`],
    ...(
      [
        ['garbage', garbage, `400: ${list}`],
        ['a Table', table, `400: ${list}`],
        ['StorageReadError', api(500, { reason: 'StorageReadError' }), `400: ${list}`],
        ['"too large"', tooLarge, `2200: ${list}`],
        ['InternalError', api(500, { reason: 'InternalError' }), '400: watch 7'],
        ['403', api(403), '400: watch 7'],
        ['404', api(404), `400: ${list}`],
        ['405', api(405), '30000: watch 7'],
        ['429 and 5 s', api(429, { retryAfterMs: 5000 }), '5500: watch 7'],
      ] as const
    ).map(([name, error, next]) => [name, { error }, next, next] as const),
  ]

  test.each(cases)('that ended with %s', (_name, end, long, short) => {
    const after = (durationMs: number): string =>
      shown(afterWatchEnd(watching('5'), { ...QUIET, ...end, durationMs }, memory()))
    expect([after(1000), after(999)]).toEqual([long, short])
  })

  test('goes on from where it began, when nothing has been seen', () => {
    const nothing: Memory = { ...memory(), lastSeen: undefined }
    expect(shown(afterWatchEnd(watching('5'), { ...QUIET, sawEvents: true }, nothing))).toBe('now: watch 5')
  })

  test('a failure in between does not make short empty watches forgotten', () => {
    const end = { ...QUIET, error: api(429), durationMs: 10 }
    const failed = afterWatchEnd({ ...watching('7'), emptyCloses: 2 }, end, memory())
    expect(failed).toMatchObject({ next: { name: 'watching', emptyCloses: 2 } })
  })

  test('one that lasted makes them forgotten', () => {
    const ended = afterWatchEnd({ ...watching('7'), emptyCloses: 2 }, { ...QUIET, sawEvents: true }, memory())
    expect(ended).toMatchObject({ name: 'watching', emptyCloses: 0 })
  })

  test('the third short empty one is followed by a list', () => {
    const ended = afterWatchEnd({ ...watching('7'), emptyCloses: 2 }, { ...QUIET, durationMs: 10 }, memory())
    expect(shown(ended)).toBe('400: list 7 NotOlderThan')
  })

  test('the fourth InternalError in a row is followed by a list', () => {
    const end = { ...QUIET, error: api(500, { reason: 'InternalError' }) }
    expect(shown(afterWatchEnd({ ...watching('7'), internalErrors: 2 }, end, memory()))).toBe('400: watch 7')
    expect(shown(afterWatchEnd({ ...watching('7'), internalErrors: 3 }, end, memory()))).toBe(
      '400: list 7 NotOlderThan',
    )
  })
})

describe('after a probe that failed', () => {
  const state: Probing = { name: 'probing', next: watching('7'), tooLarge: 0 }

  test.each([
    ['"too large"', tooLarge, '2200: probe 7'],
    ['a cut', lost, '400: probe 7'],
    ['503', api(503), '400: probe 7'],
    ['429 and 5 s', api(429, { retryAfterMs: 5000 }), '5500: probe 7'],
    ['403: who may not list may watch', api(403), '400: watch 7'],
    ['400: it is not known there', api(400), '400: watch 7'],
  ])('with %s', (_name, error, expected) => {
    expect(shown(afterProbeFailure(state, error, memory()))).toBe(expected)
  })

  test('with "too large" twice, the newest state is listed, whatever its version', () => {
    expect(shown(afterProbeFailure({ ...state, tooLarge: 1 }, tooLarge, memory()))).toBe('400: list (may go back)')
  })
})

import { describe, expect, test } from 'vitest'
import { ApiError, KubeflumeError } from '../api/errors.ts'
import { resources } from '../api/generated/index.ts'
import { Backoff } from './backoff.ts'
import { firstList, queryOf, relist } from './list-plan.ts'
import type { Memory } from './pause.ts'
import { afterListFailure, afterResumeFailure, type ListFailure, newer, suited } from './relist.ts'
import { listing, type ReflectorState, type Resuming, type Strategy } from './state.ts'
import { StrategyMemory } from './strategy-memory.ts'

const { pods } = resources.core.v1
const first = firstList({ resource: pods, sync: 'auto', freshness: 'latest' })

const api = (status: number, options: { reason?: string; cause?: string; retryAfterMs?: number } = {}): ApiError => {
  const { reason, cause, retryAfterMs } = options
  const body = { kind: 'Status', reason, details: { causes: cause === undefined ? [] : [{ reason: cause }] } }
  return new ApiError(status, `${status}`, { body, retryAfterMs })
}
const tooLarge = (retryAfterMs?: number): ApiError =>
  api(504, { reason: 'Timeout', cause: 'ResourceVersionTooLarge', ...(retryAfterMs !== undefined && { retryAfterMs }) })
const lost = new KubeflumeError('ERR_CONNECTION_LOST', 'cut', { retryable: true })
const silent = new KubeflumeError('ERR_SERVER_SILENT', 'silent', { retryable: true })
const garbage = new KubeflumeError('ERR_DECODE_SYNTAX', 'garbage', { retryable: true })
const otherList = new KubeflumeError('ERR_CONTINUE_TOKEN', 'another list', { retryable: true })
const noCluster = new KubeflumeError('ERR_NO_CLUSTER', 'none')
const clock = { now: () => 0, setTimeout: () => ({ [Symbol.dispose]() {} }) }

const memory = (options: Partial<Memory> = {}): Memory => ({
  lastSeen: '7',
  first,
  backoff: new Backoff(clock, () => 0.5),
  strategies: new StrategyMemory(clock),
  ...options,
})

const failure = (error: KubeflumeError, options: Partial<ListFailure> = {}): ListFailure => ({
  error,
  durationMs: 1000,
  resourceVersion: undefined,
  items: 0,
  token: undefined,
  hasBegun: true,
  ...options,
})

/** `400: stream 7 NotOlderThan`, `now: …`, `400: rest of 9 behind 600`. */
function shown(state: ReflectorState): string {
  if (state.name === 'waiting') return `${state.delayMs}: ${shown(state.next).replace('now: ', '')}`
  if (state.name === 'resuming')
    return `now: ${state.token ? 'page' : 'rest'} of ${state.resourceVersion} behind ${state.items}`
  if (state.name !== 'listing') throw new Error(state.name)
  const { strategy, mayGoBack } = state.plan
  const { sendInitialEvents: _, ...query } = queryOf(state.plan)
  return ['now:', strategy, ...Object.values(query), ...(mayGoBack ? ['(may go back)'] : [])].join(' ')
}

/** What is listed, or completed, after a wait. */
function nextOf(state: ReflectorState): ReflectorState {
  return state.name === 'waiting' ? state.next : state
}

const planned = (strategy: Strategy) => listing({ ...relist('7', first, 'the watch expired'), strategy })

describe('after a list that failed', () => {
  test.each<[string, ListFailure, string]>([
    ['a cut', failure(lost), '400: stream 7 NotOlderThan'],
    ['a cut behind few items', failure(lost, { items: 499, resourceVersion: '9' }), '400: stream 7 NotOlderThan'],
    ['a cut behind many items', failure(lost, { items: 500, resourceVersion: '9' }), '400: rest of 9 behind 500'],
    ['a cut behind many items of no version', failure(lost, { items: 5000 }), '400: stream 7 NotOlderThan'],
    ['silence behind many items', failure(silent, { items: 500, resourceVersion: '9' }), '400: rest of 9 behind 500'],
    [
      'a cut after 45 s',
      failure(lost, { items: 5000, resourceVersion: '9', durationMs: 45_000 }),
      '400: watch-list 7 NotOlderThan',
    ],
    ['no answer in 90 s', failure(silent, { hasBegun: false, durationMs: 90_000 }), '400: stream 7 NotOlderThan'],
    ['a body that is none', failure(garbage), '400: stream 7 NotOlderThan'],
    ['pages of two lists', failure(otherList), '400: stream 7 NotOlderThan'],
    ['401', failure(api(401)), '400: stream 7 NotOlderThan'],
    ['404', failure(api(404)), '400: stream 7 NotOlderThan'],
    ['429 and 2 s', failure(api(429, { retryAfterMs: 2000 })), '2200: stream 7 NotOlderThan'],
    ['429 and 0 s', failure(api(429, { retryAfterMs: 0 })), '400: stream 7 NotOlderThan'],
    ['410', failure(api(410)), '400: stream 7 NotOlderThan'],
    ['410 on a page of a later list', failure(api(410), { resourceVersion: '9' }), '400: stream 9 NotOlderThan'],
    ['410 on a page of an earlier one', failure(api(410), { resourceVersion: '5' }), '400: stream 7 NotOlderThan'],
    ['400', failure(api(400)), '30000: stream 7 NotOlderThan'],
    ['400 and 2 s', failure(api(400, { retryAfterMs: 2000 })), '30000: stream 7 NotOlderThan'],
    ['no cluster', failure(noCluster), '30000: stream 7 NotOlderThan'],
    ['"too large" without a time', failure(tooLarge()), '1000: stream 7 NotOlderThan'],
    ['"too large" and 3 s', failure(tooLarge(3000)), '3300: stream 7 NotOlderThan'],
    ['504 of another kind', failure(api(504)), '400: stream 7 NotOlderThan'],
  ])('with %s', (_name, failed, expected) => {
    expect(shown(afterListFailure(planned('stream'), failed, memory()))).toBe(expected)
  })

  test('"too large" twice in a row asks for the newest state, once in between does not', () => {
    const once = nextOf(afterListFailure(planned('stream'), failure(tooLarge()), memory()))
    if (once.name !== 'listing') throw new Error(once.name)
    expect(shown(afterListFailure(once, failure(tooLarge()), memory()))).toBe('400: stream (may go back)')
    const between = nextOf(afterListFailure(once, failure(api(503)), memory()))
    if (between.name !== 'listing') throw new Error(between.name)
    expect(shown(afterListFailure(between, failure(tooLarge()), memory()))).toBe('1000: stream 7 NotOlderThan')
  })

  test.each<[Strategy, boolean, string]>([
    ['stream', true, '400: watch-list 7 NotOlderThan'],
    ['stream', false, '400: paged 7 NotOlderThan 500'],
    ['paged', true, '400: watch-list 7 NotOlderThan'],
    ['paged', false, '400: paged 7 NotOlderThan 500'],
  ])('a second cut of a %s list, where watch-lists are known: %s', (strategy, hasWatchList, expected) => {
    const strategies = new StrategyMemory(clock)
    if (!hasWatchList) strategies.refused()
    const once = nextOf(afterListFailure(planned(strategy), failure(lost), memory()))
    if (once.name !== 'listing') throw new Error(once.name)
    expect(shown(afterListFailure(once, failure(lost), memory({ strategies })))).toBe(expected)
  })

  test('a second 410 asks for a watch-list of at least the same version', () => {
    const once = nextOf(afterListFailure(planned('paged'), failure(api(410), { resourceVersion: '9' }), memory()))
    if (once.name !== 'listing') throw new Error(once.name)
    expect(shown(once)).toBe('now: stream 9 NotOlderThan')
    const twice = afterListFailure(once, failure(api(410), { resourceVersion: '9' }), memory())
    expect(shown(twice)).toBe('400: watch-list 9 NotOlderThan')
  })

  test.each<[string, KubeflumeError, Partial<ListFailure>, string]>([
    ['429 and 2 s', api(429, { retryAfterMs: 2000 }), { hasBegun: false }, '2200: page of 9 behind 1000'],
    ['403', api(403), { hasBegun: false }, '400: page of 9 behind 1000'],
    ['a cut before it began', lost, { hasBegun: false }, '400: page of 9 behind 1000'],
    ['a cut', lost, { hasBegun: true }, '400: paged 7 NotOlderThan 500'],
    ['a token twice', otherList, { hasBegun: false }, '400: paged 7 NotOlderThan 500'],
    ['400', api(400), { hasBegun: false }, '30000: paged 7 NotOlderThan 500'],
    ['410', api(410), { hasBegun: false }, '400: stream 9 NotOlderThan'],
  ])('whose later page failed with %s', (_name, error, facts, expected) => {
    const failed = failure(error, { resourceVersion: '9', items: 1000, token: 'x', ...facts })
    expect(shown(afterListFailure(planned('paged'), failed, memory()))).toBe(expected)
  })

  test('says what it waits for', () => {
    const state = afterListFailure(planned('stream'), failure(lost), memory())
    expect(state).toMatchObject({ after: 'cut', next: { plan: { reason: 'the watch expired' } } })
  })
})

describe('after a watch-list that failed', () => {
  const unsupported = new ApiError(500, '500 storage feature RequestWatchProgress is disabled')

  test.each<[string, KubeflumeError, string, boolean]>([
    ['422', api(422), 'now: paged 7 NotOlderThan 500', false],
    ['an etcd that is too old', unsupported, 'now: paged 7 NotOlderThan 500', false],
    ['silence', silent, 'now: paged 7 NotOlderThan 500', true],
    ['a cut', lost, '400: watch-list 7 NotOlderThan', true],
    ['429 and 2 s', api(429, { retryAfterMs: 2000 }), '2200: watch-list 7 NotOlderThan', true],
    ['410', api(410), '400: stream 7 NotOlderThan', true],
    ['504', api(504), '400: watch-list 7 NotOlderThan', true],
    ['"too large"', tooLarge(), '1000: watch-list 7 NotOlderThan', true],
    ['403', api(403), '400: watch-list 7 NotOlderThan', true],
    ['500', api(500), '400: watch-list 7 NotOlderThan', true],
    ['400', api(400), '30000: watch-list 7 NotOlderThan', true],
  ])('with %s', (_name, error, expected, hasWatchList) => {
    const known = memory()
    expect(shown(afterListFailure(planned('watch-list'), failure(error), known))).toBe(expected)
    expect(known.strategies.hasWatchList).toBe(hasWatchList)
  })

  test('is unpaged where lists begin as watch-lists', () => {
    const known = memory({ first: { ...first, strategy: 'watch-list' } })
    expect(shown(afterListFailure(planned('watch-list'), failure(api(422)), known))).toBe('now: stream 7 NotOlderThan')
    expect(suited(planned('watch-list').plan, known).strategy).toBe('stream')
  })

  test('rests after five cuts in a row, which are no refusal', () => {
    const known = memory()
    let state: ReflectorState = planned('watch-list')
    for (let cut = 1; cut <= 5; cut++) {
      if (state.name !== 'listing') throw new Error(state.name)
      expect(state.plan.strategy).toBe('watch-list')
      state = nextOf(afterListFailure(state, failure(lost), known))
    }
    expect([shown(state), known.strategies.hasWatchList]).toEqual(['now: paged 7 NotOlderThan 500', true])
  })
})

describe('after the rest of a list that could not be had', () => {
  const state: Resuming = {
    ...planned('stream'),
    name: 'resuming',
    cuts: 1,
    resourceVersion: '9',
    items: 600,
    token: undefined,
  }

  test.each<[string, KubeflumeError, string]>([
    ['429 and 2 s', api(429, { retryAfterMs: 2000 }), '2200: rest of 9 behind 600'],
    ['503', api(503), '400: rest of 9 behind 600'],
    ['403', api(403), '400: rest of 9 behind 600'],
    ['"too large"', tooLarge(2000), '2200: rest of 9 behind 600'],
    ['410', api(410), '400: stream 9 NotOlderThan'],
    ['a cut', lost, '400: watch-list 7 NotOlderThan'],
    ['422', api(422), '400: stream 7 NotOlderThan'],
    ['another list', otherList, '400: stream 7 NotOlderThan'],
    ['garbage', garbage, '400: stream 7 NotOlderThan'],
  ])('with %s', (_name, error, expected) => {
    expect(shown(afterResumeFailure(state, failure(error, { resourceVersion: '9', items: 600 }), memory()))).toBe(
      expected,
    )
  })

  test('lists anew after "too large" twice, not older than the list that was cut', () => {
    const next = afterResumeFailure({ ...state, tooLarge: 1 }, failure(tooLarge(), { resourceVersion: '9' }), memory())
    expect(shown(next)).toBe('400: stream 9 NotOlderThan')
  })

  test('asks for no version of before, where the list may go back', () => {
    const back: Resuming = {
      ...state,
      plan: { ...state.plan, atLeast: undefined, mayGoBack: true },
      resourceVersion: '3',
    }
    expect(shown(afterResumeFailure(back, failure(api(410), { resourceVersion: '3' }), memory()))).toBe(
      '400: stream 3 NotOlderThan (may go back)',
    )
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

import { describe, expect, onTestFinished, test } from 'vitest'
import type { KubeflumeError } from '../api/errors.ts'
import { deferred } from '../internal/deferred.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import { LeaderElection } from './leader-election.ts'
import type { LeaderTerm } from './leader-elector-options.ts'
import { LeaseCandidate } from './lease-candidate.ts'
import { LeaseKeeper, type Way } from './lease.test-support.ts'

/** An election over a lease in memory, and a way to it that a test can block. */
function elect(keeper: LeaseKeeper, way: Way) {
  const clock = new ManualClock()
  const errors: KubeflumeError[] = []
  const candidate = new LeaseCandidate({
    access: keeper.access('a', way),
    namespace: 'web',
    name: 'lease',
    identity: 'a',
    leaseDurationMs: 15_000,
    clock,
    wallTime: () => clock.now(),
    onHolder: () => {},
  })
  const times = { renewDeadlineMs: 10_000, retryPeriodMs: 2000 }
  const report = (error: KubeflumeError): void => void errors.push(error)
  return { clock, errors, election: new LeaderElection({ candidate, lease: 'web/lease', ...times, clock, report }) }
}

async function lead(keeper: LeaseKeeper, way: Way) {
  const { clock, errors, election } = elect(keeper, way)
  const leading = deferred<void>()
  const begun = Promise.withResolvers<LeaderTerm>()
  const run = (term: LeaderTerm): Promise<void> => {
    begun.resolve(term)
    return leading.promise
  }
  const done = election.run(run, new AbortController().signal).catch((error: unknown) => error)
  onTestFinished(async () => {
    leading.resolve()
    await done
    expect(clock.pending).toBe(0)
  })
  return { clock, errors, term: await begun.promise, end: () => (leading.resolve(), done) }
}

const forever = (): Promise<never> => new Promise(() => {})

describe('a leader whose requests hang', () => {
  test('gives each one half of its deadline, so that another one can still save the term', async () => {
    const keeper = new LeaseKeeper()
    let hangs = false
    const { clock, errors, term } = await lead(keeper, { there: () => (hangs ? forever() : Promise.resolve()) })
    hangs = true
    await clock.advance(6999)
    hangs = false
    expect(errors).toEqual([])
    await clock.advance(1)
    expect(errors.map(({ code }) => code)).toEqual(['ERR_TIMEOUT'])
    await clock.advance(5000)
    expect(term.signal.aborted).toBe(false)
    expect(keeper.requests).toEqual(['a get', 'a create', ...Array<string>(4).fill('a replace')])
  })

  test('is none any more at its deadline, not when the request is over', async () => {
    const { clock, term, end } = await lead(new LeaseKeeper(), {
      there: (verb) => (verb === 'replace' ? forever() : Promise.resolve()),
    })
    await clock.advance(9999)
    expect(term.signal.aborted).toBe(false)
    await clock.advance(1)
    expect(term.signal.reason).toMatchObject({ code: 'ERR_LEASE_LOST' })
    expect(await end()).toMatchObject({ code: 'ERR_LEASE_LOST' })
  })

  test('counts from when it asked, not from when it was answered', async () => {
    const answered = deferred<void>()
    let begun = false
    const { clock, term } = await lead(new LeaseKeeper(), {
      there: (verb) => (verb === 'replace' && begun ? forever() : Promise.resolve()),
      back(verb) {
        begun = verb === 'replace'
        return begun ? answered.promise : Promise.resolve()
      },
    })
    await clock.advance(6000) // it asks at 2 s
    answered.resolve()
    await clock.advance(5999)
    expect(term.signal.aborted).toBe(false)
    await clock.advance(1)
    expect(term.signal.aborted).toBe(true)
  })
})

describe('a leader whose lease is deleted', () => {
  test('is none any more', async () => {
    const keeper = new LeaseKeeper()
    const { clock, term, end } = await lead(keeper, {})
    keeper.put(undefined)
    await clock.advance(2000)
    expect(term.signal.reason).toMatchObject({ code: 'ERR_LEASE_LOST', message: 'the lease web/lease is free' })
    expect(await end()).toMatchObject({ code: 'ERR_LEASE_LOST' })
    expect(keeper.requests).toEqual(['a get', 'a create', 'a replace', 'a get'])
  })
})

describe('a leader that ends while a renewal is under way', () => {
  test('releases the lease, though the renewal arrives in between', async () => {
    const keeper = new LeaseKeeper()
    const arrives = deferred<void>()
    let releases = false
    const { clock, end } = await lead(keeper, {
      there: (verb) => (verb === 'replace' && !releases ? arrives.promise : Promise.resolve()),
      back(verb) {
        if (verb === 'get' && releases) arrives.resolve()
        return Promise.resolve()
      },
    })
    await clock.advance(2000)
    releases = true
    await end()
    expect(keeper.lease?.spec?.holderIdentity).toBe('')
    expect(keeper.requests.slice(3)).toEqual(['a get', 'a replace', 'a get', 'a replace'])
  })
})

describe('an elector that is stopped at the moment when it has taken the lease', () => {
  test('releases it, and leads nothing', async () => {
    const keeper = new LeaseKeeper()
    const { clock, election } = elect(keeper, {})
    const stopping = new AbortController()
    const access = keeper.access('b')
    const done = election.run(() => Promise.reject(new Error('it leads')), stopping.signal)
    while (keeper.lease === undefined) await Promise.resolve()
    await Promise.resolve()
    stopping.abort()
    await done
    const { signal } = new AbortController()
    expect([(await access.get(signal))?.spec?.holderIdentity, clock.pending]).toEqual(['', 0])
  })
})

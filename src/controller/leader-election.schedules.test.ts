import { afterEach, describe, expect, test, vi } from 'vitest'
import { type Random, randomFrom } from '../../e2e/support/random.ts'
import { fenceOf } from '../internal/fence.ts'
import { LeaderElection } from './leader-election.ts'
import type { LeaderTerm } from './leader-elector-options.ts'
import { LeaseCandidate } from './lease-candidate.ts'
import { LeaseKeeper, type Way } from './lease.test-support.ts'
import { type Host, SkewedWorld } from './skewed-world.test-support.ts'

const SCHEDULES = 500
/** They take five seconds of a processor. */
const PATIENCE_MS = 180_000
const REPLICAS = 3
const TIMES = { leaseDurationMs: 15_000, renewDeadlineMs: 10_000, retryPeriodMs: 2000 }
const TROUBLE_MS = 120_000
/** What was begun before the end of the trouble ends, and then a lease runs out by the slowest clock. */
const RECOVERY_MS = 120_000
const GONE = Symbol('stopped by its user')

/** One run of everything, and what must be true in it at any moment. */
class Schedule {
  readonly world: SkewedWorld
  readonly keeper = new LeaseKeeper()
  readonly replicas: Replica[] = []
  readonly random: Random
  /** How long a write may be under way: what the clocks leave of the time between the end of a term and the next. */
  readonly flightMs: number
  isTroubled = true
  newestTerm = -1
  /** What was not as it must be. */
  readonly broken: string[] = []
  landed = 0
  refused = 0
  terms = 0

  constructor(seed: number) {
    this.random = randomFrom(seed)
    this.world = new SkewedWorld(this.random)
    const skew = this.random() * 0.19
    const { leaseDurationMs, renewDeadlineMs } = TIMES
    this.flightMs = leaseDurationMs / (1 + skew) - renewDeadlineMs / (1 - skew)
    for (let name = 0; name < REPLICAS; name++) {
      const rate = 1 - skew + 2 * skew * this.random()
      this.replicas.push(new Replica(this, `r${name}`, this.world.host(rate, this.random() * 1e12)))
    }
  }

  async play(): Promise<void> {
    for (const replica of this.replicas) void replica.live()
    await this.world.runUntil(TROUBLE_MS, () => this.look())
    this.isTroubled = false
    await this.world.runUntil(TROUBLE_MS + RECOVERY_MS, () => this.look())
  }

  chance(part: number): boolean {
    return this.isTroubled && this.random() < part
  }

  look(): void {
    if (this.leaders.length > 1) this.breaks('two lead')
  }

  breaks(what: string): void {
    this.broken.push(`${what} at ${this.world.now} ms`)
  }

  /** Whose signals have not aborted, of those that run. */
  get leaders(): Replica[] {
    return this.replicas.filter(
      ({ host, term }) => host.stoppedUntil <= this.world.now && term?.signal.aborted === false,
    )
  }
}

/** A process that leads again and again, and writes when it does. */
class Replica {
  readonly host: Host
  term: LeaderTerm | undefined
  readonly #schedule: Schedule
  readonly #election: LeaderElection

  constructor(schedule: Schedule, identity: string, host: Host) {
    this.host = host
    this.#schedule = schedule
    const candidate = new LeaseCandidate({
      access: schedule.keeper.access(identity, this.#way()),
      namespace: 'web',
      name: 'lease',
      identity,
      leaseDurationMs: TIMES.leaseDurationMs,
      clock: host,
      wallTime: () => host.now(),
      onHolder: () => {},
    })
    this.#election = new LeaderElection({ candidate, lease: 'web/lease', ...TIMES, clock: host, report: () => {} })
  }

  async live(): Promise<void> {
    for (;;) {
      const stopping = new AbortController()
      if (this.#schedule.chance(0.3)) {
        void this.#sleep(60_000).then(() => stopping.abort(GONE))
      }
      await this.#election.run((term) => this.#lead(term), stopping.signal).catch(() => {})
    }
  }

  async #lead(term: LeaderTerm): Promise<void> {
    const schedule = this.#schedule
    schedule.terms++
    if (term.transitions < schedule.newestTerm) schedule.breaks('a term has the number of an older one')
    schedule.newestTerm = term.transitions
    this.term = term
    const until = schedule.world.now + (schedule.chance(0.3) ? schedule.random() * 30_000 : Infinity)
    while (!term.signal.aborted && schedule.world.now < until) {
      this.#mayStop()
      await this.#sleep(400)
      await this.#write(term).catch(() => {})
    }
    if (schedule.chance(0.5)) await this.#sleep(10_000) // it does not end at once
    await this.#write(term).catch(() => {})
    this.term = undefined
  }

  /** As a Writer does it. */
  async #write(term: LeaderTerm): Promise<void> {
    const schedule = this.#schedule
    const fence = fenceOf(term.signal)
    try {
      fence.check()
    } catch (error) {
      schedule.refused++
      throw error
    }
    fence.sent()
    const answered = schedule.world.after(schedule.random() * schedule.flightMs).then(() => {
      if (schedule.newestTerm > term.transitions) schedule.breaks('a write of an older term landed')
      schedule.landed++
      return this.#sleep(200)
    })
    const aborted = Promise.withResolvers<never>()
    term.signal.addEventListener('abort', () => aborted.reject(term.signal.reason), { once: true })
    await Promise.race([answered, aborted.promise])
    fence.answered()
  }

  /** As by SIGSTOP: in the middle of whatever it does. */
  #mayStop(): void {
    const { world, random } = this.#schedule
    if (this.#schedule.chance(0.02)) this.host.stoppedUntil = world.now + random() * 40_000
  }

  /** Requests come late, even after they have been given up, get lost, or are done and never answered. */
  #way(): Way {
    const lose = async (part: number): Promise<void> => {
      if (this.#schedule.chance(part)) await new Promise(() => {})
      if (this.#schedule.chance(part)) throw new Error('refused')
      const { world, random } = this.#schedule
      await world.after(random() * (this.#schedule.chance(0.1) ? 20_000 : 100))
    }
    return {
      there: () => lose(0.1),
      back: async () => {
        await lose(0.1)
        this.#mayStop()
        await this.#sleep(0)
      },
    }
  }

  #sleep(atMostMs: number): Promise<void> {
    return this.#schedule.world.after(this.#schedule.random() * atMostMs, this.host)
  }
}

describe(`${REPLICAS} electors with clocks of their own, in ${SCHEDULES} random schedules of faults,`, () => {
  afterEach(() => void vi.restoreAllMocks())

  test(
    'never lead two at a time, write nothing after the next one leads, and lead when the faults end',
    async () => {
      let [terms, landed, refused] = [0, 0, 0]
      for (let seed = 1; seed <= SCHEDULES; seed++) {
        const schedule = new Schedule(seed)
        vi.spyOn(Math, 'random').mockImplementation(schedule.random)
        await schedule.play()
        expect({ seed, broken: schedule.broken }).toEqual({ seed, broken: [] })
        expect(schedule.leaders, `schedule ${seed}`).toHaveLength(1)
        terms += schedule.terms
        landed += schedule.landed
        refused += schedule.refused
      }
      // That the schedules are not empty: leaders change, write, and are refused.
      expect(terms).toBeGreaterThan(SCHEDULES * 3)
      expect(landed).toBeGreaterThan(SCHEDULES * 50)
      expect(refused).toBeGreaterThan(SCHEDULES)
    },
    PATIENCE_MS,
  )
})

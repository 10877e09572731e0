import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { KubeflumeError } from '../api/errors.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import type { Priority } from './controller-observer.ts'
import type { RunResult } from './run-result.ts'
import { WorkQueue } from './work-queue.ts'

const KEYS = ['a', 'b', 'c', 'd', 'e'] as const
/** Longer than every hold, run and backoff of a schedule together. */
const LONG_MS = 60_000

interface Ask {
  readonly afterMs: number
  readonly key: string
  readonly priority: Priority
  /** Held for so long, too. */
  readonly holdMs: number | undefined
}
interface RunPlan {
  readonly ms: number
  readonly ends: 'done' | 'failed' | 'terminal' | 'again'
}
interface Schedule {
  readonly concurrency: number
  readonly asks: readonly Ask[]
  /** Of each key's first runs; all others are done after a millisecond. */
  readonly plans: readonly (readonly RunPlan[])[]
  readonly stopsAfter: number | undefined
}

const schedules: fc.Arbitrary<Schedule> = fc.record({
  concurrency: fc.integer({ min: 1, max: 4 }),
  asks: fc.array(
    fc.record({
      afterMs: fc.constantFrom(0, 0, 1, 4, 5, 20, 300),
      key: fc.constantFrom(...KEYS),
      priority: fc.constantFrom<Priority>('normal', 'low'),
      holdMs: fc.option(fc.constantFrom(0, 3, 50), { nil: undefined, freq: 4 }),
    }),
    { minLength: 1, maxLength: 30 },
  ),
  plans: fc.array(
    fc.array(
      fc.record({
        ms: fc.constantFrom(0, 1, 7, 40),
        ends: fc.constantFrom<RunPlan['ends']>('done', 'failed', 'failed', 'terminal', 'again'),
      }),
      { maxLength: 8 },
    ),
    { minLength: KEYS.length, maxLength: KEYS.length },
  ),
  stopsAfter: fc.option(fc.integer({ min: 0, max: 30 }), { nil: undefined, freq: 2 }),
})

/** What must be true of every run, kept beside the queue and without a look into it. */
class Model {
  readonly clock = new ManualClock(0)
  readonly #schedule: Schedule
  readonly #queue: WorkQueue
  readonly #plans: RunPlan[][]
  readonly #running = new Set<string>()
  readonly #held = new Map<string, number>()
  readonly #failures = new Map<string, number>()
  /** Asked for, and not begun since. */
  readonly #asked = new Map<string, Priority>()
  /** Runs by itself, but not before. */
  readonly #due = new Map<string, number>()
  readonly #violations: unknown[] = []
  #isStopped = false
  hasStopped = false

  constructor(schedule: Schedule) {
    this.#schedule = schedule
    this.#plans = schedule.plans.map((plan) => [...plan])
    const { clock } = this
    const { concurrency } = schedule
    this.#queue = new WorkQueue({
      name: 'test',
      concurrency,
      clock,
      run: (...args) => this.#run(...args),
      observer: {},
    })
    this.#queue.start()
  }

  ask({ key, priority, holdMs }: Ask): void {
    if (this.#isStopped) return this.#queue.add(key, priority)
    if (holdMs !== undefined) this.#hold(key, holdMs)
    this.#asked.set(key, this.#asked.get(key) === 'normal' ? 'normal' : priority)
    this.#queue.add(key, priority)
  }

  stop(): void {
    this.#isStopped = true
    void this.#queue.stop().then(() => {
      this.hasStopped = this.#running.size === 0
    })
  }

  /** Nobody who may run waits while there is room. */
  expectBusy(): void {
    if (this.#isStopped || this.#running.size === this.#schedule.concurrency) return
    const mayRun = (key: string): boolean => !this.#running.has(key) && !this.#held.get(key)
    const late = [...this.#due].filter(([, at]) => at <= this.clock.now()).map(([key]) => key)
    expect([...this.#asked.keys(), ...late].filter(mayRun), 'keys that wait for nothing').toEqual([])
  }

  async expectEnd(): Promise<void> {
    await this.clock.advance(LONG_MS)
    expect(this.#violations).toEqual([])
    expect(this.clock.pending).toBe(0)
    expect(this.#running.size).toBe(0)
    if (this.#isStopped) expect(this.hasStopped).toBe(true)
    else {
      expect([...this.#asked.keys(), ...this.#due.keys()], 'keys that are lost').toEqual([])
      await this.#queue.idle()
    }
  }

  #hold(key: string, ms: number): void {
    this.#held.set(key, (this.#held.get(key) ?? 0) + 1)
    const { promise, resolve } = Promise.withResolvers<void>()
    this.clock.setTimeout(() => {
      this.#held.set(key, this.#held.get(key)! - 1)
      resolve()
    }, ms)
    this.#queue.hold(key, promise)
  }

  async #run(key: string, attempt: number): Promise<RunResult> {
    try {
      this.#expectMayBegin(key, attempt)
    } catch (violation) {
      this.#violations.push(violation)
    }
    this.#running.add(key)
    this.#asked.delete(key)
    this.#due.delete(key)
    const { ms, ends } = this.#plans[KEYS.indexOf(key as never)]?.shift() ?? { ms: 1, ends: 'done' }
    await new Promise<void>((resolve) => this.clock.setTimeout(resolve, ms))
    this.#running.delete(key)
    const failures = ends === 'failed' ? (this.#failures.get(key) ?? 0) + 1 : 0
    this.#failures.set(key, failures)
    if (this.#isStopped) return resultOf(ends)
    if (ends === 'failed') this.#runsBySelf(key, 5 * 2 ** (failures - 1))
    if (ends === 'again') this.#runsBySelf(key, 100)
    return resultOf(ends)
  }

  #runsBySelf(key: string, ms: number): void {
    if (!this.#asked.has(key)) this.#due.set(key, this.clock.now() + ms)
  }

  #expectMayBegin(key: string, attempt: number): void {
    expect(this.#isStopped, 'a run after the stop').toBe(false)
    expect(this.#running.has(key), 'two runs of a key at once').toBe(false)
    expect(this.#running.size, 'runs at once').toBeLessThan(this.#schedule.concurrency)
    expect(this.#held.get(key) ?? 0, 'what it is held by').toBe(0)
    expect(attempt).toBe((this.#failures.get(key) ?? 0) + 1)
    if (this.#asked.has(key)) return
    expect(this.#due.get(key), 'a run that nobody asked for, or too early').toBeLessThanOrEqual(this.clock.now())
  }
}

function resultOf(ends: RunPlan['ends']): RunResult {
  const error = new KubeflumeError('ERR_RECONCILE', 'it failed')
  if (ends === 'failed') return { outcome: 'failed', error, retryAfterMs: undefined }
  if (ends === 'terminal') return { outcome: 'terminal', error }
  return { outcome: 'done', requeueAfterMs: ends === 'again' ? 100 : undefined }
}

describe('a work queue, in a thousand random schedules,', () => {
  test('runs one of a key at once, loses none, waits as long as it must and no longer, and drains', async () => {
    const property = fc.asyncProperty(schedules, async (schedule) => {
      const model = new Model(schedule)
      for (const [index, ask] of schedule.asks.entries()) {
        await model.clock.advance(ask.afterMs)
        model.expectBusy()
        if (schedule.stopsAfter === index) model.stop()
        model.ask(ask)
      }
      await model.expectEnd()
    })
    await fc.assert(property, { numRuns: 1000, seed: 20_260 })
  }, 120_000)
})

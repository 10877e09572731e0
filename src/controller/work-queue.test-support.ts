import { onTestFinished } from 'vitest'
import { KubeflumeError } from '../api/errors.ts'
import { type Deferred, deferred } from '../internal/deferred.ts'
import { ManualClock } from '../testing/manual-clock.ts'
import type { ControllerObserver } from './controller-observer.ts'
import type { RunResult } from './run-result.ts'
import { WorkQueue } from './work-queue.ts'

export const done: RunResult = { outcome: 'done', requeueAfterMs: undefined }
const error = new KubeflumeError('ERR_RECONCILE', 'it failed')
export const failed: RunResult = { outcome: 'failed', error, retryAfterMs: undefined }
export const terminal: RunResult = { outcome: 'terminal', error }

export function again(requeueAfterMs: number): RunResult {
  return { outcome: 'done', requeueAfterMs }
}

export interface QueueRig {
  readonly clock: ManualClock
  readonly queue: WorkQueue
  /** `a`, `a#2` for a second attempt, in the order in which they began. */
  readonly runs: string[]
  /** When each of them began, in milliseconds from the start. */
  readonly times: number[]
  /** Ends a run that is under way. */
  readonly end: (key: string, result?: RunResult) => Promise<void>
  /** How the runs of a key end by themselves: the last one counts for all that follow. */
  readonly ends: (key: string, ...results: RunResult[]) => void
}

/** A queue that is started, whose runs last until they are told to end. */
export function createQueueRig(
  options: { readonly concurrency?: number; readonly observer?: ControllerObserver } = {},
): QueueRig {
  const clock = new ManualClock(0)
  const runs: string[] = []
  const times: number[] = []
  const running = new Map<string, Deferred<RunResult>>()
  const plans = new Map<string, RunResult[]>()
  const run = (key: string, attempt: number): Promise<RunResult> => {
    if (running.has(key)) throw new Error(`${key} runs twice at once`)
    runs.push(attempt === 1 ? key : `${key}#${attempt}`)
    times.push(clock.now())
    const plan = plans.get(key)
    if (plan !== undefined) return Promise.resolve(plan.length > 1 ? plan.shift()! : plan[0]!)
    const ending = deferred<RunResult>()
    running.set(key, ending)
    return ending.promise
  }
  const { concurrency = 1, observer = {} } = options
  const queue = new WorkQueue({ name: 'test', concurrency, clock, run, observer })
  queue.start()
  const end = async (key: string, result: RunResult = done): Promise<void> => {
    const ending = running.get(key)
    if (ending === undefined) throw new Error(`${key} does not run`)
    running.delete(key)
    ending.resolve(result)
    await clock.advance(0)
  }
  onTestFinished(async () => {
    const stopped = queue.stop()
    for (const ending of running.values()) ending.resolve(done)
    await stopped
    if (clock.pending > 0) throw new Error(`${clock.pending} timers are left`)
  })
  return { clock, queue, runs, times, end, ends: (key, ...results) => void plans.set(key, results) }
}

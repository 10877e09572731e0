import PQueue from 'p-queue'
import type { ControllerReport } from '../api/census.ts'
import type { Clock } from '../internal/clock.ts'
import { type Deferred, deferred } from '../internal/deferred.ts'
import type { ControllerObserver, Priority } from './controller-observer.ts'
import { RetryPace } from './retry-pace.ts'
import type { RunResult } from './run-result.ts'
import { WaitingLine } from './waiting-line.ts'

/**
 * - `resting`: nothing is to be done
 * - `later`: runs when its time comes, because it asked for that
 * - `failed`: runs when its time comes, because it failed
 * - `held`: runs as soon as what it waits for has come
 * - `waiting`: runs when there is room
 */
type State = 'resting' | 'later' | 'failed' | 'held' | 'waiting' | 'running'

interface Item {
  readonly key: string
  state: State
  priority: Priority
  /** Failures in a row. */
  failures: number
  /** What its next run waits for. */
  holds: number
  /** Asked for while it ran. */
  again: Priority | undefined
  timer: Disposable | undefined
  /** When it came to wait, or, while it runs, when its run began. */
  since: number
}

export interface WorkQueueOptions {
  /** The controller's, for what is observed. */
  readonly name: string
  readonly concurrency: number
  readonly clock: Clock
  /** Must not reject. */
  readonly run: (key: string, attempt: number) => Promise<RunResult>
  readonly observer: ControllerObserver
}

/**
 * Runs keys: each as often as it is asked for, but never twice at once, and once for all that asked while it
 * waited. Nothing runs before `start`.
 *
 * The order is kept here, and p-queue is given one task for each run that may begin: a task of its own for
 * each key that waits would take a kilobyte, and raising its priority a walk past all the others.
 */
export class WorkQueue {
  readonly #options: WorkQueueOptions
  readonly #items = new Map<string, Item>()
  readonly #lines = { normal: new WaitingLine<Item>(), low: new WaitingLine<Item>() } as const
  readonly #turns: PQueue
  readonly #pace: RetryPace
  #unfinished = 0
  #idle: Deferred<void> | undefined
  #isStopped = false

  constructor(options: WorkQueueOptions) {
    this.#options = options
    this.#turns = new PQueue({ concurrency: options.concurrency, autoStart: false })
    this.#pace = new RetryPace(options.clock)
  }

  /** How many keys wait for room. */
  get depth(): number {
    return this.#lines.normal.size + this.#lines.low.size
  }

  /** How it is. This looks at every key that is not at rest. */
  report(): ControllerReport {
    const { name, concurrency, clock } = this.#options
    const items = [...this.#items.values()]
    const runs = items.filter(({ state }) => state === 'running').map(({ since }) => clock.now() - since)
    return {
      controller: name,
      concurrency,
      depth: this.depth,
      failing: items.filter(({ state }) => state === 'failed').length,
      running: runs.length,
      unfinishedMs: runs.reduce((sum, ms) => sum + ms, 0),
      longestRunningMs: Math.max(0, ...runs),
    }
  }

  start(): void {
    this.#turns.start()
  }

  /** Asks for a run. One that was to come later comes now instead; the higher priority counts. */
  add(key: string, priority: Priority = 'normal'): void {
    if (this.#isStopped) return
    const item = this.#itemOf(key, priority)
    if (item.state === 'running') item.again = higher(item.again, priority)
    else if (item.state === 'waiting') this.#raise(item, priority)
    else {
      item.priority = item.state === 'resting' ? priority : higher(item.priority, priority)
      if (item.state !== 'held') this.#ready(item)
    }
  }

  /** No run of the key begins until `come` has settled. That alone asks for no run. */
  hold(key: string, come: Promise<unknown>): void {
    if (this.#isStopped) return
    const item = this.#itemOf(key, 'low')
    item.holds++
    if (item.state === 'waiting') {
      this.#lines[item.priority].remove(key)
      this.#move(item, 'held')
    }
    const release = (): void => this.#release(item)
    come.then(release, release)
  }

  /** Resolves when no key waits for a run, runs, or has failed and is to run again. */
  idle(): Promise<void> {
    if (this.#unfinished === 0) return Promise.resolve()
    this.#idle ??= deferred()
    return this.#idle.promise
  }

  /** Begins no run any more, forgets what waits, and resolves when the runs that are under way have ended. */
  stop(): Promise<void> {
    this.#isStopped = true
    this.#turns.pause()
    this.#turns.clear()
    for (const item of this.#items.values()) {
      item.timer?.[Symbol.dispose]()
      if (item.state !== 'running') this.#move(item, 'resting')
    }
    this.#items.clear()
    return this.#turns.onPendingZero()
  }

  #itemOf(key: string, priority: Priority): Item {
    let item = this.#items.get(key)
    if (item !== undefined) return item
    item = { key, state: 'resting', priority, failures: 0, holds: 0, again: undefined, timer: undefined, since: 0 }
    this.#items.set(key, item)
    return item
  }

  #raise(item: Item, priority: Priority): void {
    if (higher(item.priority, priority) === item.priority) return
    this.#lines[item.priority].remove(item.key)
    item.priority = priority
    this.#lines[priority].add(item.key, item)
  }

  #ready(item: Item): void {
    item.timer?.[Symbol.dispose]()
    item.timer = undefined
    if (item.holds > 0) {
      this.#move(item, 'held')
      return
    }
    const { name, clock, observer } = this.#options
    const { key, priority } = item
    item.since = clock.now()
    this.#move(item, 'waiting')
    this.#lines[priority].add(key, item)
    observer.enqueued?.({ controller: name, key, priority, depth: this.depth })
    this.#offerTurn()
  }

  /** As many tasks wait in p-queue as keys here, but no more than can begin at once. */
  #offerTurn(): void {
    if (this.#turns.size >= Math.min(this.depth, this.#options.concurrency)) return
    void this.#turns.add(() => this.#takeTurn())
  }

  /** Who asks several times in one go asks for one run: it begins after that. */
  async #takeTurn(): Promise<void> {
    await Promise.resolve()
    if (this.#isStopped) return
    const item = this.#lines.normal.take() ?? this.#lines.low.take()
    if (item === undefined) return
    this.#offerTurn()
    await this.#run(item)
  }

  async #run(item: Item): Promise<void> {
    const { name, clock, run, observer } = this.#options
    const { key } = item
    const attempt = item.failures + 1
    const startedAt = clock.now()
    this.#move(item, 'running')
    const waitedMs = startedAt - item.since
    item.since = startedAt
    observer.started?.({ controller: name, key, attempt, waitedMs, depth: this.depth })
    const result = await run(key, attempt)
    const { outcome } = result
    const error = result.outcome === 'done' ? undefined : result.error
    const requeueAfterMs = result.outcome === 'done' ? result.requeueAfterMs : undefined
    const durationMs = clock.now() - startedAt
    observer.reconciled?.({ controller: name, key, attempt, durationMs, outcome, requeueAfterMs, error })
    if (this.#isStopped) this.#move(item, 'resting')
    else this.#settle(item, result)
  }

  #settle(item: Item, result: RunResult): void {
    const { again } = item
    item.again = undefined
    item.failures = result.outcome === 'failed' ? item.failures + 1 : 0
    if (again !== undefined) {
      item.priority = result.outcome === 'failed' ? higher(item.priority, again) : again
      this.#ready(item)
    } else if (result.outcome === 'failed') this.#retry(item, result.retryAfterMs ?? 0)
    else if (result.outcome === 'done' && result.requeueAfterMs !== undefined)
      this.#defer(item, 'later', result.requeueAfterMs)
    else this.#rest(item)
  }

  #retry(item: Item, atLeastMs: number): void {
    const delayMs = Math.max(this.#pace.next(item.failures), atLeastMs)
    const { name, observer } = this.#options
    observer.retry?.({ controller: name, key: item.key, attempt: item.failures, delayMs })
    this.#defer(item, 'failed', delayMs)
  }

  #defer(item: Item, state: 'later' | 'failed', ms: number): void {
    item.timer = this.#options.clock.setTimeout(() => this.#ready(item), ms)
    this.#move(item, state)
  }

  #release(item: Item): void {
    item.holds--
    if (item.holds > 0 || this.#isStopped) return
    if (item.state === 'held') this.#ready(item)
    else if (item.state === 'resting') this.#rest(item)
  }

  /** A key of which nothing is left to know is forgotten. */
  #rest(item: Item): void {
    this.#move(item, 'resting')
    if (item.holds === 0) this.#items.delete(item.key)
  }

  #move(item: Item, state: State): void {
    this.#unfinished += Number(isUnfinished(state)) - Number(isUnfinished(item.state))
    item.state = state
    if (this.#unfinished > 0) return
    this.#idle?.resolve()
    this.#idle = undefined
  }
}

function higher(one: Priority | undefined, other: Priority): Priority {
  return one === 'normal' ? one : other
}

function isUnfinished(state: State): boolean {
  return state !== 'resting' && state !== 'later'
}

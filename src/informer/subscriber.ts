import { KubeflumeError } from '../api/errors.ts'
import type { Observer } from '../api/observer.ts'
import type { Resource } from '../api/resource.ts'
import { onAbort } from '../internal/abort.ts'
import type { Clock } from '../internal/clock.ts'
import { remaining, type Until, waitFor } from '../internal/until.ts'
import type { Change } from '../store/change.ts'
import type { Entry } from '../store/entry.ts'
import type { DeltaBatch } from './delta-batch.ts'
import { type DeltaHandler, dispatch, type Handlers } from './delta.ts'
import { Delivery } from './delivery.ts'
import type { SubscribeOptions, Subscription } from './subscription.ts'

const DEFAULT_MAX_PENDING = 1000

/** What a subscriber needs of its informer. */
export interface SubscriberHost<T> {
  readonly resource: Resource
  readonly clock: Clock
  readonly observer: Observer
  readonly onError: (error: KubeflumeError) => void
  /** The view as it is now. */
  readonly entries: () => readonly Entry<T>[]
  readonly synced: (until: Until) => Promise<void>
  readonly onEnd: () => void
}

/** One subscription: a delivery, its signal and its resync timer, ended together. */
export class Subscriber<T> implements Subscription {
  readonly #host: SubscriberHost<T>
  readonly #delivery: Delivery<T>
  #aborting: Disposable | undefined
  #resyncPeriodMs: number | undefined
  #resyncTimer: Disposable | undefined
  #resynced: DeltaBatch<T> | undefined
  #isEnded = false

  constructor(host: SubscriberHost<T>, handler: Handlers<T> | DeltaHandler<T>, options: SubscribeOptions<T>) {
    this.#host = host
    if (options.resyncPeriodMs !== undefined) this.#resyncPeriodMs = checkPeriod(options.resyncPeriodMs)
    this.#delivery = new Delivery<T>({
      handler: typeof handler === 'function' ? handler : (delta) => dispatch(handler, delta),
      readsObjects: typeof handler !== 'function',
      filter: options.filter,
      maxPending: checkMaxPending(options.maxPending ?? DEFAULT_MAX_PENDING),
      resource: host.resource,
      clock: host.clock,
      observer: host.observer,
      onError: host.onError,
    })
    this.tellStore()
  }

  /** Ends with the signal: at once, where that has aborted already. */
  follow(signal: AbortSignal | undefined): void {
    this.#aborting = onAbort(signal, () => this.unsubscribe())
  }

  /** Tells what is there already. */
  tellStore(): void {
    this.#delivery.pushEach(this.#host.entries(), (object) => ({ type: 'added', object, isInitialList: true }))
  }

  /** Begins to resync: when the informer runs, and not before, so that nothing is left of one that never does. */
  startResync(): void {
    if (this.#resyncPeriodMs !== undefined && this.#resyncTimer === undefined)
      this.#scheduleResync(this.#resyncPeriodMs)
  }

  get pending(): number {
    return this.#delivery.pending
  }

  get coalesced(): number {
    return this.#delivery.coalesced
  }

  push(changes: readonly Change<T>[]): void {
    this.#delivery.push(changes)
  }

  async synced(until: Until = {}): Promise<void> {
    const { clock } = this.#host
    const startedAt = clock.now()
    await this.#host.synced(until)
    const late = (): Error =>
      new KubeflumeError('ERR_TIMEOUT', `${this.pending} deltas still wait for the handler`, { retryable: true })
    await waitFor(this.#delivery.handled(), remaining(until, clock.now() - startedAt), clock, late)
    if (this.#isEnded) throw new KubeflumeError('ERR_STOPPED', 'the subscription has ended')
  }

  unsubscribe(): void {
    if (this.#isEnded) return
    this.#isEnded = true
    this.#resyncTimer?.[Symbol.dispose]()
    this.#aborting?.[Symbol.dispose]()
    this.#delivery.end()
    this.#host.onEnd()
  }

  [Symbol.dispose](): void {
    this.unsubscribe()
  }

  #scheduleResync(periodMs: number): void {
    this.#resyncTimer = this.#host.clock.setTimeout(() => {
      this.#resync()
      this.#scheduleResync(periodMs)
    }, periodMs)
  }

  /** What still waits from the last time is told anyway: a handler that is slower than the period gets no more of them. */
  #resync(): void {
    if (this.#resynced !== undefined && this.#resynced.pending > 0) return
    this.#resynced = this.#delivery.pushEach(this.#host.entries(), (object) => ({
      type: 'updated',
      object,
      previous: object,
      isResync: true,
    }))
  }
}

function checkMaxPending(maxPending: number): number {
  if (Number.isSafeInteger(maxPending) && maxPending > 0) return maxPending
  throw new KubeflumeError('ERR_OPTION', `maxPending is ${maxPending}: expected a whole number above 0`)
}

/** client-go's least period: a shorter one is a mistake in the unit. */
function checkPeriod(periodMs: number): number {
  if (periodMs >= 1000) return periodMs
  throw new KubeflumeError('ERR_OPTION', `resyncPeriodMs is ${periodMs}: expected 1000 or more`)
}

import { hostname } from 'node:os'
import { answerCensus, channelRequestObserver } from './channel-observer.ts'
import { KubeflumeError } from './api/errors.ts'
import { resources } from './api/generated/index.ts'
import type { KubeConfigLike } from './api/kube-config.ts'
import { LeaderElection } from './controller/leader-election.ts'
import {
  type LeaderElectorOptions,
  type LeaderElectorStatus,
  type LeaderTerm,
  type LeaseTimes,
  leaseTimes,
} from './controller/leader-elector-options.ts'
import { LeaseCandidate } from './controller/lease-candidate.ts'
import { controllerReporter, type Report } from './controller/reporter.ts'
import { callGuarded } from './internal/call-guarded.ts'
import { type Clock, systemClock } from './internal/clock.ts'
import { createTransport } from './transport/undici-transport.ts'
import { HttpSingleObject } from './write/http-single-object.ts'
import { objectPath } from './write/object-path.ts'

const { leases } = resources.coordination.v1

/**
 * Leads alone among all that name the same Lease, by the rules of client-go's tools/leaderelection, with which it
 * can share a lease.
 *
 * At most one term is not over at any moment, as long as the clocks of two machines do not differ in *speed* by
 * more than `leaseDurationMs / renewDeadlineMs` and nobody but electors writes the Lease. What the clocks say does
 * not matter. The clock is the process's monotonic one (Linux: CLOCK_MONOTONIC): corrections of the wall clock do
 * not count, and it goes on while the process is stopped by a signal. It does not while the whole machine
 * sleeps: whoever wakes up then finds out with the next renewal, within `retryPeriodMs`.
 */
export class LeaderElector {
  readonly #kubeConfig: KubeConfigLike
  readonly #lease: { readonly namespace: string; readonly name: string }
  readonly #identity: string
  readonly #times: LeaseTimes
  readonly #clock: Clock
  /** Others may go by what the lease says: it says the time of day. */
  readonly #wallTime: () => number
  readonly #report: Report
  readonly #onNewLeader: (identity: string) => void
  #election: LeaderElection | undefined
  #leader: string | undefined

  /** @throws {KubeflumeError} `ERR_OPTION`, `ERR_KEY` */
  constructor(kubeConfig: KubeConfigLike, options: LeaderElectorOptions) {
    const { lease, identity = `${hostname()}_${crypto.randomUUID()}`, clock, onNewLeader, onError } = options
    if (typeof identity !== 'string' || identity === '')
      throw new KubeflumeError('ERR_OPTION', 'the identity of an elector is empty')
    objectPath(leases, lease)
    this.#kubeConfig = kubeConfig
    this.#lease = { namespace: lease.namespace, name: lease.name }
    this.#identity = identity
    this.#times = leaseTimes(options)
    this.#clock = clock ?? systemClock
    this.#wallTime = clock === undefined ? () => Date.now() : () => clock.now()
    this.#report = controllerReporter(onError)
    this.#onNewLeader = onNewLeader ?? (() => {})
  }

  /** Who this is, in the lease. */
  get identity(): string {
    return this.#identity
  }

  /** A fresh snapshot. */
  get status(): LeaderElectorStatus {
    const term = this.#election?.term
    const lostAt = term?.lostAt
    return {
      isLeading: term !== undefined && !term.signal.aborted,
      leader: this.#leader,
      overdueMs: lostAt === undefined ? 0 : this.#clock.now() - lostAt,
    }
  }

  /**
   * Waits until it leads, and calls `lead` once. What `lead` started must have ended when it settles.
   *
   * - `lead` resolves: the lease is released, and this resolves.
   * - `lead` rejects: the lease is released, and this rejects with the same.
   * - `signal` aborts: so does the term's; when `lead` has settled, the lease is released and this resolves, also
   *   when `lead` rejected with the signal's reason or an `AbortError`. While it waits it just resolves. A lease that
   *   was lost by then is told to `onError` only.
   * - The lease is lost: the term's signal aborts at `renewDeadlineMs`, or as soon as somebody else is seen to
   *   hold the lease; when `lead` has settled, this rejects with `ERR_LEASE_LOST`.
   *
   * It waits for `lead` without an end: to release before would let another one lead beside it. A released lease
   * is free at once; one under whose term a write went unanswered is left to run out instead. Errors of requests
   * are survived, and told to `onError`.
   *
   * @throws {KubeflumeError} `ERR_LEASE_LOST`; `ERR_OPTION` if it runs already; what `lead` rejects with
   */
  async run(
    lead: (term: LeaderTerm) => Promise<void>,
    options: { signal?: AbortSignal | undefined } = {},
  ): Promise<void> {
    if (this.#election !== undefined) throw new KubeflumeError('ERR_OPTION', 'this elector runs already')
    // Connections of its own: what else is asked of the server cannot hold up a renewal.
    const transport = createTransport(this.#kubeConfig, { observer: channelRequestObserver })
    const { namespace, name } = this.#lease
    const candidate = new LeaseCandidate({
      access: new HttpSingleObject(transport, leases, this.#lease),
      namespace,
      name,
      identity: this.#identity,
      leaseDurationMs: this.#times.leaseDurationMs,
      clock: this.#clock,
      wallTime: this.#wallTime,
      onHolder: (holder) => this.#tell(holder),
    })
    const lease = `${namespace}/${name}`
    const parts = { candidate, lease, clock: this.#clock, report: this.#report }
    this.#election = new LeaderElection({ ...parts, ...this.#times })
    const answering = answerCensus((census) => census.elector?.({ name: lease, isLeading: this.status.isLeading }))
    try {
      await this.#election.run(lead, options.signal ?? new AbortController().signal)
    } finally {
      answering[Symbol.dispose]()
      this.#election = undefined
      await transport.close()
    }
  }

  #tell(holder: string): void {
    const before = this.#leader ?? ''
    this.#leader = holder
    if (holder === before) return
    const threw = (cause: unknown): void =>
      this.#report(new KubeflumeError('ERR_HANDLER', 'onNewLeader threw', { cause }))
    callGuarded(() => this.#onNewLeader(holder), threw)
  }
}

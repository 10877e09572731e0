import { KubeflumeError } from '../api/errors.ts'
import { onAbort } from '../internal/abort.ts'
import type { Clock } from '../internal/clock.ts'
import { Deadline } from '../internal/deadline.ts'
import { pause } from '../internal/pause.ts'
import type { LeaderTerm } from './leader-elector-options.ts'
import type { LeaseCandidate } from './lease-candidate.ts'
import type { Report } from './reporter.ts'
import { Term } from './term.ts'

/** client-go's JitterFactor. It waits longer by it, we shorter: a change must be seen within one retry period. */
const JITTER_FACTOR = 1.2

export interface LeaderElectionOptions {
  readonly candidate: LeaseCandidate
  /** In errors: `kube-system/operator`. */
  readonly lease: string
  readonly renewDeadlineMs: number
  readonly retryPeriodMs: number
  readonly clock: Clock
  readonly report: Report
}

type Lead = (term: LeaderTerm) => Promise<void>

/** One wait for the lease, and the term that follows. */
export class LeaderElection {
  readonly #options: LeaderElectionOptions
  #term: Term | undefined

  constructor(options: LeaderElectionOptions) {
    this.#options = options
  }

  /** From the beginning of a term until `lead` has settled. */
  get term(): Term | undefined {
    return this.#term
  }

  /** Resolves when `lead` has, or when the signal has aborted and all is over; rejects as `LeaderElector.run` does. */
  async run(lead: Lead, signal: AbortSignal): Promise<void> {
    using term = await this.#win(signal)
    if (term === undefined) return
    if (signal.aborted) return this.#release(term)
    this.#term = term
    using _stopping = onAbort(signal, () => term.end(signal.reason))
    const renewing = this.#keep(term)
    const failure = await this.#settle(lead, term)
    const loss: unknown = term.lostAt === undefined ? undefined : term.holding.reason
    this.#term = undefined
    term[Symbol.dispose]()
    await renewing
    if (loss === undefined) await this.#release(term)
    else this.#leave(loss, failure, signal)
    if (failure !== undefined && !isStop(failure.error, loss, signal)) throw failure.error
  }

  /** Waits until the lease is ours; undefined if the signal aborts before. */
  async #win(signal: AbortSignal): Promise<Term | undefined> {
    const { clock, retryPeriodMs } = this.#options
    while (!signal.aborted) {
      const { term, freeInMs = Infinity } = await this.#try(signal)
      if (term !== undefined) return term
      const spread = retryPeriodMs / JITTER_FACTOR + Math.random() * (retryPeriodMs - retryPeriodMs / JITTER_FACTOR)
      await pause(clock, Math.min(spread, freeInMs), signal)
    }
    return undefined
  }

  async #try(signal: AbortSignal): Promise<{ readonly term?: Term; readonly freeInMs?: number }> {
    const { candidate, clock, lease, renewDeadlineMs, report } = this.#options
    using deadline = this.#deadline(signal)
    try {
      const held = await candidate.take(deadline.signal)
      if ('freeInMs' in held) return held
      const term = new Term({ held, lease, renewDeadlineMs, clock })
      return term.lostAt === undefined ? { term } : {} // the answer was too long under way
    } catch (error) {
      if (!signal.aborted && !isConflict(error)) report(asError(error))
      return {}
    }
  }

  /** Renews until the lease is lost or not needed any more. */
  async #keep(term: Term): Promise<void> {
    const { clock, retryPeriodMs } = this.#options
    let triedAt = clock.now()
    for (;;) {
      await pause(clock, triedAt + retryPeriodMs - clock.now(), term.holding)
      if (term.lostAt !== undefined || term.holding.aborted) return
      triedAt = clock.now()
      await this.#renew(term)
    }
  }

  async #renew(term: Term): Promise<void> {
    const { candidate, report } = this.#options
    using deadline = this.#deadline(term.holding)
    try {
      const held = await candidate.renew(deadline.signal)
      if (held?.transitions === term.transitions) term.renewed(held)
      else term.lose(candidate.holder)
    } catch (error) {
      if (!term.holding.aborted) report(asError(error))
    }
  }

  /** Its failure, if it failed: `lead` may throw anything, undefined too. */
  async #settle(lead: Lead, term: Term): Promise<{ readonly error: unknown } | undefined> {
    try {
      const { signal, transitions } = term
      await lead({ signal, transitions, check: () => term.check() })
      return undefined
    } catch (error) {
      return { error }
    }
  }

  /** Throws the loss, unless the end was asked for before; reports what would be lost by that. */
  #leave(loss: unknown, failure: { readonly error: unknown } | undefined, signal: AbortSignal): void {
    const { lease, report } = this.#options
    if (signal.aborted) return report(asError(loss))
    if (failure !== undefined && !isStop(failure.error, loss, signal)) {
      const message = `what led under ${lease} failed when it was lost`
      report(new KubeflumeError('ERR_LEASE_LOST', message, { cause: failure.error }))
    }
    throw loss
  }

  /** A write that may be done yet must not come after those of the next leader: then the lease runs out by itself. */
  async #release({ hasUnanswered }: Term): Promise<void> {
    if (hasUnanswered) return
    const { candidate, report } = this.#options
    using deadline = this.#deadline(new AbortController().signal)
    try {
      await candidate.release(deadline.signal)
    } catch (error) {
      if (!isConflict(error)) report(asError(error))
    }
  }

  /** Half of what a leader has: after a request that hangs there is time for another one. As client-go's clients. */
  #deadline(signal: AbortSignal): Deadline {
    const { clock, lease, renewDeadlineMs } = this.#options
    const ms = renewDeadlineMs / 2
    const late = () => new KubeflumeError('ERR_TIMEOUT', `${lease}: no answer within ${ms} ms`, { retryable: true })
    return new Deadline(signal, clock, ms, late)
  }
}

/** Somebody was faster. */
function isConflict(error: unknown): boolean {
  return error instanceof KubeflumeError && error.code === 'ERR_CONFLICT'
}

/** How code ends that heeds its signal, which has aborted by the loss or by that of the caller. */
function isStop(error: unknown, loss: unknown, { aborted, reason }: AbortSignal): boolean {
  if (loss !== undefined && error === loss) return true
  if (loss === undefined && !aborted) return false
  return (aborted && error === reason) || (error instanceof Error && error.name === 'AbortError')
}

function asError(error: unknown): KubeflumeError {
  if (error instanceof KubeflumeError) return error
  return new KubeflumeError('ERR_API', 'the lease could not be had', { cause: error })
}

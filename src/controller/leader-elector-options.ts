import { KubeflumeError } from '../api/errors.ts'
import type { Clock } from '../internal/clock.ts'

/** For which lease, as whom, and in which times: client-go's defaults, and its rules between them. */
export interface LeaderElectorOptions {
  /** The `coordination.k8s.io/v1` Lease that all replicas agree on. It is created when it is not there. */
  lease: { namespace: string; name: string }
  /**
   * Who this is. No two that run at once may have the same: both would lead. Who comes back under the name that
   * the lease still has leads at once.
   *
   * @default the host's name and a random UUID, as client-go's users do it
   */
  identity?: string | undefined
  /**
   * How long the others wait for a leader of which they hear nothing. It is written into the lease in whole
   * seconds, rounded up. The difference to `renewDeadlineMs` is what clocks may go wrong by, and how long a write
   * may be under way.
   *
   * @default 15_000
   */
  leaseDurationMs?: number | undefined
  /** How long a leader tries to renew before its term is over. Less than `leaseDurationMs`. @default 10_000 */
  renewDeadlineMs?: number | undefined
  /** How long it is between two tries. 1.2 times that is less than `renewDeadlineMs`. @default 2000 */
  retryPeriodMs?: number | undefined
  /** Hears who leads, whenever that has changed: an identity; this one's, too; empty when nobody does. */
  onNewLeader?: ((identity: string) => void) | undefined
  /** Every failed try to take, renew or release the lease. Without it: `process.emitWarning`. */
  onError?: ((error: KubeflumeError) => void) | undefined
  clock?: Clock | undefined
}

/** The time in which one leads. */
export interface LeaderTerm {
  /**
   * Aborts when the lease has not been renewed for `renewDeadlineMs`, with `ERR_LEASE_LOST`, before anyone else can
   * lead; with the reason of the signal given to `run`; and with `ERR_STOPPED` when `lead` has returned. Give it to
   * `createWriter`: the writer refuses then by the clock too, where the abort itself comes late.
   */
  readonly signal: AbortSignal
  /** The lease's `leaseTransitions`: it grows with each change of the leader. */
  readonly transitions: number
  /** Throws the signal's reason if the term is over, by the clock too: for what is written without a `Writer`. */
  check(): void
}

/** A fresh snapshot at each read. */
export interface LeaderElectorStatus {
  /** By the clock, not by what the lease says. */
  readonly isLeading: boolean
  /** Who holds the lease, as far as was seen; empty: nobody; undefined before that is known. */
  readonly leader: string | undefined
  /**
   * For how many milliseconds `lead` has gone on after its term was lost; 0 while all is well. For health checks:
   * client-go's HealthzAdaptor fails after 20 s, since what does not end blocks this replica.
   */
  readonly overdueMs: number
}

export interface LeaseTimes {
  readonly leaseDurationMs: number
  readonly renewDeadlineMs: number
  readonly retryPeriodMs: number
}

/**
 * The times of an election, with client-go's defaults and under its rules.
 *
 * @throws {KubeflumeError} `ERR_OPTION`
 */
export function leaseTimes(options: LeaderElectorOptions): LeaseTimes {
  const { leaseDurationMs = 15_000, renewDeadlineMs = 10_000, retryPeriodMs = 2000 } = options
  const times = { leaseDurationMs, renewDeadlineMs, retryPeriodMs }
  for (const [name, ms] of Object.entries(times)) {
    if (!(Number.isFinite(ms) && ms > 0)) throw optionError(`${name} is ${ms}: expected more than 0`)
  }
  if (leaseDurationMs <= renewDeadlineMs)
    throw optionError(`leaseDurationMs (${leaseDurationMs}) must be more than renewDeadlineMs (${renewDeadlineMs})`)
  if (renewDeadlineMs <= retryPeriodMs * 1.2)
    throw optionError(`renewDeadlineMs (${renewDeadlineMs}) must be more than 1.2 x retryPeriodMs (${retryPeriodMs})`)
  return times
}

function optionError(message: string): KubeflumeError {
  return new KubeflumeError('ERR_OPTION', message)
}

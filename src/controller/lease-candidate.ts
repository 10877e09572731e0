import { ApiError } from '../api/errors.ts'
import type { Lease } from '../api/generated/index.ts'
import type { Clock } from '../internal/clock.ts'
import { isDeepEqual } from '../internal/deep-equal.ts'
import { microTime, otherMicroTime } from './micro-time.ts'

type LeaseSpec = NonNullable<Lease['spec']>

/** The Lease on the server. */
export interface LeaseAccess {
  /** undefined: there is none. */
  get(signal: AbortSignal): Promise<Lease | undefined>
  /** Rejects with an ApiError of status 409 if there is one. */
  create(lease: object, signal: AbortSignal): Promise<Lease>
  /** Rejects with an ApiError of status 409 if it is another version than that of `lease`. */
  replace(lease: Lease, signal: AbortSignal): Promise<Lease>
}

export interface LeaseCandidateOptions {
  readonly access: LeaseAccess
  readonly namespace: string
  readonly name: string
  readonly identity: string
  readonly leaseDurationMs: number
  /** By which it is measured how long the lease has not changed. */
  readonly clock: Clock
  /** What the lease says when it was renewed; nobody goes by it. */
  readonly wallTime: () => number
  /** Hears who holds the lease, when that has changed. */
  readonly onHolder: (identity: string) => void
}

/** The lease is ours. `sentAt` is when that was asked for: nobody saw it renewed any earlier. */
export interface Held {
  readonly sentAt: number
  readonly transitions: number
}

/**
 * One who wants the lease. The rules are those of client-go's tools/leaderelection/leaderelection.go: nobody reads
 * a clock of another machine. A lease of somebody else is free when its spec has not changed for as long as it
 * says itself, counted from when *we* last saw it change; and every write names the version that was read, so
 * that of two who find it free only one takes it.
 */
export class LeaseCandidate {
  readonly #options: LeaseCandidateOptions
  /** As it was seen last, and since when it has been like that. */
  #lease: Lease | undefined
  #seenAt = 0
  #holder: string | undefined

  constructor(options: LeaseCandidateOptions) {
    this.#options = options
  }

  /** Who holds it, as far as was seen; empty: nobody. */
  get holder(): string {
    return this.#holder ?? ''
  }

  /** Takes the lease if it is free; else returns how long it cannot be. */
  async take(signal: AbortSignal): Promise<Held | { readonly freeInMs: number }> {
    const lease = await this.#options.access.get(signal)
    this.#see(lease)
    if (lease === undefined) return this.#create(signal)
    const freeInMs = this.#freeInMs(lease.spec ?? {})
    return freeInMs > 0 ? { freeInMs } : this.#hold(lease, signal)
  }

  /** Renews a lease that we hold; undefined if we do not. The version seen last is tried before it is read. */
  async renew(signal: AbortSignal): Promise<Held | undefined> {
    const seen = this.#lease
    if (seen !== undefined && this.#isOurs(seen)) {
      try {
        return await this.#hold(seen, signal)
      } catch (error) {
        if (!isOutdated(error)) throw error
      }
    }
    const lease = await this.#options.access.get(signal)
    this.#see(lease)
    return lease !== undefined && this.#isOurs(lease) ? this.#hold(lease, signal) : undefined
  }

  /** Lets the next one have the lease at once, if we hold it. A renewal that was given up may come in between: once. */
  async release(signal: AbortSignal): Promise<void> {
    try {
      await this.#release(signal)
    } catch (error) {
      if (!isOutdated(error)) throw error
      await this.#release(signal)
    }
  }

  async #release(signal: AbortSignal): Promise<void> {
    const { access, wallTime } = this.#options
    const lease = await access.get(signal)
    if (lease === undefined || !this.#isOurs(lease)) return
    const now = microTime(wallTime())
    const spec = { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, acquireTime: now, renewTime: now }
    this.#see(await access.replace({ ...lease, spec }, signal))
  }

  async #create(signal: AbortSignal): Promise<Held> {
    const { access, clock, namespace, name } = this.#options
    const spec = this.#ourSpec(undefined)
    const sentAt = clock.now()
    const lease = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { namespace, name }, spec }
    this.#see(await access.create(lease, signal))
    return { sentAt, transitions: spec.leaseTransitions }
  }

  async #hold(lease: Lease, signal: AbortSignal): Promise<Held> {
    const { access, clock } = this.#options
    const spec = this.#ourSpec(lease.spec ?? {})
    const sentAt = clock.now()
    this.#see(await access.replace({ ...lease, spec }, signal))
    return { sentAt, transitions: spec.leaseTransitions }
  }

  /** A renewal that writes what is there already is none: the server changes nothing, and the others see nothing. */
  #ourSpec(before: LeaseSpec | undefined): LeaseSpec & { readonly leaseTransitions: number } {
    const { identity, leaseDurationMs, wallTime } = this.#options
    const renewTime = otherMicroTime(wallTime(), before?.renewTime)
    const isOurs = before?.holderIdentity === identity
    const transitions = wholeNumber(before?.leaseTransitions) ?? 0
    return {
      ...before,
      holderIdentity: identity,
      leaseDurationSeconds: Math.ceil(leaseDurationMs / 1000),
      acquireTime: (isOurs ? before.acquireTime : undefined) ?? renewTime,
      renewTime,
      leaseTransitions: before === undefined || isOurs ? transitions : transitions + 1,
    }
  }

  #freeInMs({ holderIdentity, leaseDurationSeconds }: LeaseSpec): number {
    const { identity, leaseDurationMs, clock } = this.#options
    if (!holderIdentity || holderIdentity === identity) return 0
    const seconds = wholeNumber(leaseDurationSeconds)
    return this.#seenAt + (seconds === undefined ? leaseDurationMs : seconds * 1000) - clock.now()
  }

  #see(lease: Lease | undefined): void {
    if (this.#lease === undefined || !isDeepEqual(lease?.spec, this.#lease.spec)) {
      this.#seenAt = this.#options.clock.now()
    }
    this.#lease = lease
    const holder = lease?.spec?.holderIdentity ?? ''
    if (holder === this.#holder) return
    this.#holder = holder
    this.#options.onHolder(holder)
  }

  #isOurs({ spec }: Lease): boolean {
    return spec?.holderIdentity === this.#options.identity
  }
}

/** Somebody else has written it, or removed it. */
function isOutdated(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 409 || error.status === 404)
}

function wholeNumber(value: unknown): number | undefined {
  return Number.isInteger(value) && (value as number) >= 0 ? (value as number) : undefined
}

import { KubeflumeError } from '../api/errors.ts'
import type { Clock } from '../internal/clock.ts'
import { putFence } from '../internal/fence.ts'
import type { Held } from './lease-candidate.ts'

export interface TermOptions {
  readonly held: Held
  /** In errors: `kube-system/operator`. */
  readonly lease: string
  readonly renewDeadlineMs: number
  readonly clock: Clock
}

/**
 * The span of time in which one leads. It is lost by itself `renewDeadlineMs` after the last renewal was *sent*: the
 * others count from when they saw it, which is later. A timer sees to that where the event loop turns, and whoever
 * asks the fence of the signal where the timer is late.
 *
 * It may be ended before. The lease is held on then, until nobody works under the term any more.
 */
export class Term implements Disposable {
  readonly transitions: number
  readonly #options: TermOptions
  readonly #ending = new AbortController()
  readonly #holding = new AbortController()
  #renewedAt: number
  #timer: Disposable
  #lostAt: number | undefined
  /** Writes that were sent under it and not answered. */
  #unanswered = 0

  constructor(options: TermOptions) {
    const { held, clock, renewDeadlineMs } = options
    this.#options = options
    this.transitions = held.transitions
    this.#renewedAt = held.sentAt
    this.#timer = clock.setTimeout(this.#look, held.sentAt + renewDeadlineMs - clock.now())
    putFence(this.signal, {
      check: () => this.check(),
      sent: () => void this.#unanswered++,
      answered: () => void this.#unanswered--,
    })
  }

  /** Of those who work under it. */
  get signal(): AbortSignal {
    return this.#ending.signal
  }

  /** Of those who renew the lease. */
  get holding(): AbortSignal {
    return this.#holding.signal
  }

  /** When the lease was lost; undefined: it was not, as far as the clock says. */
  get lostAt(): number | undefined {
    this.#look()
    return this.#lostAt
  }

  /** Whether a write under the term may be done yet. */
  get hasUnanswered(): boolean {
    return this.#unanswered > 0
  }

  /** @throws the signal's reason if the term is over, by the clock too */
  check(): void {
    this.#look()
    this.signal.throwIfAborted()
  }

  /** A renewal whose answer comes after the end is none. */
  renewed({ sentAt }: Held): void {
    this.#look()
    if (this.holding.aborted) return
    const { clock, renewDeadlineMs } = this.#options
    this.#renewedAt = sentAt
    this.#timer[Symbol.dispose]()
    this.#timer = clock.setTimeout(this.#look, sentAt + renewDeadlineMs - clock.now())
  }

  /** Ends a term whose lease is somebody else's, or nobody's. */
  lose(holder: string): void {
    this.#lose(`the lease ${this.#options.lease} is ${holder === '' ? 'free' : `held by ${holder}`}`)
  }

  /** Tells those who work under it to end. */
  end(reason: unknown): void {
    this.#ending.abort(reason)
  }

  /** Nobody works under it any more. */
  [Symbol.dispose](): void {
    const reason = new KubeflumeError('ERR_STOPPED', 'the term is over: what led has returned')
    this.#timer[Symbol.dispose]()
    this.#holding.abort(reason)
    this.end(reason)
  }

  /** On a clock that went back nobody knows how long it has been. */
  readonly #look = (): void => {
    if (this.holding.aborted) return
    const { clock, renewDeadlineMs, lease } = this.#options
    const passedMs = clock.now() - this.#renewedAt
    if (passedMs >= 0 && passedMs < renewDeadlineMs) return
    this.#lose(`the lease ${lease} was not renewed for ${Math.round(passedMs)} ms`)
  }

  #lose(message: string): void {
    if (this.holding.aborted) return
    this.#lostAt = this.#options.clock.now()
    this.#timer[Symbol.dispose]()
    const reason = new KubeflumeError('ERR_LEASE_LOST', message, { retryable: true })
    this.#holding.abort(reason)
    this.end(reason)
  }
}

import { ApiError, KubeflumeError } from '../api/errors.ts'
import type { Event } from '../api/generated/types/events-v1.ts'
import type { New } from '../api/object.ts'
import type { Clock } from '../internal/clock.ts'
import { pause } from '../internal/pause.ts'
import type { EventSink } from './event-recorder.ts'
import type { EventSeries } from './event-series.ts'
import type { Report } from './reporter.ts'

export interface EventSenderOptions {
  /** What it writes with is told when nothing is waited for any more. */
  readonly sink: (signal: AbortSignal) => EventSink
  readonly clock: Clock
  readonly report: Report
}

/** client-go's maxQueuedEvents. */
const MAX_QUEUED = 1000
const MAX_TRIES = 5
const FIRST_RETRY_MS = 1000

/** Brings events to the server, one after the other, and series that go on no more often than they want. */
export class EventSender {
  readonly #options: EventSenderOptions
  readonly #queue = new Set<EventSeries>()
  /** Series whose time has not come. */
  readonly #waiting = new Map<EventSeries, Disposable>()
  readonly #stopping = new AbortController()
  readonly #sink: EventSink
  #working: Promise<void> | undefined

  constructor(options: EventSenderOptions) {
    this.#options = options
    this.#sink = options.sink(this.#stopping.signal)
  }

  add(series: EventSeries): void {
    if (this.#queue.has(series) || this.#waiting.has(series) || this.#stopping.signal.aborted) return
    const { clock } = this.#options
    const waitMs = series.waitMs(clock.now())
    if (waitMs === 0) return this.#enqueue(series)
    this.#waiting.set(
      series,
      clock.setTimeout(() => this.#wake(series), waitMs),
    )
  }

  /** Sends all that is due, also what had to wait. */
  async flush(series: readonly EventSeries[]): Promise<void> {
    await this.#sendAll(series)
    await this.#sendAll(series) // what was repeated while it was sent
  }

  /** What is left is dropped. */
  stop(): void {
    this.#stopping.abort()
    this.#queue.clear()
    for (const timer of this.#waiting.values()) timer[Symbol.dispose]()
    this.#waiting.clear()
  }

  async #sendAll(series: readonly EventSeries[]): Promise<void> {
    for (const one of [...this.#waiting.keys(), ...series]) {
      if (one.isDue) this.#wake(one)
    }
    await this.#working
  }

  #wake(series: EventSeries): void {
    this.#waiting.get(series)?.[Symbol.dispose]()
    this.#waiting.delete(series)
    this.#enqueue(series)
  }

  #enqueue(series: EventSeries): void {
    if (this.#queue.has(series)) return
    if (this.#queue.size >= MAX_QUEUED) return this.#drop(series, `${MAX_QUEUED} others wait`)
    this.#queue.add(series)
    this.#working ??= this.#work()
  }

  async #work(): Promise<void> {
    await Promise.resolve() // nothing of it in the call that records
    for (const series of this.#queue) {
      await this.#send(series)
      this.#queue.delete(series)
      if (series.isDue) this.add(series) // it was repeated meanwhile
    }
    this.#working = undefined // at once: what comes now begins anew
  }

  async #send(series: EventSeries): Promise<void> {
    const { clock } = this.#options
    const { signal } = this.#stopping
    let waitMs = FIRST_RETRY_MS
    for (let tries = 1; !signal.aborted; tries++, waitMs *= 2) {
      try {
        const count = series.series?.count ?? 1
        series.wasSent(count, clock.now(), await this.#write(series))
        return
      } catch (error) {
        if (signal.aborted) return
        if (!mayBeTriedAgain(error) || tries === MAX_TRIES) return this.#drop(series, `try ${tries} failed`, error)
        await pause(clock, Math.max(waitMs, (error as Partial<ApiError>).retryAfterMs ?? 0), signal)
      }
    }
  }

  /** An event that is there already was created by a try whose answer was lost. */
  async #write(series: EventSeries): Promise<Event> {
    const sink = this.#sink
    const { whole, sent } = series
    try {
      if (sent === undefined) return await sink.create(whole)
      return await sink.patch(sent, (draft) => (draft.series = series.series!))
    } catch (error) {
      const status = error instanceof ApiError ? error.status : undefined
      if (status === 409 && sent === undefined) return asThere(whole)
      if (status !== 404 || sent === undefined) throw error
      series.wasForgotten()
      return sink.create(whole)
    }
  }

  #drop(series: EventSeries, why: string, cause?: unknown): void {
    const { clock, report } = this.#options
    series.giveUp(clock.now())
    report(new KubeflumeError('ERR_EVENT', `an event was dropped: ${series.title}: ${why}`, { cause }))
  }
}

/** What a server refuses is not worth a second try, as in client-go: nobody waits for an event. */
function mayBeTriedAgain(error: unknown): boolean {
  if (error instanceof ApiError) return error.status === 429 || error.status >= 500
  return error instanceof KubeflumeError && error.retryable
}

function asThere(event: New<Event>): Event {
  return { ...event, apiVersion: 'events.k8s.io/v1', kind: 'Event' } as unknown as Event
}

import type { Event } from '../api/generated/types/events-v1.ts'
import type { DeepReadonly, New } from '../api/object.ts'
import { microTime } from './micro-time.ts'

/** What is not repeated for so long is another event when it comes again: client-go's finishTime. */
const FINISH_MS = 6 * 60_000
/** A series that goes on is written again no more often than this. */
const UPDATE_MS = 60_000

/** An event and how often it has happened. */
export class EventSeries {
  readonly #event: New<Event>
  #count = 1
  #countSent = 0
  #lastAt: number
  /** In microseconds of the time of day. */
  #lastStamp: number
  #sentAt = -Infinity
  /** As much of what the server has as a patch needs. */
  #sent: DeepReadonly<Event> | undefined

  constructor(event: New<Event>, now: number, stamp: number) {
    this.#event = event
    this.#lastAt = now
    this.#lastStamp = stamp
  }

  get sent(): DeepReadonly<Event> | undefined {
    return this.#sent
  }

  /** Whether the server has not been told all of it. */
  get isDue(): boolean {
    return this.#countSent < this.#count
  }

  /** In errors. */
  get title(): string {
    const { reason, regarding } = this.#event
    return `${reason} of ${regarding?.kind} ${regarding?.namespace ?? ''}/${regarding?.name}`
  }

  isOver(now: number): boolean {
    return now - this.#lastAt >= FINISH_MS
  }

  repeat(now: number, stamp: number): void {
    this.#count++
    this.#lastAt = now
    this.#lastStamp = stamp
  }

  /** How long it has to wait: the first repetition makes a series, and is told at once. */
  waitMs(now: number): number {
    return this.#countSent < 2 ? 0 : Math.max(0, this.#sentAt + UPDATE_MS - now)
  }

  /** Null of a single event. */
  get series(): { count: number; lastObservedTime: string } | null {
    if (this.#count === 1) return null
    return { count: this.#count, lastObservedTime: microTime(this.#lastStamp / 1000) }
  }

  /** The whole event, as it is to be created. */
  get whole(): New<Event> {
    const { series } = this
    return series === null ? this.#event : { ...this.#event, series }
  }

  /** The server has so many of them now, and the event under that identity. */
  wasSent(count: number, now: number, event: DeepReadonly<Event>): void {
    const { apiVersion, kind, eventTime, metadata } = event
    const { namespace, name, uid } = metadata
    this.#sent = { apiVersion, kind, eventTime, metadata: { namespace, name, uid } } as DeepReadonly<Event>
    this.#countSent = count
    this.#sentAt = now
  }

  /** The server has forgotten it, as it does after an hour. */
  wasForgotten(): void {
    this.#sent = undefined
  }

  /** It is dropped: what has been counted so far is not tried again. */
  giveUp(now: number): void {
    this.#countSent = this.#count
    this.#sentAt = now
  }
}

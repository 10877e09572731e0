import { KubeflumeError } from '../api/errors.ts'
import type { Event } from '../api/generated/types/events-v1.ts'
import type { DeepReadonly, KubernetesObject, New } from '../api/object.ts'
import { type Until, waitFor } from '../internal/until.ts'
import { EventSender, type EventSenderOptions } from './event-sender.ts'
import { EventSeries } from './event-series.ts'
import { type EventDetails, type EventSource, MAX_NOTE_BYTES, newEvent } from './new-event.ts'
import { TokenBucket } from './token-bucket.ts'

/** What a recorder writes with. */
export interface EventSink {
  create(event: New<Event>): Promise<Event>
  patch(current: DeepReadonly<Event>, edit: (draft: Event) => void): Promise<Event>
}

/**
 * Tells people what happens to objects, as `kubectl describe` and `kubectl events` show it. Nothing of it waits and
 * nothing throws: an event that cannot be recorded is dropped, and `onError` hears of it as `ERR_EVENT`.
 */
export interface EventRecorder extends AsyncDisposable {
  /**
   * Records an event about an object, which needs its own `apiVersion` and `kind` (of metadata alone they have to be put in)
   * and its identity. The same event again
   * (object, type, reason, action, note and related) within six minutes is counted in the first one's series. An
   * object may have 25 different ones at once and one more every five minutes; what is more is dropped.
   */
  event(object: DeepReadonly<KubernetesObject>, details: EventDetails): void
  /** Resolves when all that was recorded so far has been sent, or dropped. */
  flush(until?: Until): Promise<void>
  /** Sends what is left, for five seconds at most, and drops the rest. Whatever is recorded afterwards is dropped, too. */
  close(): Promise<void>
}

export interface RecorderParts extends EventSenderOptions {
  readonly source: EventSource
  /** What the events say. */
  readonly wallTime: () => number
}

/** As many series, and objects with a limit, are remembered: client-go's maxLruCacheEntries. */
const MAX_REMEMBERED = 4096
/** client-go's defaultSpamBurst and defaultSpamQPS. */
const LIMIT = { burst: 25, perSecond: 1 / 300 }
const CLOSING_MS = 5000

interface Limit {
  readonly bucket: TokenBucket
  isReached: boolean
}

/** Folds events into series, and lets a sender bring them to the server. */
export class SeriesRecorder implements EventRecorder {
  readonly #parts: RecorderParts
  readonly #sender: EventSender
  readonly #series = new Map<string, EventSeries>()
  readonly #limits = new Map<string, Limit>()
  #stamp = 0
  #isClosed = false

  constructor(parts: RecorderParts) {
    this.#parts = parts
    this.#sender = new EventSender(parts)
  }

  event(object: DeepReadonly<KubernetesObject>, details: EventDetails): void {
    try {
      this.#record(object, details)
    } catch (cause) {
      this.#drop(cause instanceof KubeflumeError ? cause.message : 'it is no event', cause)
    }
  }

  async flush(until: Until = {}): Promise<void> {
    const late = () => new KubeflumeError('ERR_TIMEOUT', 'there are events still that were not sent')
    await waitFor(this.#sender.flush([...this.#series.values()]), until, this.#parts.clock, late)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    await this.flush({ timeoutMs: CLOSING_MS }).catch((cause: unknown) => this.#drop('the recorder was closed', cause))
    this.#sender.stop()
    this.#series.clear()
    this.#limits.clear()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #record(object: DeepReadonly<KubernetesObject>, details: EventDetails): void {
    if (this.#isClosed) return this.#drop('the recorder was closed')
    checkEvent(object, details)
    const { source, clock, wallTime } = this.#parts
    const key = keyOf(object, details)
    const now = clock.now()
    const stamp = Math.max(Math.floor(wallTime() * 1000), this.#stamp + 1)
    this.#stamp = stamp
    const going = this.#series.get(key)
    if (going?.isOver(now) === false) {
      going.repeat(now, stamp)
      remember(this.#series, key, going)
      return this.#sender.add(going)
    }
    if (!this.#isWithinLimit(object)) return
    const series = new EventSeries(newEvent(object, details, source, stamp), now, stamp)
    remember(this.#series, key, series)
    this.#sender.add(series)
  }

  /** Says it once, each time an object comes to its limit. */
  #isWithinLimit(object: DeepReadonly<KubernetesObject>): boolean {
    const { uid, namespace = '', name } = object.metadata
    const key = `${object.kind} ${namespace}/${name} (${uid})`
    const limit = this.#limits.get(key) ?? { bucket: new TokenBucket(this.#parts.clock, LIMIT), isReached: false }
    remember(this.#limits, key, limit)
    const wasReached = limit.isReached
    limit.isReached = !limit.bucket.take()
    if (limit.isReached && !wasReached) this.#drop(`${key} has too many, and more of it are dropped`)
    return !limit.isReached
  }

  #drop(why: string, cause?: unknown): void {
    this.#parts.report(new KubeflumeError('ERR_EVENT', `an event was dropped: ${why}`, { cause }))
  }
}

/** Puts it last in the order of use, and forgets the one that is first where there are too many. */
function remember<T>(values: Map<string, T>, key: string, value: T): void {
  values.delete(key)
  values.set(key, value)
  if (values.size <= MAX_REMEMBERED) return
  for (const oldest of values.keys()) {
    values.delete(oldest)
    return
  }
}

/** What is cut off is not remembered: a note may be as long as a stack trace. */
function keyOf({ kind, metadata }: DeepReadonly<KubernetesObject>, details: EventDetails): string {
  const { type, reason, action, related } = details
  const { namespace, name, uid } = metadata
  const note = details.note.slice(0, MAX_NOTE_BYTES)
  return JSON.stringify([kind, namespace, name, uid, type, reason, action, note, related?.kind, related?.metadata.uid])
}

function checkEvent(object: DeepReadonly<KubernetesObject>, { type, reason, action, note }: EventDetails): void {
  if (!object.apiVersion || !object.kind || !object.metadata.name) throw eventError('it is about no object')
  if (object.kind === 'PartialObjectMetadata')
    throw eventError('its object is metadata alone: pass it with the apiVersion and kind that it has')
  if (type !== 'Normal' && type !== 'Warning') throw eventError(`its type is ${JSON.stringify(type)}`)
  if (!reason || !action) throw eventError('it needs a reason and an action')
  if (typeof note !== 'string') throw eventError('its note is no text')
}

function eventError(message: string): KubeflumeError {
  return new KubeflumeError('ERR_EVENT', message)
}

import type { KubeflumeError } from '../api/errors.ts'
import type { Observed, Observer } from '../api/observer.ts'
import type { Resource } from '../api/resource.ts'
import type { FollowedWatch } from './follow-watch.ts'
import type { Page } from './list-pages.ts'
import type { ListPlan, Waiting } from './state.ts'

interface ReflectorObserverOptions {
  readonly resource: Resource
  readonly namespace: string | undefined
  readonly observer: Observer
}

interface ListEnd {
  readonly list: { readonly items: number; readonly bytes: number; readonly bytesToFindPlace: number }
  readonly durationMs: number
  readonly error: KubeflumeError | undefined
}

/** Tells an observer, which does not throw, what a reflector does. */
export class ReflectorObserver {
  readonly #observer: Observer
  readonly #observed: Observed
  /** Of lists that were dropped since the last one that was whole. */
  #bytesDropped = 0

  constructor({ observer, resource, namespace }: ReflectorObserverOptions) {
    this.#observer = observer
    this.#observed = { resource, namespace }
  }

  relist({ reason, atLeast }: ListPlan): void {
    this.#observer.relist?.({ ...this.#observed, reason, resourceVersion: atLeast })
  }

  page({ number, items, resourceVersion }: Page): void {
    this.#observer.page?.({ ...this.#observed, page: number, items, resourceVersion })
  }

  list({ reason, strategy }: ListPlan, { list, durationMs, error }: ListEnd): void {
    const { items, bytes, bytesToFindPlace } = list
    const bytesReadAgain = this.#bytesDropped + bytesToFindPlace
    this.#observer.list?.({ ...this.#observed, reason, strategy, items, bytes, bytesReadAgain, durationMs, error })
    if (error === undefined) this.#bytesDropped = 0
  }

  /** What a list had read is not used. */
  dropped({ bytes, bytesToFindPlace }: ListEnd['list']): void {
    this.#bytesDropped += bytes + bytesToFindPlace
  }

  watchEnd({ error, events, durationMs }: FollowedWatch & { readonly durationMs: number }): void {
    const reason = error === undefined ? 'ended by the server' : error.message
    this.#observer.watchEnd?.({ ...this.#observed, reason, events, durationMs, error })
  }

  backoff({ delayMs, after }: Waiting): void {
    this.#observer.backoff?.({ ...this.#observed, delayMs, after })
  }
}

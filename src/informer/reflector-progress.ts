import type { KubeflumeError } from '../api/errors.ts'
import { type InformerStatus, NOT_STARTED } from '../api/informer-status.ts'
import { isOlder } from '../api/resource-version.ts'
import type { Clock } from '../internal/clock.ts'
import type { ListProgress } from './list-watcher.ts'
import type { Active, ListPlan, Resuming, Waiting } from './state.ts'

/** What is waited for, in words. */
const WHAT: { readonly [name in Active['name']]: string } = {
  listing: 'the next list',
  resuming: 'the rest of the list',
  watching: 'the next watch',
  probing: 'the next question whether the server has caught up',
}

/** Who hears of a reflector's progress. */
export interface ProgressListener {
  /** Something that `status` shows has changed. Progress inside a list is told by `onListProgress` alone. */
  onProgress(): void
  onListProgress(): void
  /** A list is about to be put in place, in this same turn. */
  onCommitting(): void
  /** What it has applied goes further: by an event of this key, or (undefined) by a bookmark or a list. */
  onAdvanced(key: string | undefined): void
  /** A list is older than what was seen: the storage is another one, and versions mean something else than they did. */
  onNewEpoch(): void
  /** A list is in the store, and all of it has been told. */
  onCommitted(): void
  /** An error that the reflector survives. */
  onError(error: KubeflumeError): void
}

/** What one reflector is doing, and has seen: written by the reflector, and read by its informer, for `status`. */
export class ReflectorProgress {
  phase: InformerStatus['phase'] = 'idle'
  reason: string = NOT_STARTED
  strategy: InformerStatus['strategy']
  encoding: InformerStatus['encoding']
  /** The newest version that a list, an event or a bookmark had. */
  resourceVersion: string | undefined
  /** Items and bytes of the list under way, or of the last one. */
  items = 0
  bytes = 0
  totalBytes: number | undefined
  attempts = 0
  lastError: KubeflumeError | undefined
  lastContactAt: number | undefined
  isSynced = false
  /** Whether a list has begun that is neither in the store nor dropped. */
  hasOpenList = false
  readonly namespace: string | undefined
  readonly #clock: Clock
  readonly #listener: ProgressListener
  readonly #seenBefore: string | undefined
  /** The last failure, where the same request would fail again. */
  #permanentError: KubeflumeError | undefined

  /** @param seenBefore The newest version that others of the same storage had seen before it began. */
  constructor(namespace: string | undefined, clock: Clock, listener: ProgressListener, seenBefore?: string) {
    this.namespace = namespace
    this.#clock = clock
    this.#listener = listener
    this.#seenBefore = seenBefore
  }

  /** The error that will stay until somebody changes the request; undefined where waiting may help. */
  get permanentError(): KubeflumeError | undefined {
    return this.attempts > 0 ? this.#permanentError : undefined
  }

  /** Two lists of the same objects are never under way at once. */
  held(): void {
    this.#enter('idle', 'waits until another list of the same objects is in the store')
  }

  queued(places: number): void {
    this.#enter('idle', `waits for a place among ${places} first list${places === 1 ? '' : 's'}`)
  }

  listing(plan: ListPlan): void {
    this.items = 0
    this.bytes = 0
    this.totalBytes = undefined
    this.hasOpenList = true
    this.strategy = plan.strategy
    this.#enter('listing', plan.reason)
  }

  resuming({ resourceVersion, items }: Resuming): void {
    this.#enter('listing', `the rest of the list of ${resourceVersion}, which broke off behind ${items} items`)
  }

  /** What has come of a list is not used. */
  dropped(): void {
    this.hasOpenList = false
  }

  probing(resourceVersion: string): void {
    this.#enter('listing', `a watch brought nothing: asking whether the server has reached ${resourceVersion}`)
  }

  received(items: number, { bytesRead, totalBytes, encoding }: ListProgress): void {
    this.items = items
    this.bytes = bytesRead
    this.totalBytes = totalBytes
    this.encoding = encoding
    this.#contact()
    this.#listener.onListProgress()
  }

  /** Commits a list; what is told of it then comes before `onCommitted`. */
  async committed(resourceVersion: string, commit: () => Promise<void>): Promise<void> {
    const seen = this.resourceVersion ?? this.#seenBefore
    if (seen !== undefined && isOlder(resourceVersion, seen)) this.#listener.onNewEpoch()
    this.resourceVersion = resourceVersion
    this.isSynced = true
    this.attempts = 0
    this.hasOpenList = false
    this.#listener.onCommitting()
    const committing = commit()
    this.#listener.onAdvanced(undefined)
    await committing
    this.#listener.onCommitted()
  }

  watching(resourceVersion: string): void {
    this.attempts = 0
    this.#contact()
    this.#enter('watching', `watching from ${resourceVersion}`)
  }

  /** An event or a bookmark has been applied. */
  advanced(resourceVersion: string, key: string | undefined): void {
    this.resourceVersion = resourceVersion
    this.#contact()
    this.#listener.onAdvanced(key)
  }

  /** @param isMended Whether the same is asked for in another way at once. */
  failed(error: KubeflumeError, isMended = false): void {
    this.attempts++
    this.#permanentError = error.retryable || isMended ? undefined : error
    this.survived(error)
  }

  survived(error: KubeflumeError): void {
    this.lastError = error
    this.#listener.onError(error)
  }

  waiting({ delayMs, next, after }: Waiting): void {
    this.#enter('backoff', `${WHAT[next.name]} in ${(delayMs / 1000).toFixed(1)} s, after: ${after}`)
  }

  stopped(): void {
    this.#enter('stopped', 'stopped')
  }

  #contact(): void {
    this.lastContactAt = this.#clock.now()
  }

  #enter(phase: InformerStatus['phase'], reason: string): void {
    this.phase = phase
    this.reason = reason
    this.#listener.onProgress()
  }
}

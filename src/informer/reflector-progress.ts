import type { KubeflumeError } from '../api/errors.ts'
import type { InformerStatus } from '../api/informer-status.ts'
import type { Clock } from '../internal/clock.ts'
import type { ListProgress } from './list-watcher.ts'
import type { ListPlan, Waiting } from './state.ts'

/** Who hears of a reflector's progress. */
export interface ProgressListener {
  /** Something that `status` shows has changed. Progress inside a list is told by `onListProgress` alone. */
  onProgress(): void
  onListProgress(): void
  /** The first list is in the store. */
  onSynced(): void
  /** An error that the reflector survives. */
  onError(error: KubeflumeError): void
}

/** What one reflector is doing, for `status`: written by the reflector, read by its informer. */
export class ReflectorProgress {
  phase: InformerStatus['phase'] = 'idle'
  reason = 'not started'
  strategy: InformerStatus['strategy']
  encoding: InformerStatus['encoding']
  resourceVersion: string | undefined
  /** Items and bytes of the list under way, or of the last one. */
  items = 0
  bytes = 0
  totalBytes: number | undefined
  attempts = 0
  lastError: KubeflumeError | undefined
  lastContactAt: number | undefined
  isSynced = false
  readonly namespace: string | undefined
  readonly #clock: Clock
  readonly #listener: ProgressListener

  constructor(namespace: string | undefined, clock: Clock, listener: ProgressListener) {
    this.namespace = namespace
    this.#clock = clock
    this.#listener = listener
  }

  /** The error that will stay until somebody changes the request; undefined where waiting may help. */
  get permanentError(): KubeflumeError | undefined {
    return this.attempts > 0 && this.lastError?.retryable === false ? this.lastError : undefined
  }

  listing(plan: ListPlan): void {
    this.items = 0
    this.bytes = 0
    this.totalBytes = undefined
    this.strategy = plan.query['limit'] === undefined ? 'stream' : 'paged'
    this.#enter('listing', plan.reason)
  }

  received(items: number, { bytesRead, totalBytes, encoding }: ListProgress): void {
    this.items = items
    this.bytes = bytesRead
    this.totalBytes = totalBytes
    this.encoding = encoding
    this.#contact()
    this.#listener.onListProgress()
  }

  /** Commits a list; what is told of it then comes before `onSynced`. */
  committed(resourceVersion: string, commit: () => void): void {
    this.resourceVersion = resourceVersion
    const wasSynced = this.isSynced
    this.isSynced = true
    this.attempts = 0
    commit()
    if (!wasSynced) this.#listener.onSynced()
  }

  watching(resourceVersion: string): void {
    this.attempts = 0
    this.#contact()
    this.#enter('watching', `watching from ${resourceVersion}`)
  }

  /** An event or a bookmark has been applied. */
  advanced(resourceVersion: string): void {
    this.resourceVersion = resourceVersion
    this.#contact()
  }

  failed(error: KubeflumeError): void {
    this.attempts++
    this.survived(error)
  }

  survived(error: KubeflumeError): void {
    this.lastError = error
    this.#listener.onError(error)
  }

  waiting({ delayMs, next, after }: Waiting): void {
    const what = next.name === 'listing' ? 'the next list' : 'the next watch'
    this.#enter('backoff', `${what} in ${(delayMs / 1000).toFixed(1)} s, after: ${after}`)
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

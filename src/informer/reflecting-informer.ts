import { KubeflumeError, SyncError } from '../api/errors.ts'
import type { InformerStatus } from '../api/informer-status.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Lister } from '../api/query.ts'
import type { Resource } from '../api/resource.ts'
import { onAbort } from '../internal/abort.ts'
import { callGuarded } from '../internal/call-guarded.ts'
import { type Until, waitFor } from '../internal/until.ts'
import { StoreLister } from '../store/store-lister.ts'
import type { DeltaHandler, Delta, Handlers } from './delta.ts'
import { DeltaIterator } from './delta-iterator.ts'
import type { Informer } from './informer.ts'
import type { ListWatcher } from './list-watcher.ts'
import { Run, type RunListener, type RunOptions } from './run.ts'
import { statusOf } from './status.ts'
import { Subscriber } from './subscriber.ts'
import type { SubscribeOptions, Subscription } from './subscription.ts'
import { SyncGate } from './sync-gate.ts'

/** While a list arrives, listeners of the status hear of it at this pace. */
const PROGRESS_INTERVAL_MS = 100

/** What connects an informer to its cluster, from a start to a stop. */
export interface Connection<T> {
  listWatcherOf(namespace: string | undefined): ListWatcher<T>
  close(): Promise<void>
}

export interface ReflectingInformerOptions<T extends KubernetesObject> extends RunOptions<T> {
  readonly connect: () => Connection<T>
  readonly onError: (error: KubeflumeError) => void
}

/** The informer: its runs, who subscribes to it, and who waits for it. */
export class ReflectingInformer<T extends KubernetesObject, I extends string> implements Informer<T, I> {
  readonly resource: Resource<T>
  readonly store: Lister<T, I>
  readonly #options: ReflectingInformerOptions<T>
  readonly #subscribers = new Set<Subscriber<T>>()
  readonly #statusListeners = new Set<(status: InformerStatus) => void>()
  #run: Run<T>
  #gate = new SyncGate()
  #state: 'idle' | 'running' | 'stopped' = 'idle'
  #stopping: Promise<void> = Promise.resolve()
  #connection: Connection<T> | undefined
  #aborting: Disposable | undefined
  #lastListProgressAt = -Infinity

  constructor(options: ReflectingInformerOptions<T>) {
    this.#options = options
    this.resource = options.resource
    this.#run = new Run(options, this.#listener)
    const { resource, omitted } = options
    this.store = new StoreLister<T, I>({
      resource,
      omitted,
      store: () => this.#run.store,
      resourceVersion: () => (this.#run.isSynced ? this.#run.resourceVersion : undefined),
    })
  }

  get status(): InformerStatus {
    return statusOf(this.#run)
  }

  onStatus(listener: (status: InformerStatus) => void): Disposable {
    this.#statusListeners.add(listener)
    return { [Symbol.dispose]: () => this.#statusListeners.delete(listener) }
  }

  start({ signal }: { readonly signal?: AbortSignal | undefined } = {}): void {
    if (this.#state === 'running') return
    if (signal?.aborted) {
      void this.stop()
      return
    }
    const connection = this.#options.connect()
    if (this.#state === 'stopped') {
      this.#run = new Run(this.#options, this.#listener)
      this.#gate = new SyncGate()
    }
    this.#state = 'running'
    for (const subscriber of this.#subscribers) subscriber.startResync()
    this.#connection = connection
    this.#aborting = onAbort(signal, () => void this.stop())
    if (this.#run.isSynced) this.#gate.open() // there is no namespace to wait for
    this.#run.start((namespace) => connection.listWatcherOf(namespace))
  }

  async synced(until: Until = {}): Promise<void> {
    if (this.#state === 'stopped') throw stopped()
    if (this.#run.permanentError !== undefined && !this.#gate.isOpen) throw this.#syncError('ERR_SYNC')
    const late = (): Error => this.#syncError('ERR_TIMEOUT')
    await this.#gate.pass((opened) => waitFor(opened, until, this.#options.clock, late))
  }

  subscribe(handler: Handlers<T> | DeltaHandler<T>, options: SubscribeOptions<T> = {}): Subscription {
    return this.#subscribe(handler, options, () => {})
  }

  events(options: SubscribeOptions<T> = {}): AsyncIterableIterator<Delta<T>> {
    const iterator = new DeltaIterator<T>(() => subscription.unsubscribe())
    const subscription = this.#subscribe(
      (delta: Delta<T>) => iterator.offer(delta),
      options,
      () => iterator.end(),
    )
    return iterator
  }

  stop(): Promise<void> {
    if (this.#state !== 'stopped') {
      this.#state = 'stopped'
      this.#stopping = this.#end(this.#stopping)
      this.#gate.turnAway(stopped)
    }
    for (const subscriber of this.#subscribers) subscriber.unsubscribe()
    return this.#stopping
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  /** What it ends it takes at the call: a new run may start before this one, or the one before it, has ended. */
  async #end(before: Promise<void>): Promise<void> {
    const connection = this.#connection
    this.#connection = undefined
    this.#aborting?.[Symbol.dispose]()
    await this.#run.stop(stopped())
    await connection?.close()
    await before
  }

  #subscribe(handler: Handlers<T> | DeltaHandler<T>, options: SubscribeOptions<T>, onEnd: () => void): Subscriber<T> {
    const subscriber: Subscriber<T> = new Subscriber<T>(
      {
        clock: this.#options.clock,
        onError: this.#options.onError,
        // what a stopped informer still shows is not where the next run begins
        entries: () => (this.#state === 'stopped' ? [] : this.#run.store.entries()),
        synced: (until) => this.synced(until),
        onEnd: () => {
          this.#subscribers.delete(subscriber)
          onEnd()
        },
      },
      handler,
      options,
    )
    this.#subscribers.add(subscriber)
    if (this.#state === 'running') subscriber.startResync()
    subscriber.follow(options.signal)
    return subscriber
  }

  readonly #listener: RunListener<T> = {
    onChanges: (changes) => {
      for (const subscriber of this.#subscribers) subscriber.push(changes)
    },
    onProgress: () => this.#tellStatus(),
    onListProgress: () => {
      const now = this.#options.clock.now()
      if (Math.abs(now - this.#lastListProgressAt) < PROGRESS_INTERVAL_MS) return
      this.#lastListProgressAt = now
      this.#tellStatus()
    },
    onSynced: () => {
      if (this.#run.isSynced) this.#gate.open()
      this.#tellStatus()
    },
    onError: (error) => {
      this.#options.onError(error)
      if (this.#run.permanentError !== undefined) this.#gate.turnAway(() => this.#syncError('ERR_SYNC'))
      this.#tellStatus()
    },
  }

  #tellStatus(): void {
    if (this.#statusListeners.size === 0) return
    const { status } = this
    const threw = (cause: unknown): void =>
      this.#options.onError(new KubeflumeError('ERR_HANDLER', 'a status listener threw', { cause }))
    for (const listener of this.#statusListeners) callGuarded(() => listener(status), threw)
  }

  #syncError(code: 'ERR_SYNC' | 'ERR_TIMEOUT'): SyncError {
    const { resource, status } = this
    return new SyncError(code, [{ resource, status }], { cause: status.lastError, retryable: code === 'ERR_TIMEOUT' })
  }
}

function stopped(): KubeflumeError {
  return new KubeflumeError('ERR_STOPPED', 'the informer is stopped')
}

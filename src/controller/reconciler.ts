import { ApiError, KubeflumeError } from '../api/errors.ts'
import { namespaceOf } from '../api/key.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Gone, Informer, Versioned } from '../informer/informer.ts'
import { onAbort } from '../internal/abort.ts'
import type { Clock } from '../internal/clock.ts'
import type { ControllerOptions, ReconcileContext, ReconcileRequest } from './controller.ts'
import { finalize } from './finalizer.ts'
import type { Report } from './reporter.ts'
import type { RunResult } from './run-result.ts'
import { isTerminal } from './terminal.ts'

/** A write is seen within moments, or something is wrong. */
const SEEN_MS = 30_000

export interface ReconcilerOptions<T extends KubernetesObject, I extends string> extends Pick<
  ControllerOptions<T, I>,
  'name' | 'informer' | 'finalizer' | 'runTimeoutMs'
> {
  readonly reconcile: ControllerOptions<T, I>['reconcile']
  readonly clock: Clock
  readonly report: Report
  /** Aborts the runs. */
  readonly signal: AbortSignal
  /** Ends the waits for what was written. */
  readonly closing: AbortSignal
  /** Keeps the next run of the key waiting. */
  readonly hold: (key: string, come: Promise<void>) => void
}

/** Runs a key: with its signal and its time, and what comes out of it put into words for the queue. */
export class Reconciler<T extends KubernetesObject, I extends string> {
  readonly #options: ReconcilerOptions<T, I>

  constructor(options: ReconcilerOptions<T, I>) {
    this.#options = options
  }

  /** Never rejects. */
  async run(key: string, attempt: number): Promise<RunResult> {
    const { informer, hold, signal } = this.#options
    const ending = new AbortController()
    using _stopping = onAbort(signal, () => ending.abort(signal.reason))
    using _timing = this.#timeOut(key, ending)
    const context: ReconcileContext<T, I> = {
      store: informer.store,
      signal: ending.signal,
      attempt,
      wrote: (where, to) => hold(key, this.#seen(key, where, to)),
    }
    try {
      return { outcome: 'done', requeueAfterMs: await this.#reconcile(requestOf(key), context) }
    } catch (cause) {
      return this.#failed(key, attempt, cause, ending.signal)
    }
  }

  async #reconcile(request: ReconcileRequest, context: ReconcileContext<T, I>): Promise<number | undefined> {
    const { informer, finalizer, reconcile } = this.#options
    const object = finalizer && context.store.get(request.key)
    if (object !== undefined && finalizer !== undefined) {
      const next = await finalize(finalizer, object, informer, context)
      if (next === 'again') return 0
      if (next === 'ended') return undefined
    }
    const { requeueAfterMs } = (await reconcile(request, context)) ?? {}
    if (requeueAfterMs === undefined || (Number.isFinite(requeueAfterMs) && requeueAfterMs >= 0)) return requeueAfterMs
    throw new KubeflumeError('ERR_OPTION', `requeueAfterMs is ${requeueAfterMs}: expected 0 or more`)
  }

  /** What a run throws because it was told to end has been reported, or is no error. */
  #failed(key: string, attempt: number, cause: unknown, signal: AbortSignal): RunResult {
    const isEnd = isTerminal(cause)
    const why = cause instanceof Error ? cause.message : String(cause)
    const end = isEnd ? ', and is not tried again' : ''
    const message = `${this.#options.name}: run ${attempt} of ${key} failed${end}: ${why}`
    const error = new KubeflumeError('ERR_RECONCILE', message, { cause, retryable: !isEnd })
    if (!(signal.aborted && cause === signal.reason)) this.#options.report(error)
    if (isEnd) return { outcome: 'terminal', error }
    return { outcome: 'failed', error, retryAfterMs: cause instanceof ApiError ? cause.retryAfterMs : undefined }
  }

  #timeOut(key: string, ending: AbortController): Disposable | undefined {
    const { name, runTimeoutMs, clock, report } = this.#options
    if (runTimeoutMs === undefined) return undefined
    return clock.setTimeout(() => {
      const message = `${name}: the run of ${key} takes more than ${runTimeoutMs} ms`
      const error = new KubeflumeError('ERR_TIMEOUT', message, { retryable: true })
      report(error)
      ending.abort(error)
    }, runTimeoutMs)
  }

  async #seen(key: string, informer: Informer<KubernetesObject>, to: Versioned | Gone): Promise<void> {
    const { name, closing, report } = this.#options
    try {
      await informer.caughtUp(to, { signal: closing, timeoutMs: SEEN_MS })
    } catch (cause) {
      if (closing.aborted) return
      const code = cause instanceof KubeflumeError ? cause.code : 'ERR_RECONCILE'
      const what = `${name}: ${key} runs without having seen what it wrote of ${informer.resource.plural}`
      report(new KubeflumeError(code, what, { cause, retryable: true }))
    }
  }
}

function requestOf(key: string): ReconcileRequest {
  const namespace = namespaceOf(key)
  return { key, namespace, name: namespace === undefined ? key : key.slice(namespace.length + 1) }
}

import type { KubeflumeError } from '../api/errors.ts'
import type { ObjectKey } from '../api/key.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Lister } from '../api/query.ts'
import type { Gone, Informer, Versioned } from '../informer/informer.ts'
import type { Clock } from '../internal/clock.ts'
import type { Until } from '../internal/until.ts'
import type { ControllerObserver } from './controller-observer.ts'
import type { FinalizerOptions } from './finalizer.ts'
import type { Trigger } from './trigger.ts'

/** What is to be brought into its wanted state: a name, not an event. The object may be there or not. */
export interface ReconcileRequest {
  readonly key: string
  /** undefined for what is cluster-scoped. */
  readonly namespace: string | undefined
  readonly name: string
}

/** What a run is given beside its key. */
export interface ReconcileContext<T, I extends string = never> {
  /** Of the controller's own informer. */
  readonly store: Lister<T, I>
  /**
   * Aborts after `runTimeoutMs`, with `ERR_TIMEOUT`; when the controller has been stopped and the run was given
   * time enough, with `ERR_STOPPED`; with the reason of the signal given to `start`.
   */
  readonly signal: AbortSignal
  /** 1, and one more for each failure in a row before this run. */
  readonly attempt: number
  /**
   * Says what was written: the key's next run waits until that informer has seen it, so that it does not act on
   * an older object. Does not block. After 30 s, or where it cannot be waited for, the key runs all the same and
   * `onError` hears why.
   */
  wrote(informer: Informer<KubernetesObject>, to: Versioned | Gone): void
}

/** What a run may ask for. */
export interface ReconcileResult {
  /** Runs the key again after so many milliseconds, 0 or more; an event meanwhile runs it earlier instead. */
  requeueAfterMs?: number | undefined
}

/** What a controller runs, for which keys, and when. */
export interface ControllerOptions<T extends KubernetesObject, I extends string = never> {
  /** In errors and in what is observed. */
  name: string
  /**
   * Of the objects that are reconciled: each change of one runs its key. Who stops it, or that of a trigger, while
   * the controller runs makes the controller deaf.
   */
  informer: Informer<T, I>
  /** What else runs keys: changes of other objects. */
  triggers?: readonly Trigger[] | undefined
  /** How many keys run at once. @default 1, as controller-runtime's MaxConcurrentReconciles */
  concurrency?: number | undefined
  /**
   * After so many milliseconds the signal of a run aborts, and `onError` hears of it. A run that does not heed
   * the signal blocks its key, and its place among `concurrency`, until it returns. None by default.
   */
  runTimeoutMs?: number | undefined
  /** How long `stop` lets runs go on before their signals abort. @default 20_000: less than the 30 s that a pod is given to end */
  drainTimeoutMs?: number | undefined
  /** Runs every key again at this period, behind all others. None by default. */
  resyncPeriodMs?: number | undefined
  /** Cleans up before objects are gone. None by default. */
  finalizer?: FinalizerOptions<T, I> | undefined
  /**
   * Every run that fails, and whatever else the controller survives: codes `ERR_RECONCILE`, `ERR_TIMEOUT`,
   * `ERR_HANDLER`, `ERR_KEY`, `ERR_SYNC` and those of `caughtUp`. Without it: `process.emitWarning`.
   */
  onError?: ((error: KubeflumeError) => void) | undefined
  /** Hears of queue and runs, for metrics. */
  observer?: ControllerObserver | undefined
  clock?: Clock | undefined
  /**
   * Brings what has that name into its wanted state. It is called with objects that are not there (any more), too.
   * What it throws is reported as `ERR_RECONCILE`, with the error as its `cause`, and the key is tried again, after
   * 5 ms doubling to 1,000 s; an event runs it earlier. A `terminal` error is not tried again. An error with
   * `retryAfterMs` (429) is tried again no earlier than that.
   */
  reconcile(request: ReconcileRequest, context: ReconcileContext<T, I>): Promise<ReconcileResult | void>
}

/**
 * Runs a function for each key whose object, or whatever belongs to it, has changed.
 *
 * A key never runs twice at once. What comes while it waits is one run; what comes while it runs is one more run
 * after that. Keys of the first list and of resyncs let all others pass. No key is lost: each runs after the last
 * change that concerns it, until it succeeds.
 */
export interface Controller extends AsyncDisposable {
  /**
   * Starts the informers that do not run yet, waits for the first lists of all, and runs. Once; after `stop` it begins anew,
   * when the runs before have ended. An abort of the signal is a `stop` that aborts the signals of runs at once. Where an
   * informer cannot be started (its KubeConfig throws), `onError` hears of it as `ERR_SYNC`, and the controller stops.
   */
  start(options?: { signal?: AbortSignal | undefined }): void
  /**
   * Runs a key as an event would. Before `start` and after `stop` it is kept for the next start.
   *
   * @throws {KubeflumeError} `ERR_KEY`
   */
  enqueue(key: ObjectKey): void
  /**
   * Resolves when every change that the informers know of has been told, and no key waits, runs, or waits to be tried
   * again after a failure. One that asked for a later run does not count. Before `start` it waits.
   *
   * @throws {KubeflumeError} `ERR_TIMEOUT`; `ERR_STOPPED`
   * @throws `signal.reason` when the signal aborts
   */
  idle(until?: Until): Promise<void>
  /**
   * Begins no run any more and forgets the keys that wait. Runs that are under way go on: after `drainTimeoutMs` their
   * signals abort, and `onError` hears of it. Resolves when they have returned, however long that takes, and the informers are stopped
   * that this controller started.
   */
  stop(): Promise<void>
}

import type { AnswerFault, CutFault, FaultPlan, ListPlace, Matching, Times } from './fault-plan.ts'
import type { OpenWatches } from '../reads/open-watches.ts'
import { failure, type StatusCause, statusOf } from '../status.ts'

/** What of a running server faults act on. */
export interface FaultTargets {
  readonly plan: FaultPlan
  readonly watches: OpenWatches
  cutConnections(): void
  forgetEvents(): void
  restoreStorage(resourceVersion: string): void
}

/**
 * What is to go wrong, on command.
 *
 * A fault is ordered first and strikes the next request that it fits, once unless `times` says more;
 * faults of one kind strike in the order in which they were ordered. Requests are recorded whatever
 * becomes of them.
 */
export class Faults {
  readonly #targets: FaultTargets

  /** @internal Servers make their own. */
  constructor(targets: FaultTargets) {
    this.#targets = targets
  }

  /** Any status and any body, in place of the true answer: `answer({ status: 429, retryAfter: 1 })`. */
  answer(fault: AnswerFault): void {
    this.#targets.plan.answer.add(fault)
  }

  /** Ends a connection when a request has arrived, without a byte of an answer. */
  rejectConnections(fault: Matching = {}): void {
    this.#targets.plan.reject.add(fault)
  }

  /** Ends a LIST in the middle of its body: after so many items or bytes, which do arrive. */
  cutList(fault: CutFault = {}): void {
    this.#targets.plan.cutList.add(fault)
  }

  /** Sends the beginning of a LIST and then nothing, with the connection open. */
  stallList(fault: ListPlace = {}): void {
    this.#targets.plan.stallList.add(fault)
  }

  /** What a server does that fails to encode an item: a Status after the partial list, and a proper end. */
  appendStatusAfterItems(fault: ListPlace = {}): void {
    this.#targets.plan.appendStatus.add(fault)
  }

  /** Answers a page with the token that it was asked by, so that paging never ends. */
  repeatContinueToken(fault: Matching = {}): void {
    this.#targets.plan.repeatContinueToken.add(fault)
  }

  /** Sends a LIST without a resourceVersion. */
  omitResourceVersion(fault: Matching = {}): void {
    this.#targets.plan.omitResourceVersion.add(fault)
  }

  /** Ends all open watches: properly, or with a reset. */
  dropWatches(options: { readonly reset?: boolean | undefined } = {}): void {
    for (const watch of this.#targets.watches.all) watch.drop(options)
  }

  /**
   * Makes watches deaf: their connection stays, nothing comes over it any more, not even their end.
   * Without `times` all that are open and all that open until `clear`; with it only the next ones.
   * A watch that is deaf remains so.
   */
  stallWatches(fault: Matching = {}): void {
    if (fault.times === undefined) for (const watch of this.#targets.watches.all) watch.deafen()
    this.#targets.plan.stallWatch.add({ ...fault, times: fault.times ?? Infinity })
  }

  /** Ends the next watches as soon as they have begun, empty. */
  closeWatchesAtOnce(fault: Matching = {}): void {
    this.#targets.plan.closeWatch.add(fault)
  }

  /** Keeps the next events from every watcher. The objects are written, and the history has the events. */
  loseEvents({ times = 1 }: Times = {}): void {
    this.#targets.plan.eventsToLose += times
  }

  /** Sends an ERROR event to all open watches and ends them, as a server does. */
  sendWatchError(error: {
    readonly code: number
    readonly reason: string
    readonly message?: string | undefined
    readonly causes?: readonly StatusCause[] | undefined
    readonly retryAfterSeconds?: number | undefined
  }): void {
    const { code, reason, message = reason, causes, retryAfterSeconds } = error
    const hasDetails = causes !== undefined || retryAfterSeconds !== undefined
    const details = {
      ...(causes === undefined ? {} : { causes }),
      ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    }
    const status = statusOf(failure(code, reason, message, hasDetails ? details : undefined))
    for (const watch of this.#targets.watches.all) watch.fail(status)
  }

  /** Sends text as it is to all open watches: garbage, half an event, an event of the test's own. */
  sendToWatches(text: string): void {
    for (const watch of this.#targets.watches.all) watch.send(Buffer.from(text))
  }

  /** A new server process on the same storage: every connection is cut, and the watch cache remembers no event. */
  restart(): void {
    this.#targets.forgetEvents()
    this.#targets.cutConnections()
  }

  /**
   * Goes back to an earlier state, as etcd restored from a backup, with a restart of the server: what was
   * written since is gone, and its versions are given out again.
   *
   * @throws {ApiError} 410 for a version that has been compacted, 504 for one that was never reached
   */
  restoreStorage(resourceVersion: string): void {
    this.#targets.restoreStorage(resourceVersion)
    this.restart()
  }

  /** Takes back what has not struck yet. What has struck stays as it is. */
  clear(): void {
    this.#targets.plan.clear()
  }
}

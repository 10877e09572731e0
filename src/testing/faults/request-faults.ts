import { KubeflumeError } from '../../api/errors.ts'
import type { AnswerFault, CutFault, FaultPlan, GarbleFault, ListPlace, Matching } from './fault-plan.ts'

/**
 * Faults that are ordered first and strike the next request that they fit: once, unless `times` says
 * more. Those of one kind strike in the order in which they were ordered.
 */
export class RequestFaults {
  /** @internal */
  protected readonly plan: FaultPlan

  /** @internal Servers make their own. */
  constructor(plan: FaultPlan) {
    this.plan = plan
  }

  /**
   * Any status and any body, in place of the true answer: `answer({ status: 429, retryAfter: 1 })`.
   *
   * @throws {KubeflumeError} `ERR_OPTION` for a status that ends no request
   */
  answer(fault: AnswerFault): void {
    const { status } = fault
    if (!Number.isInteger(status) || status < 200 || status > 999) {
      throw new KubeflumeError('ERR_OPTION', `a request cannot be answered with the status ${status}`)
    }
    this.plan.answer.add(fault)
  }

  /** Ends a connection when a request has arrived, without a byte of an answer. */
  rejectConnections(fault: Matching = {}): void {
    this.plan.reject.add(fault)
  }

  /** Ends a LIST in the middle of its body: after so many items or bytes, which do arrive. */
  cutList(fault: CutFault = {}): void {
    this.plan.cutList.add(fault)
  }

  /** Sends the beginning of a LIST and then nothing, with the connection open. */
  stallList(fault: ListPlace = {}): void {
    this.plan.stallList.add(fault)
  }

  /** What a server does that fails to encode an item: a Status after the partial list, and a proper end. */
  appendStatusAfterItems(fault: ListPlace = {}): void {
    this.plan.appendStatus.add(fault)
  }

  /** Puts text between the items of a LIST, by default some that is no JSON; everything else is sent as it is. */
  garbleList(fault: GarbleFault = {}): void {
    this.plan.garbleList.add(fault)
  }

  /** Answers a page with the token that it was asked by, so that paging never ends. */
  repeatContinueToken(fault: Matching = {}): void {
    this.plan.repeatContinueToken.add(fault)
  }

  /** Sends a LIST without a resourceVersion. */
  omitResourceVersion(fault: Matching = {}): void {
    this.plan.omitResourceVersion.add(fault)
  }

  /** Ends the next watches as soon as they have begun, empty. */
  closeWatchesAtOnce(fault: Matching = {}): void {
    this.plan.closeWatch.add(fault)
  }

  /** Refuses watch-lists with 422, as a server does whose gate WatchList is off. */
  refuseWatchLists(fault: Matching = {}): void {
    this.plan.refuseWatchList.add(fault)
  }

  /** Keeps the end bookmark from watch-lists, and every other one with it. Events go on. */
  withholdInitialEventsEnd(fault: Matching = {}): void {
    this.plan.withholdInitialEventsEnd.add(fault)
  }
}

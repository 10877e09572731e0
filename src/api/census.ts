import type { InformerStatus } from './informer-status.ts'
import type { Resource } from './resource.ts'

/** An informer that runs. */
export interface InformerReport {
  readonly resource: Resource
  readonly status: InformerStatus
  /** Since bytes last came from the server, by the informer's clock; undefined: none ever came. */
  readonly contactAgeMs: number | undefined
  /** What the objects take in memory, compressed where they are; 0 with `retain: 'objects'`. */
  readonly storedBytes: number
}

/** A subscription to an informer. */
export interface SubscriptionReport {
  readonly resource: Resource
  /** Deltas that wait for the handler. */
  readonly pending: number
}

/** A controller that runs. */
export interface ControllerReport {
  readonly controller: string
  readonly concurrency: number
  /** How many keys wait for room. */
  readonly depth: number
  /** How many keys failed and wait to be tried again. */
  readonly failing: number
  /** How many runs are under way. */
  readonly running: number
  /** How long they have been, all together. */
  readonly unfinishedMs: number
  readonly longestRunningMs: number
}

/** One that stands for an election. */
export interface ElectorReport {
  /** Of the lease. */
  readonly name: string
  readonly isLeading: boolean
}

/**
 * Asks everything that runs in this process how it is: published to the channel `kubeflume:census` of
 * `node:diagnostics_channel`, it has its methods called, synchronously, once for each informer, subscription, controller
 * and elector that runs. Nothing is kept of who runs but the subscriptions to that channel, which end with them.
 */
export interface Census {
  readonly informer?: ((report: InformerReport) => void) | undefined
  readonly subscription?: ((report: SubscriptionReport) => void) | undefined
  readonly controller?: ((report: ControllerReport) => void) | undefined
  readonly elector?: ((report: ElectorReport) => void) | undefined
}

/** Answers each census until it is disposed. */
export type AnswerCensus = (answer: (census: Census) => void) => Disposable

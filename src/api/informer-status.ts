import type { KubeflumeError } from './errors.ts'

/** The `reason` of an informer that nobody has started yet. */
export const NOT_STARTED = 'not started'

/** What an informer is doing, as it was at the moment of reading. */
export interface InformerStatus {
  /**
   * `idle` before `start`, and while a first list waits for its turn; `backoff` while it waits after an error; of
   * several scopes, the one that is worst off.
   */
  readonly phase: 'idle' | 'listing' | 'watching' | 'backoff' | 'stopped'
  /** Whether the first replacement of every scope has been committed. */
  readonly synced: boolean
  /** In words: what is being done or waited for, and why. Never holds a credential. */
  readonly reason: string
  /** How the list under way, or the last one, was made. */
  readonly strategy: 'stream' | 'watch-list' | 'paged' | undefined
  /** What the server sent last. */
  readonly encoding: 'protobuf' | 'json' | undefined
  /** The oldest of the scopes' versions; undefined before the first sync. */
  readonly resourceVersion: string | undefined
  /** Objects in the store; while the first list is under way, those that have arrived. */
  readonly items: number
  /** Bytes of the list under way, inflated; of the last one, when none is. */
  readonly bytes: number
  /** The length of the list under way, where the encoding says it first. */
  readonly totalBytes: number | undefined
  /** Requests that have failed since the last one that succeeded. */
  readonly attempts: number
  /** The last one that was survived; it stays when all is well again. */
  readonly lastError: KubeflumeError | undefined
  /** When bytes last came from the server, by the informer's clock. */
  readonly lastContactAt: number | undefined
  /** Objects that have a key and cannot be decoded. They are counted, and left out of `list`. */
  readonly quarantined: readonly {
    readonly key: string
    readonly resourceVersion: string
    readonly error: KubeflumeError
  }[]
  /** One for each namespace that is followed; one without a namespace for all. */
  readonly scopes: readonly {
    readonly namespace: string | undefined
    readonly phase: string
    readonly resourceVersion: string | undefined
  }[]
}

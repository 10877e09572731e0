import type { KubernetesObject } from '../api/object.ts'
import { KubeflumeError } from '../api/errors.ts'
import type { Clock } from '../internal/clock.ts'
import { Deadline } from '../internal/deadline.ts'
import type { CollectionLister, Query } from './list-watcher.ts'

/** It is answered from the cache, after three seconds at most. */
const SILENCE_MS = 60_000

export interface ProbeOptions {
  readonly selectors: Query
  readonly resourceVersion: string
  readonly clock: Clock
  readonly signal: AbortSignal
}

/**
 * Asks whether the server has reached a version, by the smallest list that it can make, and returns the one
 * that it has.
 *
 * @throws {KubeflumeError} `ERR_RESOURCE_VERSION_TOO_LARGE` where it has not
 */
export async function probe(lister: CollectionLister<KubernetesObject>, options: ProbeOptions): Promise<string> {
  const { selectors, resourceVersion, clock, signal } = options
  using deadline = new Deadline(signal, clock, SILENCE_MS, silent)
  const query: Query = { ...selectors, limit: '1', resourceVersion, resourceVersionMatch: 'NotOlderThan' }
  const head = await lister.list(query, { receive: () => deadline.progress() }, deadline.signal)
  return head.resourceVersion
}

function silent(): KubeflumeError {
  const seconds = SILENCE_MS / 1000
  return new KubeflumeError('ERR_SERVER_SILENT', `a LIST got nothing for ${seconds} s`, { retryable: true })
}

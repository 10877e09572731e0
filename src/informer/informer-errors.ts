import { KubeflumeError, SyncError } from '../api/errors.ts'
import type { InformerStatus } from '../api/informer-status.ts'
import type { Resource } from '../api/resource.ts'

interface Asked {
  readonly resource: Resource
  readonly status: InformerStatus
}

/** Whoever waits for an informer, or asks it for something, gets this from one that is stopped. */
export function stopped(): KubeflumeError {
  return new KubeflumeError('ERR_STOPPED', 'the informer is stopped')
}

/** Names those who are waited for. */
export function notSynced(code: 'ERR_SYNC' | 'ERR_TIMEOUT', waiting: readonly Asked[]): SyncError {
  const informers = waiting.map(({ resource, status }) => ({ resource, status }))
  const cause = informers.find(({ status }) => status.lastError !== undefined)?.status.lastError
  return new SyncError(code, informers, { cause, retryable: code === 'ERR_TIMEOUT' })
}

export function notCaughtUp({ resource, status }: Asked, ms: number): KubeflumeError {
  const { reason, resourceVersion = 'no version' } = status
  const message = `${resource.plural} are not caught up after ${ms} ms: at ${resourceVersion}, ${reason}`
  return new KubeflumeError('ERR_TIMEOUT', message, { retryable: true })
}

export function notVerified(ms: number | undefined): KubeflumeError {
  return new KubeflumeError('ERR_TIMEOUT', `verify took more than ${ms} ms`, { retryable: true })
}

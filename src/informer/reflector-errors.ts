import { KubeflumeError } from '../api/errors.ts'
import { isStatus } from '../api/status.ts'
import { statusError } from '../decode/status-error.ts'

/** What an ERROR event of a watch says, as an error. */
export function eventError(status: unknown): KubeflumeError {
  return statusError(isStatus(status) ? status : { message: 'an ERROR event without a Status' })
}

/** Whatever was thrown by a request, `onError` gets an error with a code. */
export function asKubeflumeError(error: unknown): KubeflumeError {
  if (error instanceof KubeflumeError) return error
  return new KubeflumeError('ERR_CONNECTION_LOST', 'the request failed', { cause: error, retryable: true })
}

/** Of a key that a list has twice. It is told once for a list. */
export function duplicateKey(key: string): KubeflumeError {
  return new KubeflumeError('ERR_DUPLICATE_KEY', `the list has ${key} more than once; the newest one counts`, {
    retryable: true,
  })
}

/** A server that was asked for at least a version, and answered with less: it is behind, and does not say so. */
export function olderList(found: string, asked: string): KubeflumeError {
  return new KubeflumeError('ERR_RESOURCE_VERSION_TOO_LARGE', `the list is of ${found}, older than ${asked}`, {
    retryable: true,
  })
}

import { KubeflumeError } from '../api/errors.ts'

/**
 * Makes an error that says: trying again will not help. A run that throws it is reported and not retried; the
 * key runs again when something changes.
 *
 * @param cause what is wrong, for the report
 * @returns a KubeflumeError with `ERR_TERMINAL`
 */
export function terminal(cause: unknown): KubeflumeError {
  const message = cause instanceof Error ? cause.message : String(cause)
  return new KubeflumeError('ERR_TERMINAL', message, { cause })
}

export function isTerminal(error: unknown): boolean {
  return error instanceof KubeflumeError && error.code === 'ERR_TERMINAL'
}

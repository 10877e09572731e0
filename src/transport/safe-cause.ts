import type { Redactor } from './redactor.ts'

const MAX_DEPTH = 4

/**
 * A copy of an error of the network that is fit to be a `cause`.
 *
 * Errors of undici and node may hold requests, sockets, certificates and pieces of bodies. The copy
 * holds names, codes and redacted messages, its own causes too, and nothing else.
 */
export function safeCause(error: unknown, redactor: Redactor, depth: number = 0): Error {
  const copy = new Error(redactor.text(messageOf(error)))
  if (!(error instanceof Error)) return copy
  const code = codeOf(error)
  const nested =
    error.cause !== undefined && depth < MAX_DEPTH ? safeCause(error.cause, redactor, depth + 1) : undefined
  Object.defineProperty(copy, 'name', { value: error.name, configurable: true })
  copy.stack = redactor.text(`${error.name}: ${copy.message}`)
  return Object.assign(copy, code && { code }, nested && { cause: nested })
}

export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined
  return typeof error.code === 'string' ? error.code : undefined
}

/** Node leaves the message of "every address failed" empty; what happened is in its parts. */
export function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return 'not an Error'
  if (error.message !== '') return error.message
  if (error instanceof AggregateError) return error.errors.map(messageOf).join('; ')
  return codeOf(error) ?? error.name
}

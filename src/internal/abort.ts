/** Runs `listener` once when the signal aborts, at once if it already has; disposing takes it back. */
export function onAbort(signal: AbortSignal | undefined, listener: () => void): Disposable {
  if (signal === undefined) return { [Symbol.dispose]: () => {} }
  if (signal.aborted) {
    listener()
    return { [Symbol.dispose]: () => {} }
  }
  signal.addEventListener('abort', listener, { once: true })
  return { [Symbol.dispose]: () => signal.removeEventListener('abort', listener) }
}

/**
 * Follows `promise`, but no longer than the signal allows: an abort rejects with `signal.reason`. The
 * listener is always taken back, so a long-lived signal does not collect them.
 */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise
  if (signal.aborted) promise.catch(() => {}) // nobody else will hear how it ended
  signal.throwIfAborted()
  const aborted = Promise.withResolvers<never>()
  const listening = onAbort(signal, () => aborted.reject(signal.reason))
  try {
    return await Promise.race([promise, aborted.promise])
  } finally {
    listening[Symbol.dispose]()
  }
}

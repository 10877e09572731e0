/** A promise and its two ends. Unlike `Promise.withResolvers` it may be rejected with nobody listening yet. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(reason: unknown): void
}

export function deferred<T>(): Deferred<T> {
  const { promise, resolve, reject } = Promise.withResolvers<T>()
  promise.catch(() => {}) // whoever awaits it still hears of it
  return { promise, resolve, reject }
}

/** Calls what a user gave. What it throws, at once or by a promise, goes to `onThrow` and no further. */
export function callGuarded(call: () => unknown, onThrow: (error: unknown) => void): void {
  try {
    const result = call()
    if (result instanceof Promise) result.catch(onThrow)
  } catch (error) {
    onThrow(error)
  }
}

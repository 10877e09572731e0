import { callGuarded } from './call-guarded.ts'

/**
 * Where errors go that are survived: they are never swallowed. Without a listener they are warnings of the process,
 * and so is a listener that throws, as what `listenerThrew` makes of it.
 */
export function reporterOf<E extends Error>(
  onError: ((error: E) => void) | undefined,
  listenerThrew: (cause: unknown) => Error,
): (error: E) => void {
  const warn = (error: Error): void => process.emitWarning(error)
  if (onError === undefined) return warn
  return (error) => {
    callGuarded(
      () => onError(error),
      (cause) => {
        warn(error)
        warn(listenerThrew(cause))
      },
    )
  }
}

import { onAbort } from './abort.ts'
import type { Clock } from './clock.ts'

/** Resolves when the time has passed, or the signal aborts. */
export async function pause(clock: Clock, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return
  const over = Promise.withResolvers<void>()
  using _timer = clock.setTimeout(over.resolve, ms)
  using _listening = onAbort(signal, over.resolve)
  await over.promise
}

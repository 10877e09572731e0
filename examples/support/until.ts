import { setTimeout as sleep } from 'node:timers/promises'

/**
 * Waits until something holds, as a person would who looks again and again, for a minute at most. For the scenes of an
 * example: code that reacts to changes subscribes to an informer instead.
 *
 * @param what for the error, when it never does
 */
export async function until(what: string, holds: () => boolean): Promise<void> {
  for (const giveUpAt = performance.now() + 60_000; !holds(); await sleep(20)) {
    if (performance.now() > giveUpAt) throw new Error(`a minute has passed without ${what}`)
  }
}

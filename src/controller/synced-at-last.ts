import { KubeflumeError } from '../api/errors.ts'
import type { KubernetesObject } from '../api/object.ts'
import type { Informer } from '../informer/informer.ts'
import { orAborted } from '../internal/abort.ts'
import type { Report } from './reporter.ts'

/**
 * Waits until an informer is synced, whatever its `synced` says in between: what only somebody else can mend is
 * reported, and looked at again when the informer's status changes.
 *
 * @throws `signal.reason` when the signal aborts
 */
export async function syncedAtLast(
  informer: Informer<KubernetesObject>,
  signal: AbortSignal,
  report: Report,
): Promise<void> {
  for (;;) {
    try {
      await informer.synced({ signal })
      return
    } catch (cause) {
      signal.throwIfAborted()
      const code = cause instanceof KubeflumeError ? cause.code : 'ERR_SYNC'
      const message = `the controller waits for ${informer.resource.plural}`
      report(new KubeflumeError(code, message, { cause, retryable: true }))
      await statusChange(informer, signal)
    }
  }
}

async function statusChange(informer: Informer<KubernetesObject>, signal: AbortSignal): Promise<void> {
  const changed = Promise.withResolvers<void>()
  using _listening = informer.onStatus(() => changed.resolve())
  await orAborted(changed.promise, signal)
}

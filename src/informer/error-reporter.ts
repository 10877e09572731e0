import { KubeflumeError } from '../api/errors.ts'
import { reporterOf } from '../internal/reporter.ts'

type OnError = (error: KubeflumeError) => void

/**
 * Reports errors to all who listen at that moment: to each once, and as a warning of the process where nobody
 * does. What a listener throws is a warning, too.
 */
export function errorReporter(listeners: () => Iterable<OnError | undefined>): OnError {
  return (error) => {
    const hearing = new Set(listeners())
    hearing.delete(undefined)
    if (hearing.size === 0) hearing.add(undefined)
    for (const onError of hearing) reporterOf(onError, onErrorThrew)(error)
  }
}

function onErrorThrew(cause: unknown): KubeflumeError {
  return new KubeflumeError('ERR_HANDLER', 'onError threw', { cause })
}

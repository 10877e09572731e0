import type { ServerResponse } from 'node:http'

/** Aborts when the connection has gone, or the answer is over: nobody waits for it any more. */
export function closedSignal(response: ServerResponse): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => controller.abort())
  return controller.signal
}

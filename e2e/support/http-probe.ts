import { request as httpRequest, type IncomingMessage, type OutgoingHttpHeaders } from 'node:http'
import { request as httpsRequest } from 'node:https'

const TIMEOUT_MS = 5_000

export interface ProbeOptions {
  /** Whom to trust for https. Required there: a probe that trusts anyone proves nothing. */
  readonly ca?: Buffer
  readonly headers?: OutgoingHttpHeaders
}

/** Whether a GET is answered by 200, on a connection of its own. Rejects if there is no answer. */
export function isOk(url: string, { ca, headers }: ProbeOptions = {}): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>()
  const done = (response: IncomingMessage): void => {
    response.resume()
    resolve(response.statusCode === 200)
  }
  const options = { agent: false as const, timeout: TIMEOUT_MS, headers }
  const request = url.startsWith('https:')
    ? httpsRequest(url, { ...options, ca }, done)
    : httpRequest(url, options, done)
  request.once('timeout', () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)))
  request.once('error', reject)
  request.end()
  return promise
}

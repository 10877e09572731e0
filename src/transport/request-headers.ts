import type { TransportRequest } from './transport.ts'
import type { WriteRequest } from './write-transport.ts'
import { isLoopback } from './loopback.ts'
import { USER_AGENT } from './user-agent.ts'

/** A read, or a write with its body. */
export type OutgoingRequest = TransportRequest &
  (
    | {
        readonly method: 'GET'
        readonly body?: undefined
        readonly contentType?: undefined
        readonly beforeSend?: undefined
      }
    | Pick<WriteRequest, 'method' | 'body' | 'contentType' | 'beforeSend'>
  )

/** All headers of a request. What the credentials bring cannot replace ours. */
export function requestHeaders(
  request: OutgoingRequest,
  credentials: { readonly [name: string]: string },
  host: string,
): { readonly [name: string]: string } {
  return {
    ...credentials,
    accept: request.accept,
    ...(request.contentType !== undefined && { 'content-type': request.contentType }),
    // always said: without it a server may choose, and not everything on the way chooses well
    'accept-encoding': request.compress && !isLoopback(host) ? 'gzip' : 'identity',
    'user-agent': USER_AGENT,
  }
}

/** The path and query of a request on the wire. The server indents JSON for some clients; never for us. */
export function requestPath(request: TransportRequest, prefix: string): string {
  const query = new URLSearchParams(request.query)
  query.set('pretty', 'false')
  return `${prefix}${request.path}?${query.toString()}`
}

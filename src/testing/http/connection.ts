import type { ServerResponse } from 'node:http'
import { constants, type ServerHttp2Stream } from 'node:http2'
import type { Writable } from 'node:stream'
import { TLSSocket } from 'node:tls'

/**
 * The HTTP/2 stream of an answer, where it is one. Answers of both versions are handled as
 * `ServerResponse`, which the one of HTTP/2 resembles; where it does not, this module knows the difference.
 */
function streamOf(response: ServerResponse): ServerHttp2Stream | undefined {
  return (response as { readonly stream?: ServerHttp2Stream }).stream
}

/** Where the body of an answer is written, once its headers are sent. */
export function bodyOf(response: ServerResponse): Writable {
  return streamOf(response) ?? response
}

/** Ends an answer as a peer that fails: a TCP reset, or RST_STREAM on HTTP/2. */
export function reset(response: ServerResponse): void {
  const stream = streamOf(response)
  const { socket } = response
  if (stream !== undefined) stream.close(constants.NGHTTP2_INTERNAL_ERROR)
  else if (socket instanceof TLSSocket) socket.destroy()
  else socket?.resetAndDestroy()
}

/** Closes the connection that an answer is on; on HTTP/2 with everything else that is on it. */
export function sever(response: ServerResponse): void {
  const stream = streamOf(response)
  if (stream === undefined) response.destroy()
  else stream.session?.destroy()
}

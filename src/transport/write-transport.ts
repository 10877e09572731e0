import type { Transport, TransportRequest, TransportResponse } from './transport.ts'

/** One write: a request with a body. */
export interface WriteRequest extends Omit<TransportRequest, 'compress'> {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** The `Content-Type` of `body`. */
  readonly contentType: string
  readonly body: string
  /**
   * Called right before the request is written to its socket, and again before it is sent a second time. What it
   * throws is what `send` rejects with, and nothing is sent then.
   */
  readonly beforeSend?: (() => void) | undefined
}

/** A transport that writes too. Who only reads asks for a {@link Transport}. */
export interface WriteTransport extends Transport {
  /**
   * Sends a write once, and once more after a 401, which says that nothing was done. Everything else is told:
   * after `ERR_CONNECTION_LOST` it may have been done or not, and whether to try again after 429 or 503 depends
   * on what was read before. The answer has status 200, 201 or 202.
   *
   * @throws {KubeflumeError} as `get` does
   */
  send(request: WriteRequest): Promise<TransportResponse>
}

/** One read of the API server. */
export interface TransportRequest {
  /** Absolute, without a query: `/api/v1/pods`. The path of the server's own URL is put before it. */
  readonly path: string
  readonly query: { readonly [name: string]: string }
  /** The `Accept` header. */
  readonly accept: string
  /** Whether gzip is worth asking for: on a LIST and a watch-list, not on a plain WATCH. Never asked of a server on loopback. */
  readonly compress: boolean
  /**
   * Whether the reader of the body keeps nothing of a chunk once it asks for the next one: then what the connection
   * reads into can be used again. @default false
   */
  readonly readsAtOnce?: boolean | undefined
  /** Ends the request and its body; both then reject with `signal.reason`. */
  readonly signal: AbortSignal
}

/** An answer with status 200. Whoever holds it must read the body to its end, leave the iteration, or abort the signal. */
export interface TransportResponse {
  readonly contentType: string
  /**
   * Inflated bytes, as they arrive. Rejects with `ERR_CONNECTION_LOST` when the connection is cut.
   * Leaving the iteration early closes the connection.
   */
  readonly body: AsyncIterable<Uint8Array>
}

/**
 * The way to one cluster: authenticated, pooled HTTP.
 *
 * It sends each request once, with fresh credentials, and once more after a 401 with credentials that
 * no authenticator has cached; every other retry is for its user to decide. It sets no deadline on an
 * answer: that is its user's too, by the signal.
 */
export interface Transport extends AsyncDisposable {
  /**
   * @throws {KubeflumeError} `ERR_NO_CLUSTER`, `ERR_CREDENTIALS`, `ERR_UNREACHABLE`, `ERR_TLS`,
   *   `ERR_CONNECTION_LOST`, `ERR_CONTENT_TYPE` (a 200 that is HTML, say), or an {@link ApiError} for
   *   every other status, redirects included: they are not followed.
   */
  get(request: TransportRequest): Promise<TransportResponse>
  /** Ends every request under way and every connection. */
  close(): Promise<void>
}

import type { ServerResponse } from 'node:http'

/** One write to the socket: large enough to be cheap, small enough that nobody waits for it. */
const CHUNK_BYTES = 64 * 1024

/**
 * The body of an answer, written in chunks as fast as the client reads.
 *
 * It holds one chunk that is being filled; what is beyond that waits in the code that awaits
 * {@link ready}. What goes beyond `limit` bytes is thrown away: that is how a body is cut at an exact place.
 */
export class BodyWriter {
  readonly #response: ServerResponse
  #room: number
  #chunk: Buffer = Buffer.alloc(0)
  /** What lies between is written and not sent. */
  #start = 0
  #end = 0
  /** Chunks that have been sent and may be filled again: two of them do for a list of any length. */
  readonly #free: Buffer[] = []

  constructor(response: ServerResponse, options: { readonly limit?: number | undefined } = {}) {
    this.#response = response
    this.#room = options.limit ?? Infinity
  }

  /** The connection is gone or the body is over: nothing that is written arrives. */
  get isClosed(): boolean {
    return this.#response.destroyed || this.#response.writableEnded
  }

  /** As {@link isClosed}, or the limit is reached. */
  get isDone(): boolean {
    return this.isClosed || this.#room === 0
  }

  /** Takes `bytes` from `start`. They are copied, unless they fill a chunk alone. */
  write(bytes: Buffer, start = 0): void {
    const length = bytes.length - start
    if (length > this.#chunk.length - this.#end) {
      this.#sendChunk(true)
      this.#start = this.#end = 0
      this.#chunk = this.#free.pop() ?? Buffer.allocUnsafeSlow(CHUNK_BYTES)
      if (length > CHUNK_BYTES) return this.#send(bytes.subarray(start))
    }
    this.#end += bytes.copy(this.#chunk, this.#end, start)
  }

  /** Sends what has been written so far. The rest of the chunk is filled next: a watch sends many small ones. */
  flush(): void {
    this.#sendChunk(false)
  }

  /** Resolves when the socket takes more, or never will. */
  async ready(): Promise<void> {
    if (!this.#response.writableNeedDrain || this.isClosed) return
    const { promise, resolve } = Promise.withResolvers<void>()
    this.#response.once('drain', resolve).once('close', resolve)
    await promise
    this.#response.off('drain', resolve).off('close', resolve)
  }

  /** The proper end of the body. */
  async end(): Promise<void> {
    this.flush()
    await this.ready()
    if (!this.isClosed) this.#response.end()
  }

  /**
   * Ends the connection in the middle of the body, after everything written so far has been sent: with
   * a reset, or without.
   */
  async cut(options: { readonly reset?: boolean | undefined } = {}): Promise<void> {
    this.flush()
    if (this.isClosed) return
    await new Promise<void>((resolve) => {
      this.#response.once('close', resolve)
      this.#response.write('', () => resolve())
    })
    if (options.reset) this.#response.socket?.resetAndDestroy()
    else this.#response.destroy()
  }

  #sendChunk(isLast: boolean): void {
    const chunk = this.#chunk
    if (this.#start === this.#end) return
    const bytes = chunk.subarray(this.#start, this.#end)
    this.#start = this.#end
    this.#send(bytes, isLast ? () => this.#free.push(chunk) : undefined)
  }

  #send(bytes: Buffer, sent?: () => void): void {
    const allowed = bytes.subarray(0, this.#room)
    this.#room -= allowed.length
    if (allowed.length > 0 && !this.isClosed) this.#response.write(allowed, sent)
  }
}

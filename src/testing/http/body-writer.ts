import type { ServerResponse } from 'node:http'
import type { Writable } from 'node:stream'
import { constants, createGzip, type Gzip, gzipSync } from 'node:zlib'
import { bodyOf, reset, sever } from './connection.ts'

/** One write to the socket: large enough to be cheap, small enough that nobody waits for it. */
export const CHUNK_BYTES: number = 64 * 1024

/** A body of up to this size is sent as it is (apiserver `responsewriters/writers.go`, `defaultGzipThresholdBytes`). */
const GZIP_THRESHOLD = 128 * 1024

/** The level of the server: the least work. */
const LEVEL = 1
const COMPRESSED = { 'content-encoding': 'gzip', vary: 'Accept-Encoding' }

export interface BodyOptions {
  readonly status?: number | undefined
  readonly headers: { readonly [name: string]: string }
  /** What goes beyond so many bytes is thrown away: that is how a body is cut at an exact place. They are counted before they are compressed. */
  readonly limit?: number | undefined
  /** `'large'`: a body of more than 128 KiB. `'members'`: all of it, in members that end with each flush or 64 KiB. */
  readonly gzip?: 'large' | 'members' | undefined
  /** Makes the body that is sent from the whole that was written, which is held until then. */
  readonly transform?: ((whole: Buffer) => Buffer) | undefined
}

/**
 * The body of an answer, written in chunks as fast as the client reads.
 *
 * It holds one chunk that is being filled, and up to 128 KiB of a body that may be compressed; what is
 * beyond that waits in the code that awaits {@link ready}.
 */
export class BodyWriter {
  readonly #response: ServerResponse
  readonly #options: BodyOptions
  #room: number
  #chunk: Buffer = Buffer.alloc(0)
  /** What lies between is written and not sent. */
  #start = 0
  #end = 0
  /** Chunks that have been sent and may be filled again: two of them do for a list of any length. */
  readonly #free: Buffer[] = []
  /** What is sent once it is known how; undefined from then on. */
  #held: Buffer[] | undefined
  #heldBytes = 0
  #gzip: Gzip | undefined
  /** A chunk has been sent since the event loop last turned. */
  #owesTurn = false

  constructor(response: ServerResponse, options: BodyOptions) {
    this.#response = response
    this.#options = options
    this.#room = options.limit ?? Infinity
    if (options.gzip === 'large' || options.transform !== undefined) this.#held = []
    else this.#begin(options.gzip === 'members' ? COMPRESSED : {})
  }

  /** The connection is gone or the body is over: nothing that is written arrives. */
  get isClosed(): boolean {
    const body = bodyOf(this.#response)
    return body.destroyed || body.writableEnded
  }

  /** As {@link isClosed}, or the limit is reached. */
  get isDone(): boolean {
    return this.isClosed || this.#room === 0
  }

  /** Takes `bytes` from `start`. They are copied, unless they fill a chunk alone. */
  write(bytes: Buffer, start = 0): void {
    const length = bytes.length - start
    if (length > this.#chunk.length - this.#end) {
      this.#owesTurn = this.#chunk.length > 0
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
    this.#release(false)
    this.#gzip?.flush(constants.Z_SYNC_FLUSH)
  }

  /**
   * Resolves when the socket takes more, or never will; after a chunk no sooner than in the next turn of the
   * event loop. A socket of the same machine takes megabytes before it says no, and one long body would keep
   * the process to itself: with the turns, bodies that are sent at once advance side by side.
   */
  async ready(): Promise<void> {
    if (this.#owesTurn) {
      this.#owesTurn = false
      await new Promise((resolve) => setImmediate(resolve))
    }
    const next = this.#next
    if (!next.writableNeedDrain || this.isClosed) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const body = bodyOf(this.#response)
    next.once('drain', resolve)
    body.once('close', resolve)
    await promise
    next.off('drain', resolve)
    body.off('close', resolve)
  }

  /** The proper end of the body. */
  async end(): Promise<void> {
    this.#sendChunk(false)
    this.#release(true)
    await this.ready()
    if (this.isClosed) return
    if (this.#gzip !== undefined) this.#gzip.end()
    else this.#next.end()
  }

  /**
   * Ends the connection in the middle of the body, after everything written so far has been sent: with
   * a reset, or without.
   */
  async cut(options: { readonly reset?: boolean | undefined } = {}): Promise<void> {
    this.flush()
    if (this.isClosed) return
    await this.#sent()
    if (options.reset) reset(this.#response)
    else sever(this.#response)
  }

  /** Where bytes go next: that is who says whether there is room. */
  get #next(): Writable {
    return this.#gzip ?? bodyOf(this.#response)
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
    if (allowed.length === 0 || this.isClosed) return
    if (this.#held === undefined) return this.#pass(allowed, sent)
    this.#held.push(allowed)
    this.#heldBytes += allowed.length
    if (this.#heldBytes > GZIP_THRESHOLD && this.#options.transform === undefined) this.#beginGzip()
  }

  #pass(bytes: Buffer, sent?: () => void): void {
    const isMember = this.#options.gzip === 'members'
    this.#next.write(isMember ? gzipSync(bytes, { level: LEVEL }) : bytes, sent)
  }

  /** Begins a body that has been held back. It is too short to be compressed, or nobody asked for that. */
  #release(isWhole: boolean): void {
    const { transform = (bytes) => bytes } = this.#options
    if (this.#held === undefined) return
    const bytes = transform(Buffer.concat(this.#held))
    this.#held = undefined
    this.#begin(isWhole ? { 'content-length': String(bytes.length) } : {})
    if (bytes.length > 0) this.#pass(bytes)
  }

  #beginGzip(): void {
    const held = this.#held ?? []
    this.#held = undefined
    this.#begin(COMPRESSED)
    const body = bodyOf(this.#response)
    const gzip = createGzip({ level: LEVEL })
    this.#gzip = gzip
    gzip.pipe(body)
    body.once('close', () => gzip.destroy())
    for (const bytes of held) this.#pass(bytes)
  }

  /** The headers are on their way before the first byte of the body. */
  #begin(headers: { readonly [name: string]: string }): void {
    if (this.#response.headersSent || this.#response.destroyed) return
    this.#response.writeHead(this.#options.status ?? 200, { ...this.#options.headers, ...headers })
    this.#response.flushHeaders()
  }

  /** Resolves when everything has been handed to the socket. */
  async #sent(): Promise<void> {
    const gzip = this.#gzip
    if (gzip !== undefined) await new Promise<void>((resolve) => gzip.flush(constants.Z_SYNC_FLUSH, resolve))
    const body = bodyOf(this.#response)
    await new Promise<void>((resolve) => {
      body.once('close', resolve)
      body.write('', () => resolve())
    })
  }
}

import { connect, createServer, type Server, type Socket } from 'node:net'
import { pipeline } from 'node:stream'
import { closed, listenOnLoopback, portOf } from './loopback.ts'

/**
 * A cable that can be cut: passes TCP connections on to a server, and knows nothing of what they carry.
 * TLS goes through it unopened, so clients verify the certificate of the server itself.
 */
export class TcpProxy implements AsyncDisposable {
  readonly #target: { readonly host: string; readonly port: number }
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  #isBlocked = false
  /** What a connection may carry from the server before it ends. */
  #limit = Infinity
  #isAtLimit = Promise.withResolvers<void>()
  /** Pending while whoever connects has to wait. */
  #released = Promise.withResolvers<void>()

  /** Listens on a free port of 127.0.0.1. */
  static async start(target: { readonly host: string; readonly port: number }): Promise<TcpProxy> {
    const proxy = new TcpProxy(target)
    await listenOnLoopback(proxy.#server)
    return proxy
  }

  private constructor(target: { readonly host: string; readonly port: number }) {
    this.#target = target
    this.#released.resolve()
    this.#server = createServer((socket) => void this.#pass(socket))
  }

  get port(): number {
    return portOf(this.#server)
  }

  /** Resets every connection, in the middle of whatever it carries. Returns how many there were. */
  cut(): number {
    const sockets = [...this.#sockets]
    for (const socket of sockets) socket.resetAndDestroy()
    return sockets.length / 2
  }

  /** Cuts, and lets nobody in until `unblock`. */
  block(): void {
    this.#isBlocked = true
    this.cut()
  }

  /**
   * Ends a connection behind so many bytes from the server, once, and lets everybody wait who connects from
   * then on, until `release`. What was passed on before arrives, which a reset does not promise. TLS adds a
   * few kB to a body, and one part in 700.
   *
   * @returns Resolves when it has ended it.
   */
  holdAfter(bytes: number): Promise<void> {
    this.#limit = bytes
    this.#isAtLimit = Promise.withResolvers()
    return this.#isAtLimit.promise
  }

  release(): void {
    this.#released.resolve()
  }

  unblock(): void {
    this.#isBlocked = false
  }

  async stop(): Promise<void> {
    this.cut()
    await closed(this.#server)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }

  async #pass(client: Socket): Promise<void> {
    this.#keep(client)
    if (this.#isBlocked) {
      client.resetAndDestroy()
      return
    }
    await this.#released.promise
    if (client.destroyed) return
    const server = connect(this.#target)
    this.#keep(server)
    // The end of one direction, or its error, ends both: what a client sees is what the server did.
    pipeline(client, server, () => client.destroy())
    pipeline(
      server,
      (chunks: AsyncIterable<Buffer>) => this.#upToLimit(chunks),
      client,
      () => server.destroy(),
    )
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
    socket.once('error', () => {}) // who waits has nobody else to hear it
    socket.setNoDelay(true)
  }

  async *#upToLimit(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
    let passed = 0
    for await (const chunk of chunks) {
      passed += chunk.length
      if (passed <= this.#limit) {
        yield chunk
        continue
      }
      yield chunk.subarray(0, chunk.length - (passed - this.#limit))
      this.#limit = Infinity
      this.#released = Promise.withResolvers()
      this.#isAtLimit.resolve()
      return
    }
  }
}

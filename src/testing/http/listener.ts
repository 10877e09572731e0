import { once } from 'node:events'
import { createServer as createHttpServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createSecureServer, createServer as createHttp2Server, type Http2SecureServer } from 'node:http2'
import { type AddressInfo, createServer as createTcpServer, type Server as TcpServer, type Socket } from 'node:net'
import { type Certificates, createCertificates } from './certificates.ts'

/** Answers one request of either version of HTTP. */
export type RequestListener = (request: IncomingMessage, response: ServerResponse) => void

/** Timeouts of Node's own would go by real time. */
const NO_TIMEOUTS = { keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }
/** As many requests at once on one connection as kube-apiserver allows. */
const HTTP2_SETTINGS = { maxConcurrentStreams: 100 }

/**
 * One port on loopback that speaks HTTP/1.1 and HTTP/2: by the protocol that TLS negotiates, and in the clear
 * by the first bytes of the connection (RFC 9113, 3.3, "prior knowledge").
 */
export class Listener {
  /** Without a slash at its end. */
  readonly url: string
  /** In PEM: who has signed the certificate of the server; undefined where it has none. */
  readonly caCertificate: string | undefined
  readonly #server: TcpServer
  readonly #sockets = new Set<Socket>()

  static async start(listener: RequestListener, options: { readonly tls: boolean }): Promise<Listener> {
    const certificates = options.tls ? await createCertificates() : undefined
    const server = certificates === undefined ? createClearServer(listener) : createTlsServer(listener, certificates)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new Listener(server, certificates?.authority)
  }

  private constructor(server: TcpServer, caCertificate: string | undefined) {
    this.#server = server
    this.caCertificate = caCertificate
    const scheme = caCertificate === undefined ? 'http' : 'https'
    this.url = `${scheme}://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  /** Cuts every connection, whatever is on it: with a reset, or without. */
  closeConnections({ reset = false }: { readonly reset?: boolean } = {}): void {
    for (const socket of this.#sockets) {
      if (reset) socket.resetAndDestroy()
      else socket.destroy()
    }
  }

  /** Resolves when nothing is open any more. */
  async stop(): Promise<void> {
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.closeConnections()
    await closed
  }
}

function createTlsServer(listener: RequestListener, { certificate, key }: Certificates): Http2SecureServer {
  const options = { cert: certificate, key, allowHTTP1: true, settings: HTTP2_SETTINGS, http1Options: NO_TIMEOUTS }
  const server = createSecureServer(options, listener as unknown as Parameters<typeof createSecureServer>[1])
  server.on('tlsClientError', ignore)
  server.on('sessionError', ignore)
  return server
}

const NOTHING = Buffer.alloc(0)
const PREFACE = Buffer.from('PRI * HTTP/2')

function createClearServer(listener: RequestListener): TcpServer {
  const http1 = createHttpServer(NO_TIMEOUTS, listener)
  const http2 = createHttp2Server(
    { settings: HTTP2_SETTINGS },
    listener as unknown as Parameters<typeof createHttp2Server>[1],
  )
  http2.on('sessionError', ignore)
  // Without a delay, as HTTP servers are: a list of few bytes is two writes.
  return createTcpServer({ noDelay: true }, (socket) => {
    socket.on('error', ignore)
    socket.once('readable', () => {
      const bytes = (socket.read() as Buffer | null) ?? NOTHING
      socket.unshift(bytes)
      const server = PREFACE.equals(bytes.subarray(0, PREFACE.length)) ? http2 : http1
      server.emit('connection', socket)
    })
  })
}

/** A connection that breaks is what tests are about, and no error of the server. */
function ignore(): void {}

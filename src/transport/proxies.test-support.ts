import http from 'node:http'
import { type Socket, connect, createServer } from 'node:net'
import { listen } from './loopback.test-support.ts'

interface TestProxy {
  readonly port: number
  /** The hosts it was asked for, names as they came. */
  readonly asked: readonly string[]
  readonly authorizations: readonly (string | undefined)[]
}

/** An HTTP proxy that leads everything to `port` on loopback, by CONNECT and by forwarding. */
export async function httpProxy(port: number): Promise<TestProxy> {
  const asked: string[] = []
  const authorizations: (string | undefined)[] = []
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '')
    asked.push(url.host)
    authorizations.push(request.headers['proxy-authorization'])
    const forwarded = { host: '127.0.0.1', port, path: url.pathname + url.search, headers: request.headers }
    request.pipe(
      http.request(forwarded, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers)
        answer.pipe(response)
      }),
    )
  })
  server.on('connect', (request, socket: Socket) => {
    asked.push(request.url ?? '')
    authorizations.push(request.headers['proxy-authorization'])
    tunnel(socket, port, () => socket.write('HTTP/1.1 200 Connection established\r\n\r\n'))
  })
  return { port: (await listen(server)).port, asked, authorizations }
}

/** A SOCKS5 proxy without passwords that leads everything to `port` on loopback. */
export async function socksProxy(port: number): Promise<TestProxy> {
  const asked: string[] = []
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => {
      socket.write(Uint8Array.of(5, 0))
      socket.once('data', (request: Buffer) => {
        const isName = request[3] === 3
        asked.push(isName ? request.subarray(5, 5 + (request[4] ?? 0)).toString() : request.subarray(4, 8).join('.'))
        tunnel(socket, port, () => socket.write(Uint8Array.of(5, 0, 0, 1, 127, 0, 0, 1, 0, 1)))
      })
    })
  })
  return { port: (await listen(server)).port, asked, authorizations: [] }
}

function tunnel(socket: Socket, port: number, opened: () => void): void {
  const upstream = connect(port, '127.0.0.1', () => {
    opened()
    socket.pipe(upstream).pipe(socket)
  })
  upstream.on('error', () => socket.destroy())
  socket.on('error', () => upstream.destroy())
}

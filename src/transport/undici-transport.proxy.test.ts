import http from 'node:http'
import { inspect } from 'node:util'
import type { TLSSocket } from 'node:tls'
import { gzipSync } from 'node:zlib'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  type TestAuthority,
  answer,
  answerList,
  base64,
  certificateAuthority,
  failureOf,
  kubeConfigFor,
  listen,
  podList,
  read,
  serve,
  transportTo,
} from './loopback.test-support.ts'
import { httpProxy, socksProxy } from './proxies.test-support.ts'

let authority: TestAuthority
let named: { cert: string; key: string }

beforeAll(async () => {
  authority = await certificateAuthority()
  named = await authority.issue(['kubernetes.default.svc'])
})

const cluster = (proxyUrl: string) => ({
  proxyUrl,
  caData: base64(authority.ca),
  tlsServerName: 'kubernetes.default.svc',
})

describe('an HTTP proxy', () => {
  test('is asked for a tunnel, and TLS is verified through it by the CA and the tlsServerName', async () => {
    const server = await serve(answerList, named)
    const proxy = await httpProxy(server.port)
    const proxyUrl = `http://user:hunter2@127.0.0.1:${proxy.port}`
    const kubeConfig = kubeConfigFor({ server: 'https://apiserver.test:6443', cluster: cluster(proxyUrl) })
    await read(transportTo(kubeConfig))
    expect(proxy.asked).toEqual(['apiserver.test:6443'])
    expect(proxy.authorizations).toEqual([`Basic ${base64('user:hunter2')}`])
    expect((server.requests[0]!.socket as TLSSocket).servername).toBe('kubernetes.default.svc')
  })

  test('does not hide a certificate that is not good', async () => {
    const server = await serve(answerList, named)
    const proxy = await httpProxy(server.port)
    const transport = transportTo(
      kubeConfigFor({ server: 'https://apiserver.test', cluster: { proxyUrl: `http://127.0.0.1:${proxy.port}` } }),
    )
    expect(await failureOf(transport.get(podList()))).toMatchObject({ code: 'ERR_TLS' })
  })

  test('forwards to an http:// server, which is asked for gzip as its host is not loopback', async () => {
    const server = await serve(answer(200, gzipSync('{}'), { 'content-encoding': 'gzip' }))
    const proxy = await httpProxy(server.port)
    const proxyUrl = `http://127.0.0.1:${proxy.port}`
    const transport = transportTo(kubeConfigFor({ server: 'http://apiserver.test', cluster: { proxyUrl } }))
    expect(await read(transport, { compress: true })).toBe('{}')
    await read(transport, { compress: false })
    expect(proxy.asked).toEqual(['apiserver.test', 'apiserver.test'])
    expect(server.requests.map(({ headers }) => headers['accept-encoding'])).toEqual(['gzip', 'identity'])
  })

  test.each([
    ['http', 407],
    ['https', 407],
    ['https', 403],
  ])('that refuses an %s:// server with %i is ERR_UNREACHABLE, without its password', async (scheme, status) => {
    const refusing = http.createServer((_request, response) => void response.writeHead(status).end())
    refusing.on('connect', (_request, socket) => socket.end(`HTTP/1.1 ${status} No\r\n\r\n`))
    const { port } = await listen(refusing)
    const proxyUrl = `http://user:hunter2@127.0.0.1:${port}`
    const transport = transportTo(kubeConfigFor({ server: `${scheme}://apiserver.test`, cluster: { proxyUrl } }))
    const error = await failureOf(transport.get(podList()))
    expect(error).toMatchObject({ code: 'ERR_UNREACHABLE', message: expect.stringContaining(`${status}`) })
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hunter2')
  })

  test('that is not there is ERR_UNREACHABLE', async () => {
    const proxyUrl = 'http://127.0.0.1:1'
    const transport = transportTo(kubeConfigFor({ server: 'https://apiserver.test', cluster: { proxyUrl } }))
    expect(await failureOf(transport.get(podList()))).toMatchObject({ code: 'ERR_UNREACHABLE' })
  })
})

describe('a SOCKS proxy', () => {
  test.each(['socks5', 'socks5h', 'socks'])('of the scheme %s leads to a TLS server by its name', async (scheme) => {
    const server = await serve(answerList, named)
    const proxy = await socksProxy(server.port)
    const proxyUrl = `${scheme}://127.0.0.1:${proxy.port}`
    const transport = transportTo(kubeConfigFor({ server: 'https://apiserver.test:6443', cluster: cluster(proxyUrl) }))
    await read(transport)
    expect(proxy.asked).toEqual(['apiserver.test'])
    expect((server.requests[0]!.socket as TLSSocket).servername).toBe('kubernetes.default.svc')
  })

  test('leads to an http:// server too', async () => {
    const server = await serve(answerList)
    const proxy = await socksProxy(server.port)
    const proxyUrl = `socks5://127.0.0.1:${proxy.port}`
    await read(transportTo(kubeConfigFor({ server: 'http://apiserver.test', cluster: { proxyUrl } })))
    expect(proxy.asked).toEqual(['apiserver.test'])
  })

  test('does not hide a certificate that is not good', async () => {
    const server = await serve(answerList, named)
    const proxy = await socksProxy(server.port)
    const proxyUrl = `socks5://127.0.0.1:${proxy.port}`
    const transport = transportTo(kubeConfigFor({ server: 'https://apiserver.test', cluster: { proxyUrl } }))
    expect(await failureOf(transport.get(podList()))).toMatchObject({ code: 'ERR_TLS' })
  })

  test('that is not there is ERR_UNREACHABLE', async () => {
    const proxyUrl = 'socks5://127.0.0.1:1'
    const transport = transportTo(kubeConfigFor({ server: 'https://apiserver.test', cluster: { proxyUrl } }))
    expect(await failureOf(transport.get(podList()))).toMatchObject({ code: 'ERR_UNREACHABLE' })
  })
})

describe('a proxy-url that cannot be used', () => {
  test.each(['socks4://u:hunter2@127.0.0.1:1', 'ftp://u:hunter2@127.0.0.1:1', 'hunter2'])(
    'such as %s is ERR_OPTION and is not repeated',
    async (proxyUrl) => {
      const transport = transportTo(kubeConfigFor({ server: 'https://apiserver.test', cluster: { proxyUrl } }))
      const error = await failureOf(transport.get(podList()))
      expect(error).toMatchObject({ code: 'ERR_OPTION', message: expect.stringContaining('proxy-url') })
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hunter2')
    },
  )
})

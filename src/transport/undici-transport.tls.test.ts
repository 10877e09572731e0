import { createSecureServer } from 'node:http2'
import type { TLSSocket } from 'node:tls'
import { beforeAll, describe, expect, test } from 'vitest'
import {
  type TestAuthority,
  answerList,
  base64,
  certificateAuthority,
  execPlugin,
  failureOf,
  kubeConfigFor,
  listen,
  podList,
  read,
  serve,
  transportTo,
} from './loopback.test-support.ts'

let authority: TestAuthority
let address: { cert: string; key: string }
let named: { cert: string; key: string }
let client: { cert: string; key: string }

beforeAll(async () => {
  authority = await certificateAuthority()
  address = await authority.issue(['127.0.0.1'])
  named = await authority.issue(['kubernetes.default.svc'])
  client = await authority.issue(['a client'])
})

const caData = () => base64(authority.ca)

describe('a TLS connection', () => {
  test("is verified with the cluster's CA, by the address in the URL", async () => {
    const server = await serve(answerList, address)
    await read(transportTo(kubeConfigFor({ server: server.url, cluster: { caData: caData() } })))
    expect((server.requests[0]!.socket as TLSSocket).servername).toBe(false)
  })

  test("is verified with the cluster's CA even when the context has no user", async () => {
    const server = await serve(answerList, address)
    await read(transportTo(kubeConfigFor({ server: server.url, cluster: { caData: caData() }, user: null })))
    expect(server.requests).toHaveLength(1)
  })

  test('asks for the tlsServerName and expects it in the certificate', async () => {
    const server = await serve(answerList, named)
    const cluster = { caData: caData(), tlsServerName: 'kubernetes.default.svc' }
    await read(transportTo(kubeConfigFor({ server: server.url, cluster })))
    expect((server.requests[0]!.socket as TLSSocket).servername).toBe('kubernetes.default.svc')
  })

  test('is not verified with skipTLSVerify', async () => {
    const server = await serve(answerList, named)
    await read(transportTo(kubeConfigFor({ server: server.url, cluster: { skipTLSVerify: true } })))
    expect(server.requests).toHaveLength(1)
  })

  test.each([
    [false, '1.1', 5],
    [true, '2.0', 1],
  ])('with allowH2: %s speaks HTTP/%s', async (allowH2, version, connections) => {
    const versions: string[] = []
    const http2Server = createSecureServer({ ...address, allowHTTP1: true }, (request, response) => {
      versions.push(request.httpVersion)
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end('{}')
    })
    const server = await listen(http2Server)
    const kubeConfig = kubeConfigFor({ server: `https://127.0.0.1:${server.port}`, cluster: { caData: caData() } })
    const transport = transportTo(kubeConfig, { allowH2 })
    await Promise.all(Array.from({ length: 5 }, () => read(transport)))
    expect(new Set(versions)).toEqual(new Set([version]))
    expect(server.connections()).toBe(connections)
  })
})

describe('a client certificate', () => {
  const strict = () => ({ ...address, ca: authority.ca, requestCert: true, rejectUnauthorized: true })

  test('of the user is shown', async () => {
    const server = await serve(answerList, strict())
    const user = { certData: base64(client.cert), keyData: base64(client.key) }
    await read(transportTo(kubeConfigFor({ server: server.url, cluster: { caData: caData() }, user })))
    expect((server.requests[0]!.socket as TLSSocket).getPeerCertificate().subject.CN).toBe('a client')
  })

  test('of an exec plugin is shown, on one connection while it stays the same, on a new one when it rotates', async () => {
    const shown: string[] = []
    const server = await serve((request, response) => {
      shown.push(String((request.socket as TLSSocket).getPeerCertificate().subject.CN))
      answerList(request, response)
    }, strict())
    const second = await authority.issue(['its successor'])
    const certificates = [client, client, client, second].map(({ cert, key }) => ({
      clientCertificateData: cert,
      clientKeyData: key,
      expirationTimestamp: new Date(0),
    }))
    const { exec } = execPlugin(`give(${JSON.stringify(certificates)}[runs - 1])`)
    const kubeConfig = kubeConfigFor({ server: server.url, cluster: { caData: caData() }, user: { exec } })
    const transport = transportTo(kubeConfig)
    for (let i = 0; i < 4; i++) await read(transport)
    expect(shown).toEqual(['a client', 'a client', 'a client', 'its successor'])
    expect(new Set(server.requests.map(({ socket }) => socket)).size).toBe(2)
  })

  test('that is missing is ERR_TLS', async () => {
    const server = await serve(answerList, { ...strict(), maxVersion: 'TLSv1.2' })
    const transport = transportTo(kubeConfigFor({ server: server.url, cluster: { caData: caData() } }))
    const error = await failureOf(transport.get(podList()))
    expect(error).toMatchObject({ code: 'ERR_TLS', message: expect.stringContaining('client certificate') })
  })

  test('that cannot be parsed is ERR_TLS', async () => {
    const server = await serve(answerList, strict())
    const user = { certData: base64('no certificate'), keyData: base64('no key') }
    const transport = transportTo(kubeConfigFor({ server: server.url, cluster: { caData: caData() }, user }))
    expect(await failureOf(transport.get(podList()))).toMatchObject({ code: 'ERR_TLS' })
  })
})

describe('a certificate that is not good', () => {
  test('because of its authority is ERR_TLS with advice', async () => {
    const server = await serve(answerList, address)
    const error = await failureOf(transportTo(kubeConfigFor({ server: server.url })).get(podList()))
    expect(error).toMatchObject({ code: 'ERR_TLS', retryable: false })
    expect((error as Error).message).toMatch(/certificate-authority.*\(UNABLE_TO_VERIFY_LEAF_SIGNATURE\)$/)
  })

  test('because of its name is ERR_TLS with advice', async () => {
    const server = await serve(answerList, named)
    const transport = transportTo(kubeConfigFor({ server: server.url, cluster: { caData: caData() } }))
    const error = await failureOf(transport.get(podList()))
    expect(error).toMatchObject({ code: 'ERR_TLS', message: expect.stringContaining('tls-server-name') })
  })

  test('because the server speaks no TLS is ERR_TLS with advice', async () => {
    const server = await serve(answerList)
    const transport = transportTo(kubeConfigFor({ server: server.url.replace('http:', 'https:') }))
    const error = await failureOf(transport.get(podList()))
    expect(error).toMatchObject({ code: 'ERR_TLS', message: expect.stringContaining('is it an http:// server?') })
  })
})

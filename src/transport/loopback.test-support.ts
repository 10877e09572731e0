import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo, Server, Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KubeConfig } from '@kubernetes/client-node'
import { generate } from 'selfsigned'
import { onTestFinished } from 'vitest'
import type { KubeConfigLike } from '../api/kube-config.ts'
import type { Transport, TransportRequest } from './transport.ts'
import { type TransportOptions, createTransport } from './undici-transport.ts'
import type { WriteTransport } from './write-transport.ts'

export type Handler = (request: http.IncomingMessage, response: http.ServerResponse) => void

interface TestServer {
  readonly port: number
  readonly url: string
  readonly requests: readonly http.IncomingMessage[]
  /** How many connections were ever made. */
  readonly connections: () => number
}

/** A server on loopback that ends with the test. */
export async function serve(handler: Handler, tls?: https.ServerOptions): Promise<TestServer> {
  const requests: http.IncomingMessage[] = []
  const listener: Handler = (request, response) => {
    requests.push(request)
    handler(request, response)
  }
  const server = tls ? https.createServer(tls, listener) : http.createServer(listener)
  const { port, connections } = await listen(server)
  return { port, url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`, requests, connections }
}

export async function listen(server: Server): Promise<{ readonly port: number; readonly connections: () => number }> {
  const sockets = new Set<Socket>()
  server.on('connection', (socket) => sockets.add(socket))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, connections: () => sockets.size }
}

export function answer(status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers })
    response.end(typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body))
  }
}

export const answerList: Handler = answer(200, { kind: 'PodList', items: [] })

interface Access {
  readonly server: string
  readonly cluster?: object
  readonly user?: object | null
}

/** A KubeConfig of client-node with one context. */
export function kubeConfigFor({ server, cluster = {}, user = {} }: Access): KubeConfig {
  const kubeConfig = new KubeConfig()
  kubeConfig.loadFromOptions({
    clusters: [{ name: 'cluster', skipTLSVerify: false, server, ...cluster }],
    users: user ? [{ name: 'user', ...user }] : [],
    contexts: [{ name: 'context', cluster: 'cluster', user: 'user' }],
    currentContext: 'context',
  })
  return kubeConfig
}

/** A transport that is closed with the test. */
export function transportTo(kubeConfig: KubeConfigLike, options?: TransportOptions): WriteTransport {
  const transport = createTransport(kubeConfig, options)
  onTestFinished(() => transport.close())
  return transport
}

export function podList(options: Partial<TransportRequest> = {}): TransportRequest {
  const { signal } = new AbortController()
  return { path: '/api/v1/pods', query: {}, accept: 'application/json', compress: false, signal, ...options }
}

/** Sends a request and reads its answer to the end. */
export async function read(transport: Transport, options?: Partial<TransportRequest>): Promise<string> {
  const { body } = await transport.get(podList(options))
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}

/** What a promise rejects with. */
export async function failureOf(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error,
  )
}

export function temporaryFile(name: string, content: string): string {
  const directory = mkdtempSync(join(tmpdir(), 'kubeflume-'))
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }))
  const file = join(directory, name)
  writeFileSync(file, content)
  chmodSync(file, 0o700)
  return file
}

/** The `exec` of a user, whose plugin is a piece of JavaScript. `log` gets a line for each time it runs. */
export function execPlugin(script: string): { readonly exec: object; readonly log: string } {
  const log = temporaryFile('log', '')
  const head = `const fs = require('node:fs'); fs.appendFileSync(${JSON.stringify(log)}, 'ran\\n');
    const runs = fs.readFileSync(${JSON.stringify(log)}, 'utf8').trim().split('\\n').length;
    const give = (status) => process.stdout.write(JSON.stringify({ kind: 'ExecCredential', status }));\n`
  const file = temporaryFile('plugin.cjs', head + script)
  return { exec: { apiVersion: 'client.authentication.k8s.io/v1', command: process.execPath, args: [file] }, log }
}

export interface TestAuthority {
  readonly ca: string
  /** A certificate and key for these names and addresses. */
  issue(names: readonly string[]): Promise<{ readonly cert: string; readonly key: string }>
}

export async function certificateAuthority(): Promise<TestAuthority> {
  const authority = await generate([{ name: 'commonName', value: 'test authority' }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: true, critical: true },
      { name: 'keyUsage', keyCertSign: true, digitalSignature: true, critical: true },
    ],
  })
  return {
    ca: authority.cert,
    async issue(names) {
      const altNames = names.map((name) =>
        /^[\d.]+$/.test(name) ? { type: 7 as const, ip: name } : { type: 2 as const, value: name },
      )
      const issued = await generate([{ name: 'commonName', value: names[0] ?? 'anyone' }], {
        keyType: 'ec',
        algorithm: 'sha256',
        ca: { key: authority.private, cert: authority.cert },
        extensions: [
          { name: 'basicConstraints', cA: false },
          { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
          { name: 'subjectAltName', altNames },
        ],
      })
      return { cert: issued.cert, key: issued.private }
    },
  }
}

export function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

import { connect, constants } from 'node:http2'
import { CoreV1Api, Watch } from '@kubernetes/client-node'
import { Agent, request } from 'undici'
import { describe, expect, onTestFinished, test } from 'vitest'
import { resources } from '../../api/generated/resources.ts'
import { pod } from '../pods.ts'
import { TestApiServer, type TestApiServerOptions } from '../server.ts'

const { pods } = resources.core.v1
const PODS = '/api/v1/pods'

async function start(options: TestApiServerOptions = {}): Promise<TestApiServer> {
  const server = await TestApiServer.start({ objects: [pod({ name: 'a' })], ...options })
  onTestFinished(() => server.stop())
  return server
}

/** A client that speaks one version of HTTP, and trusts the server's authority where it has one. */
function agent({ caCertificate: ca }: TestApiServer, allowH2: boolean): Agent {
  const dispatcher = new Agent({ allowH2, ...(ca === undefined ? {} : { connect: { ca } }) })
  onTestFinished(() => dispatcher.destroy())
  return dispatcher
}

/** One HTTP/2 request; its body, or the code with which the stream was reset. */
async function http2(server: TestApiServer, path: string): Promise<string | number> {
  const ca = server.caCertificate
  const session = connect(server.url, ca === undefined ? {} : { ca })
  onTestFinished(() => session.destroy())
  session.on('error', () => {})
  const stream = session.request({ ':path': path })
  let text = ''
  stream.on('data', (chunk: Buffer) => (text += chunk.toString()))
  return new Promise((resolve) => {
    stream.on('error', () => resolve(stream.rstCode ?? -1))
    stream.on('close', () => resolve(text))
  })
}

describe.each([false, true])('a server with tls: %s', (tls) => {
  test('answers HTTP/1.1 and HTTP/2 on one port alike', async () => {
    const server = await start({ tls })
    const { body } = await request(server.url + PODS, { dispatcher: agent(server, false) })
    const list = await body.text()
    expect(JSON.parse(list)).toMatchObject({ kind: 'PodList', items: [{ metadata: { name: 'a' } }] })
    expect(await http2(server, PODS)).toBe(list)
  })

  test('cuts a list on HTTP/2 by resetting its stream', async () => {
    const server = await start({ tls })
    server.faults.cutList({ afterBytes: 10, by: 'reset' })
    expect(await http2(server, PODS)).toBe(constants.NGHTTP2_INTERNAL_ERROR)
    expect(await http2(server, PODS)).toContain('PodList')
  })

  test('ends a watch on HTTP/2 with everything at its stop', async () => {
    const server = await start({ tls })
    const watch = http2(server, `${PODS}?watch=true`)
    await expect.poll(() => server.requests.length).toBe(1)
    await server.stop()
    expect(await watch).toBeDefined()
  })
})

describe('a server with tls', () => {
  test('negotiates HTTP/2 with a client that takes it', async () => {
    const server = await start({ tls: true })
    const { body, headers } = await request(server.url + PODS, { dispatcher: agent(server, true) })
    await body.dump()
    expect(headers).not.toHaveProperty('transfer-encoding')
  })

  test('is trusted by its authority alone', async () => {
    const server = await start({ tls: true })
    expect(server.url).toMatch(/^https:/)
    expect(server.caCertificate).toContain('BEGIN CERTIFICATE')
    const stranger = new Agent()
    onTestFinished(() => stranger.destroy())
    await expect(request(server.url, { dispatcher: stranger })).rejects.toMatchObject({
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    })
  })

  test('is reached by client-node with its kubeConfig, in lists and watches', async () => {
    const server = await start({ tls: true })
    const config = server.kubeConfig()
    const { items } = await config.makeApiClient(CoreV1Api).listPodForAllNamespaces()
    expect(items.map(({ metadata }) => metadata?.name)).toEqual(['a'])
    const seen: string[] = []
    const events = (type: string): void => void seen.push(type)
    const controller = await new Watch(config).watch(PODS, { resourceVersion: '2' }, events, () => {})
    server.create(pods, pod({ name: 'b' }))
    await expect.poll(() => seen).toEqual(['ADDED'])
    controller.abort()
  })
})

import { connect, createServer, type Socket } from 'node:net'
import { describe, expect, test } from 'vitest'
import {
  answer,
  base64,
  certificateAuthority,
  failureOf,
  kubeConfigFor,
  listen,
  serve,
  transportTo,
} from './loopback.test-support.ts'
import type { WriteRequest, WriteTransport } from './write-transport.ts'

const write: WriteRequest = {
  method: 'POST',
  path: '/api/v1/namespaces/web/pods',
  query: {},
  accept: 'application/json',
  contentType: 'application/json',
  body: '{}',
  signal: new AbortController().signal,
}

/** A transport to a server behind a wire that tells how the client's end of it ended. */
async function wired(isTls: boolean, handler = answer(200, {})) {
  const authority = await certificateAuthority()
  const server = await serve(handler, isTls ? await authority.issue(['127.0.0.1']) : undefined)
  const ended = Promise.withResolvers<string>()
  const wire = createServer((client: Socket) => {
    const far = connect(server.port, '127.0.0.1')
    client.on('error', ({ message }) => ended.resolve(message))
    client.once('end', () => ended.resolve('closed'))
    far.on('error', () => {})
    client.pipe(far).pipe(client)
  })
  const { port } = await listen(wire as never)
  const cluster = { caData: base64(authority.ca) }
  const url = `${isTls ? 'https' : 'http'}://127.0.0.1:${port}`
  const transport: WriteTransport = transportTo(kubeConfigFor({ server: url, cluster }))
  return { transport, server, ended: ended.promise }
}

describe.each([
  ['TLS', true],
  ['plain TCP', false],
])('a write over %s', (_name, isTls) => {
  test('resets its connection when it is given up, so that nothing of it comes later', async () => {
    const arrived = Promise.withResolvers<void>()
    const { transport, ended } = await wired(isTls, () => arrived.resolve())
    const giving = new AbortController()
    const failure = failureOf(transport.send({ ...write, signal: giving.signal }))
    await arrived.promise
    giving.abort(new Error('given up'))
    expect(await failure).toMatchObject({ message: 'given up' })
    expect(await ended).toMatch('ECONNRESET')
  })

  test('leaves its connection to the next one when it is answered', async () => {
    const { transport, server } = await wired(isTls)
    for (let time = 0; time < 3; time++) {
      const { body } = await transport.send(write)
      for await (const _chunk of body); // to its end
      await new Promise((resolve) => setImmediate(resolve)) // the pool hears of it
    }
    expect([server.requests.length, server.connections()]).toEqual([3, 1])
  })
})

describe('a write to a server that hangs up before TLS is there', () => {
  test('is one that failed, and nothing else', async () => {
    const hangsUp = createServer((socket) => socket.destroy())
    const { port } = await listen(hangsUp as never)
    const transport: WriteTransport = transportTo(kubeConfigFor({ server: `https://127.0.0.1:${port}` }))
    expect(await failureOf(transport.send(write))).toMatchObject({ code: 'ERR_UNREACHABLE' })
  })
})

describe('what a write is checked by', () => {
  test('is asked when the connection is there, and what it throws keeps the write back', async () => {
    const { transport, server } = await wired(true)
    let connections = -1
    const beforeSend = (): never => {
      connections = server.connections()
      throw new Error('not any more')
    }
    const failure = await failureOf(transport.send({ ...write, beforeSend }))
    expect(failure).toMatchObject({ code: 'ERR_CONNECTION_LOST', cause: { message: expect.stringMatching('not any') } })
    expect([connections, server.requests]).toEqual([1, []])
  })
})

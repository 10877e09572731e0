import { once } from 'node:events'
import type { ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { describe, expect, test } from 'vitest'
import {
  answer,
  answerList,
  failureOf,
  kubeConfigFor,
  podList,
  read,
  serve,
  transportTo,
} from './loopback.test-support.ts'

/** A server that says OK and leaves the rest of each answer to the test. */
async function serveSlowly() {
  const responses: ServerResponse[] = []
  const server = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write('first')
    responses.push(response)
  })
  return { ...server, responses }
}

async function firstChunk(body: AsyncIterable<Uint8Array>) {
  const iterator = body[Symbol.asyncIterator]()
  const { value } = await iterator.next()
  return { iterator, text: Buffer.from(value as Uint8Array).toString() }
}

describe('a request', () => {
  test('says what it accepts and who asks, and never asks for indented JSON', async () => {
    const server = await serve(answerList)
    const query = { limit: '5', pretty: 'true', labelSelector: 'a in (b, c)' }
    await read(transportTo(kubeConfigFor({ server: server.url })), { accept: 'application/vnd.x', query })
    const [request] = server.requests
    const url = new URL(request?.url ?? '', server.url)
    expect(url.pathname).toBe('/api/v1/pods')
    expect(Object.fromEntries(url.searchParams)).toEqual({ ...query, pretty: 'false' })
    expect(request?.headers).toMatchObject({
      accept: 'application/vnd.x',
      'user-agent': expect.stringMatching(/^kubeflume\//),
    })
  })

  test('keeps the path of the server, whatever slashes it ends in', async () => {
    const server = await serve(answerList)
    await read(transportTo(kubeConfigFor({ server: `${server.url}/k8s/clusters/c-1//` })))
    expect(server.requests[0]?.url).toBe('/k8s/clusters/c-1/api/v1/pods?pretty=false')
  })

  test('asks a server on loopback for no compression', async () => {
    const server = await serve(answerList)
    await read(transportTo(kubeConfigFor({ server: server.url })), { compress: true })
    expect(server.requests[0]?.headers['accept-encoding']).toBe('identity')
  })

  test('hands out the content type as the server wrote it', async () => {
    const server = await serve(
      answer(200, 'k8s', { 'content-type': 'application/vnd.kubernetes.protobuf;stream=watch' }),
    )
    const response = await transportTo(kubeConfigFor({ server: server.url })).get(podList())
    expect(response.contentType).toBe('application/vnd.kubernetes.protobuf;stream=watch')
  })
})

describe('the connections of a transport', () => {
  test('are reused by one request after another', async () => {
    const server = await serve(answerList)
    const transport = transportTo(kubeConfigFor({ server: server.url }))
    for (let i = 0; i < 10; i++) await read(transport)
    // a body's end is heard a moment before its connection is free again
    expect(server.connections()).toBeLessThanOrEqual(2)
  })

  test('are one for each request under way', async () => {
    const server = await serveSlowly()
    const transport = transportTo(kubeConfigFor({ server: server.url }))
    const responses = await Promise.all(Array.from({ length: 15 }, () => transport.get(podList())))
    expect(responses).toHaveLength(15)
    expect(server.connections()).toBe(15)
  })
})

describe('a body', () => {
  test('arrives while the server is still sending', async () => {
    const server = await serveSlowly()
    const { body } = await transportTo(kubeConfigFor({ server: server.url })).get(podList())
    const { iterator, text } = await firstChunk(body)
    expect(text).toBe('first')
    server.responses[0]?.end('second')
    expect(Buffer.from((await iterator.next()).value as Uint8Array).toString()).toBe('second')
    expect((await iterator.next()).done).toBe(true)
  })

  test('rejects with ERR_CONNECTION_LOST when the connection is cut', async () => {
    const server = await serveSlowly()
    const { body } = await transportTo(kubeConfigFor({ server: server.url })).get(podList())
    const { iterator } = await firstChunk(body)
    server.responses[0]?.destroy()
    const error = await failureOf(iterator.next())
    expect(error).toMatchObject({ code: 'ERR_CONNECTION_LOST', retryable: true })
  })

  test('rejects with ERR_CONNECTION_LOST when it is shorter than its content-length', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
      response.write('short', () => response.destroy())
    })
    const transport = transportTo(kubeConfigFor({ server: server.url }))
    expect(await failureOf(read(transport))).toMatchObject({ code: 'ERR_CONNECTION_LOST' })
  })

  test('closes the connection when its reader leaves early', async () => {
    const server = await serveSlowly()
    const { body } = await transportTo(kubeConfigFor({ server: server.url })).get(podList())
    for await (const _chunk of body) break
    await once(server.responses[0]!, 'close')
    expect(server.responses[0]?.writableFinished).toBe(false)
  })
})

describe('a body that is left', () => {
  test('before its first chunk closes the connection', async () => {
    const server = await serveSlowly()
    const { body } = await transportTo(kubeConfigFor({ server: server.url })).get(podList())
    await body[Symbol.asyncIterator]().return?.()
    await once(server.responses[0]!, 'close')
  })

  test('while it waits for a chunk closes the connection', async () => {
    const server = await serveSlowly()
    const { body } = await transportTo(kubeConfigFor({ server: server.url })).get(podList())
    const { iterator } = await firstChunk(body)
    const failure = failureOf(iterator.next())
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
    expect(await failure).toMatchObject({ code: 'ERR_CONNECTION_LOST' })
    await once(server.responses[0]!, 'close')
  })
})

describe('an abort', () => {
  test('rejects with the reason before anything is sent', async () => {
    const server = await serve(answerList)
    const transport = transportTo(kubeConfigFor({ server: server.url }))
    const reason = { stop: true }
    expect(await failureOf(transport.get(podList({ signal: AbortSignal.abort(reason) })))).toBe(reason)
    expect(server.requests).toHaveLength(0)
  })

  test('rejects with the reason while the server says nothing', async () => {
    const server = await serve(() => abort.abort(reason))
    const abort = new AbortController()
    const reason = null
    const transport = transportTo(kubeConfigFor({ server: server.url }))
    expect(await failureOf(transport.get(podList({ signal: abort.signal })))).toBe(reason)
  })

  test('rejects a body with the reason and closes its connection', async () => {
    const server = await serveSlowly()
    const abort = new AbortController()
    const { body } = await transportTo(kubeConfigFor({ server: server.url })).get(podList({ signal: abort.signal }))
    const { iterator } = await firstChunk(body)
    const reason = new Error('enough')
    abort.abort(reason)
    expect(await failureOf(iterator.next())).toBe(reason)
    await once(server.responses[0]!, 'close')
  })

  test.each([null, false, 0, ''])(
    'rejects a body that waits for more with %o, if that is the reason',
    async (reason) => {
      const server = await serveSlowly()
      const abort = new AbortController()
      const { body } = await transportTo(kubeConfigFor({ server: server.url })).get(podList({ signal: abort.signal }))
      const { iterator } = await firstChunk(body)
      const failure = failureOf(iterator.next())
      abort.abort(reason)
      expect(await failure).toBe(reason)
    },
  )

  test('of a body that nobody reads closes its connection', async () => {
    const server = await serveSlowly()
    const abort = new AbortController()
    await transportTo(kubeConfigFor({ server: server.url })).get(podList({ signal: abort.signal }))
    abort.abort()
    await once(server.responses[0]!, 'close')
  })
})

describe('close', () => {
  test('rejects what is under way and what comes after with ERR_STOPPED', async () => {
    const server = await serveSlowly()
    const transport = transportTo(kubeConfigFor({ server: server.url }))
    const { body } = await transport.get(podList())
    const { iterator } = await firstChunk(body)
    await transport.close()
    expect(await failureOf(iterator.next())).toMatchObject({ code: 'ERR_STOPPED' })
    expect(await failureOf(transport.get(podList()))).toMatchObject({ code: 'ERR_STOPPED' })
    await transport.close()
  })

  test('rejects a request that has no answer yet with ERR_STOPPED', async () => {
    const asked = Promise.withResolvers<void>()
    const server = await serve(() => asked.resolve())
    const transport = transportTo(kubeConfigFor({ server: server.url }))
    const failure = failureOf(transport.get(podList()))
    await asked.promise
    await transport.close()
    expect(await failure).toMatchObject({ code: 'ERR_STOPPED' })
  })
})

describe('inspecting a transport', () => {
  test('shows its server and no token', async () => {
    const server = await serve(answerList)
    const kubeConfig = kubeConfigFor({
      server: server.url.replace('//', '//admin:hunter2@'),
      user: { token: 'sesame-token' },
    })
    const transport = transportTo(kubeConfig)
    await read(transport)
    expect(inspect(transport, { depth: 10, showHidden: true })).toBe(
      `Transport { server: '${server.url}', closed: false }`,
    )
  })
})

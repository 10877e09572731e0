import type { ServerResponse } from 'node:http'
import { once } from 'node:events'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { answer, failureOf, kubeConfigFor, podList, read, serve, transportTo } from './loopback.test-support.ts'

const GZIP = { 'content-encoding': 'gzip' }
const LIST = JSON.stringify({
  kind: 'PodList',
  items: Array.from({ length: 50_000 }, (_, i) => ({ i, random: Math.random() })),
})

/** A server whose gzip answers the test writes, piece by piece. */
async function serveGzip() {
  const responses: ServerResponse[] = []
  const server = await serve((_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json', ...GZIP }).flushHeaders()
    responses.push(response)
  })
  const { body } = await transportTo(kubeConfigFor({ server: server.url })).get(podList())
  return { iterator: body[Symbol.asyncIterator](), response: responses[0]! }
}

async function textOf(next: Promise<IteratorResult<Uint8Array>>): Promise<string> {
  return Buffer.from((await next).value).toString()
}

describe('a gzip body', () => {
  test('is inflated', async () => {
    const server = await serve(answer(200, gzipSync(LIST), GZIP))
    expect(await read(transportTo(kubeConfigFor({ server: server.url })))).toBe(LIST)
  })

  test('of several members is handed out member by member, as they come', async () => {
    const { iterator, response } = await serveGzip()
    for (const text of ['{"type":"ADDED"}\n', '{"type":"MODIFIED"}\n', '{"type":"BOOKMARK"}\n']) {
      response.write(gzipSync(text))
      expect(await textOf(iterator.next())).toBe(text)
    }
    response.end()
    expect((await iterator.next()).done).toBe(true)
  })

  test('cut inside a member rejects with ERR_CONNECTION_LOST, though the connection ended well', async () => {
    const whole = gzipSync(LIST)
    const server = await serve(answer(200, whole.subarray(0, whole.length - 100), GZIP))
    const transport = transportTo(kubeConfigFor({ server: server.url }))
    expect(await failureOf(read(transport))).toMatchObject({ code: 'ERR_CONNECTION_LOST', retryable: true })
  })

  test('whose connection is cut rejects with ERR_CONNECTION_LOST', async () => {
    const { iterator, response } = await serveGzip()
    response.write(gzipSync('first'))
    expect(await textOf(iterator.next())).toBe('first')
    response.destroy()
    expect(await failureOf(iterator.next())).toMatchObject({ code: 'ERR_CONNECTION_LOST' })
  })

  test('that is no gzip rejects with ERR_DECODE_SYNTAX', async () => {
    const server = await serve(answer(200, LIST, GZIP))
    const transport = transportTo(kubeConfigFor({ server: server.url }))
    expect(await failureOf(read(transport))).toMatchObject({ code: 'ERR_DECODE_SYNTAX', offset: 0 })
  })

  test('whose reader leaves early closes the connection', async () => {
    const { iterator, response } = await serveGzip()
    response.write(gzipSync('first'))
    await iterator.next()
    await iterator.return?.()
    await once(response, 'close')
  })

  test('of an error is inflated too', async () => {
    const server = await serve(answer(403, gzipSync(JSON.stringify({ kind: 'Status', message: 'no' })), GZIP))
    const error = await failureOf(transportTo(kubeConfigFor({ server: server.url })).get(podList()))
    expect(error).toMatchObject({ message: 'GET /api/v1/pods: 403 Forbidden: no' })
  })
})

describe('an encoding that was not asked for', () => {
  test('is ERR_CONTENT_TYPE', async () => {
    const server = await serve(answer(200, '{}', { 'content-encoding': 'br' }))
    const error = await failureOf(transportTo(kubeConfigFor({ server: server.url })).get(podList()))
    expect(error).toMatchObject({ code: 'ERR_CONTENT_TYPE', message: expect.stringMatching(/not asked for: br$/) })
  })
})

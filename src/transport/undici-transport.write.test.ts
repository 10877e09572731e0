import { text } from 'node:stream/consumers'
import { describe, expect, test } from 'vitest'
import { answer, failureOf, type Handler, kubeConfigFor, serve, transportTo } from './loopback.test-support.ts'
import type { WriteRequest } from './write-transport.ts'

const { signal } = new AbortController()
const write: WriteRequest = {
  method: 'PATCH',
  path: '/api/v1/namespaces/web/pods/a',
  query: { force: 'true' },
  accept: 'application/json',
  contentType: 'application/merge-patch+json',
  body: '{"ü":1}',
  signal,
}

/** What each request brought. */
async function serveWrites(handler: Handler) {
  const bodies: string[] = []
  const server = await serve((request, response) => {
    void text(request).then((body) => {
      bodies.push(body)
      handler(request, response)
    })
  })
  return { ...server, bodies, transport: transportTo(kubeConfigFor({ server: server.url })) }
}

describe('a write', () => {
  test('is sent with its method, its type and its body', async () => {
    const { transport, requests, bodies } = await serveWrites(answer(200, {}))
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE'] as const) {
      const { body } = await transport.send({ ...write, method })
      for await (const _chunk of body); // to its end
    }
    expect(requests.map(({ method }) => method)).toEqual(['POST', 'PUT', 'PATCH', 'DELETE'])
    expect(requests[2]?.url).toBe('/api/v1/namespaces/web/pods/a?force=true&pretty=false')
    expect(requests[2]?.headers).toMatchObject({
      accept: 'application/json',
      'content-type': 'application/merge-patch+json',
      'content-length': '8',
    })
    expect(bodies).toEqual(Array.from({ length: 4 }, () => '{"ü":1}'))
  })

  test.each([200, 201, 202])('may be answered with %d', async (status) => {
    const { transport } = await serveWrites(answer(status, {}))
    expect((await transport.send(write)).contentType).toBe('application/json')
  })

  test('is named by its method in errors', async () => {
    const { transport } = await serveWrites(answer(409, { kind: 'Status', reason: 'Conflict', message: 'no' }))
    expect(await failureOf(transport.send(write))).toMatchObject({
      code: 'ERR_CONFLICT',
      status: 409,
      reason: 'Conflict',
      message: 'PATCH /api/v1/namespaces/web/pods/a: 409 Conflict: no',
    })
  })

  test.each([429, 503, 500])('is not sent again after %d', async (status) => {
    const { transport, requests } = await serveWrites(answer(status, {}, { 'retry-after': '1' }))
    expect(await failureOf(transport.send(write))).toMatchObject({ status, retryAfterMs: 1000, retryable: true })
    expect(requests).toHaveLength(1)
  })

  test('is not sent again when its connection is lost', async () => {
    const { transport, requests } = await serveWrites((_request, response) => void response.destroy())
    expect(await failureOf(transport.send(write))).toMatchObject({ code: 'ERR_CONNECTION_LOST' })
    expect(requests).toHaveLength(1)
  })

  test('is sent again, body and all, after a 401', async () => {
    let refused = 0
    const { transport, bodies } = await serveWrites((request, response) =>
      answer(refused++ === 0 ? 401 : 201, {})(request, response),
    )
    await transport.send(write)
    expect(bodies).toEqual([write.body, write.body])
  })
})

describe('a read', () => {
  test('is answered with 200 alone', async () => {
    const { transport } = await serveWrites(answer(201, {}))
    const { method: _method, contentType: _type, body: _body, ...read } = write
    expect(await failureOf(transport.get({ ...read, compress: false }))).toMatchObject({ code: 'ERR_API', status: 201 })
  })
})

import { createServer } from 'node:net'
import { inspect } from 'node:util'
import { KubeConfig } from '@kubernetes/client-node'
import { ApiError } from '../api/errors.ts'
import { describe, expect, test } from 'vitest'
import {
  type Handler,
  answer,
  failureOf,
  kubeConfigFor,
  listen,
  podList,
  read,
  serve,
  transportTo,
} from './loopback.test-support.ts'

const TOKEN = 'eyJhbGciOi.sesame-open.c2lnbmF0dXJl'

async function failureFor(handler: Handler): Promise<unknown> {
  const server = await serve(handler)
  return failureOf(transportTo(kubeConfigFor({ server: server.url, user: { token: TOKEN } })).get(podList()))
}

function status(code: number, reason: string, message: string, details?: object) {
  return { kind: 'Status', apiVersion: 'v1', status: 'Failure', code, reason, message, ...(details && { details }) }
}

describe('an answer that is not 200', () => {
  test('is an ApiError with the Status, its reason and what it says', async () => {
    const body = status(403, 'Forbidden', 'pods is forbidden')
    const error = await failureFor(answer(403, body))
    expect(error).toBeInstanceOf(ApiError)
    expect(error).toMatchObject({ code: 'ERR_FORBIDDEN', status: 403, reason: 'Forbidden', body })
    expect((error as Error).message).toBe('GET /api/v1/pods: 403 Forbidden: pods is forbidden')
  })

  test('is told apart by the causes of its Status', async () => {
    const details = { retryAfterSeconds: 1, causes: [{ reason: 'ResourceVersionTooLarge' }] }
    const error = await failureFor(answer(504, status(504, 'Timeout', 'Too large', details)))
    expect(error).toMatchObject({ code: 'ERR_RESOURCE_VERSION_TOO_LARGE', retryAfterMs: 1000 })
  })

  test.each([
    ['seconds', { 'retry-after': '7' }, 7000],
    [
      "a date by the server's own clock",
      { 'retry-after': 'Wed, 21 Oct 2015 07:28:30 GMT', date: 'Wed, 21 Oct 2015 07:28:00 GMT' },
      30_000,
    ],
  ])('has a Retry-After in %s', async (_form, headers, retryAfterMs) => {
    expect(await failureFor(answer(429, '', headers))).toMatchObject({ code: 'ERR_TOO_MANY_REQUESTS', retryAfterMs })
  })

  test('that is no JSON keeps 512 characters, and shows plain text', async () => {
    const error = await failureFor(
      answer(404, `404 page  not found\n${'x'.repeat(100_000)}`, { 'content-type': 'text/plain' }),
    )
    expect((error as ApiError).body).toHaveLength(512)
    expect((error as Error).message).toMatch(/^GET \/api\/v1\/pods: 404 Not Found: 404 page not found xxx/)
  })

  test('that never ends is cut off', async () => {
    const error = await failureFor((_request, response) => {
      response.writeHead(500, { 'content-type': 'text/html' })
      const more = () => response.write('x'.repeat(16_384), more)
      more()
    })
    expect(error).toMatchObject({
      code: 'ERR_API',
      status: 500,
      message: 'GET /api/v1/pods: 500 Internal Server Error',
    })
  })

  test('is an ApiError even when its body is in an encoding not asked for', async () => {
    const error = await failureFor(answer(503, 'x', { 'content-encoding': 'br' }))
    expect(error).toMatchObject({ code: 'ERR_UNAVAILABLE', status: 503 })
  })

  test('whose JSON is nested without end is no Status', async () => {
    expect(await failureFor(answer(500, '['.repeat(60_000)))).toMatchObject({ code: 'ERR_API' })
    expect(await failureFor(answer(500, `${'['.repeat(30_000)}${']'.repeat(30_000)}`))).toMatchObject({
      code: 'ERR_API',
    })
  })

  test('ends with the reason of an abort while its body is read', async () => {
    const abort = new AbortController()
    const server = await serve((_request, response) => {
      response.writeHead(500).write('half')
      abort.abort('enough')
    })
    const transport = transportTo(kubeConfigFor({ server: server.url }))
    expect(await failureOf(transport.get(podList({ signal: abort.signal })))).toBe('enough')
  })

  test('and is a redirect is not followed, and names no query', async () => {
    const location = `https://admin:pw@login.example.com/oauth/start?state=secret-state#x`
    const error = await failureFor(answer(302, '', { location }))
    expect(error).toMatchObject({ code: 'ERR_REDIRECT', status: 302 })
    expect((error as Error).message).toContain('redirected to https://login.example.com/oauth/start, which')
    expect(inspect(error, { depth: 10, showHidden: true })).not.toMatch(/secret-state|pw@/)
  })
})

describe('a token that the server repeats', () => {
  const repeated = `got Bearer ${TOKEN} and ${TOKEN}`

  test.each<[string, Handler]>([
    ['a Status', answer(401, status(401, 'Unauthorized', repeated, { causes: [{ message: repeated }] }))],
    ['text', answer(500, repeated, { 'content-type': 'text/plain' })],
    ['a Location', answer(302, '', { location: `/login/${TOKEN}` })],
    ['the host of a Location', answer(302, '', { location: `https://${TOKEN}/` })],
    ['a content type', answer(200, '', { 'content-type': `text/${TOKEN}` })],
    ['an encoding', answer(200, '{}', { 'content-encoding': TOKEN })],
    ['what is no HTTP', (request) => request.socket.end(`HTTP/1.1 ${TOKEN}\r\n\r\n`)],
  ])('in %s is nowhere in the error', async (_place, handler) => {
    const error = await failureFor(handler)
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('sesame')
  })
})

describe('a 200 of something else', () => {
  test('is ERR_CONTENT_TYPE, and its connection is closed', async () => {
    const closed = Promise.withResolvers<void>()
    const error = await failureFor((_request, response) => {
      response.on('close', closed.resolve)
      response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).write('<form>')
    })
    expect(error).toMatchObject({
      code: 'ERR_CONTENT_TYPE',
      message: expect.stringContaining('a login page or a proxy'),
    })
    await closed.promise
  })

  test('is ERR_CONTENT_TYPE without a content type too', async () => {
    const error = await failureFor((_request, response) => response.end('{}'))
    expect(error).toMatchObject({ code: 'ERR_CONTENT_TYPE', message: expect.stringContaining('no content type') })
  })
})

describe('a server that cannot be asked', () => {
  test('because nothing listens is ERR_UNREACHABLE', async () => {
    const error = await failureOf(transportTo(kubeConfigFor({ server: 'http://127.0.0.1:1' })).get(podList()))
    expect(error).toMatchObject({ code: 'ERR_UNREACHABLE', retryable: true })
    expect((error as Error).message).toBe(
      'GET /api/v1/pods: cannot reach http://127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1',
    )
  })

  test('because its name has no address is ERR_UNREACHABLE', async () => {
    const error = await failureOf(transportTo(kubeConfigFor({ server: 'http://nowhere.invalid' })).get(podList()))
    expect(error).toMatchObject({ code: 'ERR_UNREACHABLE' })
  })

  test('because it hangs up on the request is ERR_CONNECTION_LOST', async () => {
    expect(await failureFor((request) => request.socket.destroy())).toMatchObject({ code: 'ERR_CONNECTION_LOST' })
  })

  test('because it speaks no HTTP is ERR_CONNECTION_LOST', async () => {
    const { port } = await listen(createServer((socket) => socket.on('error', () => {}).end('SSH-2.0-x\r\n')))
    const transport = transportTo(kubeConfigFor({ server: `http://127.0.0.1:${port}` }))
    expect(await failureOf(transport.get(podList()))).toMatchObject({ code: 'ERR_CONNECTION_LOST' })
  })
})

describe('a kubeconfig without a server', () => {
  test('because it was never loaded is ERR_NO_CLUSTER', async () => {
    const error = await failureOf(transportTo(new KubeConfig()).get(podList()))
    expect(error).toMatchObject({ code: 'ERR_NO_CLUSTER', message: expect.stringContaining('has it been loaded?') })
  })

  test('because its context is not there is ERR_NO_CLUSTER and names the context', async () => {
    const kubeConfig = new KubeConfig()
    kubeConfig.setCurrentContext('staging')
    const error = await failureOf(transportTo(kubeConfig).get(podList()))
    expect(error).toMatchObject({ code: 'ERR_NO_CLUSTER', message: expect.stringContaining("'staging'") })
  })

  test.each(['', 'https://undefined:undefined', 'ftp://u:hunter2@x', 'hunter2'])(
    'because %j is no URL is ERR_NO_CLUSTER and does not repeat it',
    async (server) => {
      const error = await failureOf(transportTo(kubeConfigFor({ server })).get(podList()))
      expect(error).toMatchObject({ code: 'ERR_NO_CLUSTER' })
      expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hunter2')
    },
  )

  test('never shows the password in the URL of one', async () => {
    const kubeConfig = kubeConfigFor({ server: 'http://admin:hunter2@127.0.0.1:1/prefix' })
    const error = await failureOf(read(transportTo(kubeConfig)))
    expect(error).toMatchObject({ code: 'ERR_UNREACHABLE' })
    expect(inspect(error, { depth: 10, showHidden: true })).not.toContain('hunter2')
  })
})

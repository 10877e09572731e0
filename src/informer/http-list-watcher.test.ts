import { describe, expect, test } from 'vitest'
import { resources } from '../api/generated/index.ts'
import { metadataOnly } from '../api/resource.ts'
import type { WireObject } from '../api/wire-object.ts'
import { failureOf, kubeConfigFor, serve, transportTo } from '../transport/loopback.test-support.ts'
import type { Transport, TransportRequest } from '../transport/transport.ts'
import { HttpListWatcher } from './http-list-watcher.ts'

const { pods } = resources.core.v1
const EMPTY = { items: [], metadata: { resourceVersion: '7', continue: 'x' } }

/** Answers every LIST with nothing and every WATCH with its end, and notes what it was asked for. */
class RecordingTransport implements Transport {
  readonly requests: TransportRequest[] = []

  get(request: TransportRequest): ReturnType<Transport['get']> {
    this.requests.push(request)
    const isPartial = request.accept.includes('PartialObjectMetadataList')
    const type = isPartial
      ? { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1' }
      : { kind: 'PodList', apiVersion: 'v1' }
    const text = request.query['watch'] === 'true' ? '' : JSON.stringify({ ...type, ...EMPTY })
    return Promise.resolve({ contentType: 'application/json', body: chunks(text) })
  }

  close(): Promise<void> {
    return Promise.resolve()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }
}

async function* chunks(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text)
}

function watcherOf(transport: Transport, resource = pods as typeof pods): HttpListWatcher<never> {
  const encodings = ['protobuf', 'json'] as const
  const options = { transport, namespace: 'web', omit: [], maxItemBytes: undefined, encodings }
  return new HttpListWatcher<never>({ ...options, resource: resource as never })
}

const { signal } = new AbortController()

describe('a list watcher', () => {
  test.each([
    ['a list', {}, true],
    ['a watch', { watch: 'true', resourceVersion: '7' }, false],
    ['a watch-list', { watch: 'true', sendInitialEvents: 'true' }, true],
  ])('asks for %s with gzip where that is worth it', async (_what, query: { [name: string]: string }, compress) => {
    const transport = new RecordingTransport()
    const watcher = watcherOf(transport)
    if (query['watch'] === undefined) await watcher.list(query, { receive() {} }, signal)
    else for await (const events of watcher.watch(query, signal)) expect(events).toEqual([])
    expect(transport.requests).toMatchObject([{ path: '/api/v1/namespaces/web/pods', query, compress }])
  })

  test.each(['list', 'watch'])('closes the connection of a %s that it cannot decode', async (what) => {
    const closed = Promise.withResolvers<void>()
    const server = await serve((_request, response) => {
      response.on('close', closed.resolve)
      response.writeHead(200, { 'content-type': 'application/cbor' })
      response.write('first')
    })
    const watcher = watcherOf(transportTo(kubeConfigFor({ server: server.url })))
    const reading = what === 'list' ? watcher.list({}, { receive() {} }, signal) : watcher.watch({}, signal).next()
    expect(await failureOf(reading)).toMatchObject({ code: 'ERR_CONTENT_TYPE' })
    await closed.promise
  })

  test('lists the same collection as metadata alone', async () => {
    const transport = new RecordingTransport()
    const head = await watcherOf(transport).metadata.list({ limit: '1' }, { receive() {} }, signal)
    expect(head).toEqual({ resourceVersion: '7', continue: 'x' })
    expect(transport.requests[0]).toMatchObject({ path: '/api/v1/namespaces/web/pods', query: { limit: '1' } })
    expect(transport.requests[0]?.accept.split(', ')).toEqual([
      'application/vnd.kubernetes.protobuf;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
      'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1',
    ])
  })

  test('of metadata is its own', () => {
    const watcher = watcherOf(new RecordingTransport(), metadataOnly(pods) as typeof pods)
    expect(watcher.metadata).toBe(watcher)
  })

  test.each([
    ['uses the memory of items again for a sink that copies', true],
    ['gives items memory of their own otherwise', undefined],
  ])('%s', async (_title, copies) => {
    const item = (name: string): string => `{"metadata":{"name":"${name}","resourceVersion":"1"}}`
    const body = chunks(`{"kind":"PodList","apiVersion":"v1","items":[${item('a')}`, `,${item('b')}],"metadata":{}}`)
    const transport = new RecordingTransport()
    transport.get = () => Promise.resolve({ contentType: 'application/json', body })
    const items: WireObject[] = []
    const receive = (some: readonly WireObject[]): void => void items.push(...some)
    await watcherOf(transport).list({}, { receive, ...(copies && { copies }) }, signal)
    expect(items.map(({ name }) => name)).toEqual(['a', 'b'])
    expect(items[0]!.bytes.buffer === items[1]!.bytes.buffer).toBe(true)
    expect(items[0]!.bytes.byteOffset === items[1]!.bytes.byteOffset).toBe(copies === true)
  })

  test('tells the head of a list with the chunk that it came in', async () => {
    const heads: unknown[] = []
    const sink = { receive: (_items: unknown, { head }: { head: unknown }) => void heads.push(head) }
    await watcherOf(new RecordingTransport()).list({}, sink, signal)
    expect(heads).toEqual([{ resourceVersion: '7', continue: 'x' }])
  })
})

import { describe, expect, onTestFinished, test } from 'vitest'
import { gunzipSync } from 'node:zlib'
import { request } from 'undici'
import { customResource } from '../../api/resource.ts'
import { resources } from '../../api/generated/resources.ts'
import { createListDecoder, createWatchDecoder } from '../../decode/index.ts'
import { ManualClock } from '../manual-clock.ts'
import { generatePods, pod } from '../pods.ts'
import { TestApiServer, type TestApiServerOptions } from '../server.ts'

const { pods } = resources.core.v1
const widgets = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })
const PROTOBUF = 'application/vnd.kubernetes.protobuf'
const TABLE = 'application/json;as=Table;v=v1;g=meta.k8s.io'
const METADATA = 'as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'
const PODS = '/api/v1/pods'

async function start(options: TestApiServerOptions = {}) {
  const clock = new ManualClock()
  const server = await TestApiServer.start({ crds: [widgets], clock, ...options })
  onTestFinished(() => server.stop())
  const get = async (path: string, headers: { readonly [name: string]: string } = {}) => {
    const response = await request(server.url + path, { headers })
    const bytes = Buffer.from(await response.body.arrayBuffer())
    return { status: response.statusCode, headers: response.headers, bytes, text: bytes.toString() }
  }
  /** A watch of one second, all of it. */
  const watch = async (path: string, headers: { readonly [name: string]: string } = {}) => {
    const before = server.requests.length
    const whole = get(`${path}&timeoutSeconds=1`, headers)
    await expect.poll(() => server.requests.length).toBe(before + 1)
    await clock.advance(1000)
    return whole
  }
  return { server, get, watch }
}

const hex = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))

describe('a list in protobuf', () => {
  test('has the bytes of a server', async () => {
    const { get } = await start({
      objects: [
        {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { name: 'c', namespace: 'n', uid: 'u', creationTimestamp: '1970-01-01T00:00:01Z' },
          data: { b: '2', a: '1' },
        },
      ],
    })
    const { headers, bytes } = await get('/api/v1/namespaces/n/configmaps', { accept: PROTOBUF })
    expect(headers['content-type']).toBe(PROTOBUF)
    const metadata = hex(
      [0x0a, 1],
      'c',
      [0x12, 0, 0x1a, 1],
      'n',
      [0x22, 0, 0x2a, 1],
      'u',
      [0x32, 1],
      '2',
      [0x38, 0, 0x42, 4, 8, 1, 16, 0],
    )
    const entries = hex([0x12, 6, 0x0a, 1], 'a', [0x12, 1], '1', [0x12, 6, 0x0a, 1], 'b', [0x12, 1], '2')
    const item = hex([0x0a, metadata.length], [...metadata], [...entries])
    const listMeta = hex([0x0a, 0, 0x12, 1], '2', [0x1a, 0])
    const raw = hex([0x0a, listMeta.length], [...listMeta], [0x12, item.length], [...item])
    const typeMeta = hex([0x0a, 2], 'v1', [0x12, 13], 'ConfigMapList')
    expect(bytes).toEqual(
      hex('k8s\0', [0x0a, typeMeta.length], [...typeMeta], [0x12, raw.length], [...raw], [0x1a, 0, 0x22, 0]),
    )
  })

  test('decodes to what the list in JSON says, however long it is', async () => {
    const { get } = await start({ objects: generatePods(400) })
    const [protobuf, json] = await Promise.all([get(PODS, { accept: PROTOBUF }), get(PODS)])
    const decoder = createListDecoder({ contentType: PROTOBUF, resource: pods })
    const items = decoder.push(protobuf.bytes).map((item) => item.decode())
    decoder.end()
    const { items: expected } = JSON.parse(json.text) as { items: object[] }
    expect(JSON.parse(JSON.stringify(items))).toEqual(
      expected.map((item) => ({ kind: 'Pod', apiVersion: 'v1', ...item })),
    )
  })

  test('is of metadata alone where that is asked for, of custom resources too', async () => {
    const { get } = await start({
      objects: [{ apiVersion: 'example.com/v1', kind: 'Widget', metadata: { name: 'w' } }],
    })
    const { status, bytes } = await get('/apis/example.com/v1/widgets', { accept: `${PROTOBUF};${METADATA}` })
    expect([status, bytes.toString('latin1')]).toEqual([200, expect.stringContaining('PartialObjectMetadataList')])
  })
})

describe('a watch in protobuf', () => {
  test('sends frames, bookmarks among them, and errors as frames too', async () => {
    const { server, watch } = await start({ objects: [pod({ name: 'a' })] })
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'
    const response = await watch(`${PODS}?${query}`, { accept: PROTOBUF })
    expect(response.headers['content-type']).toBe(`${PROTOBUF};stream=watch`)
    const decoder = createWatchDecoder({ contentType: `${PROTOBUF};stream=watch`, resource: pods })
    const events = decoder.push(response.bytes)
    expect(events.map(({ type }) => type).slice(0, 2)).toEqual(['ADDED', 'BOOKMARK'])
    server.compact()
    server.create(pods, pod({ name: 'b' }))
    server.compact()
    const late = await watch(`${PODS}?watch=true&resourceVersion=1`, { accept: PROTOBUF })
    const old = createWatchDecoder({ contentType: `${PROTOBUF};stream=watch`, resource: pods })
    expect(old.push(late.bytes)).toMatchObject([{ type: 'ERROR', status: { code: 410 } }])
  })
})

describe('a table', () => {
  interface Table {
    readonly kind: string
    readonly metadata: { readonly resourceVersion: string; readonly continue?: string }
    readonly columnDefinitions: readonly { readonly name: string }[] | null
    readonly rows: readonly { readonly cells: readonly unknown[]; readonly object: { readonly kind: string } | null }[]
  }

  test('has rows as kubectl shows them, page by page', async () => {
    const { get } = await start({ objects: [pod({ name: 'a' }), pod({ name: 'b' })] })
    const first = JSON.parse((await get(`${PODS}?limit=1`, { accept: TABLE })).text) as Table
    expect(first.columnDefinitions!.map(({ name }) => name)).toContain('Restarts')
    expect(first.rows).toMatchObject([
      {
        cells: expect.arrayContaining(['a', '0/1', 'Running', '0']) as unknown,
        object: { kind: 'PartialObjectMetadata' },
      },
    ])
    const query = `limit=1&includeObject=None&continue=${encodeURIComponent(first.metadata.continue!)}`
    const second = JSON.parse((await get(`${PODS}?${query}`, { accept: TABLE })).text) as Table
    expect(second).toMatchObject({
      kind: 'Table',
      rows: [{ cells: expect.arrayContaining(['b']) as unknown, object: null }],
    })
  })

  test('of one object or an event has one row, and its columns once in a watch', async () => {
    const { server, get, watch } = await start({ objects: [pod({ name: 'a' }), pod({ name: 'b' })] })
    const one = await get('/api/v1/namespaces/default/pods/a?includeObject=Object', { accept: TABLE })
    expect(JSON.parse(one.text)).toMatchObject({
      metadata: { resourceVersion: '2' },
      rows: [{ object: { kind: 'Pod' } }],
    })
    const { text } = await watch(`${PODS}?watch=true`, { accept: TABLE })
    const tables = text
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { object: Table }).object)
    expect(tables.map(({ columnDefinitions }) => columnDefinitions === null)).toEqual([false, true])
    expect(server.requests).toHaveLength(2)
  })
})

describe('an answer', () => {
  test('is compressed for a client that takes it, once it is large', async () => {
    const { get } = await start({ objects: generatePods(100) })
    const headers = { 'accept-encoding': 'gzip, deflate' }
    const [large, small, plain] = await Promise.all([get(PODS, headers), get(`${PODS}?limit=5`, headers), get(PODS)])
    expect(large.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'Accept-Encoding' })
    expect(gunzipSync(large.bytes)).toEqual(plain.bytes)
    expect(small.headers).not.toHaveProperty('content-encoding')
  })

  test.each([
    ['1.36', undefined],
    ['1.37', 'gzip'],
  ] as const)('to a watch-list is compressed from 1.37 on: %s', async (release, encoding) => {
    const { watch } = await start({ release, objects: [pod({ name: 'a' })] })
    const query = 'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan'
    const { headers, bytes } = await watch(`${PODS}?${query}`, { 'accept-encoding': 'gzip' })
    expect(headers['content-encoding']).toBe(encoding)
    expect((encoding === undefined ? bytes : gunzipSync(bytes)).toString()).toContain('"type":"ADDED"')
  })

  test('carries what a server says of each: an id, and how it was queued', async () => {
    const { get } = await start()
    const { headers } = await get(PODS, { 'audit-id': 'mine' })
    expect(headers).toMatchObject({
      'audit-id': 'mine',
      'cache-control': 'no-cache, private',
      'x-kubernetes-pf-flowschema-uid': expect.stringMatching(/^[\da-f-]{36}$/) as string,
    })
  })

  test('that is a Status comes in the encoding that is taken, or indented where none is', async () => {
    const { get } = await start()
    const path = '/api/v1/namespaces/default/pods/none'
    expect((await get(path, { accept: PROTOBUF })).bytes.toString('latin1')).toContain('\n\f\n\x02v1\x12\x06Status')
    expect((await get(path)).text).toMatch(/^\{"kind":"Status".*\}\n$/)
    expect((await get(path, { accept: 'text/html' })).text).toMatch(/^\{\n {2}"kind": "Status"/)
  })
})

test('a write whose answer nobody could read is refused before it is made', async () => {
  const { server } = await start()
  const body = JSON.stringify(pod({ name: 'a' }))
  const headers = { accept: 'text/html', 'content-type': 'application/json' }
  const response = await request(`${server.url}/api/v1/namespaces/default/pods`, { method: 'POST', headers, body })
  expect(response.statusCode).toBe(406)
  await response.body.dump()
  expect(server.list(pods)).toEqual([])
})

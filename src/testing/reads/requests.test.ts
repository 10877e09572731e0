import { describe, expect, onTestFinished, test } from 'vitest'
import { resources } from '../../api/generated/resources.ts'
import { ManualClock } from '../manual-clock.ts'
import { TestApiServer, type TestApiServerOptions } from '../server.ts'
import type { StatusBody } from '../status.ts'

const { configmaps } = resources.core.v1
const TABLE = 'application/json;as=Table;g=meta.k8s.io;v=v1'
const MAPS = '/api/v1/namespaces/default/configmaps'
const WATCH_LIST = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true'

const configMap = (name: string): object => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })

async function start(options: TestApiServerOptions = {}) {
  const clock = new ManualClock()
  const server = await TestApiServer.start({ clock, objects: [configMap('a'), configMap('b')], ...options })
  onTestFinished(() => server.stop())
  const get = (path: string, accept = 'application/json') => fetch(server.url + path, { headers: { accept } })
  /** The events of a watch that ends after so many seconds. */
  const watch = async (query: string, seconds: number, accept?: string): Promise<Event[]> => {
    const response = await get(`${MAPS}?watch=true&timeoutSeconds=${seconds}&${query}`, accept)
    expect(response.status).toBe(200)
    await clock.advance(seconds * 1000)
    return eventsOf(response)
  }
  return { clock, server, get, watch }
}

interface Event {
  readonly type: string
  readonly object: { readonly columnDefinitions?: readonly object[] | null; readonly metadata: object }
}

async function eventsOf(response: Response): Promise<Event[]> {
  const lines = (await response.text()).split('\n').filter((line) => line !== '')
  return lines.map((line) => JSON.parse(line) as Event)
}

describe('the query of a read', () => {
  test.each([
    ['limit=', 400, 'BadRequest', 'strconv.ParseInt: parsing "": invalid syntax'],
    [
      'continue=bnVsbA',
      400,
      'BadRequest',
      'invalid continue token: continue key is not valid: server does not recognize this encoded version undefined',
    ],
    [
      'fieldSelector=data.x%3D1',
      400,
      'BadRequest',
      '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"',
    ],
    [
      'resourceVersion=abc',
      400,
      'BadRequest',
      'invalid resource version: resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ],
    [
      'watch=true&resourceVersion=abc',
      500,
      undefined,
      'resourceVersion: Invalid value: "abc": strconv.ParseUint: parsing "abc": invalid syntax',
    ],
    [
      'watch=true&resourceVersion=-1',
      500,
      undefined,
      'resourceVersion: Invalid value: "-1": strconv.ParseUint: parsing "-1": invalid syntax',
    ],
  ])('is refused: %s', async (query, code, reason, message) => {
    const { get } = await start()
    const response = await get(`${MAPS}?${query}`)
    expect(response.status).toBe(code)
    expect((await response.json()) as StatusBody).toMatchObject({ code, message, ...(reason && { reason }) })
  })

  test('may have zeros before a version', async () => {
    const { get } = await start()
    expect((await get(`${MAPS}?resourceVersion=002`)).status).toBe(200)
  })

  test('of a WATCH may have a token, which is ignored', async () => {
    const { watch } = await start()
    expect(await watch('continue=token&resourceVersion=3', 1)).toEqual([])
  })
})

describe('the form of an answer', () => {
  test('is looked at after the request was understood and the object was found', async () => {
    const { get } = await start()
    const list = 'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1'
    expect((await get(`${MAPS}/nobody`, list)).status).toBe(404)
    expect((await get(`${MAPS}/a`, list)).status).toBe(406)
    expect((await get(`${MAPS}/nobody`, 'text/html')).status).toBe(406)
    const one = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1'
    expect((await get(`${MAPS}?resourceVersionMatch=Exact`, one)).status).toBe(422)
    expect((await get(MAPS, one)).status).toBe(406)
  })

  test('of a watch-list as a Table has the columns in its first event', async () => {
    const { watch } = await start()
    const events = await watch(WATCH_LIST, 1, TABLE)
    expect(events.map(({ type }) => type)).toEqual(['ADDED', 'ADDED', 'BOOKMARK'])
    expect(events.map(({ object }) => object.columnDefinitions?.length)).toEqual([3, undefined, undefined])
  })

  test.each([
    ['1.33', { resourceVersion: '4', creationTimestamp: null }],
    ['1.34', { resourceVersion: '4' }],
  ] as const)('of a bookmark of %s has the times of that release', async (release, metadata) => {
    const { clock, server, watch } = await start({ release })
    const late = clock.setTimeout(
      () => server.create(configmaps, { metadata: { name: 'c', namespace: 'other' } }),
      1000,
    )
    onTestFinished(() => late[Symbol.dispose]())
    const events = await watch('resourceVersion=3&allowWatchBookmarks=true', 60)
    expect(events[0]).toEqual({
      type: 'BOOKMARK',
      object: { kind: 'ConfigMap', apiVersion: 'v1', metadata },
    })
  })

  test('of the index of OpenAPI documents is said to be text', async () => {
    const { get } = await start()
    expect((await get('/openapi/v3')).headers.get('content-type')).toBe('text/plain; charset=utf-8')
    expect((await get('/openapi/v3/api/v1')).headers.get('content-type')).toBe('application/json')
  })
})

describe('a server', () => {
  test('begins with objects whose names are parts of paths', async () => {
    const name = 'v1.'
    const service = { apiVersion: 'apiregistration.k8s.io/v1', kind: 'APIService', metadata: { name } }
    const { get } = await start({ objects: [service] })
    expect((await get(`/apis/apiregistration.k8s.io/v1/apiservices/${name}`)).status).toBe(200)
  })
})

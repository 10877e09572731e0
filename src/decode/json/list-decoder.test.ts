import { describe, expect, test } from 'vitest'
import { customResource } from '../../api/resource.ts'
import type { WireObject } from '../../api/wire-object.ts'
import { createListDecoder, type DecoderOptions } from '../index.ts'

const widgets = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })
const things = customResource({ group: 'example.com', version: 'v1', plural: 'things', kind: 'Thing' })

const item = (name: string, more: object = {}): object => ({
  metadata: { name, namespace: 'web', uid: `uid-${name}`, resourceVersion: '7', ...more },
})

function builtIn(items: readonly object[], metadata: object = { resourceVersion: '42' }): string {
  return `${JSON.stringify({ kind: 'PodList', apiVersion: 'v1', metadata, items })}\n`
}

function customOrder(items: readonly object[]): string {
  const typed = items.map((value) => ({ apiVersion: 'example.com/v1', kind: 'Widget', ...value }))
  return `${JSON.stringify({ apiVersion: 'example.com/v1', items: typed, kind: 'WidgetList', metadata: { continue: '', resourceVersion: '42' } })}\n`
}

function decode(body: string | Uint8Array, options: Partial<DecoderOptions> = {}, chunkBytes = Infinity) {
  const decoder = createListDecoder({ contentType: 'application/json', ...options })
  const bytes = typeof body === 'string' ? Buffer.from(body) : body
  const items: WireObject[] = []
  for (let at = 0; at < bytes.length; at += chunkBytes) items.push(...decoder.push(bytes.subarray(at, at + chunkBytes)))
  return { items, metadata: decoder.end(), decoder }
}

function failure(run: () => unknown): { code: string; message: string; offset: number } {
  try {
    run()
  } catch (error) {
    return error as { code: string; message: string; offset: number }
  }
  throw new Error('did not fail')
}

describe.each(['frames', 'tokens'] as const)('a LIST decoder by %s', (decoder) => {
  test('reads the order of built-ins, and gives items the kind of the list', () => {
    const { items, metadata } = decode(builtIn([item('a'), item('b')]), { decoder })
    expect(metadata).toEqual({ resourceVersion: '42' })
    expect(items.map(({ key, uid, resourceVersion }) => [key, uid, resourceVersion])).toEqual([
      ['web/a', 'uid-a', '7'],
      ['web/b', 'uid-b', '7'],
    ])
    expect(items[0]!.decode()).toEqual({ kind: 'Pod', apiVersion: 'v1', ...item('a') })
  })

  test('reads the order of custom resources, whose metadata comes last', () => {
    const { items, metadata } = decode(customOrder([item('a')]), { decoder, resource: widgets })
    expect(metadata).toEqual({ resourceVersion: '42' })
    expect(items[0]!.decode()).toEqual({ apiVersion: 'example.com/v1', kind: 'Widget', ...item('a') })
  })

  test('hands out nothing for null and for empty items', () => {
    expect(decode('{"metadata":{"resourceVersion":"1"},"items":null}', { decoder }).items).toEqual([])
    expect(decode(builtIn([]), { decoder }).items).toEqual([])
  })

  test('reads continue and remainingItemCount', () => {
    const body = builtIn([], { resourceVersion: '1', continue: 'tok', remainingItemCount: 3 })
    expect(decode(body, { decoder }).metadata).toEqual({ resourceVersion: '1', continue: 'tok', remainingItemCount: 3 })
  })

  test('reads a pretty-printed body, cut at every byte', () => {
    const body = JSON.stringify(JSON.parse(builtIn([item('a', { labels: { 'ü"\\': '日本 \u{1f600}' } })])), null, 2)
    const whole = decode(body, { decoder }).items.map((object) => object.decode())
    expect(decode(body, { decoder }, 1).items.map((object) => object.decode())).toEqual(whole)
  })

  test('does not take items inside an item for its own', () => {
    const { items } = decode(builtIn([{ ...item('a'), items: [{ items: ['}]'] }], kind: 'Pod' }, item('b')]), {
      decoder,
    })
    expect(items.map(({ name }) => name)).toEqual(['a', 'b'])
  })

  test('keeps a __proto__ key as a key', () => {
    const { items } = decode(`{"items":[{"__proto__":{"polluted":1},"metadata":{"name":"a"}}]}`, {
      decoder,
      resource: things,
    })
    const object = items[0]!.decode() as object
    expect(Object.getPrototypeOf(object)).toBe(Object.prototype)
    expect(Object.hasOwn(object, '__proto__')).toBe(true)
    expect(({} as { polluted?: number }).polluted).toBeUndefined()
  })

  test('refuses a body that was cut, wherever that was', () => {
    const body = Buffer.from(builtIn([item('a'), item('b')]).trimEnd())
    for (let length = 0; length < body.length; length++) {
      expect(failure(() => decode(body.subarray(0, length), { decoder })).code).toMatch(
        /^ERR_DECODE_(TRUNCATED|SYNTAX)$/,
      )
    }
  })

  test('refuses a Status that was appended to a part of the list', () => {
    const start = builtIn([item('a')]).slice(0, -3)
    const status = '{"kind":"Status","apiVersion":"v1","metadata":{},"message":"cannot encode","code":500}\n'
    expect(failure(() => decode(start + status, { decoder })).code).toMatch(/^ERR_DECODE_(TRUNCATED|SYNTAX)$/)
    expect(failure(() => decode(`${start},${status}`, { decoder }))).toMatchObject({
      code: expect.stringMatching(/TRUNCATED/),
    })
  })

  test('gives the Status that came instead of a list as an ApiError', () => {
    const body =
      '{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"Expired","message":"old","code":410}'
    expect(failure(() => decode(body, { decoder }))).toMatchObject({
      code: 'ERR_RESOURCE_EXPIRED',
      status: 410,
      reason: 'Expired',
    })
  })

  test.each([
    ['a List', '{"kind":"List","apiVersion":"v1","metadata":{"resourceVersion":""},"items":[]}'],
    ['a Table', '{"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{},"columnDefinitions":[],"rows":[]}'],
    ['metadata alone', '{"kind":"PartialObjectMetadataList","apiVersion":"meta.k8s.io/v1","metadata":{},"items":[]}'],
    ['an object', '{"kind":"Pod","apiVersion":"v1","metadata":{"name":"a"}}'],
  ])('refuses %s where a list of the resource was asked for', (_what, body) => {
    expect(failure(() => decode(body, { decoder, resource: things })).code).toBe('ERR_UNEXPECTED_KIND')
  })

  test('returns the good items before it throws for one without a name', () => {
    const bytes = Buffer.from(builtIn([item('a'), { metadata: {} }, item('c')]))
    const list = createListDecoder({ contentType: 'application/json', decoder })
    expect(list.push(bytes).map(({ name }) => name)).toEqual(['a'])
    expect(failure(() => list.push(Buffer.from(' '))).code).toBe('ERR_DECODE_KEY')
    expect(failure(() => list.end()).code).toBe('ERR_DECODE_KEY')
  })

  test('skips an item over the limit, and says which one it was', () => {
    const big = { ...item('big'), data: 'x'.repeat(5000) }
    const { items } = decode(builtIn([item('a'), big, item('c')]), { decoder, maxItemBytes: 1000 }, 700)
    expect(items.map(({ key }) => key)).toEqual(['web/a', 'web/big', 'web/c'])
    expect(items[1]!.bytes).toHaveLength(0)
    expect(failure(() => items[1]!.decode())).toMatchObject({ code: 'ERR_DECODE_TOO_LARGE', key: 'web/big' })
  })

  test.each([
    '',
    '[]',
    'null',
    '<html>',
    '{"items":[1]}',
    '{"items":[],}',
    '{"items":[]}x',
    '{"items":[] "a":1}',
    '{"items":{}}',
    '{"items":[{}}',
  ])('refuses %j', (body) => {
    expect(failure(() => decode(body, { decoder })).code).toMatch(/^ERR_(DECODE|UNEXPECTED)/)
  })

  test('cuts fields out of the bytes, with the commas that joined them', () => {
    const object = {
      ...item('a', { managedFields: [{ a: 1 }], labels: { x: '1', y: '2', z: '3' } }),
      spec: { containers: [{ env: [1], name: 'c' }, { env: [] }] },
    }
    const omit = [
      'metadata.managedFields',
      'metadata.labels.x',
      'metadata.labels.z',
      'spec.containers[*].env',
      ['metadata', 'annotations'],
    ]
    const { items } = decode(builtIn([object]), { decoder, omit })
    expect(items[0]!.decode()).toEqual({
      kind: 'Pod',
      apiVersion: 'v1',
      metadata: { ...(item('a') as { metadata: object }).metadata, labels: { y: '2' } },
      spec: { containers: [{ name: 'c' }, {}] },
    })
  })
})

describe('the frames of a LIST', () => {
  test('say the head of a built-in before its items', () => {
    const decoder = createListDecoder({ contentType: 'application/json' })
    decoder.push(Buffer.from('{"kind":"PodList","metadata":{"resourceVersion":"9"},"it'))
    expect(decoder.head).toEqual({ resourceVersion: '9' })
  })

  test('do not let two wrong brackets swallow the items between them', () => {
    expect(failure(() => decode('{"items":[{"a":[},{"b":1]}]}')).code).toBe('ERR_DECODE_SYNTAX')
  })

  test('stop at 10,000 levels', () => {
    const deep = `{"items":[{"metadata":{"name":"a"},"x":${'['.repeat(20_000)}`
    expect(failure(() => decode(deep)).code).toBe('ERR_DECODE_TOO_DEEP')
  })

  test('show an object that is no JSON inside only when it is decoded, without quoting it', () => {
    const { items } = decode('{"items":[{"metadata":{"name":"a"},"data":{"password":hunter2}}]}', { resource: things })
    const error = failure(() => items[0]!.decode())
    expect(error).toMatchObject({ code: 'ERR_DECODE_OBJECT', key: 'a' })
    expect(error.message).not.toContain('hunter2')
  })

  test('do not decode an object whose name stands there twice as if it were one of them', () => {
    const { items } = decode('{"items":[{"metadata":{"name":"a"},"metadata":{"name":"b"}}]}', { resource: things })
    expect(items[0]!.key).toBe('a')
    expect(failure(() => items[0]!.decode()).code).toBe('ERR_DECODE_OBJECT')
  })

  test('share no memory with the chunk', () => {
    const bytes = Buffer.from(builtIn([item('a')]))
    const [object] = createListDecoder({ contentType: 'application/json' }).push(bytes)
    bytes.fill(0)
    expect(object!.decode()).toMatchObject(item('a'))
  })
})

test.each(['metadata', 'metadata.name', ['metadata', 'uid'], 'metadata..name', ''])('omit %j is refused', (path) => {
  expect(failure(() => createListDecoder({ contentType: 'application/json', omit: [path] })).code).toBe('ERR_OPTION')
})

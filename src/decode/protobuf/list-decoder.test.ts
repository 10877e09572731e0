import { describe, expect, test } from 'vitest'
import { resources } from '../../api/generated/index.ts'
import type { WireObject } from '../../api/wire-object.ts'
import { createListDecoder, type DecoderOptions } from '../index.ts'
import { configMap, envelope, listMessage, message } from './wire.test-support.ts'

const { configmaps } = resources.core.v1
const list = (items: readonly Uint8Array[], resourceVersion?: string, token?: string): Uint8Array =>
  envelope('v1', 'ConfigMapList', listMessage(items, resourceVersion, token))

function decode(body: Uint8Array, options: Partial<DecoderOptions> = {}, chunkBytes = Infinity) {
  const decoder = createListDecoder({ contentType: 'application/vnd.kubernetes.protobuf', ...options })
  const items: WireObject[] = []
  for (let at = 0; at < body.length; at += chunkBytes) items.push(...decoder.push(body.subarray(at, at + chunkBytes)))
  return { items, metadata: decoder.end(), decoder }
}

function failure(run: () => unknown): { code: string; message: string } {
  try {
    run()
  } catch (error) {
    return error as { code: string; message: string }
  }
  throw new Error('did not fail')
}

describe('a protobuf LIST decoder', () => {
  test('reads items and head, cut at every byte', () => {
    const body = list([configMap({ name: 'a' }, { x: '1' }), configMap({ name: 'b' })], '42', 'token')
    for (const chunkBytes of [Infinity, 1, 3, 7]) {
      const { items, metadata } = decode(body, { resource: configmaps }, chunkBytes)
      expect(metadata).toEqual({ resourceVersion: '42', continue: 'token' })
      expect(items.map(({ key, uid, resourceVersion }) => [key, uid, resourceVersion])).toEqual([
        ['web/a', 'u', '7'],
        ['web/b', 'u', '7'],
      ])
      expect(items[0]!.decode()).toMatchObject({
        kind: 'ConfigMap',
        apiVersion: 'v1',
        metadata: { name: 'a' },
        data: { x: '1' },
      })
    }
  })

  test('says the length of the body, and the head, before the items', () => {
    const body = list([configMap({})])
    const decoder = createListDecoder({ contentType: 'application/vnd.kubernetes.protobuf' })
    decoder.push(body.subarray(0, 60))
    expect(decoder.totalBytes).toBe(body.length)
    expect(decoder.head).toEqual({ resourceVersion: '42' })
  })

  test('takes the kind of its items from the list', () => {
    expect(decode(list([configMap({})])).items[0]!.decode()).toMatchObject({ kind: 'ConfigMap', apiVersion: 'v1' })
  })

  test('hands out nothing for a list of nothing', () => {
    expect(decode(list([])).items).toEqual([])
  })

  test('refuses a body that was cut, wherever that was', () => {
    const body = list([configMap({ name: 'a' }), configMap({ name: 'b' })])
    for (let length = 0; length < body.length - 4; length++) {
      expect(failure(() => decode(body.subarray(0, length))).code).toBe('ERR_DECODE_TRUNCATED')
    }
  })

  test('returns the good items before it throws for one without a name', () => {
    const decoder = createListDecoder({ contentType: 'application/vnd.kubernetes.protobuf' })
    expect(decoder.push(list([configMap({ name: 'a' }), message([[2, 'x']])])).map(({ name }) => name)).toEqual(['a'])
    expect(failure(() => decoder.end()).code).toBe('ERR_DECODE_KEY')
  })

  test('skips an item over the limit, and says which one it was', () => {
    const big = configMap({ name: 'big' }, { x: 'y'.repeat(9000) })
    const { items } = decode(
      list([configMap({ name: 'a' }), big, configMap({ name: 'c' })]),
      { maxItemBytes: 1000 },
      700,
    )
    expect(items.map(({ key }) => key)).toEqual(['web/a', 'web/big', 'web/c'])
    expect(failure(() => items[1]!.decode())).toMatchObject({ code: 'ERR_DECODE_TOO_LARGE', key: 'web/big' })
  })

  test('gives the Status that came instead of a list as an ApiError', () => {
    const status = message([
      [2, 'Failure'],
      [3, 'old'],
      [4, 'Expired'],
      [6, 410],
    ])
    expect(failure(() => decode(envelope('v1', 'Status', status), { resource: configmaps }, 5))).toMatchObject({
      code: 'ERR_RESOURCE_EXPIRED',
      status: 410,
      reason: 'Expired',
    })
  })

  test.each([
    ['another prefix', Buffer.from('k8s\u0001xxxx'), 'ERR_DECODE_SYNTAX'],
    ['JSON', Buffer.from('{"items":[]}'), 'ERR_DECODE_SYNTAX'],
    [
      'a length past the end of the list',
      envelope('v1', 'ConfigMapList', Uint8Array.of(0x12, 0x7f)),
      'ERR_DECODE_SYNTAX',
    ],
    ['field number 0', envelope('v1', 'ConfigMapList', Uint8Array.of(0x02, 0x00)), 'ERR_DECODE_SYNTAX'],
    ['a group', envelope('v1', 'ConfigMapList', Uint8Array.of(0x0b)), 'ERR_DECODE_SYNTAX'],
    ['an endless varint', Buffer.concat([Buffer.from('k8s\0'), Buffer.alloc(20, 0xff)]), 'ERR_DECODE_SYNTAX'],
    ['metadata alone', envelope('meta.k8s.io/v1', 'PartialObjectMetadataList', listMessage([])), 'ERR_UNEXPECTED_KIND'],
  ])('refuses %s', (_what, body, code) => {
    expect(failure(() => decode(body, { resource: configmaps })).code).toBe(code)
  })

  test('does not take memory for a length that lies', () => {
    // an item of 4 GB that never comes
    const head = Buffer.from('k8s\0\u0012\u00ff\u00ff\u00ff\u00ff\u000f\u0012\u00f0\u00ff\u00ff\u00ff\u000f', 'latin1')
    const decoder = createListDecoder({ contentType: 'application/vnd.kubernetes.protobuf' })
    const before = process.memoryUsage().arrayBuffers
    decoder.push(head)
    decoder.push(Buffer.alloc(1000))
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
    expect(failure(() => decoder.end()).code).toBe('ERR_DECODE_TRUNCATED')
  })

  test('refuses a number that goes on behind the end of the list', () => {
    const raw = Buffer.concat([listMessage([configMap({})]), Uint8Array.of(0x48, 0x80)])
    expect(failure(() => decode(envelope('v1', 'ConfigMapList', raw))).code).toBe('ERR_DECODE_SYNTAX')
  })

  test('skips a field of the envelope that it does not know', () => {
    const body = Buffer.concat([list([configMap({})]), Uint8Array.of(0x4a, 0x01, 0x78)])
    expect(decode(body).items).toHaveLength(1)
  })

  test('cuts inside the entries of a map by their keys', () => {
    // spec.versions[0].schema.openAPIV3Schema.properties: a map of schemas, each with a description
    const schema = (description: string): Uint8Array => message([[4, description]])
    const entry = (key: string): Uint8Array =>
      message([
        [1, key],
        [2, schema(`of ${key}`)],
      ])
    const properties = message([
      [29, entry('spec')],
      [29, entry('other')],
      [29, entry('gone')],
    ])
    const version = message([
      [1, 'v1'],
      [4, message([[1, properties]])],
    ])
    const crd = Buffer.concat([configMap({ name: 'a', namespace: '' }), message([[2, message([[7, version]])]])])
    const path = 'spec.versions.schema.openAPIV3Schema.properties'
    const { items } = decode(envelope('apiextensions.k8s.io/v1', 'CustomResourceDefinitionList', listMessage([crd])), {
      omit: [`${path}.spec.description`, `${path}.gone`],
    })
    expect(items[0]!.decode()).toMatchObject({
      spec: {
        versions: [{ schema: { openAPIV3Schema: { properties: { spec: {}, other: { description: 'of other' } } } } }],
      },
    })
    const bytes = Buffer.from(items[0]!.bytes).toString('latin1')
    expect([bytes.includes('of spec'), bytes.includes('of other'), bytes.includes('of gone')]).toEqual([
      false,
      true,
      false,
    ])
  })

  test('cuts fields out of the bytes, and makes the lengths around them right', () => {
    const item = configMap(
      { name: 'a', labels: { x: '1', y: '2' }, managers: ['m'.repeat(200), 'n'] },
      { keep: 'k'.repeat(300), drop: 'd' },
    )
    const omit = ['metadata.managedFields', 'metadata.labels.x', 'data.drop']
    const { items } = decode(list([item]), { resource: configmaps, omit })
    expect(items[0]!.decode()).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: { name: 'a', namespace: 'web', uid: 'u', resourceVersion: '7', labels: { y: '2' } },
      data: { keep: 'k'.repeat(300) },
    })
  })
})

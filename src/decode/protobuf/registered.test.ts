import protobuf from 'protobufjs'
import { describe, expect, test } from 'vitest'
import { resources } from '../../api/generated/index.ts'
import { customResource } from '../../api/resource.ts'
import { createListDecoder, readWirePath, registerProtobuf } from '../index.ts'
import { envelope, listMessage, message, objectMeta } from './wire.test-support.ts'

const { root } = protobuf.parse(`
  syntax = "proto2";
  package example;
  message Meta { optional string name = 1; }
  message PodMetrics { optional Meta metadata = 1; repeated Usage containers = 4; }
  message Usage { optional string name = 1; optional int64 bytes = 2; }
`)
const podMetrics = customResource({ group: 'metrics.example.com', version: 'v1', plural: 'pods', kind: 'PodMetrics' })
const item = message([
  [1, objectMeta({ name: 'a', labels: { app: 'web' } })],
  [
    4,
    message([
      [1, 'main'],
      [2, 12345],
    ]),
  ],
])
const body = envelope('metrics.example.com/v1', 'PodMetricsList', listMessage([item]))
const decodeFirst = (): unknown =>
  createListDecoder({ contentType: 'application/vnd.kubernetes.protobuf', resource: podMetrics })
    .push(body)[0]!
    .decode()

describe('a kind that the table does not have', () => {
  test('has a key all the same, and cannot be decoded', () => {
    expect(decodeFirst).toThrow(expect.objectContaining({ code: 'ERR_DECODE_OBJECT', key: 'web/a' }))
  })

  test('is decoded by the message that was registered for it, its metadata as that of all others', () => {
    registerProtobuf(podMetrics, root, 'example.PodMetrics')
    expect(decodeFirst()).toEqual({
      kind: 'PodMetrics',
      apiVersion: 'metrics.example.com/v1',
      metadata: { name: 'a', namespace: 'web', uid: 'u', resourceVersion: '7', labels: { app: 'web' } },
      containers: [{ name: 'main', bytes: 12345 }],
    })
  })

  test('has paths that can be read, and fields that can be omitted', () => {
    const options = { contentType: 'application/vnd.kubernetes.protobuf', resource: podMetrics }
    const [object] = createListDecoder(options).push(body)
    expect(readWirePath(object!, ['metadata', 'labels', 'app'])).toEqual(['web'])
    expect(readWirePath(object!, ['containers', 'bytes'])).toEqual([12345])
    const [less] = createListDecoder({ ...options, omit: ['containers'] }).push(body)
    expect(less!.decode()).not.toHaveProperty('containers')
  })

  test('cannot be registered over a built-in one, nor by a message that is not there', () => {
    const refused = expect.objectContaining({ code: 'ERR_OPTION' })
    expect(() => registerProtobuf(resources.core.v1.pods, root, 'example.PodMetrics')).toThrow(refused)
    expect(() => registerProtobuf(podMetrics, root, 'example.None')).toThrow(refused)
  })
})

import { readFileSync } from 'node:fs'
import { isDeepStrictEqual } from 'node:util'
import { describe, expect, test } from 'vitest'
import { DecodeError } from '../../api/errors.ts'
import { decodeMessage, decodeObject } from './message-decoder.ts'
import { readPairs, withLongLengths } from './pairs.test-support.ts'
import { kindSchema } from './schema.ts'

const pairs = readPairs(readFileSync(new URL('testdata/pairs.bin', import.meta.url)))
const text = (number: number, value: string): number[] => [
  number * 8 + 2,
  Buffer.byteLength(value),
  ...Buffer.from(value),
]
const message = (number: number, ...content: number[][]): number[] => [
  number * 8 + 2,
  content.flat().length,
  ...content.flat(),
]
const bytes = (...parts: number[][]): Uint8Array => Uint8Array.from(parts.flat())

describe('an object of each sampled kind', () => {
  test.for(pairs)(
    '$apiVersion $kind, $variant: is what JSON.parse makes of its JSON, keys in the same order',
    (pair) => {
      const decoded = decodeObject(pair.apiVersion, pair.kind, pair.protobuf)
      const expected: unknown = JSON.parse(pair.json)
      expect(isDeepStrictEqual(decoded, expected)).toBe(true)
      expect(JSON.stringify(decoded)).toBe(JSON.stringify(expected))
    },
  )

  test('is the same by the table as by generated source', () => {
    for (const { apiVersion, kind, json, protobuf } of pairs) {
      const long = withLongLengths(kindSchema(apiVersion, kind)?.message ?? '', protobuf)
      expect(JSON.stringify(decodeObject(apiVersion, kind, long))).toBe(JSON.stringify(JSON.parse(json)))
    }
  })
})

describe('a field', () => {
  test('that the table does not know is skipped', () => {
    const unknown = [...text(15, 'new'), 0xf8, 0x01, 0x05, 0x7d, 1, 2, 3, 4, 0x79, 1, 2, 3, 4, 5, 6, 7, 8]
    expect(decodeMessage('core/v1.ContainerPort', bytes(text(1, 'http'), unknown, [0x18, 80]))).toEqual({
      name: 'http',
      containerPort: 80,
    })
  })

  test('that occurs twice counts the last time, and a message is merged', () => {
    const probe = bytes(message(1, message(1)), message(1, message(2, text(4, 'HTTP'))), [16, 1, 16, 2])
    expect(decodeMessage('core/v1.Probe', probe)).toEqual({
      exec: {},
      httpGet: { port: 0, scheme: 'HTTP' },
      initialDelaySeconds: 2,
    })
    const env = bytes(
      text(1, 'A'),
      message(3, message(1, text(1, 'v1'))),
      message(3, message(1, text(2, 'status.podIP'))),
      text(1, 'B'),
    )
    expect(decodeMessage('core/v1.EnvVar', env)).toEqual({
      name: 'B',
      valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'status.podIP' } },
    })
  })

  test('of numbers may be packed', () => {
    expect(decodeMessage('core/v1.PodSecurityContext', bytes([0x20, 1, 0x22, 3, 2, 0x80, 1]))).toEqual({
      supplementalGroups: [1, 2, 128],
    })
  })

  test('named __proto__ in a map is an own property', () => {
    const entry = message(2, text(1, '__proto__'), text(2, 'x'))
    const { data } = decodeObject('v1', 'ConfigMap', bytes(entry)) as { data: object }
    expect(Object.entries(data)).toEqual([['__proto__', 'x']])
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype)
  })

  test('of a template has no creationTimestamp where the bytes have none, as 1.36 sends it', () => {
    const zeroTime = message(8)
    expect(decodeMessage('core/v1.PodTemplateSpec', bytes(message(1, zeroTime)))).toEqual({
      metadata: {},
      spec: { containers: null },
    })
  })

  test('volumeClaimTemplates carries kind and apiVersion, which the server adds to the JSON', () => {
    const spec = bytes(message(4, message(1, text(1, 'data'))))
    expect(decodeMessage('apps/v1.StatefulSetSpec', spec)).toMatchObject({
      volumeClaimTemplates: [{ kind: 'PersistentVolumeClaim', apiVersion: 'v1', metadata: { name: 'data' } }],
    })
  })
})

describe('fieldsV1', () => {
  const entry = bytes(text(1, 'kubelet'), message(7, text(1, '{"f:status":{}}')))
  const decode = (): { fieldsV1: unknown } =>
    decodeMessage('meta/v1.ManagedFieldsEntry', entry) as { fieldsV1: unknown }

  test('is parsed once, and can be compared, copied, spread, written, frozen and deleted like any property', () => {
    const expected = { manager: 'kubelet', fieldsV1: { 'f:status': {} } }
    expect(isDeepStrictEqual(decode(), expected)).toBe(true)
    expect(structuredClone(decode())).toEqual(expected)
    expect({ ...decode() }).toEqual(expected)
    const frozen = Object.freeze(decode())
    expect(frozen.fieldsV1).toBe(frozen.fieldsV1)
    const changed = decode()
    changed.fieldsV1 = 1
    expect(JSON.stringify(changed)).toBe('{"manager":"kubelet","fieldsV1":1}')
    expect(Reflect.deleteProperty(changed, 'fieldsV1')).toBe(true)
  })

  test('that is no JSON throws a DecodeError when it is read', () => {
    const broken = decodeMessage('meta/v1.ManagedFieldsEntry', bytes(message(7, text(1, '{"f:')))) as {
      fieldsV1: unknown
    }
    expect(() => broken.fieldsV1).toThrow(DecodeError)
  })
})

describe('bytes that are no object', () => {
  test.for([
    ['a length past the end', [0x0a, 0x05, 0x61]],
    ['a length of 4 GB', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a varint of eleven bytes', [0x18, ...Array<number>(10).fill(0x80), 1]],
    ['a tag cut off', [0x80]],
    ['a wrong wire type', [0x08, 0x01]],
    ['a group', [0x7b, 0x7c]],
    ['field number 0', [0x02, 0x00]],
  ] as const)('%s: DecodeError with an offset', ([, content]) => {
    const error = catchError(() => decodeMessage('core/v1.ContainerPort', Uint8Array.from(content)))
    expect(error).toBeInstanceOf(DecodeError)
    expect(error).toMatchObject({ code: 'ERR_DECODE_OBJECT', offset: expect.any(Number) as number })
  })

  test('10,000 messages within each other: DecodeError, and the next object is decoded as ever', () => {
    const nest = nestedSchemas(10_000)
    expect(() => decodeMessage('apiextensions/v1.JSONSchemaProps', nest)).toThrow(DecodeError)
    expect(decodeMessage('core/v1.EnvVar', bytes(text(1, 'A')))).toEqual({ name: 'A' })
  })

  test('20,000 mutated objects give an object or a DecodeError, and leave prototypes alone', () => {
    let state = 1
    const random = (below: number): number => (state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0) % below
    for (let round = 0; round < 20_000; round++) {
      const { apiVersion, kind, protobuf } = pairs[round % pairs.length] as (typeof pairs)[number]
      const mutated = Uint8Array.from(protobuf.subarray(0, random(4) === 0 ? random(protobuf.length + 1) : undefined))
      for (let flips = 0; flips < 3 && mutated.length > 0; flips++) mutated[random(mutated.length)] = random(256)
      const error = catchError(() => JSON.stringify(decodeObject(apiVersion, kind, mutated)))
      if (error !== undefined) expect(error).toBeInstanceOf(DecodeError)
    }
    expect(Object.keys(Object.prototype)).toEqual([])
  })
})

function catchError(run: () => unknown): unknown {
  try {
    run()
    return undefined
  } catch (error) {
    return error
  }
}

/** JSONSchemaProps whose `not` (field 28) is one, and so on. */
function nestedSchemas(depth: number): Uint8Array {
  const parts: number[][] = []
  let length = 0
  for (let level = 0; level < depth; level++) {
    const head = [0xe2, 0x01, (length & 0x7f) | 0x80, ((length >> 7) & 0x7f) | 0x80, (length >> 14) & 0x7f]
    parts.unshift(head)
    length += head.length
  }
  return Uint8Array.from(parts.flat())
}

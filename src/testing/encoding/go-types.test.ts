import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { decodeObject } from '../../decode/protobuf/message-decoder.ts'
import { readPairs } from '../../decode/protobuf/pairs.test-support.ts'
import { kindSchema } from '../../decode/protobuf/schema.ts'
import { BackwardWriter } from './backward-writer.ts'
import { typedJson } from './json-encoder.ts'
import { writeTyped } from './protobuf-encoder.ts'

/** Objects as Go has read them from JSON and written them in both encodings. */
const pairs = readPairs(readFileSync(new URL('testdata/pairs.bin', import.meta.url))).map((pair) => ({
  ...pair,
  title: `${pair.apiVersion} ${pair.kind}, ${pair.variant}`,
  message: kindSchema(pair.apiVersion, pair.kind)!.message,
  object: JSON.parse(pair.json) as { kind?: string; apiVersion?: string },
}))

function toProtobuf(message: string, value: object): Buffer {
  const out = new BackwardWriter()
  writeTyped(out, message, value)
  return out.copy()
}

describe('an object that Go has written', () => {
  test.each(pairs)('is written byte for byte the same: $title', ({ message, object, json, protobuf }) => {
    const { kind, apiVersion } = object
    const head = kind === undefined ? '' : `"kind":"${kind}","apiVersion":"${apiVersion}"`
    expect(typedJson(message, object, head)).toBe(json.trimEnd())
    expect(toProtobuf(message, object).equals(protobuf)).toBe(true)
  })

  test('decodes from our protobuf to what it was', () => {
    for (const { apiVersion, kind, message, object } of pairs) {
      if (object.kind === undefined) continue
      const decoded = decodeObject(apiVersion, kind, toProtobuf(message, object))
      expect(JSON.parse(JSON.stringify(decoded))).toEqual(object)
    }
  })
})

describe('JSON of a built-in object', () => {
  const json = (message: string, value: object): unknown => JSON.parse(typedJson(message, value))

  test('has what Go always writes, and nothing that its type does not have', () => {
    const given = {
      status: {},
      other: 1,
      metadata: { name: 'a', labels: {} },
      spec: { nodeName: '', containers: [{}] },
    }
    expect(typedJson('core/v1.Pod', given)).toBe(
      '{"metadata":{"name":"a"},"spec":{"containers":[{"name":"","resources":{}}]},"status":{}}',
    )
  })

  test('has the fields in order of the type and the maps in order of their keys', () => {
    const metadata = { labels: { b: '1', '10': '2', '9': '3', '\u{1f600}': '4', '\uffff': '5' }, name: 'a' }
    expect(typedJson('core/v1.ConfigMap', { metadata })).toBe(
      '{"metadata":{"name":"a","labels":{"10":"2","9":"3","b":"1","\uffff":"5","\u{1f600}":"4"}}}',
    )
  })

  test('has an empty list that is always written as null, as etcd gives it back, but not in what etcd holds as JSON', () => {
    expect(json('rbac/v1.Role', { metadata: {}, rules: [] })).toEqual({ metadata: {}, rules: null })
    const status = { conditions: [], acceptedNames: { plural: '', kind: '' }, storedVersions: [] }
    expect(json('apiextensions/v1.CustomResourceDefinition', { status })).toMatchObject({ status: { conditions: [] } })
  })

  test('has quantities, dates and durations in the one form that Go writes', () => {
    const resources = { limits: { cpu: '0.5', memory: '1024Mi' } }
    const metadata = { creationTimestamp: '2026-01-01T02:00:00.5+02:00', deletionTimestamp: '0001-01-01T00:00:00Z' }
    expect(json('core/v1.Pod', { metadata, spec: { containers: [{ name: 'c', resources }] } })).toMatchObject({
      metadata: { creationTimestamp: '2026-01-01T00:00:00Z', deletionTimestamp: null },
      spec: { containers: [{ resources: { limits: { cpu: '500m', memory: '1Gi' } } }] },
    })
    expect(json('coordination/v1.Lease', { spec: { renewTime: '2026-01-01T00:00:00.12Z' } })).toMatchObject({
      spec: { renewTime: '2026-01-01T00:00:00.120000Z' },
    })
  })

  test.each([
    [{ spec: { containers: 'a' } }, 'an array'],
    [{ spec: [] }, 'an object'],
    [{ spec: { priority: '1' } }, 'an integer'],
    [{ spec: { priority: 1.5 } }, 'an integer'],
    [{ spec: { hostNetwork: 1 } }, 'a boolean'],
    [{ metadata: { name: 1 } }, 'a string'],
    [{ metadata: { creationTimestamp: 'today' } }, 'a date'],
    [{ spec: { overhead: { cpu: 'much' } } }, 'a quantity'],
  ])('is refused for a value of another type: %j', (value, wanted) => {
    expect(() => typedJson('core/v1.Pod', value)).toThrow(expect.objectContaining({ status: 400 }))
    expect(() => typedJson('core/v1.Pod', value)).toThrow(wanted)
  })
})

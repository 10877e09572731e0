/**
 * Objects with the special types of Kubernetes' API, as Go wrote them (`tools/schema/fill`), sent by all four
 * roads and cut anywhere: the same objects come out.
 */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { KubernetesObject } from '../api/object.ts'
import { createListDecoder, createWatchDecoder } from './index.ts'
import { type Pair, readPairs } from './protobuf/pairs.test-support.ts'
import { kindSchema, messageSchema } from './protobuf/schema.ts'
import { envelope, event, listMessage, message } from './protobuf/wire.test-support.ts'

const PROTOBUF = 'application/vnd.kubernetes.protobuf'
const JSON_TYPE = 'application/json'
const parse = ({ json }: Pair): KubernetesObject => JSON.parse(json) as KubernetesObject

const pairs = readPairs(readFileSync(new URL('protobuf/testdata/pairs.bin', import.meta.url)))
  .filter(hasObjectMeta)
  .map(named)

function hasObjectMeta({ apiVersion, kind }: Pair): boolean {
  const fields = messageSchema(kindSchema(apiVersion, kind)?.message ?? '')?.fields
  return fields?.some(({ number, message: type }) => number === 1 && type === 'meta/v1.ObjectMeta') === true
}

/** Some have no name, and so no key: they get one, in protobuf by a second metadata, which is merged with the first. */
function named(pair: Pair): Pair {
  const object = parse(pair)
  if (object.metadata?.name) return pair
  const metadata = { ...object.metadata, name: 'named' }
  const protobuf = Buffer.concat([pair.protobuf, message([[1, message([[1, 'named']])]])])
  return { ...pair, json: JSON.stringify({ ...object, metadata }), protobuf }
}

/** What a decoder fills in: what identifies an object is always there. */
function expected(pair: Pair): KubernetesObject {
  const object = parse(pair)
  object.metadata.uid ??= ''
  object.metadata.resourceVersion ??= ''
  return object
}

/** A list has one kind, and its items do not say it. */
function listBodies(pair: Pair): readonly (readonly [contentType: string, body: Uint8Array])[] {
  const { kind, apiVersion, ...item } = parse(pair)
  const json = JSON.stringify({
    kind: `${kind}List`,
    apiVersion,
    metadata: { resourceVersion: '9' },
    items: [item, item],
  })
  return [
    [JSON_TYPE, Buffer.from(json)],
    [PROTOBUF, envelope(pair.apiVersion, `${pair.kind}List`, listMessage([pair.protobuf, pair.protobuf], '9'))],
  ]
}

function watchBodies(pair: Pair): readonly (readonly [contentType: string, body: Uint8Array])[] {
  const line = `{"type":"MODIFIED","object":${pair.json}}\n`
  const frame = event('MODIFIED', envelope(pair.apiVersion, pair.kind, pair.protobuf))
  return [
    [JSON_TYPE, Buffer.from(line + line)],
    [PROTOBUF, Buffer.concat([frame, frame])],
  ]
}

function* chunks(body: Uint8Array, lengths: readonly number[]): Generator<Uint8Array> {
  for (let at = 0, turn = 0; at < body.length; turn++) {
    const end = at + lengths[turn % lengths.length]!
    yield body.slice(at, end)
    at = end
  }
}

const pair = fc.constantFrom(...pairs)
const cuts = fc.array(fc.integer({ min: 1, max: 400 }), { minLength: 1, maxLength: 6 })

describe('however the bodies are cut', () => {
  test('there is something to cut', () => {
    const text = pairs.map(({ json }) => json).join('\n')
    // MicroTime, Time, IntOrString as a number, fieldsV1, null for a zero time, an int64 beyond 2^53
    const signs = [/\.\d{6}Z"/, /T\d\d:\d\d:\d\dZ"/, /"maxSurge":\d/, /"fieldsV1":\{/, /Time":null/, /\d{17,}/]
    expect(signs.filter((sign) => !sign.test(text))).toEqual([])
    expect(pairs.length).toBeGreaterThan(30)
  })

  test('a LIST gives in JSON and in protobuf what JSON.parse gives', () => {
    fc.assert(
      fc.property(pair, cuts, (one, lengths) => {
        for (const [contentType, body] of listBodies(one)) {
          const decoder = createListDecoder({ contentType })
          const found: unknown[] = []
          for (const chunk of chunks(body, lengths)) found.push(...decoder.push(chunk).map((item) => item.decode()))
          expect(decoder.end()).toEqual({ resourceVersion: '9' })
          expect(found, contentType).toEqual([expected(one), expected(one)])
        }
      }),
      { numRuns: 200 },
    )
  })

  test('a WATCH does the same', () => {
    fc.assert(
      fc.property(pair, cuts, (one, lengths) => {
        for (const [contentType, body] of watchBodies(one)) {
          const decoder = createWatchDecoder({ contentType })
          const found: unknown[] = []
          for (const chunk of chunks(body, lengths)) {
            for (const next of decoder.push(chunk)) found.push(next.type === 'ERROR' ? next : next.object.decode())
          }
          decoder.end()
          expect(found, contentType).toEqual([expected(one), expected(one)])
        }
      }),
      { numRuns: 200 },
    )
  })
})

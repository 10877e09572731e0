/**
 * Bodies that are broken in every way that a fault on the road, or an enemy, can break them. What comes out
 * must be items or an error with a code; and where no error comes, the same items that an independent reader
 * (JSON.parse, protobufjs) finds: a list that is silently shorter is the worst answer of all.
 */
import protobuf from 'protobufjs/minimal.js'
import { describe, expect, test } from 'vitest'
import { resources } from '../api/generated/index.ts'
import type { WireObject } from '../api/wire-object.ts'
import { createListDecoder, createWatchDecoder } from './index.ts'
import { configMap, envelope, event, listMessage } from './protobuf/wire.test-support.ts'

const RUNS = 30_000
const { configmaps } = resources.core.v1
const PROTOBUF = 'application/vnd.kubernetes.protobuf'
const MAX_ITEM_BYTES = 64 * 1024

/** Fields on the way to the one of the built-in types that can nest without end. */
const SPEC = 2
const VERSIONS = 7
const SCHEMA = 4
const OPEN_API_SCHEMA = 1
const NOT = 28

/** A small generator of its own: the same seed gives the same mutations on every machine. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed >>> 0
  return (below) => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0
    state ^= state >>> 12
    return (state >>> 0) % below
  }
}

const SPLICES: readonly Uint8Array[] = [
  Buffer.from('"__proto__":{"polluted":1},'),
  Buffer.from('"metadata":{"name":"twice"},'),
  Buffer.from('"items":['),
  Buffer.from('\\ud800"'),
  Buffer.from('{"a":[}'),
  Buffer.from('[]'),
  Buffer.from(']},{"metadata":{"name":"x"}}'),
  Uint8Array.of(0xff, 0xfe, 0xc0, 0x80),
  Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0x0f), // a length of 4 GB
  Uint8Array.of(0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80, 0x01), // an overlong varint
  Uint8Array.of(0x82, 0x00), // a tag or length written longer than need be
  Uint8Array.of(0x0b, 0x0c, 0x00),
  Buffer.from(configMap({ name: '__proto__' }, { ['__proto__']: 'polluted' })),
]

function mutate(body: Uint8Array, random: (below: number) => number): Buffer {
  let bytes = Buffer.from(body)
  for (let count = 1 + random(3); count > 0; count--) {
    const at = random(bytes.length || 1)
    switch (random(6)) {
      case 0:
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8))
        break
      case 1:
        bytes[at] = random(256)
        break
      case 2:
        bytes = bytes.subarray(0, at)
        break
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random(20))])
        break
      case 4:
        bytes = Buffer.concat([bytes.subarray(0, at), SPLICES[random(SPLICES.length)]!, bytes.subarray(at)])
        break
      default: {
        const from = random(bytes.length || 1)
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(from, from + random(60)), bytes.subarray(at)])
      }
    }
  }
  return bytes
}

function* cut(bytes: Uint8Array, random: (below: number) => number): Generator<Uint8Array> {
  for (let at = 0; at < bytes.length;) {
    const end = at + 1 + random(80)
    yield bytes.subarray(at, end)
    at = end
  }
}

/** Decodes to the end; undefined where that is an error, which must be one of ours. */
function list(contentType: string, bytes: Uint8Array, random: (below: number) => number): WireObject[] | undefined {
  const decoder = createListDecoder({ contentType, maxItemBytes: MAX_ITEM_BYTES })
  const items: WireObject[] = []
  try {
    for (const chunk of cut(bytes, random)) items.push(...decoder.push(chunk))
    decoder.end()
  } catch (error) {
    requireCode(error)
    return undefined
  } finally {
    for (const item of items) decodeOrCode(item)
  }
  return items
}

function decodeOrCode(item: WireObject): unknown {
  try {
    return item.decode()
  } catch (error) {
    requireCode(error)
    return undefined
  }
}

function requireCode(error: unknown): void {
  const { code, offset } = error as { code?: string; offset?: number }
  if (!/^ERR_/.test(code ?? '')) throw error
  if (code!.startsWith('ERR_DECODE')) expect(offset).toBeGreaterThanOrEqual(0)
}

/** How many items JSON.parse finds; undefined where it finds no list. A list has each of its keys once. */
function itemsByJsonParse(bytes: Buffer): number | undefined {
  try {
    const value = JSON.parse(bytes.toString()) as { items?: unknown }
    return Array.isArray(value.items) ? value.items.length : value.items === null ? 0 : undefined
  } catch {
    return undefined
  }
}

/** How many items protobufjs finds in the last list of the envelope. */
function itemsByProtobufjs(bytes: Buffer): number | undefined {
  try {
    let count: number | undefined
    const reader = protobuf.Reader.create(bytes.subarray(4))
    while (reader.pos < reader.len) {
      const tag = reader.uint32()
      if (tag !== 0x12) reader.skipType(tag & 7)
      else {
        const raw = protobuf.Reader.create(reader.bytes())
        count = 0
        while (raw.pos < raw.len) {
          const inner = raw.uint32()
          if (inner === 0x12) count++
          raw.skipType(inner & 7)
        }
      }
    }
    return count
  } catch {
    return undefined
  }
}

const names = ['a', 'b', 'c', 'd']

describe('however a body is broken', () => {
  test(`${RUNS} JSON lists give the items that JSON.parse finds, or an error`, { timeout: 120_000 }, () => {
    const items = names.map((name, i) => ({
      metadata: { name, namespace: 'web', uid: `u${i}`, resourceVersion: '1', labels: { é: '"\\' } },
      spec: [{ x: i }],
    }))
    const body = Buffer.from(
      JSON.stringify({ kind: 'ThingList', apiVersion: 'v1', metadata: { resourceVersion: '9' }, items }),
    )
    let whole = 0
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = randomFrom(seed)
      const bytes = mutate(body, random)
      const found = list('application/json', bytes, random)
      if (found === undefined) continue
      whole++
      const expected = itemsByJsonParse(bytes)
      // an item that is no JSON inside is found when it is read, and then it is an error of its own
      if (expected === undefined)
        expect(
          found.some((item) => decodeOrCode(item) === undefined),
          `seed ${seed}`,
        ).toBe(true)
      else expect(found.length, `seed ${seed}`).toBe(expected)
    }
    expect(whole).toBeGreaterThan(RUNS / 20)
  })

  test(`${RUNS} protobuf lists give the items that protobufjs finds, or an error`, { timeout: 120_000 }, () => {
    const body = envelope(
      'v1',
      'ConfigMapList',
      listMessage(names.map((name) => configMap({ name, labels: { é: 'x' }, managers: ['m'] }, { key: name }))),
    )
    let whole = 0
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = randomFrom(seed)
      const bytes = mutate(body, random)
      const found = list(PROTOBUF, bytes, random)
      if (found === undefined) continue
      whole++
      expect(found.length, `seed ${seed}`).toBe(itemsByProtobufjs(bytes))
    }
    expect(whole).toBeGreaterThan(RUNS / 20)
  })

  test.each([
    [
      'JSON',
      'application/json',
      Buffer.from(
        names
          .map((name) =>
            JSON.stringify({
              type: 'ADDED',
              object: { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name, uid: 'u' } },
            }),
          )
          .join('\n'),
      ),
    ],
    [
      'protobuf',
      PROTOBUF,
      Buffer.concat(
        names.map((name) => event('ADDED', envelope('v1', 'ConfigMap', configMap({ name }, { key: name })))),
      ),
    ],
  ])(`${RUNS} %s watches give events or an error`, { timeout: 120_000 }, (_encoding, contentType, body) => {
    for (let seed = 1; seed <= RUNS; seed++) {
      const random = randomFrom(seed)
      const decoder = createWatchDecoder({ contentType, resource: configmaps, maxItemBytes: MAX_ITEM_BYTES })
      try {
        for (const chunk of cut(mutate(body, random), random)) {
          for (const one of decoder.push(chunk)) if (one.type !== 'ERROR') decodeOrCode(one.object)
        }
        decoder.end()
      } catch (error) {
        requireCode(error)
      }
    }
  })

  test('no prototype is polluted by all that', () => {
    expect(Object.keys(Object.prototype)).toEqual([])
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

describe('whatever is nested or long without end', () => {
  test('10,000 levels inside a JSON item are read, or refused', () => {
    const deep = (levels: number): string =>
      `{"items":[{"metadata":{"name":"a"},"x":${'['.repeat(levels)}${']'.repeat(levels)}}]}`
    const random = randomFrom(1)
    expect(list('application/json', Buffer.from(deep(9_000)), random)).toHaveLength(1)
    expect(list('application/json', Buffer.from(deep(20_000)), random)).toBeUndefined()
  })

  test('10,000 levels inside a protobuf item are an error of that item', () => {
    // spec.versions[0].schema.openAPIV3Schema.not.not.not …
    const path = [...Array.from({ length: 10_000 }, () => NOT), OPEN_API_SCHEMA, SCHEMA, VERSIONS, SPEC]
    let length = 0
    const headers = path.map((field) => {
      const header = protobuf.Writer.create()
        .uint32(field * 8 + 2)
        .uint32(length)
        .finish()
      length += header.length
      return header
    })
    const item = Buffer.concat([configMap({ name: 'a' }), ...headers.toReversed()])
    const list_ = envelope('apiextensions.k8s.io/v1', 'CustomResourceDefinitionList', listMessage([item]))
    const found = list(PROTOBUF, list_, randomFrom(1))
    expect(found).toHaveLength(1)
    expect(decodeOrCode(found![0]!)).toBeUndefined()
  })
})

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { resources } from '../api/generated/index.ts'
import type { WireObject } from '../api/wire-object.ts'
import { createListDecoder, createWatchDecoder } from './index.ts'
import { envelope, event } from './protobuf/wire.test-support.ts'

const JSON_TYPE = 'application/json'
const PROTOBUF = 'application/vnd.kubernetes.protobuf'
const options = { resource: resources.core.v1.pods }
const load = (file: string): Buffer => readFileSync(new URL(`../../examples/data/${file}`, import.meta.url))
const lists: readonly (readonly [contentType: string, body: Buffer])[] = [
  [JSON_TYPE, load('pods.json')],
  [PROTOBUF, load('pods.pb')],
]

interface Decoder<R> {
  push(chunk: Uint8Array): readonly R[]
}

/** Pushes a body in pieces of so many bytes, all from the same memory, which is overwritten as soon as a push returns. */
function pushAll<R>(decoder: Decoder<R>, body: Uint8Array, length: number): R[] {
  const memory = Buffer.alloc(length)
  const found: R[] = []
  for (let at = 0; at < body.length; at += length) {
    const part = body.subarray(at, at + length)
    memory.set(part)
    found.push(...decoder.push(memory.subarray(0, part.length)))
    memory.fill(0xff)
  }
  return found
}

function watchBody(contentType: string, body: Buffer): Buffer {
  const items = createListDecoder({ ...options, contentType }).push(body)
  return Buffer.concat(
    items.map((item) =>
      contentType === JSON_TYPE
        ? Buffer.from(`${JSON.stringify({ type: 'ADDED', object: item.decode() })}\n`)
        : event('ADDED', envelope('v1', 'Pod', item.bytes)),
    ),
  )
}

const decoded = (items: readonly WireObject[]): unknown[] => items.map((item) => item.decode())

describe.each(lists)('a decoder of %s keeps nothing of a chunk', (contentType, body) => {
  const expected = decoded(createListDecoder({ ...options, contentType }).push(body))

  test.each([1000, 16_384, 1_000_000])('that is one of a list, of %i bytes', (length) => {
    expect(decoded(pushAll(createListDecoder({ ...options, contentType }), body, length))).toEqual(expected)
  })

  test.each([1000, 16_384, 1_000_000])('that is one of a watch, of %i bytes', (length) => {
    const events = pushAll(createWatchDecoder({ ...options, contentType }), watchBody(contentType, body), length)
    expect(decoded(events.map((one) => (one as { readonly object: WireObject }).object))).toEqual(expected)
  })
})

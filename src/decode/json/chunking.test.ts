import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WireObject } from '../../api/wire-object.ts'
import { createListDecoder, createWatchDecoder, type WireEvent } from '../index.ts'

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/)
const object = fc.record({
  metadata: fc.record({
    name,
    namespace: name,
    uid: fc.uuid(),
    resourceVersion: fc.nat().map(String),
    annotations: fc.dictionary(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' })),
  }),
  spec: fc.jsonValue(),
  items: fc.jsonValue(),
})
const spacing = fc.constantFrom(undefined, 2, '\t')
/** Chunk lengths, taken in turn. */
const cuts = fc.array(fc.integer({ min: 1, max: 64 }), { minLength: 1, maxLength: 8 })

function* chunks(body: string, lengths: readonly number[]): Generator<Uint8Array> {
  const bytes = Buffer.from(body)
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const end = at + lengths[turn % lengths.length]!
    yield Uint8Array.prototype.slice.call(bytes, at, end)
    at = end
  }
}

const plain = (wire: WireObject): object => ({ key: wire.key, uid: wire.uid, value: wire.decode() })

describe('however a body is cut', () => {
  test('its LIST items are those of JSON.parse and of stream-json', () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 6 }), spacing, cuts, (items, space, lengths) => {
        const list = { kind: 'ThingList', apiVersion: 'v1', metadata: { resourceVersion: '3' }, items }
        const expected = (JSON.parse(JSON.stringify(items)) as typeof items).map((value) => ({
          key: `${value.metadata.namespace}/${value.metadata.name}`,
          uid: value.metadata.uid,
          value: { kind: 'Thing', apiVersion: 'v1', ...value },
        }))
        for (const decoder of ['frames', 'tokens'] as const) {
          const list_ = createListDecoder({ contentType: 'application/json', decoder })
          const found: object[] = []
          for (const chunk of chunks(JSON.stringify(list, undefined, space), lengths))
            found.push(...list_.push(chunk).map(plain))
          expect(list_.end()).toEqual({ resourceVersion: '3' })
          expect(found).toEqual(expected)
        }
      }),
      { numRuns: 300 },
    )
  })

  test('its WATCH events are the same', () => {
    fc.assert(
      fc.property(fc.array(object, { maxLength: 6 }), spacing, cuts, (objects, space, lengths) => {
        const events = objects.map((value) => ({
          type: 'MODIFIED',
          object: { kind: 'Thing', apiVersion: 'v1', ...value },
        }))
        const decoder = createWatchDecoder({ contentType: 'application/json' })
        const found: WireEvent<unknown>[] = []
        const body = events.map((event) => `${JSON.stringify(event, undefined, space)}\n`).join('')
        for (const chunk of chunks(body, lengths)) found.push(...decoder.push(chunk))
        decoder.end()
        const decoded = found.map(
          (event) => event.type !== 'ERROR' && { type: event.type, object: event.object.decode() },
        )
        expect(decoded).toEqual(JSON.parse(JSON.stringify(events)))
      }),
      { numRuns: 300 },
    )
  })
})

describe('whatever is broken in a body', () => {
  test('gives items or an error with a code, and never more items than were sent', () => {
    const body = Buffer.from(
      JSON.stringify({
        kind: 'ThingList',
        apiVersion: 'v1',
        metadata: { resourceVersion: '3' },
        items: Array.from({ length: 5 }, (_, i) => ({
          metadata: { name: `n${i}`, uid: `u${i}`, resourceVersion: '1' },
          spec: { a: [i, '"'] },
        })),
      }),
    )
    const damage = fc.array(fc.tuple(fc.nat(body.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(damage, fc.nat(body.length), cuts, (bytes, length, lengths) => {
        const broken = Buffer.from(body)
        for (const [at, byte] of bytes) broken[at] = byte
        const decoder = createListDecoder({ contentType: 'application/json' })
        let items = 0
        try {
          for (const chunk of chunks(broken.subarray(0, body.length - (length % 7)).toString('latin1'), lengths)) {
            for (const wire of decoder.push(chunk)) {
              items++
              tryDecode(wire)
            }
          }
          decoder.end()
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^ERR_/)
        }
        expect(items).toBeLessThanOrEqual(5)
      }),
      { numRuns: 3000 },
    )
  })
})

function tryDecode(wire: WireObject): void {
  try {
    wire.decode()
  } catch (error) {
    expect((error as { code?: string }).code).toBe('ERR_DECODE_OBJECT')
  }
}

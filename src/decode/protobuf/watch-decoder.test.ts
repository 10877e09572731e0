import { describe, expect, test } from 'vitest'
import { resources } from '../../api/generated/index.ts'
import { createWatchDecoder, type DecoderOptions, type WireEvent } from '../index.ts'
import { configMap, envelope, event, message, objectMeta } from './wire.test-support.ts'

const { configmaps } = resources.core.v1
const wrapped = (meta: Parameters<typeof configMap>[0], data?: { [key: string]: string }): Uint8Array =>
  envelope('v1', 'ConfigMap', configMap(meta, data))

function decode(body: Uint8Array, options: Partial<DecoderOptions> = {}, chunkBytes = Infinity): WireEvent<unknown>[] {
  const decoder = createWatchDecoder({
    contentType: 'application/vnd.kubernetes.protobuf;stream=watch',
    resource: configmaps,
    ...options,
  })
  const events: WireEvent<unknown>[] = []
  for (let at = 0; at < body.length; at += chunkBytes) events.push(...decoder.push(body.subarray(at, at + chunkBytes)))
  decoder.push(new Uint8Array(0))
  decoder.end()
  return events
}

function failure(run: () => unknown): { code: string } {
  try {
    run()
  } catch (error) {
    return error as { code: string }
  }
  throw new Error('did not fail')
}

describe('a protobuf WATCH decoder', () => {
  test('reads events and bookmarks, cut at every byte', () => {
    const bookmark = envelope(
      'v1',
      'ConfigMap',
      message([[1, objectMeta({ name: '', namespace: '', uid: '', resourceVersion: '9' })]]),
    )
    const body = Buffer.concat([
      event('ADDED', wrapped({ name: 'a' }, { x: '1' })),
      event('DELETED', wrapped({ name: 'a' })),
      event('BOOKMARK', bookmark),
    ])
    for (const chunkBytes of [Infinity, 1, 5]) {
      const events = decode(body, {}, chunkBytes)
      expect(
        events.map((one) => one.type !== 'ERROR' && [one.type, one.object.key, one.object.resourceVersion]),
      ).toEqual([
        ['ADDED', 'web/a', '7'],
        ['DELETED', 'web/a', '7'],
        ['BOOKMARK', '', '9'],
      ])
      expect(events[0]!.type !== 'ERROR' && events[0]!.object.decode()).toMatchObject({
        kind: 'ConfigMap',
        data: { x: '1' },
      })
    }
  })

  test('reads an ERROR as its Status', () => {
    const status = message([
      [2, 'Failure'],
      [3, 'too old'],
      [4, 'Expired'],
      [6, 410],
    ])
    expect(decode(event('ERROR', envelope('v1', 'Status', status)))).toEqual([
      {
        type: 'ERROR',
        status: expect.objectContaining({ kind: 'Status', code: 410, reason: 'Expired', message: 'too old' }),
      },
    ])
  })

  test('cuts what is omitted', () => {
    const [one] = decode(event('ADDED', wrapped({ managers: ['kubelet'] })), { omit: ['metadata.managedFields'] })
    expect(one!.type !== 'ERROR' && Buffer.from(one!.object.bytes).includes('kubelet')).toBe(false)
  })

  test('skips an object over the limit, and says which one it was', () => {
    const [one] = decode(
      event('MODIFIED', wrapped({ name: 'big' }, { x: 'y'.repeat(9000) })),
      { maxItemBytes: 2000 },
      900,
    )
    expect(one!.type !== 'ERROR' && one!.object.key).toBe('web/big')
    expect(failure(() => one!.type !== 'ERROR' && one!.object.decode()).code).toBe('ERR_DECODE_TOO_LARGE')
  })

  test.each([
    ['an unknown type', event('RENAMED', wrapped({})), 'ERR_DECODE_SYNTAX'],
    ['an object without a name', event('ADDED', wrapped({ name: '' })), 'ERR_DECODE_KEY'],
    ['an object without its prefix', event('ADDED', configMap({})), 'ERR_DECODE_SYNTAX'],
    [
      'an event with metadata alone',
      event('ADDED', envelope('meta.k8s.io/v1', 'PartialObjectMetadata', configMap({}))),
      'ERR_UNEXPECTED_KIND',
    ],
    ['an empty frame', Buffer.alloc(4), 'ERR_DECODE_SYNTAX'],
    ['half an event', event('ADDED', wrapped({})).subarray(0, 30), 'ERR_DECODE_TRUNCATED'],
  ])('refuses %s', (_what, body, code) => {
    expect(failure(() => decode(body)).code).toBe(code)
  })
})

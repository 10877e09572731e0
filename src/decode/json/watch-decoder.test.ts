import { describe, expect, test } from 'vitest'
import { resources } from '../../api/generated/index.ts'
import { customResource } from '../../api/resource.ts'
import { createWatchDecoder, type DecoderOptions, type WireEvent } from '../index.ts'

const widgets = customResource({ group: 'example.com', version: 'v1', plural: 'widgets', kind: 'Widget' })
const widget = (name: string): object => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name, namespace: 'web', uid: 'u', resourceVersion: '8', managedFields: [{}] },
})
const line = (type: string, object: object): string => `${JSON.stringify({ type, object })}\n`

function decode(body: string, options: Partial<DecoderOptions> = {}): readonly WireEvent<unknown>[] {
  const decoder = createWatchDecoder({ contentType: 'application/json', resource: widgets, ...options })
  const events = decoder.push(Buffer.from(body))
  decoder.push(Buffer.from('\n'))
  decoder.end()
  return events
}

function codeOf(run: () => unknown): string | undefined {
  try {
    run()
  } catch (error) {
    return (error as { code?: string }).code
  }
  return undefined
}

describe('a WATCH decoder', () => {
  test('reads events, and a bookmark as a resourceVersion without a key', () => {
    const bookmark = { kind: 'Widget', apiVersion: 'example.com/v1', metadata: { resourceVersion: '9' } }
    const events = decode(line('ADDED', widget('a')) + line('DELETED', widget('a')) + line('BOOKMARK', bookmark))
    expect(
      events.map((event) => event.type !== 'ERROR' && [event.type, event.object.key, event.object.resourceVersion]),
    ).toEqual([
      ['ADDED', 'web/a', '8'],
      ['DELETED', 'web/a', '8'],
      ['BOOKMARK', '', '9'],
    ])
  })

  test('reads an ERROR as its Status', () => {
    expect(decode(line('ERROR', { kind: 'Status', code: 410 }))).toEqual([
      { type: 'ERROR', status: { kind: 'Status', code: 410 } },
    ])
  })

  test('reads an event whose object comes first, and cuts what is omitted', () => {
    const [event] = decode(JSON.stringify({ object: widget('a'), type: 'ADDED' }), { omit: ['metadata.managedFields'] })
    expect(event!.type !== 'ERROR' && event!.object.decode()).toMatchObject({ metadata: { name: 'a' } })
    expect(event!.type !== 'ERROR' && Buffer.from(event!.object.bytes).toString()).not.toContain('managedFields')
  })

  test('skips an object over the limit, and says which one it was', () => {
    const [event] = decode(line('MODIFIED', { ...widget('a'), data: 'x'.repeat(9000) }), { maxItemBytes: 2000 })
    expect(event!.type !== 'ERROR' && event!.object.key).toBe('web/a')
    expect(codeOf(() => event!.type !== 'ERROR' && event!.object.decode())).toBe('ERR_DECODE_TOO_LARGE')
  })

  test.each([
    ['a list', '{"kind":"WidgetList","apiVersion":"example.com/v1","metadata":{},"items":[]}', 'ERR_UNEXPECTED_KIND'],
    ['an event with a Table', line('ADDED', { kind: 'Table', rows: [] }), 'ERR_UNEXPECTED_KIND'],
    [
      'an event with metadata alone',
      line('ADDED', { ...widget('a'), kind: 'PartialObjectMetadata' }),
      'ERR_UNEXPECTED_KIND',
    ],
    ['an unknown type', line('RENAMED', widget('a')), 'ERR_DECODE_SYNTAX'],
    ['an object without a name', line('ADDED', { metadata: {} }), 'ERR_DECODE_KEY'],
    ['HTML', '<html></html>', 'ERR_DECODE_SYNTAX'],
  ])('refuses %s', (_what, body, code) => {
    expect(codeOf(() => decode(body))).toBe(code)
  })

  test('refuses an ERROR that is no JSON, without quoting it', () => {
    const run = (): unknown => decode('{"type":"ERROR","object":{"password":hunter2}}')
    expect(codeOf(run)).toBe('ERR_DECODE_SYNTAX')
    expect(run).not.toThrow(/hunter2/)
  })

  test('refuses an object of another built-in kind', () => {
    const other = line('ADDED', { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a' } })
    expect(codeOf(() => decode(other, { resource: resources.core.v1.pods }))).toBe('ERR_UNEXPECTED_KIND')
  })

  test('refuses a stream that ends inside an event', () => {
    const decoder = createWatchDecoder({ contentType: 'application/json' })
    expect(decoder.push(Buffer.from(line('ADDED', widget('a')) + '{"type":'))).toHaveLength(1)
    expect(codeOf(() => decoder.end())).toBe('ERR_DECODE_TRUNCATED')
  })
})

test('an encoding that is not known is refused', () => {
  expect(codeOf(() => createWatchDecoder({ contentType: 'application/yaml' }))).toBe('ERR_CONTENT_TYPE')
})

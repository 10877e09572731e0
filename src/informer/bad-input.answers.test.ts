/** Wrong answers of a server: what an informer says about each, and that it lives on. docs/errors.md has the codes. */
import { describe, expect, test } from 'vitest'
import type { AnswerFault } from '../testing/faults/fault-plan.ts'
import type { TestApiServer } from '../testing/server.ts'
import { createRig, expectAlive, pods, webPod, webPods } from './informer.test-support.ts'

const OBJECTS = webPods('a', 'b', 'c')

function item(name: string | undefined, rest: object = {}): object {
  const metadata = { name, namespace: 'web', uid: `uid-of-${name}`, resourceVersion: '2', ...rest }
  return { metadata, spec: {} }
}

function list(...items: readonly object[]): AnswerFault {
  const body = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '4' }, items }
  return { verb: 'list', status: 200, body }
}

describe('a list', () => {
  const cases: readonly {
    readonly name: string
    readonly fault: AnswerFault | ((server: TestApiServer) => void)
    readonly codes: readonly string[]
    readonly says: RegExp
    /** 400 ms, unless said otherwise. */
    readonly wait?: number
    readonly requests?: readonly string[]
    readonly sync?: 'paged'
  }[] = [
    {
      name: 'with 401',
      fault: { verb: 'list', status: 401, times: 2 },
      codes: ['ERR_UNAUTHORIZED'],
      says: /401 Unauthorized/,
      requests: ['LIST', 'LIST', 'LIST'],
    },
    { name: 'with 403', fault: { status: 403 }, codes: ['ERR_FORBIDDEN'], says: /403 Forbidden/ },
    { name: 'with 404', fault: { status: 404 }, codes: ['ERR_NOT_FOUND'], says: /404 Not Found/ },
    {
      name: 'with 404 of a proxy, in text',
      fault: { status: 404, body: '404 page not found', contentType: 'text/plain' },
      codes: ['ERR_NOT_FOUND'],
      says: /404 Not Found: 404 page not found/,
    },
    {
      name: 'with 302 to a login page',
      fault: { status: 302, headers: { location: 'https://login.example.com/oauth?state=a-secret' }, body: '' },
      codes: ['ERR_REDIRECT'],
      says: /302 Found: redirected to https:\/\/login\.example\.com\/oauth, which is not followed/,
    },
    {
      name: 'of HTML with 200',
      fault: { status: 200, body: '<html>log in</html>', contentType: 'text/html; charset=utf-8' },
      codes: ['ERR_CONTENT_TYPE'],
      says: /a login page or a proxy answered/,
    },
    {
      name: 'in an encoding that was not asked for',
      fault: { status: 200, body: 'x', contentType: 'application/cbor' },
      codes: ['ERR_CONTENT_TYPE'],
      says: /application\/cbor/,
    },
    {
      name: 'of HTML that says to be JSON',
      fault: { status: 200, body: '<html>log in</html>' },
      codes: ['ERR_DECODE_SYNTAX'],
      says: /./,
    },
    { name: 'of nothing', fault: { status: 200, body: '' }, codes: ['ERR_DECODE_TRUNCATED'], says: /./ },
    {
      name: 'that is a Status with 200',
      fault: {
        status: 200,
        body: { kind: 'Status', apiVersion: 'v1', status: 'Failure', message: 'etcd is away', code: 500 },
      },
      codes: ['ERR_API'],
      says: /etcd is away/,
    },
    {
      name: 'that is a Success with 200',
      fault: { status: 200, body: { kind: 'Status', apiVersion: 'v1', status: 'Success' } },
      codes: ['ERR_API'],
      says: /./,
    },
    {
      name: 'of `kind: List`',
      fault: { status: 200, body: { kind: 'List', apiVersion: 'v1', metadata: { resourceVersion: '9' }, items: [] } },
      codes: ['ERR_UNEXPECTED_KIND'],
      says: /List/,
    },
    {
      name: 'that is a Table',
      fault: {
        status: 200,
        body: { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: { resourceVersion: '9' }, rows: [] },
      },
      codes: ['ERR_UNEXPECTED_KIND'],
      says: /Table/,
    },
    {
      name: 'that is a single object',
      fault: { status: 200, body: webPod('a') },
      codes: ['ERR_UNEXPECTED_KIND'],
      says: /Pod/,
    },
    {
      name: 'that is cut in an item by the connection',
      fault: ({ faults }) => faults.cutList({ afterBytes: 400 }),
      codes: ['ERR_CONNECTION_LOST'],
      says: /cut/,
    },
    {
      name: 'that is reset in an item',
      fault: ({ faults }) => faults.cutList({ afterBytes: 400, by: 'reset' }),
      codes: ['ERR_CONNECTION_LOST'],
      says: /./,
    },
    {
      name: 'that ends in an item as if it were whole',
      fault: ({ faults }) => faults.cutList({ afterBytes: 400, by: 'end' }),
      codes: ['ERR_DECODE_TRUNCATED'],
      says: /at byte 400/,
    },
    {
      name: 'that ends between two items as if it were whole',
      fault: ({ faults }) => faults.cutList({ afterItems: 2, by: 'end' }),
      codes: ['ERR_DECODE_TRUNCATED'],
      says: /./,
    },
    {
      name: 'with a Status after some items',
      fault: ({ faults }) => faults.appendStatusAfterItems({ afterItems: 2 }),
      codes: ['ERR_DECODE_TRUNCATED'],
      says: /./,
    },
    {
      name: 'with an item without a name',
      fault: list(item('a'), item(undefined), item('c')),
      codes: ['ERR_DECODE_KEY'],
      says: /name/,
    },
    {
      name: 'without a resourceVersion',
      fault: ({ faults }) => faults.omitResourceVersion(),
      codes: ['ERR_NO_RESOURCE_VERSION'],
      says: /no resourceVersion to watch from/,
    },
    {
      name: 'whose continue token comes again and again',
      fault: ({ faults }) => {
        faults.answer({
          verb: 'list',
          status: 200,
          body: { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '4', continue: 'x' }, items: [] },
          times: 2,
        })
      },
      codes: ['ERR_CONTINUE_TOKEN'],
      says: /used before/,
      requests: ['LIST', 'WATCH rv=4', 'LIST continue', 'LIST'], // the watch of a list in pages is opened beside them
    },
    {
      name: 'with 429 and Retry-After as a date',
      fault: {
        status: 429,
        retryAfter: 'Tue, 01 Jan 2030 00:00:20 GMT',
        headers: { date: 'Tue, 01 Jan 2030 00:00:10 GMT' },
      },
      codes: ['ERR_TOO_MANY_REQUESTS'],
      says: /429/,
      wait: 11_000,
    },
    {
      name: 'with 429 and a negative Retry-After',
      fault: { status: 429, retryAfter: -60 },
      codes: ['ERR_TOO_MANY_REQUESTS'],
      says: /429/,
    },
    {
      name: 'with 503 and a year of Retry-After',
      fault: { status: 503, retryAfter: 31_536_000 },
      codes: ['ERR_UNAVAILABLE'],
      says: /503/,
      wait: 330_000,
    },
    { name: 'with a status that nobody knows', fault: { status: 418, body: '{' }, codes: ['ERR_API'], says: /418/ },
  ]

  test.each(cases)('$name is reported and asked for again', async ({ fault, codes, says, wait = 400, ...expected }) => {
    const rig = await createRig({
      objects: OBJECTS,
      encoding: 'json', // as the bodies here
      before: (server) => (typeof fault === 'function' ? fault(server) : server.faults.answer(fault)),
    })
    const changes = rig.record()
    await rig.until(() => rig.errors.length > 0)
    expect(rig.codes).toEqual(codes)
    expect(rig.errors[0]!.message).toMatch(says)
    expect(JSON.stringify([rig.errors, rig.status]) + String(rig.errors)).not.toContain('secret')
    expect([rig.keys, rig.status.synced, changes]).toEqual([[], false, []])
    await rig.passWait()
    await rig.following()
    expect(rig.waits).toEqual([wait])
    const requests = [...(expected.requests ?? ['LIST', 'LIST']), 'WATCH rv=4']
    expect(rig.requests.toSorted()).toEqual(requests.toSorted())
    await expectAlive(rig)
  })

  test('with a key twice is taken, with the newer one, and reported once', async () => {
    const rig = await createRig({
      before: ({ faults }) =>
        faults.answer(
          list(
            item('a', { resourceVersion: '3' }),
            item('b', { resourceVersion: '2' }),
            item('a', { resourceVersion: '2' }),
            item('b', { resourceVersion: '4' }),
            item('c'),
          ),
        ),
    })
    await rig.following()
    expect(rig.errors.map(({ code, message }) => `${code}: ${message}`)).toEqual([
      'ERR_DUPLICATE_KEY: the list has web/a more than once; the newest one counts',
    ])
    expect(rig.informer.store.list().map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`)).toEqual([
      'a 3',
      'b 4',
      'c 2',
    ])
    expect(rig.requests).toEqual(['LIST', 'WATCH rv=4'])
  })

  test('with an item over the limit is taken without it, and the item is quarantined', async () => {
    const plain = webPod('b')
    const large = { ...plain, spec: { ...plain.spec, hostname: 'x'.repeat(3000) } }
    const rig = await createRig({ objects: [webPod('a'), large, webPod('c')], maxItemBytes: 2000 })
    await rig.following()
    expect(rig.codes).toEqual(['ERR_DECODE_TOO_LARGE'])
    expect(rig.status.quarantined).toMatchObject([
      { key: 'web/b', resourceVersion: '3', error: { code: 'ERR_DECODE_TOO_LARGE' } },
    ])
    expect(rig.informer.store.list().map(({ metadata }) => metadata.name)).toEqual(['a', 'c'])
    expect(rig.informer.store.has('web/b')).toBe(true)
    expect(() => rig.informer.store.get('web/b')).toThrow(expect.objectContaining({ code: 'ERR_DECODE_TOO_LARGE' }))
    await expectAlive(rig)
    rig.server.edit(pods, 'web/b', (draft) => void (draft.spec!.hostname = 'small'))
    await rig.until(() => rig.status.quarantined.length === 0)
    expect(rig.informer.store.get('web/b')?.spec?.hostname).toBe('small')
  })
})

describe('a watch', () => {
  const listBody = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '9' }, items: [] }
  const table = { kind: 'Table', apiVersion: 'meta.k8s.io/v1', metadata: { resourceVersion: '9' }, rows: [] }
  const cases: readonly {
    readonly name: string
    readonly fault: Omit<AnswerFault, 'status'> & { readonly status?: number }
    readonly code: string
    readonly requests?: readonly string[]
  }[] = [
    { name: 'answered by a list', fault: { body: listBody }, code: 'ERR_UNEXPECTED_KIND' },
    { name: 'answered by a Table', fault: { body: table }, code: 'ERR_UNEXPECTED_KIND' },
    {
      name: 'with a Table in an event',
      fault: { body: { type: 'ADDED', object: table } },
      code: 'ERR_UNEXPECTED_KIND',
    },
    {
      name: 'with an object without a name',
      fault: { body: { type: 'ADDED', object: { kind: 'Pod', apiVersion: 'v1', metadata: {} } } },
      code: 'ERR_DECODE_KEY',
    },
    {
      name: 'with an event of an unknown type',
      fault: { body: { type: 'MOVED', object: {} } },
      code: 'ERR_DECODE_SYNTAX',
    },
    { name: 'that is no JSON', fault: { body: '<html>' }, code: 'ERR_DECODE_SYNTAX' },
    { name: 'of HTML', fault: { body: '<html>', contentType: 'text/html' }, code: 'ERR_CONTENT_TYPE', requests: [] },
    { name: 'with half an event', fault: { body: '{"type":"ADD' }, code: 'ERR_DECODE_TRUNCATED', requests: [] },
    {
      name: 'with an ERROR event of nothing',
      fault: { body: { type: 'ERROR', object: {} } },
      code: 'ERR_API',
      requests: [],
    },
    { name: 'with 404', fault: { status: 404 }, code: 'ERR_NOT_FOUND' },
    { name: 'with 302', fault: { status: 302, headers: { location: '/login' } }, code: 'ERR_REDIRECT', requests: [] },
  ]

  test.each(cases)('$name is reported and asked for again; where events may be lost, after a list', async (given) => {
    const { fault, code, requests = ['LIST rv=4 NotOlderThan'] } = given
    const rig = await createRig({
      objects: OBJECTS,
      before: ({ faults }) => faults.answer({ verb: 'watch', status: 200, ...fault }),
    })
    await rig.passWait()
    await rig.following()
    expect([rig.codes, rig.waits]).toEqual([[code], [400]])
    expect(rig.requests).toEqual(['LIST', 'WATCH rv=4', ...requests, 'WATCH rv=4'])
    await expectAlive(rig)
  })

  test('with an object over the limit goes on, with that object quarantined', async () => {
    const rig = await createRig({ objects: OBJECTS, maxItemBytes: 2000 })
    await rig.following()
    rig.server.edit(pods, 'web/b', (draft) => void (draft.spec!.hostname = 'x'.repeat(9000)))
    await rig.until(() => rig.status.quarantined.length === 1)
    expect(rig.codes).toEqual(['ERR_DECODE_TOO_LARGE'])
    await expectAlive(rig)
    expect(rig.requests).toEqual(['LIST', 'WATCH rv=4'])
  })
})

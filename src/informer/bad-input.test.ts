/** What comes from outside and is wrong: what an informer says about each, and that it lives on. docs/errors.md has the codes. */
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { KubeflumeError } from '../api/errors.ts'
import type { Pod } from '../api/generated/index.ts'
import type { KubeConfigLike } from '../api/kube-config.ts'
import { createInformer } from '../client.ts'
import type { AnswerFault } from '../testing/fault-plan.ts'
import type { TestApiServer } from '../testing/server.ts'
import type { InformerOptions } from './informer.ts'
import { createRig, kubeConfigOf, nodes, pods, type Rig, webPod, webPods } from './informer.test-support.ts'

const OBJECTS = webPods('a', 'b', 'c')

/** It holds what the server has, and hears what happens next. */
async function expectAlive(rig: Rig): Promise<void> {
  await rig.following()
  expect(rig.keys).toEqual(['web/a', 'web/b', 'web/c'])
  rig.server.create(pods, webPod('later'))
  rig.server.delete(pods, 'web/a')
  await rig.until(() => rig.keys.join() === 'web/b,web/c,web/later', 'the newest state')
}

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
      requests: ['LIST', 'LIST continue', 'LIST'],
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
    { name: 'with 429 and a negative Retry-After', fault: { status: 429, retryAfter: -60 }, codes: ['ERR_TOO_MANY_REQUESTS'], says: /429/ },
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
    expect(rig.requests).toEqual([...(expected.requests ?? ['LIST', 'LIST']), 'WATCH rv=4'])
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
    { name: 'with a Table in an event', fault: { body: { type: 'ADDED', object: table } }, code: 'ERR_UNEXPECTED_KIND' },
    {
      name: 'with an object without a name',
      fault: { body: { type: 'ADDED', object: { kind: 'Pod', apiVersion: 'v1', metadata: {} } } },
      code: 'ERR_DECODE_KEY',
    },
    { name: 'with an event of an unknown type', fault: { body: { type: 'MOVED', object: {} } }, code: 'ERR_DECODE_SYNTAX' },
    { name: 'that is no JSON', fault: { body: '<html>' }, code: 'ERR_DECODE_SYNTAX' },
    { name: 'of HTML', fault: { body: '<html>', contentType: 'text/html' }, code: 'ERR_CONTENT_TYPE', requests: [] },
    { name: 'with half an event', fault: { body: '{"type":"ADD' }, code: 'ERR_DECODE_TRUNCATED', requests: [] },
    { name: 'with an ERROR event of nothing', fault: { body: { type: 'ERROR', object: {} } }, code: 'ERR_API', requests: [] },
    { name: 'with 404', fault: { status: 404 }, code: 'ERR_NOT_FOUND', requests: [] },
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

describe('a way to the server', () => {
  /** A kubeconfig whose cluster the test can change: in the end somebody mends it. */
  function changeable(server: string | undefined): KubeConfigLike & { server: string | undefined } {
    return {
      server,
      getCurrentCluster() {
        return this.server === undefined ? null : { server: this.server }
      },
      getCurrentUser: () => null,
      applySecurityAuthentication: () => Promise.resolve(),
    }
  }

  async function tlsServer(): Promise<string> {
    const { private: key, cert } = await generate([{ name: 'commonName', value: '127.0.0.1' }], { keyType: 'ec' })
    const server = createServer({ key, cert }).listen(0, '127.0.0.1')
    await vi.waitUntil(() => server.listening)
    onTestFinished(() => void server.close())
    return `https://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  test.each([
    { name: 'without a current context', server: () => undefined, code: 'ERR_NO_CLUSTER', says: /no current context/, permanent: true },
    { name: 'to what is no URL', server: () => 'https://undefined:port', code: 'ERR_NO_CLUSTER', says: /no http/, permanent: true },
    { name: 'to a port where nobody listens', server: () => 'http://127.0.0.1:1', code: 'ERR_UNREACHABLE', says: /cannot reach/, permanent: false },
    { name: 'to a server with an unknown certificate', server: tlsServer, code: 'ERR_TLS', says: /certificate/, permanent: true },
  ])('$name is reported, and tried again until it is mended', async ({ server, code, says, permanent }) => {
    const kubeConfig = changeable(await server())
    const rig = await createRig({ objects: OBJECTS, kubeConfig })
    const waiting = rig.informer.synced({ timeoutMs: 60_000 }).catch((error: unknown) => error)
    await rig.until(() => rig.errors.length === 1)
    expect(rig.codes).toEqual([code])
    expect(rig.errors[0]!.message).toMatch(says)
    expect(rig.status.reason).toContain(rig.errors[0]!.message)
    kubeConfig.server = rig.server.url
    await rig.clock.advance(30_000)
    await rig.following()
    const outcome = await waiting
    if (permanent) expect(outcome).toMatchObject({ code: 'ERR_SYNC', cause: { code } })
    else expect(outcome).toBeUndefined()
    await rig.informer.synced()
    expect(rig.requests).toEqual(['LIST', 'WATCH rv=4'])
    await expectAlive(rig)
  })
})

describe('a client that asks for what cannot be', () => {
  const kubeConfig = kubeConfigOf({ url: 'http://127.0.0.1:1' })
  const cases: readonly [options: object, code: string, says: RegExp][] = [
    [{ labelSelector: 'a b' }, 'ERR_SELECTOR', /label selector "a b"/],
    [{ labelSelector: 'a in' }, 'ERR_SELECTOR', /"a in"/],
    [{ labelSelector: { matchExpressions: [{ key: 'a', operator: 'Near', values: ['b'] }] } }, 'ERR_SELECTOR', /"Near"/],
    [{ fieldSelector: 'spec.nodeName' }, 'ERR_SELECTOR', /field selector "spec.nodeName"/],
    [{ namespaces: [''] }, 'ERR_OPTION', /"" is no namespace; leave `namespaces` out for all/],
    [{ namespaces: ['web/a'] }, 'ERR_OPTION', /"web\/a" is no namespace/],
    [{ namespaces: 'web' }, 'ERR_OPTION', /expected an array/],
    [{ sync: 'fast' }, 'ERR_OPTION', /sync is "fast": expected one of auto, stream, paged/],
    [{ freshness: 'stale' }, 'ERR_OPTION', /freshness/],
    [{ encoding: 'cbor' }, 'ERR_OPTION', /encoding/],
    [{ maxItemBytes: 0 }, 'ERR_OPTION', /maxItemBytes is 0/],
    [{ maxItemBytes: 1.5 }, 'ERR_OPTION', /maxItemBytes is 1.5/],
    [{ omit: ['metadata.name'] }, 'ERR_OPTION', /metadata.name/],
    [{ omit: ['a..b'] }, 'ERR_OPTION', /no field path/],
    [{ indexes: { node: 'spec..nodeName' } }, 'ERR_OPTION', /no field path/],
    [{ indexes: { app: { label: '' } } }, 'ERR_OPTION', /no field path/],
  ]

  test.each(cases)('%j is told at once', (options, code, says) => {
    const make = () => createInformer(kubeConfig, pods, options as InformerOptions<Pod>)
    expect(make).toThrow(expect.objectContaining({ name: 'KubeflumeError', code, retryable: false }))
    expect(make).toThrow(says)
  })

  test('namespaces of a cluster-scoped resource are told at once', () => {
    for (const namespaces of [['web'], []]) {
      expect(() => createInformer(kubeConfig, nodes, { namespaces })).toThrow(
        expect.objectContaining({ code: 'ERR_OPTION', message: expect.stringContaining('cluster-scoped') }),
      )
    }
  })

  test('no namespaces is none, never all: it is synced at once, and asks for nothing', async () => {
    const rig = await createRig({ objects: OBJECTS, namespaces: [] })
    await rig.informer.synced()
    await rig.clock.advance(3_600_000)
    expect([rig.requests, rig.keys, rig.status.synced]).toEqual([[], [], true])
    expect(rig.status.reason).toBe('no namespace is followed')
  })

  test('a namespace that is named twice is followed once', async () => {
    const rig = await createRig({ objects: OBJECTS, namespaces: ['web', 'web'] })
    await rig.following()
    expect(rig.requests).toEqual(['LIST web', 'WATCH web rv=4'])
  })
})

describe("a user's function that throws", () => {
  const boom = new Error('boom')
  const codesOf = (errors: readonly KubeflumeError[]) => errors.map(({ code, cause }) => [code, cause])
  const fail = (): never => {
    throw boom
  }
  const throwing = {
    'a function': fail,
    'an async function': () => Promise.reject(boom),
    'an object of functions': { added: fail },
    'an object of async functions': { added: () => Promise.reject(boom) },
  }

  test.each(Object.entries(throwing))('as a handler, %s, is reported each time and called again', async (_name, handler) => {
    const rig = await createRig({ objects: OBJECTS })
    rig.informer.subscribe(handler)
    await rig.until(() => rig.errors.length === 3)
    expect(codesOf(rig.errors)).toEqual(Array(3).fill(['ERR_HANDLER', boom]))
    expect(rig.errors[0]!.message).toBe('a handler threw on added web/a')
    await expectAlive(rig)
    expect(rig.errors.length).toBeGreaterThan(3)
  })

  test.each([
    ['at once', fail],
    ['later', () => Promise.reject(boom) as never],
  ])('as a listener of the status, %s, is reported', async (_when, listener) => {
    const rig = await createRig({ objects: OBJECTS, start: false })
    rig.informer.onStatus(listener)
    rig.informer.start()
    await expectAlive(rig)
    expect(codesOf(rig.errors)).toContainEqual(['ERR_HANDLER', boom])
  })

  test('as the filter of a subscription leaves its view whole', async () => {
    const rig = await createRig({ objects: OBJECTS })
    const seen: string[] = []
    const filter = (object: { metadata: { name: string } }) => (object.metadata.name === 'b' ? fail() : true)
    rig.informer.subscribe((delta) => void seen.push(`${delta.type} ${delta.key}`), { filter })
    await expectAlive(rig)
    expect(seen).toEqual(['added web/a', 'added web/c', 'added web/later', 'deleted web/a'])
    expect(codesOf(rig.errors)).toEqual([['ERR_FILTER', boom]])
  })

  test.each([
    ['filter', 'ERR_FILTER'],
    ['transform', 'ERR_TRANSFORM'],
  ] as const)('as the %s of an informer quarantines the object', async (option, code) => {
    const rig = await createRig({
      objects: OBJECTS,
      [option]: (object: { metadata: { name: string } }) => (object.metadata.name === 'b' ? fail() : object),
    })
    await expectAlive(rig)
    expect(codesOf(rig.errors)).toEqual([[code, boom]])
    expect(rig.status.quarantined).toMatchObject([{ key: 'web/b', error: { code } }])
  })

  test('as onError is a warning of the process', async () => {
    const warnings: Error[] = []
    const warn = vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void warnings.push(warning as Error))
    onTestFinished(() => warn.mockRestore())
    const rig = await createRig({
      objects: OBJECTS,
      onError: fail,
      before: ({ faults }) => faults.answer({ status: 403 }),
    })
    await rig.passWait()
    await expectAlive(rig)
    expect(warnings).toMatchObject([{ code: 'ERR_FORBIDDEN' }, { code: 'ERR_HANDLER', cause: boom }])
  })
})

/** Wrong kubeconfigs, options and functions: what is said about each, and that the informer lives on. docs/errors.md has the codes. */
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { generate } from 'selfsigned'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import type { KubeflumeError } from '../api/errors.ts'
import type { Pod } from '../api/generated/index.ts'
import type { KubeConfigLike } from '../api/kube-config.ts'
import { createInformer } from '../client.ts'
import type { InformerOptions } from './informer.ts'
import { createRig, expectAlive, kubeConfigOf, nodes, pods, webPods } from './informer.test-support.ts'

const OBJECTS = webPods('a', 'b', 'c')

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
    {
      name: 'without a current context',
      server: () => undefined,
      code: 'ERR_NO_CLUSTER',
      says: /no current context/,
      permanent: true,
    },
    {
      name: 'to what is no URL',
      server: () => 'https://undefined:port',
      code: 'ERR_NO_CLUSTER',
      says: /no http/,
      permanent: true,
    },
    {
      name: 'to a port where nobody listens',
      server: () => 'http://127.0.0.1:1',
      code: 'ERR_UNREACHABLE',
      says: /cannot reach/,
      permanent: false,
    },
    {
      name: 'to a server with an unknown certificate',
      server: tlsServer,
      code: 'ERR_TLS',
      says: /certificate/,
      permanent: true,
    },
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
    [
      { labelSelector: { matchExpressions: [{ key: 'a', operator: 'Near', values: ['b'] }] } },
      'ERR_SELECTOR',
      /"Near"/,
    ],
    [{ fieldSelector: 'spec.nodeName' }, 'ERR_SELECTOR', /field selector "spec.nodeName"/],
    [{ namespaces: [''] }, 'ERR_OPTION', /"" is no namespace; leave `namespaces` out for all/],
    [{ namespaces: ['web/a'] }, 'ERR_OPTION', /"web\/a" is no namespace/],
    [{ namespaces: 'web' }, 'ERR_OPTION', /expected an array/],
    [{ sync: 'fast' }, 'ERR_OPTION', /sync is "fast": expected one of auto, stream, watch-list, paged/],
    [{ freshness: 'stale' }, 'ERR_OPTION', /freshness/],
    [{ encoding: 'cbor' }, 'ERR_OPTION', /encoding/],
    [{ maxItemBytes: 0 }, 'ERR_OPTION', /maxItemBytes is 0/],
    [{ maxItemBytes: 1.5 }, 'ERR_OPTION', /maxItemBytes is 1.5/],
    [{ omit: ['metadata.name'] }, 'ERR_OPTION', /metadata.name/],
    [{ omit: ['a..b'] }, 'ERR_OPTION', /no field path/],
    [{ indexes: { node: 'spec..nodeName' } }, 'ERR_OPTION', /no field path/],
    [{ indexes: { app: { label: '' } } }, 'ERR_OPTION', /no field path/],
    [{ indexes: { by: 'metadata.managedFields.manager' } }, 'ERR_OPTION', /the index by is of a field that is omitted/],
    [{ indexes: { node: 'spec.nodeName' }, omit: ['spec'] }, 'ERR_OPTION', /the index node is of a field/],
    [
      { indexes: { app: { label: 'app' } }, omit: ['metadata.labels.app'] },
      'ERR_OPTION',
      /the index app is of a field/,
    ],
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

  test.each(Object.entries(throwing))(
    'as a handler, %s, is reported each time and called again',
    async (_name, handler) => {
      const rig = await createRig({ objects: OBJECTS })
      rig.informer.subscribe(handler)
      await rig.until(() => rig.errors.length === 3)
      expect(codesOf(rig.errors)).toEqual([1, 2, 3].map(() => ['ERR_HANDLER', boom]))
      expect(rig.errors[0]!.message).toBe('a handler threw on added web/a')
      await expectAlive(rig)
      expect(rig.errors.length).toBeGreaterThan(3)
    },
  )

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

import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import type { KubeConfig } from '@kubernetes/client-node'
import { KubeflumeError } from '../api/errors.ts'
import { normalizeKey, type ObjectKey } from '../api/key.ts'
import type { KubernetesObject, New } from '../api/object.ts'
import type { Resource } from '../api/resource.ts'
import { type Clock, systemClock } from '../internal/clock.ts'
import type { Until } from '../internal/until.ts'
import { type AnyObject, parse } from './encoding/encoding.ts'
import type { RecordedRequest } from './http/exchange.ts'
import { FaultPlan } from './faults/fault-plan.ts'
import { Faults } from './faults/faults.ts'
import { ObjectsWriter } from './writes/objects-writer.ts'
import { OpenWatches } from './reads/open-watches.ts'
import { Registry, type ServedResource } from './catalog/registry.ts'
import { DEFAULT_RELEASE, gatesOf, type Release } from './catalog/release.ts'
import { handleRequest, type HandlerParts } from './http/request-handler.ts'
import { expired, tooLargeResourceVersion } from './status.ts'
import { Storage } from './storage/storage.ts'
import { Waits } from './waits.ts'

export interface TestApiServerOptions {
  /** Which release of Kubernetes it plays. @default '1.36' */
  readonly release?: Release | undefined
  /** What bookmarks, timeouts and timestamps go by. @default the system's */
  readonly clock?: Clock | undefined
  /** What is there from the start: objects with `apiVersion` and `kind`, in any order. */
  readonly objects?: readonly object[] | undefined
  /** Custom resources to serve beside the built-in ones. */
  readonly crds?: readonly Resource[] | undefined
}

/**
 * A Kubernetes API server in this process, on loopback: real HTTP, real lists and watches, real errors,
 * nothing that runs. It starts in milliseconds, any number of them live side by side, and `stop` leaves
 * nothing behind.
 *
 * What is read from it and given to it is copied; objects are the test's own.
 */
export class TestApiServer implements AsyncDisposable {
  readonly url: string
  /** Every request that has arrived, in order. */
  readonly requests: readonly RecordedRequest[]
  readonly faults: Faults
  readonly #server: Server
  readonly #parts: HandlerParts
  readonly #waits: Waits
  #stopped: Promise<void> | undefined

  /** Starts a server. Rejects where an object is of a kind that it does not serve. */
  static async start(options: TestApiServerOptions = {}): Promise<TestApiServer> {
    const parts = createParts(options)
    for (const object of options.objects ?? []) seed(object as AnyObject, parts)
    // Its own timeouts would go by real time.
    const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0, headersTimeout: 0 }, (request, response) => {
      void handleRequest(request, response, parts)
    })
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    return new TestApiServer(server, parts)
  }

  private constructor(server: Server, parts: HandlerParts) {
    this.#server = server
    this.#parts = parts
    this.#waits = new Waits(parts.storage, parts.clock)
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    this.requests = parts.requests
    this.faults = new Faults({
      plan: parts.faults,
      watches: parts.watches,
      cutConnections: () => server.closeAllConnections(),
      forgetEvents: () => parts.storage.forgetEvents(),
      restoreStorage: (resourceVersion) => restore(resourceVersion, parts),
    })
  }

  /**
   * A client-node KubeConfig for this server, as a user's code takes it. client-node is loaded at the
   * first call, which takes about half a second.
   */
  kubeConfig(): KubeConfig {
    const clientNode = createRequire(import.meta.url)(
      '@kubernetes/client-node',
    ) as typeof import('@kubernetes/client-node')
    const kubeConfig = new clientNode.KubeConfig()
    kubeConfig.loadFromOptions({
      // client-node refuses credentials over plain HTTP without skipTLSVerify.
      clusters: [{ name: 'test', server: this.url, skipTLSVerify: true }],
      users: [{ name: 'test', token: 'a-token-of-the-test-server' }],
      contexts: [{ name: 'test', cluster: 'test', user: 'test' }],
      currentContext: 'test',
    })
    return kubeConfig
  }

  /**
   * Adds an object: in `default`, where a namespace is needed and not given.
   *
   * @throws {ApiError} as the server would answer: 409 AlreadyExists, 422 without a name
   */
  create<T extends KubernetesObject>(resource: Resource<T>, object: New<T>): T {
    const served = this.#served(resource)
    const options = { namespace: undefined, keepsIdentity: true }
    return parse<T>(this.#parts.writer.create(served, object as unknown as AnyObject, options).bytes)
  }

  get<T extends KubernetesObject>(resource: Resource<T>, key: ObjectKey): T | undefined {
    const served = this.#served(resource)
    const stored = this.#parts.storage.collection(served).get(normalizeKey(key, served.resource))
    return stored === undefined ? undefined : parse<T>(stored.bytes)
  }

  /** All objects of all namespaces, in order of key. */
  list<T extends KubernetesObject>(resource: Resource<T>): T[] {
    const { storage } = this.#parts
    const state = storage.collection(this.#served(resource)).read({ prefix: '', revision: storage.revision })
    return state.map(({ bytes }) => parse<T>(bytes))
  }

  /**
   * Changes an object; a change that changes nothing writes nothing.
   *
   * @throws {ApiError} as the server would answer: 404, 409 for another resourceVersion or uid
   */
  edit<T extends KubernetesObject>(resource: Resource<T>, key: ObjectKey, edit: (draft: T) => void): T {
    const served = this.#served(resource)
    const text = normalizeKey(key, served.resource)
    const { writer } = this.#parts
    const draft = parse<T>(writer.get(served, text).bytes)
    edit(draft)
    return parse<T>(writer.update(served, text, draft as unknown as AnyObject).bytes)
  }

  /** @throws {ApiError} 404 */
  delete(resource: Resource, key: ObjectKey): void {
    const served = this.#served(resource)
    this.#parts.writer.remove(served, normalizeKey(key, served.resource))
  }

  /**
   * Resolves with the object, or with undefined where there is none, as soon as `test` holds for it.
   *
   * @throws {KubeflumeError} `ERR_TIMEOUT`, `ERR_STOPPED`; the signal's reason; what `test` throws
   */
  async waitFor<T extends KubernetesObject>(
    resource: Resource<T>,
    key: ObjectKey,
    test: (object: T | undefined) => boolean,
    until: Until = {},
  ): Promise<T | undefined> {
    const served = this.#served(resource)
    return this.#waits.waitFor(served, normalizeKey(key, served.resource), test, until)
  }

  /** Forgets the past: lists at and watches from anything before now are answered 410. */
  compact(): void {
    this.#parts.storage.compact()
  }

  /** Ends every connection, timer and wait. Resolves when nothing is left. */
  stop(): Promise<void> {
    this.#stopped ??= this.#stop()
    return this.#stopped
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
  }

  async #stop(): Promise<void> {
    this.#waits.stop()
    this.#parts.watches.stop()
    const closed = once(this.#server, 'close')
    this.#server.close()
    this.#server.closeAllConnections()
    await closed
  }

  #served(resource: Resource): ServedResource {
    const served = this.#parts.registry.find(resource.group, resource.version, resource.plural)
    if (served !== undefined) return served
    const name = `${resource.plural}.${resource.version}.${resource.group}`
    throw new KubeflumeError('ERR_OPTION', `the server does not serve ${name}: start it with { crds: [it] }`)
  }
}

function createParts({
  clock = systemClock,
  release = DEFAULT_RELEASE,
  crds = [],
}: TestApiServerOptions): HandlerParts {
  const storage = new Storage()
  const faults = new FaultPlan()
  return {
    storage,
    faults,
    clock,
    release,
    gates: gatesOf(release),
    registry: new Registry(crds),
    requests: [],
    watches: new OpenWatches({ clock, storage, faults }),
    writer: new ObjectsWriter(storage, clock),
  }
}

function seed(object: AnyObject, { registry, writer }: HandlerParts): void {
  const { apiVersion = '', kind = '' } = object
  const served = registry.ofKind(apiVersion, kind)
  if (served === undefined) {
    const what = JSON.stringify({ apiVersion, kind, name: object.metadata?.name })
    throw new KubeflumeError('ERR_OPTION', `the server does not serve the kind of the object ${what}`)
  }
  writer.create(served, object, { namespace: undefined, keepsIdentity: true })
}

function restore(resourceVersion: string, { storage, registry }: HandlerParts): void {
  const revision = Number(resourceVersion)
  if (!(revision <= storage.revision)) throw tooLargeResourceVersion(resourceVersion, storage.revision)
  for (const served of registry.all) {
    if (revision < storage.collection(served).compactedRevision) throw expired('the state is compacted')
  }
  storage.restore(revision)
}

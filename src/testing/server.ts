import { createRequire } from 'node:module'
import type { KubeConfig } from '@kubernetes/client-node'
import { KubeflumeError } from '../api/errors.ts'
import { normalizeKey, type ObjectKey } from '../api/key.ts'
import type { KubernetesObject, New } from '../api/object.ts'
import type { Resource } from '../api/resource.ts'
import type { Clock } from '../internal/clock.ts'
import type { Until } from '../internal/until.ts'
import { type AnyObject, parse } from './encoding/encoding.ts'
import type { RecordedRequest } from './http/exchange.ts'
import { Faults } from './faults/faults.ts'
import type { ServedResource } from './catalog/registry.ts'
import type { Release } from './catalog/release.ts'
import { Listener, type RequestListener } from './http/listener.ts'
import { setServerHeaders } from './http/server-headers.ts'
import { handleRequest, type HandlerParts } from './http/request-handler.ts'
import { applyManifest } from './seeding/apply-manifest.ts'
import type { Manifest } from './seeding/manifests.ts'
import { createParts } from './server-parts.ts'
import { convert } from './storage/conversion.ts'
import { Waits } from './waits.ts'

/** Which release, with what in it, and how exact. */
export interface TestApiServerOptions {
  /** Which release of Kubernetes it plays. @default '1.36' */
  readonly release?: Release | undefined
  /** What bookmarks, timeouts and timestamps go by. @default the system's */
  readonly clock?: Clock | undefined
  /** What is there from the start: objects with `apiVersion` and `kind`, in any order. */
  readonly objects?: readonly object[] | undefined
  /** The same from YAML or JSON: paths of files, or texts. */
  readonly manifests?: readonly Manifest[] | undefined
  /**
   * HTTPS, with HTTP/2 for the clients that take it, under a certificate that is made at the start. It needs
   * the package `selfsigned`. The default is plain HTTP/1.1, and HTTP/2 for clients that begin with it.
   *
   * @default false
   */
  readonly tls?: boolean | undefined
  /**
   * Where the counter of versions stands at the start, if that is more than the objects demand. Objects that
   * come with a decimal `metadata.resourceVersion` keep it, and the counter goes on from the highest.
   */
  readonly resourceVersion?: string | undefined
  /**
   * The storage forgets its past every so many milliseconds, up to where it stood one such span before;
   * 0: never. @default 300_000, as a real server
   */
  readonly compactionIntervalMs?: number | undefined
  /**
   * So many milliseconds a read waits for a server that has fallen behind, before it is answered otherwise
   * or with 504. @default 3000, as a real server
   */
  readonly freshnessTimeoutMs?: number | undefined
  /**
   * Custom resources to serve beside the built-in ones, with a `status` subresource each. For anything else
   * put CustomResourceDefinitions among the `objects`.
   */
  readonly crds?: readonly Resource[] | undefined
  /**
   * Whether every write is noted in `metadata.managedFields`. Without it only objects that somebody has
   * applied (server-side apply) have them.
   *
   * @default false
   */
  readonly managedFields?: boolean | undefined
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
  /** In PEM: the authority that a client has to trust; undefined without `tls`. */
  readonly caCertificate: string | undefined
  /** Every request that has arrived, in order. */
  readonly requests: readonly RecordedRequest[]
  readonly faults: Faults
  readonly #listener: Listener
  readonly #parts: HandlerParts
  readonly #waits: Waits
  #stopped: Promise<void> | undefined

  /**
   * Starts a server.
   *
   * @throws {KubeflumeError} `ERR_OPTION` for options that say nothing it knows: an object of a kind that is not
   *   served, a manifest that cannot be read; {ApiError} as the server would answer to an object
   */
  static async start(options: TestApiServerOptions = {}): Promise<TestApiServer> {
    const parts = createParts(options)
    const { tls = false } = options
    const answer: RequestListener = (request, response) => {
      setServerHeaders(request, response)
      void handleRequest(request, response, parts)
    }
    const listener = await Listener.start(answer, { tls })
    return new TestApiServer(listener, parts)
  }

  private constructor(listener: Listener, parts: HandlerParts) {
    this.#listener = listener
    this.#parts = parts
    this.#waits = new Waits(parts.storage, parts.clock)
    this.url = listener.url
    this.caCertificate = listener.caCertificate
    this.requests = parts.requests
    this.faults = new Faults({
      plan: parts.faults,
      watches: parts.watches,
      storage: parts.storage,
      replicas: parts.replicas,
      served: (resource) => this.#served(resource),
      closeConnections: (how) => listener.closeConnections(how),
    })
  }

  /**
   * A client-node KubeConfig for this server, as a user's code takes it. It has a token, at which the server
   * does not look: order a 401 of `faults` where one is wanted. client-node is loaded at the
   * first call, which takes about half a second.
   */
  kubeConfig(): KubeConfig {
    const clientNode = createRequire(import.meta.url)(
      '@kubernetes/client-node',
    ) as typeof import('@kubernetes/client-node')
    const kubeConfig = new clientNode.KubeConfig()
    kubeConfig.loadFromOptions({
      clusters: [{ name: 'test', server: this.url, ...this.#trust }],
      users: [{ name: 'test', token: 'a-token-of-the-test-server' }],
      contexts: [{ name: 'test', cluster: 'test', user: 'test' }],
      currentContext: 'test',
    })
    return kubeConfig
  }

  /** client-node refuses credentials over plain HTTP without skipTLSVerify. */
  get #trust(): { readonly caData: string } | { readonly skipTLSVerify: true } {
    if (this.caCertificate === undefined) return { skipTLSVerify: true }
    return { caData: Buffer.from(this.caCertificate).toString('base64') }
  }

  /**
   * Adds an object: in `default`, where a namespace is needed and not given.
   *
   * @throws {ApiError} as the server would answer: 409 AlreadyExists, 422 without a name
   */
  create<T extends KubernetesObject>(resource: Resource<T>, object: New<T>): T {
    const served = this.#served(resource)
    return parse<T>(this.#parts.writer.create(served, object as unknown as AnyObject).bytes)
  }

  /**
   * Creates the objects of a manifest, YAML or JSON, given as a text or as the path of a file; those that
   * exist it merges with. What the manifest leaves out stays.
   *
   * @returns the objects as they are then, in the order of the manifest
   * @throws {KubeflumeError} `ERR_OPTION` for what cannot be read or is not served; {ApiError} as the server would answer
   */
  apply(manifest: Manifest): KubernetesObject[] {
    return applyManifest(manifest, this.#parts) as KubernetesObject[]
  }

  /**
   * The object as it is stored; undefined where there is none.
   *
   * @throws {KubeflumeError} `ERR_KEY`; `ERR_OPTION` for a resource that is not served
   */
  get<T extends KubernetesObject>(resource: Resource<T>, key: ObjectKey): T | undefined {
    const served = this.#served(resource)
    const stored = this.#parts.storage.collection(served).get(normalizeKey(key, served.resource))
    return stored === undefined ? undefined : parse<T>(convert(served, stored).bytes)
  }

  /** All objects of all namespaces, in order of key. */
  list<T extends KubernetesObject>(resource: Resource<T>): T[] {
    const { storage } = this.#parts
    const served = this.#served(resource)
    const state = storage.collection(served).read({ prefix: '', revision: storage.revision })
    return state.map((version) => parse<T>(convert(served, version).bytes))
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
   * Resolves with the object, or with undefined where there is none, as soon as `test` holds for it. The time
   * of `timeoutMs` is that of the server's clock.
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

  /**
   * Forgets the past, in the storage and in the watch caches: lists at and watches from anything before now
   * are answered 410. (A compaction of etcd alone is `faults.compactStorage`.)
   */
  compact(): void {
    this.#parts.storage.compact()
    this.#parts.replicas.forget()
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
    this.#parts.replicas.stop()
    await this.#listener.stop()
  }

  #served(resource: Resource): ServedResource {
    const served = this.#parts.registry.find(resource.group, resource.version, resource.plural)
    if (served !== undefined) return served
    const name = `${resource.plural}.${resource.version}.${resource.group}`
    throw new KubeflumeError('ERR_OPTION', `the server does not serve ${name}: start it with { crds: [it] }`)
  }
}

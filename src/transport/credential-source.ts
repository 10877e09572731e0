/**
 * The part of this library that knows how client-node's `KubeConfig` works inside.
 *
 * `applySecurityAuthentication` is the one door to every kind of credential, but it also makes a new
 * undici Agent for each request, leaves out the cluster's CA when the context has no user, and refuses
 * `http://` servers. It is therefore called on an object whose prototype is the user's KubeConfig and
 * whose `createDispatcherOptions`, which client-node calls for the Agent, only notes the TLS material
 * that it is given. So nothing is built, and the user's object is never written to. The original
 * `createDispatcherOptions` then says what to build, and `Connections` builds it once.
 *
 * A KubeConfig of another kind, without that method or with private fields that forbid the detour, is
 * called directly, and the first dispatcher it hands over is used for all requests.
 */
import type { ConnectionOptions } from 'node:tls'
import type { Dispatcher } from 'undici'
import type { KubeConfigLike } from '../api/kube-config.ts'
import { renewedKubeConfig } from './renewed-kube-config.ts'
import type { Route, TlsMaterial } from './route.ts'

export interface Credentials {
  /** Names in lower case, values as a header may have them. Secrets. */
  readonly headers: { readonly [name: string]: string }
  readonly route: Route
  readonly source: CredentialSource
}

interface Cluster {
  readonly server: string
  readonly proxyUrl?: string
}

/** What `createDispatcherOptions` of client-node returns, as far as it is of use here. */
interface DispatcherOptions {
  readonly type: string
  readonly uri?: string
  readonly connect?: TlsMaterial
  readonly requestTls?: TlsMaterial
}

type WithDispatcherOptions = KubeConfigLike & {
  createDispatcherOptions(cluster: Cluster | null, tls: ConnectionOptions): DispatcherOptions
}

/** Reads the credentials of the context that was current when it was made, whatever is current later. */
export class CredentialSource {
  readonly #original: KubeConfigLike
  readonly #kubeConfig: KubeConfigLike
  #context: string | undefined
  #derived: KubeConfigLike | undefined
  #tls: ConnectionOptions = {}
  #givenDispatcher: Dispatcher | undefined

  constructor(
    kubeConfig: KubeConfigLike,
    renewal?: { readonly original: KubeConfigLike; readonly context: string | undefined },
  ) {
    this.#original = renewal?.original ?? kubeConfig
    this.#kubeConfig = kubeConfig
    this.#context = renewal?.context ?? currentContextOf(kubeConfig)
    if (hasDispatcherOptions(kubeConfig)) this.#derived = this.#derive()
  }

  get context(): string | undefined {
    return (this.#context ??= currentContextOf(this.#kubeConfig))
  }

  cluster(): Cluster | null {
    return (this.#derived ?? this.#kubeConfig).getCurrentCluster()
  }

  user(): object | null {
    return (this.#derived ?? this.#kubeConfig).getCurrentUser()
  }

  /** Another source for the same context, none of whose own authenticators remembers a token. */
  renewed(): CredentialSource {
    const { context } = this
    const fresh = renewedKubeConfig(this.#original, context) ?? this.#original
    return new CredentialSource(fresh, { original: this.#original, context })
  }

  /** One reading at a time. Rejects with whatever the kubeconfig throws, which may hold secrets. */
  async read(): Promise<Credentials> {
    if (this.#derived === undefined) return this.#readDirectly()
    try {
      return await this.#readDerived(this.#derived)
    } catch (error) {
      if (!isPrivateFieldAccess(error)) throw error
      this.#derived = undefined
      return this.#readDirectly()
    }
  }

  async #readDerived(derived: KubeConfigLike): Promise<Credentials> {
    this.#tls = {}
    const applied = await apply(derived)
    const route = applied.dispatcher ? this.#given(applied.dispatcher) : this.#routeOf(this.cluster(), this.#tls)
    return { headers: applied.headers, route, source: this }
  }

  async #readDirectly(): Promise<Credentials> {
    const { headers, dispatcher } = await apply(this.#kubeConfig)
    return { headers, route: dispatcher ? this.#given(dispatcher) : { type: 'straight', tls: {} }, source: this }
  }

  #given(dispatcher: Dispatcher): Route {
    this.#givenDispatcher ??= dispatcher
    return { type: 'given', dispatcher: this.#givenDispatcher }
  }

  #routeOf(cluster: Cluster | null, tls: ConnectionOptions): Route {
    const isPlain = cluster?.server.startsWith('http:') && !cluster.proxyUrl
    if (isPlain) return { type: 'straight', tls: {} }
    const options = (this.#kubeConfig as WithDispatcherOptions).createDispatcherOptions(cluster, tls)
    if (options.type === 'proxy' || options.type === 'socks') {
      return { type: options.type, uri: options.uri ?? '', tls: options.requestTls ?? {} }
    }
    return { type: 'straight', tls: options.connect ?? {} }
  }

  #derive(): KubeConfigLike {
    const kubeConfig = this.#kubeConfig
    return Object.create(kubeConfig, {
      createDispatcherOptions: {
        value: (_cluster: unknown, tls: ConnectionOptions): DispatcherOptions => {
          this.#tls = tls
          return { type: 'none' }
        },
      },
      // without a user, client-node skips the CA, skipTLSVerify and tlsServerName of the cluster
      getCurrentUser: {
        value(this: KubeConfigLike) {
          return kubeConfig.getCurrentUser.call(this) ?? { name: '' }
        },
      },
      // undefined until one is loaded: then it follows
      currentContext: { get: () => this.context },
    })
  }
}

/** Only `setHeaderParam` and `setDispatcher` are ever called on what `applySecurityAuthentication` is given. */
async function apply(
  kubeConfig: KubeConfigLike,
): Promise<{ headers: Credentials['headers']; dispatcher?: Dispatcher }> {
  const headers: Record<string, string> = {}
  const given: { dispatcher?: Dispatcher } = {}
  const context = {
    // a token file often ends in a line break, which client-node keeps and HTTP does not allow
    setHeaderParam: (name: string, value: string) => (headers[name.toLowerCase()] = value.trim()),
    setDispatcher: (dispatcher: Dispatcher) => (given.dispatcher = dispatcher),
  }
  await kubeConfig.applySecurityAuthentication(context as never)
  return { headers, ...given }
}

function hasDispatcherOptions(kubeConfig: KubeConfigLike): kubeConfig is WithDispatcherOptions {
  return 'createDispatcherOptions' in kubeConfig && typeof kubeConfig.createDispatcherOptions === 'function'
}

function currentContextOf(kubeConfig: KubeConfigLike): string | undefined {
  const { currentContext } = kubeConfig as { currentContext?: unknown }
  return typeof currentContext === 'string' && currentContext !== '' ? currentContext : undefined
}

/** V8's words for `#field` on an object that its class did not make. */
function isPrivateFieldAccess(error: unknown): boolean {
  return error instanceof TypeError && /private (member|field|method)|^Receiver must be/.test(error.message)
}

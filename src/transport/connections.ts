import { isDeepStrictEqual } from 'node:util'
import type { Dispatcher } from 'undici'
import { type ConnectionOptions, createDispatcher } from './dispatcher.ts'
import type { Route } from './route.ts'

/**
 * The connections of one transport for one purpose.
 *
 * There is one pool as long as the way to the server stays the same, compared by value: a kubeconfig
 * gives new buffers with the same certificate for every request. When a certificate rotates, new
 * requests get a new pool; those under way end on the old one, which closes itself after the last.
 */
export class Connections {
  readonly #options: ConnectionOptions
  readonly #retired = new Set<Dispatcher>()
  #current: { readonly origin: string; readonly route: Route; readonly dispatcher: Dispatcher } | undefined

  constructor(options: ConnectionOptions) {
    this.#options = options
  }

  /** @throws {KubeflumeError} `ERR_OPTION` for a proxy that is not supported. */
  to(origin: string, route: Route): Dispatcher {
    if (route.type === 'given') return route.dispatcher
    const current = this.#current
    if (current?.origin === origin && isDeepStrictEqual(current.route, route)) return current.dispatcher
    const dispatcher = createDispatcher(origin, route, this.#options)
    this.#current = { origin, route, dispatcher }
    if (current) this.#retire(current.dispatcher)
    return dispatcher
  }

  /** Ends everything at once. */
  async destroy(): Promise<void> {
    const dispatchers = [...this.#retired, ...(this.#current ? [this.#current.dispatcher] : [])]
    this.#current = undefined
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.destroy()))
  }

  #retire(dispatcher: Dispatcher): void {
    this.#retired.add(dispatcher)
    const forget = () => this.#retired.delete(dispatcher)
    dispatcher.close().then(forget, forget)
  }
}

import { type Dispatcher, Pool, ProxyAgent, Socks5ProxyAgent, buildConnector } from 'undici'
import { KubeflumeError } from '../api/errors.ts'
import { PING_INTERVAL_MS, withoutDeafPeers } from './deaf-peers.ts'
import { receivingConnector } from './receiving-connector.ts'
import { resetConnector } from './reset-connector.ts'
import type { Route, TlsMaterial } from './route.ts'

type OwnRoute = Exclude<Route, { readonly type: 'given' }>

export interface ConnectionOptions {
  readonly allowH2: boolean
  /** Connections for writes are reset when a request on them is given up. */
  readonly purpose: 'reads' | 'writes'
}

const CONNECT_TIMEOUT_MS = 10_000

/**
 * TCP probes for connections that are quiet by nature. Thirty seconds as in client-go: load balancers
 * forget a connection after a minute of silence, and their probes must come before.
 */
const KEEP_ALIVE = { keepAlive: true, keepAliveInitialDelay: 30_000 } as const

const PINGS = { pingInterval: PING_INTERVAL_MS } as const

/**
 * Makes the pool for one server and one way to it.
 *
 * With HTTP/1.1 each request under way has a connection of its own, so that a LIST that is read
 * slowly cannot hold up a watch, and no request waits behind another.
 */
export function createDispatcher(origin: string, route: OwnRoute, { allowH2, purpose }: ConnectionOptions): Dispatcher {
  if (route.type === 'proxy') return proxyAgent(route, allowH2)
  if (route.type === 'socks') return socksAgent(route)
  const connect = { ...route.tls, ...KEEP_ALIVE, timeout: CONNECT_TIMEOUT_MS, allowH2 }
  if (!allowH2) {
    const connector = purpose === 'writes' ? resetConnector(connect) : receivingConnector(connect)
    return new Pool(origin, { allowH2, pipelining: 1, connect: connector })
  }
  const connectOrEnd = withoutDeafPeers(buildConnector(connect))
  return new Pool(origin, { allowH2, pipelining: 1, connect: connectOrEnd, h2Options: PINGS })
}

function proxyAgent({ uri, tls }: { readonly uri: string; readonly tls: TlsMaterial }, allowH2: boolean): Dispatcher {
  const url = proxyUrl(uri)
  if (url.protocol !== 'http:' && url.protocol !== 'https:') throw unsupported(url)
  return new ProxyAgent({
    uri: url.href,
    allowH2,
    pipelining: 1,
    connectTimeout: CONNECT_TIMEOUT_MS,
    requestTls: { ...tls, ...KEEP_ALIVE },
    // not only TLS: these are the options of the connection to the proxy, whatever it speaks
    proxyTls: { ...KEEP_ALIVE, allowH2: false },
  })
}

/** undici's SOCKS agent leaves the look-up of the name to the proxy, which is what `socks5h` asks for. */
function socksAgent({ uri, tls }: { readonly uri: string; readonly tls: TlsMaterial }): Dispatcher {
  const url = proxyUrl(uri.replace(/^socks5h:/i, 'socks5:'))
  if (url.protocol !== 'socks5:' && url.protocol !== 'socks:') throw unsupported(url)
  return new Socks5ProxyAgent(url, {
    connectTimeout: CONNECT_TIMEOUT_MS,
    requestTls: { ...tls },
    connect: buildConnector({ ...KEEP_ALIVE, timeout: CONNECT_TIMEOUT_MS }),
  })
}

/** The URL of a proxy may hold a password, so no message repeats it. */
function proxyUrl(uri: string): URL {
  const url = URL.parse(uri)
  if (url === null) throw new KubeflumeError('ERR_OPTION', "the current cluster's proxy-url is no URL")
  return url
}

function unsupported(url: URL): KubeflumeError {
  const scheme = url.protocol.slice(0, -1)
  return new KubeflumeError(
    'ERR_OPTION',
    `the current cluster's proxy-url is a ${scheme} proxy; what works is http, https, socks5 and socks5h`,
  )
}

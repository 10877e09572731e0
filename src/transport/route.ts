import type { ConnectionOptions } from 'node:tls'
import type { Dispatcher } from 'undici'

/** CA, client certificate and key, server name, and whether to verify: what a TLS connection to the server needs. */
export type TlsMaterial = Readonly<
  Pick<ConnectionOptions, 'ca' | 'cert' | 'key' | 'pfx' | 'passphrase' | 'rejectUnauthorized' | 'servername'>
>

/** How connections to a server are made. Plain data, so that two of them can be compared by value. */
export type Route =
  | { readonly type: 'straight'; readonly tls: TlsMaterial }
  | { readonly type: 'proxy' | 'socks'; readonly uri: string; readonly tls: TlsMaterial }
  /** Through a dispatcher that a KubeConfig of another kind handed over. It stays its owner's: we never close it. */
  | { readonly type: 'given'; readonly dispatcher: Dispatcher }

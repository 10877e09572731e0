import { KubeflumeError } from '../api/errors.ts'

/** Where a cluster's API server is. */
export interface ServerAddress {
  /** Scheme, host and port; never the user info a URL may carry. */
  readonly origin: string
  readonly host: string
  /** What stands before every path, without a slash at its end: `/k8s/clusters/c-1` behind Rancher, mostly nothing. */
  readonly prefix: string
  readonly isTls: boolean
}

/** @throws {KubeflumeError} `ERR_NO_CLUSTER` for what is no http(s) URL; the text is not repeated, it may hold a password. */
export function parseServer(server: string): ServerAddress {
  const url = URL.parse(server)
  if (url?.protocol !== 'https:' && url?.protocol !== 'http:') {
    throw new KubeflumeError(
      'ERR_NO_CLUSTER',
      "the current cluster's server is no http:// or https:// URL (loadFromCluster() outside of a cluster gives such a one)",
    )
  }
  return {
    origin: url.origin,
    host: url.hostname,
    prefix: url.pathname.replace(/\/+$/, ''),
    isTls: url.protocol === 'https:',
  }
}

/** The error for a kubeconfig whose current context leads nowhere. */
export function noCluster(context: string | undefined): KubeflumeError {
  const message = context
    ? `the current context '${context}', or its cluster, is not in the kubeconfig`
    : 'the kubeconfig has no current context: has it been loaded?'
  return new KubeflumeError('ERR_NO_CLUSTER', message)
}

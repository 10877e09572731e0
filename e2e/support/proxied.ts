import { isIP } from 'node:net'
import { KubeConfig } from '@kubernetes/client-node'
import { TcpProxy } from './tcp-proxy.ts'

/** A kubeconfig whose connections can be cut, and the proxy to cut them by. */
export interface Proxied {
  readonly config: KubeConfig
  readonly proxy: TcpProxy
}

/** Puts a proxy in front of the cluster of a kubeconfig's current context. The certificate is verified as before. */
export async function proxied(original: KubeConfig): Promise<Proxied> {
  const cluster = original.getCurrentCluster()
  const user = original.getCurrentUser()
  if (cluster === null || user === null) throw new Error('the kubeconfig has no current cluster and user')
  const { hostname, port, pathname } = new URL(cluster.server)
  const proxy = await TcpProxy.start({ host: hostname, port: Number(port || 443) })
  const config = new KubeConfig()
  config.loadFromOptions({
    clusters: [
      {
        ...cluster,
        server: `https://127.0.0.1:${proxy.port}${pathname === '/' ? '' : pathname}`,
        ...(isIP(hostname) === 0 && { tlsServerName: cluster.tlsServerName ?? hostname }),
      },
    ],
    users: [user],
    contexts: [{ name: 'proxied', cluster: cluster.name, user: user.name }],
    currentContext: 'proxied',
  })
  return { config, proxy }
}

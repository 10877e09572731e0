import { KubeConfig } from '@kubernetes/client-node'

/** The same cluster, with a token that is read from a file. */
export function withTokenFile(original: KubeConfig, tokenFile: string): KubeConfig {
  const cluster = original.getCurrentCluster()!
  const config = new KubeConfig()
  config.loadFromOptions({
    clusters: [cluster],
    users: [{ name: 'file', authProvider: { name: 'tokenFile', config: { tokenFile } } }],
    contexts: [{ name: 'file', cluster: cluster.name, user: 'file' }],
    currentContext: 'file',
  })
  return config
}

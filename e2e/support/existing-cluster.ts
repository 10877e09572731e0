import { KubeConfig, VersionApi } from '@kubernetes/client-node'
import type { ControlPlaneOptions } from './control-plane.ts'
import { userNames, type ClusterUser } from './credentials.ts'

/**
 * Opens the cluster that `KUBECONFIG` names, in its current context.
 *
 * `KUBECONFIG` must be set by name: the default of ~/.kube/config could be anything, and the tests
 * create and delete objects.
 */
export async function openExistingCluster(options: ControlPlaneOptions): Promise<ExistingCluster> {
  if (!process.env['KUBECONFIG']) throw new Error('E2E_USE_CLUSTER=1 needs KUBECONFIG to be set')
  if (options.featureGates !== undefined || options.runtimeConfig !== undefined) {
    throw new Error('an existing cluster (E2E_USE_CLUSTER=1) cannot be given feature gates or a runtime config')
  }
  const config = loadKubeConfig()
  const version = await versionOf(config)
  if (options.version !== undefined && options.version !== version) {
    throw new Error(`the existing cluster is Kubernetes ${version}, but ${options.version} was asked for`)
  }
  return new ExistingCluster(version)
}

export class ExistingCluster implements AsyncDisposable {
  readonly version: string
  readonly canRestart = false

  constructor(version: string) {
    this.version = version
  }

  kubeConfig(user: ClusterUser = 'admin'): KubeConfig {
    const config = loadKubeConfig()
    return user === 'admin' ? config : impersonating(config, userNames[user])
  }

  killApiServer(): Promise<void> {
    return Promise.reject(cannotRestart())
  }

  startApiServer(): Promise<void> {
    return Promise.reject(cannotRestart())
  }

  logs(): string {
    return ''
  }

  stop(): Promise<void> {
    return Promise.resolve()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.stop()
  }
}

function loadKubeConfig(): KubeConfig {
  const config = new KubeConfig()
  config.loadFromDefault()
  return config
}

/** The same credentials, acting as a user whom the cluster knows nothing about. */
function impersonating(config: KubeConfig, userName: string): KubeConfig {
  const name = config.getCurrentContext()
  const cluster = config.getCurrentCluster()
  const user = config.getCurrentUser()
  if (cluster === null || user === null) throw new Error(`KUBECONFIG has no cluster and user for "${name}"`)
  const impersonated = new KubeConfig()
  impersonated.loadFromOptions({
    clusters: [cluster],
    users: [{ ...user, impersonateUser: userName }],
    contexts: [{ name, cluster: cluster.name, user: user.name }],
    currentContext: name,
  })
  return impersonated
}

async function versionOf(config: KubeConfig): Promise<string> {
  const { gitVersion } = await config.makeApiClient(VersionApi).getCode()
  return gitVersion.replace(/^v/, '')
}

function cannotRestart(): Error {
  return new Error('the API server of an existing cluster (E2E_USE_CLUSTER=1) cannot be killed or started')
}

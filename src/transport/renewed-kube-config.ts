import type { KubeConfigLike } from '../api/kube-config.ts'

/** What client-node's KubeConfig has besides, of which a second one can be made. */
interface Rebuildable extends KubeConfigLike {
  readonly constructor: new () => Rebuildable
  readonly clusters: readonly unknown[]
  readonly users: readonly unknown[]
  readonly contexts: readonly unknown[]
  readonly custom_authenticators?: readonly unknown[]
  addAuthenticator?(authenticator: unknown): void
  loadFromOptions(options: object): void
}

/**
 * A second KubeConfig with the same clusters, users and contexts, or undefined where none can be made.
 *
 * client-node's authenticators remember a token until the time it names, or for a minute, even when
 * the server has refused it, and have no way to forget it. New ones remember nothing. Those that the
 * user added are carried over as they are. The users are the same objects, because a refresh token
 * that rotates is written into them.
 */
export function renewedKubeConfig(kubeConfig: KubeConfigLike, context: string | undefined): KubeConfigLike | undefined {
  if (!isRebuildable(kubeConfig)) return undefined
  try {
    const { clusters, users, contexts } = kubeConfig
    const renewed = new kubeConfig.constructor()
    renewed.loadFromOptions({ clusters, users, contexts, currentContext: context })
    for (const authenticator of kubeConfig.custom_authenticators ?? []) renewed.addAuthenticator?.(authenticator)
    return renewed
  } catch {
    return undefined // a class of the user's whose constructor wants more
  }
}

function isRebuildable(kubeConfig: KubeConfigLike): kubeConfig is Rebuildable {
  const { constructor, loadFromOptions, clusters, users, contexts } = kubeConfig as Partial<Rebuildable>
  return (
    typeof constructor === 'function' &&
    // a class that takes parameters could be made without them, and would be another
    constructor.length === 0 &&
    typeof loadFromOptions === 'function' &&
    [clusters, users, contexts].every(Array.isArray)
  )
}

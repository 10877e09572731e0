import type { KubeConfigLike } from '../api/kube-config.ts'
import { createTransport, type TransportOptions } from './undici-transport.ts'
import type { WriteTransport } from './write-transport.ts'

interface Shared {
  readonly transport: WriteTransport
  users: number
}

/**
 * Transports by KubeConfig and context, each closed when its last user has released it. A transport
 * stays with the context that was current when it was made; who starts under another one gets another.
 */
export class SharedTransports {
  readonly #options: TransportOptions
  readonly #byKubeConfig = new WeakMap<KubeConfigLike, Map<string, Shared>>()

  constructor(options: TransportOptions) {
    this.#options = options
  }

  /** `release` may be called once. */
  acquire(kubeConfig: KubeConfigLike): { readonly transport: WriteTransport; readonly release: () => Promise<void> } {
    const byContext = this.#byKubeConfig.get(kubeConfig) ?? new Map<string, Shared>()
    this.#byKubeConfig.set(kubeConfig, byContext)
    const context = contextOf(kubeConfig)
    const shared = byContext.get(context) ?? { transport: createTransport(kubeConfig, this.#options), users: 0 }
    byContext.set(context, shared)
    shared.users++
    const release = async (): Promise<void> => {
      if (--shared.users > 0) return
      byContext.delete(context)
      await shared.transport.close()
    }
    return { transport: shared.transport, release }
  }
}

function contextOf(kubeConfig: KubeConfigLike & { getCurrentContext?(): string | undefined }): string {
  return kubeConfig.getCurrentContext?.() ?? kubeConfig.getCurrentCluster()?.server ?? ''
}

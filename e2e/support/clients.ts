import type { KubeConfig } from '@kubernetes/client-node'

type SecurityContext = Parameters<KubeConfig['applySecurityAuthentication']>[0]
type Dispatcher = Parameters<SecurityContext['setDispatcher']>[0]

/**
 * The same kubeconfig, whose API clients share their connections. client-node makes a dispatcher, and
 * with it a TLS connection, for each request; over thousands of writes that is most of their time.
 */
export function pooled(config: KubeConfig): KubeConfig {
  let shared: Dispatcher | undefined
  return Object.create(config, {
    applySecurityAuthentication: {
      value: (context: SecurityContext): Promise<void> =>
        config.applySecurityAuthentication({
          setHeaderParam: (name: string, value: string) => context.setHeaderParam(name, value),
          setDispatcher: (dispatcher: Dispatcher) => context.setDispatcher((shared ??= dispatcher)),
        } as SecurityContext),
    },
  }) as KubeConfig
}

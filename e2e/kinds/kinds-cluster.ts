import { type Cluster, openCluster, usesExistingCluster } from '../support/cluster.ts'

/** The release that the objects were found with, and that the generated tables are of. */
const VERSION = '1.36.3'

/** undefined where that release is not to be had: another one was asked for by name, or put there. */
export function kindsVersion(): string | undefined {
  if (usesExistingCluster()) return undefined
  const wanted = process.env['E2E_KUBERNETES_VERSION']
  const isForeign = process.env['KUBEBUILDER_ASSETS'] ? wanted !== VERSION : false
  return isForeign || (wanted && wanted !== VERSION) ? undefined : VERSION
}

/**
 * A server that serves every version of every group, and keeps the fields that it drops while their
 * gates are off, as it does by default for alpha fields.
 */
export function openKindsCluster(): Promise<Cluster> {
  return openCluster({
    version: VERSION,
    runtimeConfig: 'api/all=true',
    featureGates: { AllAlpha: true, AllBeta: true },
  })
}

import { usesExistingCluster } from './cluster.ts'

/** The release in which lists from snapshots of the cache came, switched off. */
const FIRST_WITH_SNAPSHOTS = '1.33.13'

/**
 * The release that is tested with that gate off and on, beside the one that everything is tested with;
 * undefined where there is no such server to be had: another one was asked for by name, or put there.
 */
export function snapshotGateVersion(): string | undefined {
  if (usesExistingCluster()) return undefined
  const wanted = process.env['E2E_KUBERNETES_VERSION']
  const isForeign = process.env['KUBEBUILDER_ASSETS'] ? wanted !== FIRST_WITH_SNAPSHOTS : false
  return isForeign || (wanted && wanted !== FIRST_WITH_SNAPSHOTS) ? undefined : FIRST_WITH_SNAPSHOTS
}

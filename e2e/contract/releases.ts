import type { Release } from '../../src/testing/index.ts'
import { usesExistingCluster } from '../support/cluster.ts'

export interface ContractRelease {
  /** What `TestApiServer` plays. */
  readonly release: Release
  /** The real server beside it. */
  readonly version: string
}

const PINNED: readonly ContractRelease[] = [
  { release: '1.33', version: '1.33.13' },
  { release: '1.36', version: '1.36.3' },
]

/**
 * The releases that can be compared here: all of them, or the one that was asked for by name. None on an
 * existing cluster: there are controllers, which write what no case expects, and no etcd to compact.
 */
export function contractReleases(): readonly ContractRelease[] {
  if (usesExistingCluster()) return []
  const wanted = process.env['E2E_KUBERNETES_VERSION'] || undefined
  if (process.env['KUBEBUILDER_ASSETS'] && wanted === undefined) return []
  return PINNED.filter(({ version }) => wanted === undefined || version === wanted)
}

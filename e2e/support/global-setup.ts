import { buildClients, buildsClients } from '../clients/build-clients.ts'
import { findBinaries } from './binaries.ts'
import { usesExistingCluster } from './cluster.ts'
import { snapshotGateVersion } from './versions.ts'

/**
 * Builds the control planes and the clients in Go before the first test file is loaded, for vitest's `globalSetup`: once for
 * all workers, and without a hook's timeout. Where there is nothing to build with, the run fails here.
 */
export async function setup(): Promise<void> {
  if (usesExistingCluster()) return
  await findBinaries()
  const other = snapshotGateVersion()
  if (other !== undefined) await findBinaries(other)
  if (buildsClients()) await buildClients()
}

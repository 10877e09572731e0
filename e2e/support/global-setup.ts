import { findBinaries } from './binaries.ts'
import { usesExistingCluster } from './cluster.ts'

/**
 * Builds the control plane before the first test file is loaded, for vitest's `globalSetup`: once for
 * all workers, and without a hook's timeout. Where there is nothing to build with, the run fails here.
 */
export async function setup(): Promise<void> {
  if (!usesExistingCluster()) await findBinaries()
}

import type { KubeConfig } from '@kubernetes/client-node'
import { ControlPlane, type ControlPlaneOptions } from './control-plane.ts'
import type { ClusterUser } from './credentials.ts'
import { openExistingCluster } from './existing-cluster.ts'

/**
 * What the e2e tests run against.
 *
 * It may be somebody's cluster: a test makes namespaces of its own and deletes them, and asks for
 * nothing that a cluster with nodes and controllers would answer otherwise. The pods that it creates
 * name a scheduler that does not exist, so that no node runs them.
 */
export interface Cluster extends AsyncDisposable {
  /** Of Kubernetes, without the "v". */
  readonly version: string
  /** Whether `killApiServer` and `startApiServer` work; otherwise they throw. */
  readonly canRestart: boolean
  /** A configuration for a user of the cluster; without rights for `outsider`, see `userNames`. */
  kubeConfig(user?: ClusterUser): KubeConfig
  killApiServer(): Promise<void>
  startApiServer(): Promise<void>
  /** The end of the servers' logs, to be shown when a test fails. Nothing for an existing cluster. */
  logs(): string
  /** Ends what `openCluster` started. An existing cluster goes on. */
  stop(): Promise<void>
}

/**
 * Whether the tests run against a cluster that they did not start.
 *
 * Known before the cluster is open, so that a suite which restarts or configures the server can be
 * `describe.skipIf(usesExistingCluster())`: the runner then reports it as skipped, by name.
 */
export function usesExistingCluster(): boolean {
  return process.env['E2E_USE_CLUSTER'] === '1'
}

/**
 * Opens the cluster of `KUBECONFIG` if `E2E_USE_CLUSTER` is 1, else starts a control plane.
 *
 * @throws Error if neither is to be had, and if `options` ask an existing cluster to be another than it is.
 */
export function openCluster(options: ControlPlaneOptions = {}): Promise<Cluster> {
  if (usesExistingCluster()) return openExistingCluster(options)
  return ControlPlane.start(options)
}

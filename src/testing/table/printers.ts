import type { ServedResource } from '../catalog/registry.ts'
import * as cluster from './cluster-rows.ts'
import { columnsOf, DEFAULT_COLUMNS } from './columns.ts'
import { customPrinter } from './custom-printer.ts'
import { printEvent } from './event-row.ts'
import * as network from './network-rows.ts'
import { printPod } from './pod-row.ts'
import type { Column, PrintRow } from './printed-row.ts'
import * as volumes from './volume-rows.ts'
import * as workloads from './workload-rows.ts'

/** How objects of one resource are shown. */
export interface TablePrinter {
  readonly columns: readonly Column[]
  readonly print: PrintRow
}

const BUILT_IN: { readonly [kind: string]: PrintRow | undefined } = {
  Pod: printPod,
  ReplicationController: workloads.printReplicationController,
  'apps/Deployment': workloads.printDeployment,
  'apps/ReplicaSet': workloads.printReplicaSet,
  'apps/StatefulSet': workloads.printStatefulSet,
  'apps/DaemonSet': workloads.printDaemonSet,
  'batch/Job': workloads.printJob,
  'batch/CronJob': workloads.printCronJob,
  Service: network.printService,
  Endpoints: network.printEndpoints,
  'discovery.k8s.io/EndpointSlice': network.printEndpointSlice,
  'networking.k8s.io/Ingress': network.printIngress,
  'networking.k8s.io/IngressClass': network.printIngressClass,
  'networking.k8s.io/NetworkPolicy': network.printNetworkPolicy,
  Namespace: cluster.printNamespace,
  Node: cluster.printNode,
  Secret: cluster.printSecret,
  ConfigMap: cluster.printConfigMap,
  ServiceAccount: cluster.printServiceAccount,
  Event: printEvent,
  'coordination.k8s.io/Lease': cluster.printLease,
  'policy/PodDisruptionBudget': cluster.printPodDisruptionBudget,
  'rbac.authorization.k8s.io/RoleBinding': cluster.printRoleBinding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': cluster.printRoleBinding,
  'scheduling.k8s.io/PriorityClass': cluster.printPriorityClass,
  PersistentVolume: volumes.printPersistentVolume,
  PersistentVolumeClaim: volumes.printPersistentVolumeClaim,
  'storage.k8s.io/StorageClass': volumes.printStorageClass,
}

/** The server shows a few more kinds in their own way; here they have the name and the date of all others. */
export function printerOf({ resource: { group, kind }, isBuiltIn, definition }: ServedResource): TablePrinter {
  if (!isBuiltIn) return customPrinter(definition)
  const key = group === '' || kind === 'Event' ? kind : `${group}/${kind}`
  const columns = columnsOf(key)
  const print = BUILT_IN[key]
  if (columns !== undefined && print !== undefined) return { columns, print }
  return {
    columns: DEFAULT_COLUMNS,
    print: ({ metadata }) => ({ cells: [metadata.name ?? '', metadata.creationTimestamp ?? '0001-01-01T00:00:00Z'] }),
  }
}

import type { Column } from './printed-row.ts'

/**
 * The columns that kube-apiserver 1.36 shows of each kind, from `AddHandlers` of kubernetes
 * `pkg/printers/internalversion/printers.go`: `@group/Kind`, then a line for each column, with its name, type,
 * format, priority and description. `name` and `age` are those that nearly all have.
 */
const TABLE = `\
@Pod
name
Ready|string||0|The aggregate readiness state of this pod for accepting traffic.
Status|string||0|The aggregate status of the containers in this pod.
Restarts|string||0|The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.
age
IP|string||1|podIP address allocated to the pod. Routable at least within the cluster. Empty if not yet allocated.
Node|string||1|NodeName indicates in which node this pod is scheduled. If empty, this pod is a candidate for scheduling by the scheduler defined in schedulerName. Once this field is set, the kubelet for this node becomes responsible for the lifecycle of this pod. This field should not be used to express a desire for the pod to be scheduled on a specific node. https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/#nodename
Nominated Node|string||1|nominatedNodeName is set only when this pod preempts other pods on the node, but it cannot be scheduled right away as preemption victims receive their graceful termination periods. This field does not guarantee that the pod will be scheduled on this node. Scheduler may decide to place the pod elsewhere if other nodes become available sooner. Scheduler may also decide to give the resources on this node to a higher priority pod that is created after preemption. As a result, this field may be different than PodSpec.nodeName when the pod is scheduled.
Readiness Gates|string||1|If specified, all readiness gates will be evaluated for pod readiness. A pod is ready when all its containers are ready AND all conditions specified in the readiness gates have status equal to "True" More info: https://git.k8s.io/enhancements/keps/sig-network/580-pod-readiness-gates
@policy/PodDisruptionBudget
name
Min Available|string||0|The minimum number of pods that must be available.
Max Unavailable|string||0|The maximum number of pods that may be unavailable.
Allowed Disruptions|integer||0|Calculated number of pods that may be disrupted at this time.
age
@ReplicationController
name
Desired|integer||0|Replicas is the number of desired replicas. This is a pointer to distinguish between explicit zero and unspecified. Defaults to 1. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller#what-is-a-replicationcontroller
Current|integer||0|Replicas is the most recently observed number of replicas. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicationcontroller#what-is-a-replicationcontroller
Ready|integer||0|The number of ready replicas for this replication controller.
age
Containers|string||1|Names of each container in the template.
Images|string||1|Images referenced by each container in the template.
Selector|string||1|Selector is a label query over pods that should match the Replicas count. If Selector is empty, it is defaulted to the labels present on the Pod template. Label keys and values that must match in order to be controlled by this replication controller, if empty defaulted to labels on Pod template. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
@apps/ReplicaSet
name
Desired|integer||0|Replicas is the number of desired pods. This is a pointer to distinguish between explicit zero and unspecified. Defaults to 1. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset
Current|integer||0|Replicas is the most recently observed number of non-terminating pods. More info: https://kubernetes.io/docs/concepts/workloads/controllers/replicaset
Ready|integer||0|The number of non-terminating pods targeted by this ReplicaSet with a Ready Condition.
age
Containers|string||1|Names of each container in the template.
Images|string||1|Images referenced by each container in the template.
Selector|string||1|Selector is a label query over pods that should match the replica count. Label keys and values that must match in order to be controlled by this replica set. It must match the pod template's labels. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
@apps/DaemonSet
name
Desired|integer||0|The total number of nodes that should be running the daemon pod (including nodes correctly running the daemon pod). More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/
Current|integer||0|The number of nodes that are running at least 1 daemon pod and are supposed to run the daemon pod. More info: https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/
Ready|integer||0|numberReady is the number of nodes that should be running the daemon pod and have one or more of the daemon pod running with a Ready Condition.
Up-to-date|integer||0|The total number of nodes that are running updated daemon pod
Available|integer||0|The number of nodes that should be running the daemon pod and have one or more of the daemon pod running and available (ready for at least spec.minReadySeconds)
Node Selector|string||0|NodeSelector is a selector which must be true for the pod to fit on a node. Selector which must match a node's labels for the pod to be scheduled on that node. More info: https://kubernetes.io/docs/concepts/configuration/assign-pod-node/
age
Containers|string||1|Names of each container in the template.
Images|string||1|Images referenced by each container in the template.
Selector|string||1|A label query over pods that are managed by the daemon set. Must match in order to be controlled. It must match the pod template's labels. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
@batch/Job
name
Status|string||0|Status of the job.
Completions|string||0|The number of pods which reached phase Succeeded. The value increases monotonically for a given spec. However, it may decrease in reaction to scale down of elastic indexed jobs.
Duration|string||0|Time required to complete the job.
age
Containers|string||1|Names of each container in the template.
Images|string||1|Images referenced by each container in the template.
Selector|string||1|A label query over pods that should match the pod count. Normally, the system sets this field for you. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
@batch/CronJob
name
Schedule|string||0|The schedule in Cron format, see https://en.wikipedia.org/wiki/Cron.
Timezone|string||0|The time zone name for the given schedule, see https://en.wikipedia.org/wiki/List_of_tz_database_time_zones. If not specified, this will default to the time zone of the kube-controller-manager process. The set of valid time zone names and the time zone offset is loaded from the system-wide time zone database by the API server during CronJob validation and the controller manager during execution. If no system-wide time zone database can be found a bundled version of the database is used instead. If the time zone name becomes invalid during the lifetime of a CronJob or due to a change in host configuration, the controller will stop creating new new Jobs and will create a system event with the reason UnknownTimeZone. More information can be found in https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#time-zones
Suspend|boolean||0|This flag tells the controller to suspend subsequent executions, it does not apply to already started executions.  Defaults to false.
Active|integer||0|A list of pointers to currently running jobs.
Last Schedule|string||0|Information when was the last time the job was successfully scheduled.
age
Containers|string||1|Names of each container in the template.
Images|string||1|Images referenced by each container in the template.
Selector|string||1|A label query over pods that should match the pod count. Normally, the system sets this field for you. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#label-selectors
@Service
name
Type|string||0|type determines how the Service is exposed. Defaults to ClusterIP. Valid options are ExternalName, ClusterIP, NodePort, and LoadBalancer. "ClusterIP" allocates a cluster-internal IP address for load-balancing to endpoints. Endpoints are determined by the selector or if that is not specified, by manual construction of an Endpoints object or EndpointSlice objects. If clusterIP is "None", no virtual IP is allocated and the endpoints are published as a set of endpoints rather than a virtual IP. "NodePort" builds on ClusterIP and allocates a port on every node which routes to the same endpoints as the clusterIP. "LoadBalancer" builds on NodePort and creates an external load-balancer (if supported in the current cloud) which routes to the same endpoints as the clusterIP. "ExternalName" aliases this service to the specified externalName. Several other fields do not apply to ExternalName services. More info: https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types
Cluster-IP|string||0|clusterIP is the IP address of the service and is usually assigned randomly. If an address is specified manually, is in-range (as per system configuration), and is not in use, it will be allocated to the service; otherwise creation of the service will fail. This field may not be changed through updates unless the type field is also being changed to ExternalName (which requires this field to be blank) or the type field is being changed from ExternalName (in which case this field may optionally be specified, as describe above).  Valid values are "None", empty string (""), or a valid IP address. Setting this to "None" makes a "headless service" (no virtual IP), which is useful when direct endpoint connections are preferred and proxying is not required.  Only applies to types ClusterIP, NodePort, and LoadBalancer. If this field is specified when creating a Service of type ExternalName, creation will fail. This field will be wiped when updating a Service to type ExternalName. More info: https://kubernetes.io/docs/concepts/services-networking/service/#virtual-ips-and-service-proxies
External-IP|string||0|externalIPs is a list of IP addresses for which nodes in the cluster will also accept traffic for this service.  These IPs are not managed by Kubernetes.  The user is responsible for ensuring that traffic arrives at a node with this IP.  A common example is external load-balancers that are not part of the Kubernetes system.
Port(s)|string||0|The list of ports that are exposed by this service. More info: https://kubernetes.io/docs/concepts/services-networking/service/#virtual-ips-and-service-proxies
age
Selector|string||1|Route service traffic to pods with label keys and values matching this selector. If empty or not present, the service is assumed to have an external process managing its endpoints, which Kubernetes will not modify. Only applies to types ClusterIP, NodePort, and LoadBalancer. Ignored if type is ExternalName. More info: https://kubernetes.io/docs/concepts/services-networking/service/
@networking.k8s.io/Ingress
name
Class|string||0|The name of the IngressClass resource that should be used for additional configuration
Hosts|string||0|Hosts that incoming requests are matched against before the ingress rule
Address|string||0|Address is a list containing ingress points for the load-balancer
Ports|string||0|Ports of TLS configurations that open
age
@networking.k8s.io/IngressClass
name
Controller|string||0|Controller that is responsible for handling this class
Parameters|string||0|A reference to a resource with additional parameters
age
@apps/StatefulSet
name
Ready|string||0|Number of the pod with ready state
age
Containers|string||1|Names of each container in the template.
Images|string||1|Images referenced by each container in the template.
@Endpoints
name
Endpoints|string||0|The set of all endpoints is the union of all subsets. Addresses are placed into subsets according to the IPs they share. A single address with multiple ports, some of which are ready and some of which are not (because they come from different containers) will result in the address being displayed in different subsets for the different ports. No address will appear in both Addresses and NotReadyAddresses in the same subset. Sets of addresses and ports that comprise a service.
age
@Node
name
Status|string||0|The status of the node
Roles|string||0|The roles of the node
age
Version|string||0|Kubelet Version reported by the node.
Internal-IP|string||1|List of addresses reachable to the node. Queried from cloud provider, if available. More info: https://kubernetes.io/docs/reference/node/node-status/#addresses Note: This field is declared as mergeable, but the merge key is not sufficiently unique, which can cause data corruption when it is merged. Callers should instead use a full-replacement patch. See https://pr.k8s.io/79391 for an example. Consumers should assume that addresses can change during the lifetime of a Node. However, there are some exceptions where this may not be possible, such as Pods that inherit a Node's address in its own status or consumers of the downward API (status.hostIP).
External-IP|string||1|List of addresses reachable to the node. Queried from cloud provider, if available. More info: https://kubernetes.io/docs/reference/node/node-status/#addresses Note: This field is declared as mergeable, but the merge key is not sufficiently unique, which can cause data corruption when it is merged. Callers should instead use a full-replacement patch. See https://pr.k8s.io/79391 for an example. Consumers should assume that addresses can change during the lifetime of a Node. However, there are some exceptions where this may not be possible, such as Pods that inherit a Node's address in its own status or consumers of the downward API (status.hostIP).
OS-Image|string||1|OS Image reported by the node from /etc/os-release (e.g. Debian GNU/Linux 7 (wheezy)).
Kernel-Version|string||1|Kernel Version reported by the node from 'uname -r' (e.g. 3.16.0-0.bpo.4-amd64).
Container-Runtime|string||1|ContainerRuntime Version reported by the node through runtime remote API (e.g. containerd://1.4.2).
@Event
Last Seen|string||0|The time at which the most recent occurrence of this event was recorded.
Type|string||0|Type of this event (Normal, Warning), new types could be added in the future
Reason|string||0|This should be a short, machine understandable string that gives the reason for the transition into the object's current status.
Object|string||0|The object that this event is about.
Subobject|string||1|If referring to a piece of an object instead of an entire object, this string should contain a valid JSON/Go field access statement, such as desiredState.manifest.containers[2]. For example, if the object reference is to a container within a pod, this would take on a value like: "spec.containers{name}" (where "name" refers to the name of the container that triggered the event) or if no container name is specified "spec.containers[2]" (container with index 2 in this pod). This syntax is chosen only to have some well-defined way of referencing a part of an object.
Source|string||1|The component reporting this event. Should be a short machine understandable string.
Message|string||0|A human-readable description of the status of this operation.
First Seen|string||1|The time at which the event was first recorded. (Time of server receipt is in TypeMeta.)
Count|string||1|The number of times this event has occurred.
Name|string|name|1|Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names
@Namespace
name
Status|string||0|The status of the namespace
age
@Secret
name
Type|string||0|Used to facilitate programmatic handling of secret data. More info: https://kubernetes.io/docs/concepts/configuration/secret/#secret-types
Data|string||0|Data contains the secret data. Each key must consist of alphanumeric characters, '-', '_' or '.'. The serialized form of the secret data is a base64 encoded string, representing the arbitrary (possibly non-string) data value here. Described in https://tools.ietf.org/html/rfc4648#section-4
age
@ServiceAccount
name
age
@PersistentVolume
name
Capacity|string||0|capacity is the description of the persistent volume's resources and capacity. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#capacity
Access Modes|string||0|accessModes contains all ways the volume can be mounted. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#access-modes
Reclaim Policy|string||0|persistentVolumeReclaimPolicy defines what happens to a persistent volume when released from its claim. Valid options are Retain (default for manually created PersistentVolumes), Delete (default for dynamically provisioned PersistentVolumes), and Recycle (deprecated). Recycle must be supported by the volume plugin underlying this PersistentVolume. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#reclaiming
Status|string||0|phase indicates if a volume is available, bound to a claim, or released by a claim. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#phase
Claim|string||0|claimRef is part of a bi-directional binding between PersistentVolume and PersistentVolumeClaim. Expected to be non-nil when bound. claim.VolumeName is the authoritative bind between PV and PVC. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#binding
StorageClass|string||0|StorageClass of the pv
VolumeAttributesClass|string||0|VolumeAttributesClass of the pv
Reason|string||0|reason is a brief CamelCase string that describes any failure and is meant for machine parsing and tidy display in the CLI.
age
VolumeMode|string||1|volumeMode defines if a volume is intended to be used with a formatted filesystem or to remain in raw block state. Value of Filesystem is implied when not included in spec.
@PersistentVolumeClaim
name
Status|string||0|phase represents the current phase of PersistentVolumeClaim.
Volume|string||0|volumeName is the binding reference to the PersistentVolume backing this claim.
Capacity|string||0|capacity represents the actual resources of the underlying volume.
Access Modes|string||0|accessModes contains the actual access modes the volume backing the PVC has. More info: https://kubernetes.io/docs/concepts/storage/persistent-volumes#access-modes-1
StorageClass|string||0|StorageClass of the pvc
VolumeAttributesClass|string||0|VolumeAttributesClass of the pvc
age
VolumeMode|string||1|volumeMode defines what type of volume is required by the claim. Value of Filesystem is implied when not included in claim spec.
@apps/Deployment
name
Ready|string||0|Number of the pod with ready state
Up-to-date|string||0|Total number of non-terminating pods targeted by this deployment that have the desired template spec.
Available|string||0|Total number of available non-terminating pods (ready for at least minReadySeconds) targeted by this deployment.
age
Containers|string||1|Names of each container in the template.
Images|string||1|Images referenced by each container in the template.
Selector|string||1|Label selector for pods. Existing ReplicaSets whose pods are selected by this will be the ones affected by this deployment. It must match the pod template's labels.
@ConfigMap
name
Data|string||0|Data contains the configuration data. Each key must consist of alphanumeric characters, '-', '_' or '.'. Values with non-UTF-8 byte sequences must use the BinaryData field. The keys stored in Data must not overlap with the keys in the BinaryData field, this is enforced during validation process.
age
@networking.k8s.io/NetworkPolicy
name
Pod-Selector|string||0|podSelector selects the pods to which this NetworkPolicy object applies. The array of rules is applied to any pods selected by this field. An empty selector matches all pods in the policy's namespace. Multiple network policies can select the same set of pods. In this case, the ingress rules for each are combined additively. This field is optional. If it is not specified, it defaults to an empty selector.
age
@rbac.authorization.k8s.io/RoleBinding
name
Role|string||0|RoleRef can reference a Role in the current namespace or a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error.
age
Users|string||1|Users in the roleBinding
Groups|string||1|Groups in the roleBinding
ServiceAccounts|string||1|ServiceAccounts in the roleBinding
@rbac.authorization.k8s.io/ClusterRoleBinding
name
Role|string||0|RoleRef can only reference a ClusterRole in the global namespace. If the RoleRef cannot be resolved, the Authorizer must return an error.
age
Users|string||1|Users in the clusterRoleBinding
Groups|string||1|Groups in the clusterRoleBinding
ServiceAccounts|string||1|ServiceAccounts in the clusterRoleBinding
@coordination.k8s.io/Lease
name
Holder|string||0|holderIdentity contains the identity of the holder of a current lease. If Coordinated Leader Election is used, the holder identity must be equal to the elected LeaseCandidate.metadata.name field.
age
@storage.k8s.io/StorageClass
name
Provisioner|string||0|provisioner indicates the type of the provisioner.
ReclaimPolicy|string||0|reclaimPolicy controls the reclaimPolicy for dynamically provisioned PersistentVolumes of this storage class. Defaults to Delete.
VolumeBindingMode|string||0|volumeBindingMode indicates how PersistentVolumeClaims should be provisioned and bound.  When unset, VolumeBindingImmediate is used. This field is only honored by servers that enable the VolumeScheduling feature.
AllowVolumeExpansion|string||0|allowVolumeExpansion shows whether the storage class allow volume expand.
age
@scheduling.k8s.io/PriorityClass
name
Value|integer||0|value represents the integer value of this priority class. This is the actual priority that pods receive when they have the name of this class in their pod spec.
Global-Default|boolean||0|globalDefault specifies whether this PriorityClass should be considered as the default priority for pods that do not have any priority class. Only one PriorityClass can be marked as \`globalDefault\`. However, if more than one PriorityClasses exists with their \`globalDefault\` field set to true, the smallest value of such global default PriorityClasses will be used as the default priority.
age
PreemptionPolicy|string||0|preemptionPolicy is the Policy for preempting pods with lower priority. One of Never, PreemptLowerPriority. Defaults to PreemptLowerPriority if unset.
@discovery.k8s.io/EndpointSlice
name
AddressType|string||0|addressType specifies the type of address carried by this EndpointSlice. All addresses in this slice must be the same type. This field is immutable after creation. The following address types are currently supported: * IPv4: Represents an IPv4 Address. * IPv6: Represents an IPv6 Address. * FQDN: Represents a Fully Qualified Domain Name. (Deprecated) The EndpointSlice controller only generates, and kube-proxy only processes, slices of addressType "IPv4" and "IPv6". No semantics are defined for the "FQDN" type.
Ports|string||0|ports specifies the list of network ports exposed by each endpoint in this slice. Each port must have a unique name. Each slice may include a maximum of 100 ports. Services always have at least 1 port, so EndpointSlices generated by the EndpointSlice controller will likewise always have at least 1 port. EndpointSlices used for other purposes may have an empty ports list.
Endpoints|string||0|endpoints is a list of unique endpoints in this slice. Each slice may include a maximum of 1000 endpoints.
age
`

const NAME: Column = {
  name: 'Name',
  type: 'string',
  format: 'name',
  description:
    'Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names',
  priority: 0,
}

const CREATION =
  'CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.\n\nPopulated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata'

const AGE: Column = { name: 'Age', type: 'string', format: '', description: CREATION, priority: 0 }

/** What is shown of a kind that nobody has described. */
export const DEFAULT_COLUMNS: readonly Column[] = [
  NAME,
  { name: 'Created At', type: 'date', format: '', description: CREATION, priority: 0 },
]

/** What is shown of a custom resource that says nothing of columns, and how the first column of all of them is. */
export const CUSTOM_NAME: Column = NAME
export const CUSTOM_AGE: Column = { ...AGE, type: 'date' }

let byKind: Map<string, readonly Column[]> | undefined

/** The columns of a built-in kind, `'apps/Deployment'`; undefined where the table has none. */
export function columnsOf(kind: string): readonly Column[] | undefined {
  byKind ??= new Map(
    TABLE.split('@').map((entry) => {
      const [key = '', ...lines] = entry.trimEnd().split('\n')
      return [key, lines.map(parseColumn)]
    }),
  )
  return byKind.get(kind)
}

function parseColumn(line: string): Column {
  if (line === 'name') return NAME
  if (line === 'age') return AGE
  const [name = '', type = '', format = '', priority = '', ...rest] = line.split('|')
  return { name, type, format, priority: Number(priority), description: rest.join('|').replaceAll('\\n', '\n') }
}

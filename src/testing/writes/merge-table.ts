/**
 * How lists and maps of built-in objects merge, from the OpenAPI v3 documents of kube-apiserver 1.36.3
 * (`x-kubernetes-patch-strategy`, `-patch-merge-key`, `-list-type`, `-list-map-keys`, `-map-type`).
 *
 * `@` begins a package; a line is a message and its fields: `~` a strategic merge patch merges the list, by
 * the key that follows if one does; `!` it keeps only the keys that `$retainKeys` names; `[a,b]` apply merges
 * the list by these keys; `[]` the list is a set; `=` the value, or as a word of its own the whole message,
 * is atomic. Lists that have no mark are replaced.
 */
export const MERGE_TABLE: string = `\
@admissionregistration/v1
MatchResources =
MutatingAdmissionPolicySpec matchConditions~name[name]
MutatingWebhook matchConditions~name[name]
MutatingWebhookConfiguration webhooks~name[name]
NamedRuleWithOperations =
ParamKind =
ParamRef =
ValidatingAdmissionPolicyBindingSpec validationActions[]
ValidatingAdmissionPolicySpec matchConditions~name[name] variables~name[name]
ValidatingAdmissionPolicyStatus conditions[type]
ValidatingWebhook matchConditions~name[name]
ValidatingWebhookConfiguration webhooks~name[name]
Variable =
@apiextensions/v1
CustomResourceDefinitionStatus conditions[type]
JSONSchemaProps x-kubernetes-validations~rule[rule]
@apiregistration/v1
APIServiceStatus conditions~type[type]
@apps/v1
DaemonSetStatus conditions~type[type]
DeploymentSpec strategy!
DeploymentStatus conditions~type[type]
ReplicaSetStatus conditions~type[type]
StatefulSetStatus conditions~type[type]
@autoscaling/v1
CrossVersionObjectReference =
@autoscaling/v2
HorizontalPodAutoscalerStatus conditions~type[type]
@batch/v1
JobStatus conditions~type
PodFailurePolicyOnExitCodesRequirement values[]
UncountedTerminatedPods failed[] succeeded[]
@certificates/v1
CertificateSigningRequestStatus conditions[type]
@core/v1
ComponentStatus conditions~type[type]
ConfigMapKeySelector =
Container env~name[name] ports~containerPort[containerPort,protocol] volumeDevices~devicePath[devicePath] volumeMounts~mountPath[mountPath]
ContainerRestartRuleOnExitCodes values[]
ContainerStatus allocatedResourcesStatus~name[name] volumeMounts~mountPath[mountPath]
EndpointAddress =
EndpointPort =
EphemeralContainer env~name[name] ports~containerPort[containerPort,protocol] volumeDevices~devicePath[devicePath] volumeMounts~mountPath[mountPath]
FileKeySelector =
LocalObjectReference =
NamespaceStatus conditions~type[type]
NodeAllocatableResourceClaimStatus containers[]
NodeSelector =
NodeSelectorTerm =
NodeSpec podCIDRs~[]
NodeStatus addresses~type[type] conditions~type[type]
ObjectFieldSelector =
ObjectReference =
PersistentVolumeClaimStatus conditions~type[type]
PodSpec containers~name[name] ephemeralContainers~name[name] hostAliases~ip[ip] imagePullSecrets~name[name] initContainers~name[name] nodeSelector= resourceClaims~name![name] schedulingGates~name[name] topologySpreadConstraints~topologyKey[topologyKey,whenUnsatisfiable] volumes~name![name]
PodStatus conditions~type[type] hostIPs~ip podIPs~ip[ip] resourceClaimStatuses~name![name]
ReplicationControllerSpec selector=
ReplicationControllerStatus conditions~type[type]
ResourceFieldSelector =
ResourceRequirements claims[name]
ResourceStatus resources[resourceID]
ScopeSelector =
SecretKeySelector =
SecretReference =
ServiceAccount secrets~name[name]
ServiceSpec ports~port[port,protocol] selector=
ServiceStatus conditions~type[type]
TopologySelectorTerm =
TypedLocalObjectReference =
@discovery/v1
Endpoint addresses[]
EndpointPort =
@flowcontrol/v1
FlowSchemaStatus conditions~type[type]
NonResourcePolicyRule nonResourceURLs[] verbs[]
PriorityLevelConfigurationStatus conditions~type[type]
ResourcePolicyRule apiGroups[] namespaces[] resources[] verbs[]
@meta/v1
LabelSelector =
ObjectMeta finalizers~[] ownerReferences~uid[uid]
OwnerReference =
@networking/v1
ServiceBackendPort =
ServiceCIDRStatus conditions~type[type]
@node/v1
Scheduling nodeSelector=
@policy/v1
PodDisruptionBudgetStatus conditions~type[type]
@rbac/v1
RoleRef =
Subject =
@resource/v1
AllocatedDeviceStatus conditions[type]
ResourceClaimStatus devices[driver,device,pool,shareID] reservedFor~uid[uid]
@storage/v1
CSIDriverSpec volumeLifecycleModes[]
CSINodeSpec drivers~name[name]
`

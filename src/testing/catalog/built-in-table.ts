/**
 * What kube-apiserver 1.36.3 says of its resources in discovery, in its order, and what its registry does
 * with their writes, as measured by writing one of each.
 *
 * `@` begins a group and version; a line is plural, kind and singular name, then: `%` has no namespace,
 * `-` short name, `+` category, `=` its verbs where it has not all eight, `/` subresource with `>` its kind
 * and `=` its verbs where they are not get, patch and update, `!` flags: `g` counts generations, `u` is
 * updated without a resourceVersion, `c` is created by an update, `d` is returned when it is deleted.
 */
export const BUILT_IN_TABLE: string = `\
@v1
bindings Binding binding =create
componentstatuses ComponentStatus componentstatus % -cs =get,list
configmaps ConfigMap configmap -cm !u
endpoints Endpoints endpoints -ep !cu
events Event event -ev !cu
limitranges LimitRange limitrange -limits !cu
namespaces Namespace namespace % -ns =create,delete,get,list,patch,update,watch /finalize=update /status !ud
nodes Node node % -no /proxy>.NodeProxyOptions=create,delete,get,patch,update /status !u
persistentvolumeclaims PersistentVolumeClaim persistentvolumeclaim -pvc /status !ud
persistentvolumes PersistentVolume persistentvolume % -pv /status !ud
pods Pod pod -po +all /attach>.PodAttachOptions=create,get /binding>.Binding=create /ephemeralcontainers /eviction>policy/v1.Eviction=create /exec>.PodExecOptions=create,get /log=get /portforward>.PodPortForwardOptions=create,get /proxy>.PodProxyOptions=create,delete,get,patch,update /resize /status !gud
podtemplates PodTemplate podtemplate !ud
replicationcontrollers ReplicationController replicationcontroller -rc +all /scale>autoscaling/v1.Scale /status !gu
resourcequotas ResourceQuota resourcequota -quota /status !ud
secrets Secret secret !u
serviceaccounts ServiceAccount serviceaccount -sa /token>authentication.k8s.io/v1.TokenRequest=create !ud
services Service service -svc +all /proxy>.ServiceProxyOptions=create,delete,get,patch,update /status !cud
@apiregistration.k8s.io/v1
apiservices APIService apiservice % +api-extensions /status
@apps/v1
controllerrevisions ControllerRevision controllerrevision !u
daemonsets DaemonSet daemonset -ds +all /status !gu
deployments Deployment deployment -deploy +all /scale>autoscaling/v1.Scale /status !gu
replicasets ReplicaSet replicaset -rs +all /scale>autoscaling/v1.Scale /status !gu
statefulsets StatefulSet statefulset -sts +all /scale>autoscaling/v1.Scale /status !gu
@events.k8s.io/v1
events Event event -ev !cu
@authentication.k8s.io/v1
selfsubjectreviews SelfSubjectReview selfsubjectreview % =create
tokenreviews TokenReview tokenreview % =create
@authorization.k8s.io/v1
localsubjectaccessreviews LocalSubjectAccessReview localsubjectaccessreview =create
selfsubjectaccessreviews SelfSubjectAccessReview selfsubjectaccessreview % =create
selfsubjectrulesreviews SelfSubjectRulesReview selfsubjectrulesreview % =create
subjectaccessreviews SubjectAccessReview subjectaccessreview % =create
@autoscaling/v2
horizontalpodautoscalers HorizontalPodAutoscaler horizontalpodautoscaler -hpa +all /status !u
@autoscaling/v1
horizontalpodautoscalers HorizontalPodAutoscaler horizontalpodautoscaler -hpa +all /status !u
@batch/v1
cronjobs CronJob cronjob -cj +all /status !gu
jobs Job job +all /status !gu
@certificates.k8s.io/v1
certificatesigningrequests CertificateSigningRequest certificatesigningrequest % -csr /approval /status !u
@networking.k8s.io/v1
ingressclasses IngressClass ingressclass % !gu
ingresses Ingress ingress -ing /status !gu
ipaddresses IPAddress ipaddress % -ip !u
networkpolicies NetworkPolicy networkpolicy -netpol !gu
servicecidrs ServiceCIDR servicecidr % /status !u
@policy/v1
poddisruptionbudgets PodDisruptionBudget poddisruptionbudget -pdb /status !g
@rbac.authorization.k8s.io/v1
clusterrolebindings ClusterRoleBinding clusterrolebinding % !cu
clusterroles ClusterRole clusterrole % !cu
rolebindings RoleBinding rolebinding !cu
roles Role role !cu
@storage.k8s.io/v1
csidrivers CSIDriver csidriver % !d
csinodes CSINode csinode % !d
csistoragecapacities CSIStorageCapacity csistoragecapacity
storageclasses StorageClass storageclass % -sc !ud
volumeattachments VolumeAttachment volumeattachment % /status !d
volumeattributesclasses VolumeAttributesClass volumeattributesclass % -vac !ud
@admissionregistration.k8s.io/v1
mutatingadmissionpolicies MutatingAdmissionPolicy mutatingadmissionpolicy % +api-extensions !g
mutatingadmissionpolicybindings MutatingAdmissionPolicyBinding mutatingadmissionpolicybinding % +api-extensions !g
mutatingwebhookconfigurations MutatingWebhookConfiguration mutatingwebhookconfiguration % +api-extensions !g
validatingadmissionpolicies ValidatingAdmissionPolicy validatingadmissionpolicy % +api-extensions /status !g
validatingadmissionpolicybindings ValidatingAdmissionPolicyBinding validatingadmissionpolicybinding % +api-extensions !g
validatingwebhookconfigurations ValidatingWebhookConfiguration validatingwebhookconfiguration % +api-extensions !g
@apiextensions.k8s.io/v1
customresourcedefinitions CustomResourceDefinition customresourcedefinition % -crd -crds +api-extensions /status !gd
@scheduling.k8s.io/v1
priorityclasses PriorityClass priorityclass % -pc !gu
@coordination.k8s.io/v1
leases Lease lease !c
@node.k8s.io/v1
runtimeclasses RuntimeClass runtimeclass % !c
@discovery.k8s.io/v1
endpointslices EndpointSlice endpointslice !gu
@resource.k8s.io/v1
deviceclasses DeviceClass deviceclass % !gud
resourceclaims ResourceClaim resourceclaim /status !ud
resourceclaimtemplates ResourceClaimTemplate resourceclaimtemplate !ud
resourceslices ResourceSlice resourceslice % !gud
@flowcontrol.apiserver.k8s.io/v1
flowschemas FlowSchema flowschema % /status !gu
prioritylevelconfigurations PriorityLevelConfiguration prioritylevelconfiguration % /status !gu
`

package emit

import "kubeflume/tools/schema/model"

// Kinds of which a cluster has many objects, or objects that change often: their messages get source of
// their own. All others are read by the table, more slowly, but with the metadata and the pod templates in
// them as fast as these.
var hotKinds = map[string]bool{
	"v1 Pod": true, "v1 Node": true, "v1 ConfigMap": true, "v1 Secret": true, "v1 Event": true, "events.k8s.io/v1 Event": true,
	"discovery.k8s.io/v1 EndpointSlice": true, "coordination.k8s.io/v1 Lease": true, "meta.k8s.io/v1 PartialObjectMetadata": true,
}

// Messages of those kinds that few objects have: what is in them is read by the table too.
var coldMessages = map[string]bool{
	"core/v1.AWSElasticBlockStoreVolumeSource": true, "core/v1.AppArmorProfile": true, "core/v1.AttachedVolume": true,
	"core/v1.AzureDiskVolumeSource": true, "core/v1.AzureFileVolumeSource": true, "core/v1.CSIVolumeSource": true,
	"core/v1.CephFSVolumeSource": true, "core/v1.CinderVolumeSource": true, "core/v1.ClusterTrustBundleProjection": true,
	"core/v1.ContainerResizePolicy": true, "core/v1.ContainerRestartRule": true, "core/v1.ContainerUser": true,
	"core/v1.DaemonEndpoint": true, "core/v1.EphemeralContainer": true, "core/v1.EventSeries": true,
	"core/v1.FCVolumeSource": true, "core/v1.FileKeySelector": true, "core/v1.FlexVolumeSource": true,
	"core/v1.FlockerVolumeSource": true, "core/v1.GCEPersistentDiskVolumeSource": true, "core/v1.GRPCAction": true,
	"core/v1.GitRepoVolumeSource": true, "core/v1.GlusterfsVolumeSource": true, "core/v1.HostAlias": true,
	"core/v1.ISCSIVolumeSource": true, "core/v1.ImageVolumeSource": true, "core/v1.ImageVolumeStatus": true,
	"core/v1.Lifecycle": true, "core/v1.NodeAllocatableResourceClaimStatus": true, "core/v1.NodeConfigSource": true,
	"core/v1.NodeConfigStatus": true, "core/v1.NodeDaemonEndpoints": true, "core/v1.NodeFeatures": true,
	"core/v1.NodeRuntimeHandler": true, "core/v1.NodeRuntimeHandlerFeatures": true, "core/v1.NodeSwapStatus": true,
	"core/v1.PhotonPersistentDiskVolumeSource": true, "core/v1.PodCertificateProjection": true, "core/v1.PodDNSConfig": true,
	"core/v1.PodExtendedResourceClaimStatus": true, "core/v1.PodOS": true, "core/v1.PodReadinessGate": true,
	"core/v1.PodResourceClaim": true, "core/v1.PodResourceClaimStatus": true, "core/v1.PodSchedulingGate": true,
	"core/v1.PodSchedulingGroup": true, "core/v1.PortworxVolumeSource": true, "core/v1.QuobyteVolumeSource": true,
	"core/v1.RBDVolumeSource": true, "core/v1.ResourceClaim": true, "core/v1.ResourceFieldSelector": true,
	"core/v1.ResourceStatus": true, "core/v1.SELinuxOptions": true, "core/v1.ScaleIOVolumeSource": true,
	"core/v1.StorageOSVolumeSource": true, "core/v1.Sysctl": true, "core/v1.VolumeDevice": true, "core/v1.VolumeStatus": true,
	"core/v1.VsphereVirtualDiskVolumeSource": true, "core/v1.WindowsSecurityContextOptions": true,
	"discovery/v1.ForNode": true, "events/v1.EventSeries": true,
}

// hotMessages returns the messages that get source, by name, those of whole objects apart.
func hotMessages(m *model.Model) (messages, objects []*model.Message) {
	seen := map[*model.Message]bool{}
	var visit, visitFields func(message *model.Message)
	visit = func(message *model.Message) {
		if message == nil || seen[message] || isCold(message) {
			return
		}
		seen[message] = true
		visitFields(message)
	}
	// An inlined struct is read where it is inlined, and needs no reader of its own.
	visitFields = func(message *model.Message) {
		for _, field := range message.Fields {
			if field.Type.Code == model.Inlined {
				visitFields(field.Type.Message)
			} else {
				visit(field.Type.Message)
			}
		}
	}
	for _, kind := range m.Kinds {
		if hotKinds[kind.APIVersion+" "+kind.Kind] {
			objects = append(objects, kind.Message)
			visitFields(kind.Message)
		}
	}
	for _, message := range m.Messages {
		if seen[message] {
			messages = append(messages, message)
		}
	}
	return messages, objects
}

// isCold: by the list, or because the message has what generated source does not deal with.
func isCold(message *model.Message) bool {
	if coldMessages[message.Full()] || message.List {
		return true
	}
	for _, field := range message.Fields {
		if field.Type.Code == model.Double {
			return true
		}
	}
	return false
}

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
	"core/v1.AWSElasticBlockStoreVolumeSource": true, "core/v1.AzureDiskVolumeSource": true, "core/v1.AzureFileVolumeSource": true,
	"core/v1.CephFSVolumeSource": true,
	"core/v1.CinderVolumeSource": true, "core/v1.FCVolumeSource": true,
	"core/v1.FlexVolumeSource": true, "core/v1.FlockerVolumeSource": true,
	"core/v1.GCEPersistentDiskVolumeSource": true, "core/v1.GitRepoVolumeSource": true, "core/v1.GlusterfsVolumeSource": true,
	"core/v1.ISCSIVolumeSource": true,
	"core/v1.NFSVolumeSource":   true, "core/v1.PhotonPersistentDiskVolumeSource": true, "core/v1.PortworxVolumeSource": true,
	"core/v1.QuobyteVolumeSource": true, "core/v1.RBDVolumeSource": true,
	"core/v1.ScaleIOVolumeSource": true, "core/v1.StorageOSVolumeSource": true,
	"core/v1.VsphereVirtualDiskVolumeSource": true,
	"core/v1.EphemeralVolumeSource":          true, "core/v1.ImageVolumeSource": true, "core/v1.Lifecycle": true, "core/v1.EphemeralContainer": true,
	"core/v1.ClusterTrustBundleProjection": true, "core/v1.PodCertificateProjection": true, "core/v1.SELinuxOptions": true,
	"core/v1.WindowsSecurityContextOptions": true, "core/v1.AppArmorProfile": true, "core/v1.Sysctl": true, "core/v1.PodDNSConfig": true,
	"core/v1.HostAlias": true, "core/v1.ContainerRestartRule": true, "core/v1.FileKeySelector": true, "core/v1.NodeConfigSource": true,
	"core/v1.NodeConfigStatus": true, "core/v1.PodExtendedResourceClaimStatus": true, "core/v1.PodSchedulingGroup": true,
	"core/v1.NodeFeatures": true, "core/v1.ContainerUser": true, "core/v1.ResourceStatus": true, "core/v1.GRPCAction": true,
}

// hotMessages returns the messages that get source, by name, those of whole objects apart.
func hotMessages(m *model.Model) (messages, objects []*model.Message) {
	seen := map[*model.Message]bool{}
	var visit func(message *model.Message)
	visit = func(message *model.Message) {
		if message == nil || seen[message] || isCold(message) {
			return
		}
		seen[message] = true
		for _, field := range message.Fields {
			visit(field.Type.Message)
		}
	}
	for _, kind := range m.Kinds {
		if hotKinds[kind.APIVersion+" "+kind.Kind] {
			objects = append(objects, kind.Message)
			for _, field := range kind.Message.Fields {
				visit(field.Type.Message)
			}
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

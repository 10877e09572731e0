package model

import (
	"reflect"
	"sort"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset/scheme"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	kubernetes "k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/client/clientset_generated/clientset/scheme"
)

const metaPackage = "k8s.io/apimachinery/pkg/apis/meta/v1"

// The kinds of meta/v1 that an API server sends or takes, by their apiVersion. (Every group registers
// some of them once more under its own name; a server never sends those. A WatchEvent is no kind: its
// JSON has neither apiVersion nor kind, and its protobuf holds an enveloped object where JSON holds JSON.)
var metaKinds = map[string][]any{
	"v1": {
		metav1.Status{}, metav1.APIVersions{}, metav1.APIGroup{}, metav1.APIGroupList{}, metav1.APIResourceList{},
		metav1.DeleteOptions{}, metav1.CreateOptions{}, metav1.UpdateOptions{}, metav1.PatchOptions{},
		metav1.GetOptions{}, metav1.ListOptions{},
	},
	"meta.k8s.io/v1": {metav1.PartialObjectMetadata{}, metav1.PartialObjectMetadataList{}},
}

// Kinds walks every registered kind that has protobuf. Those that have none are named in the findings.
func (w *Walker) Kinds() []Kind {
	var kinds []Kind
	for _, scheme := range []*runtime.Scheme{kubernetes.Scheme, apiextensions.Scheme, apiregistration.Scheme} {
		for gvk, t := range scheme.AllKnownTypes() {
			if t.PkgPath() == metaPackage || gvk.Version == runtime.APIVersionInternal || !HasProtobuf(t) {
				continue
			}
			kinds = append(kinds, Kind{gvk.GroupVersion().String(), gvk.Kind, w.Message(t)})
		}
	}
	for apiVersion, objects := range metaKinds {
		for _, object := range objects {
			t := reflect.TypeOf(object)
			kinds = append(kinds, Kind{apiVersion, t.Name(), w.Message(t)})
		}
	}
	sort.Slice(kinds, func(i, j int) bool {
		return kinds[i].sortKey() < kinds[j].sortKey()
	})
	return kinds
}

// HasProtobuf says whether the type can be decoded from protobuf at all.
func HasProtobuf(t reflect.Type) bool { return reflect.PointerTo(t).Implements(protoDecoder) }

// TypeOf finds the Go type of a kind in the schemes, or nil.
func TypeOf(apiVersion, kind string) reflect.Type {
	for _, object := range metaKinds[apiVersion] {
		if t := reflect.TypeOf(object); t.Name() == kind {
			return t
		}
	}
	gv, _ := schema.ParseGroupVersion(apiVersion)
	for _, scheme := range []*runtime.Scheme{kubernetes.Scheme, apiextensions.Scheme, apiregistration.Scheme} {
		if t, ok := scheme.AllKnownTypes()[gv.WithKind(kind)]; ok {
			return t
		}
	}
	return nil
}

func (k Kind) sortKey() string { return k.APIVersion + " " + k.Message.Package + " " + k.Kind }

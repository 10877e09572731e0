package model

import (
	"context"
	"errors"
	"net/http"
	"reflect"
	"sort"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/client/clientset/clientset"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	apiregistration "k8s.io/kube-aggregator/pkg/client/clientset_generated/clientset"
)

// lastRequest is a transport that sends nothing and remembers what would have been asked for.
type lastRequest struct{ path string }

func (l *lastRequest) RoundTrip(request *http.Request) (*http.Response, error) {
	l.path = request.URL.Path
	return nil, errors.New("nothing is sent")
}

// Resources asks client-go's own clients: each method of a clientset that returns something with a List
// is called with a transport that keeps the path, so group, version, plural and scope are those that
// client-go sends to real servers, and the kind is the element of the list type.
func (w *Walker) Resources() []Resource {
	transport := &lastRequest{}
	config := &rest.Config{Host: "http://none", Transport: transport, QPS: -1}
	var all []Resource
	for _, clientset := range []any{kubernetes.NewForConfigOrDie(config), apiextensions.NewForConfigOrDie(config), apiregistration.NewForConfigOrDie(config)} {
		value := reflect.ValueOf(clientset)
		for i := range value.NumMethod() {
			method := value.Method(i)
			if method.Type().NumIn() != 0 || method.Type().NumOut() != 1 || method.Type().Out(0).Kind() != reflect.Interface {
				continue
			}
			all = append(all, w.resourcesOf(method.Call(nil)[0].Elem(), transport)...)
		}
	}
	sort.Slice(all, func(i, j int) bool { return all[i].sortKey() < all[j].sortKey() })
	return all
}

func (r Resource) sortKey() string { return r.GroupPackage + "/" + r.Version + "/" + r.Plural }

// resourcesOf takes the client of one group and version (CoreV1Client).
func (w *Walker) resourcesOf(client reflect.Value, transport *lastRequest) []Resource {
	groupPackage, _, _ := strings.Cut(shortPackage(client.Type().Elem().PkgPath()), "/")
	var all []Resource
	for i := range client.NumMethod() {
		getter := client.Method(i).Type()
		if client.Type().Method(i).Name == "RESTClient" || getter.NumOut() != 1 || getter.Out(0).Kind() != reflect.Interface {
			continue
		}
		arguments := []reflect.Value{}
		if getter.NumIn() == 1 {
			arguments = append(arguments, reflect.ValueOf("x"))
		}
		list := client.Method(i).Call(arguments)[0].MethodByName("List")
		if !list.IsValid() {
			continue
		}
		list.Call([]reflect.Value{reflect.ValueOf(context.Background()), reflect.ValueOf(metav1.ListOptions{})})
		items, _ := list.Type().Out(0).Elem().FieldByName("Items")
		resource := fromPath(transport.path)
		resource.GroupPackage = groupPackage
		resource.Kind = items.Type.Elem().Name()
		resource.HasProtobuf = HasProtobuf(items.Type.Elem())
		resource.Message = w.Message(items.Type.Elem())
		all = append(all, resource)
	}
	return all
}

// fromPath reads /api/v1/namespaces/x/pods and /apis/apps/v1/namespaces/x/deployments.
func fromPath(path string) Resource {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if parts[0] == "api" {
		parts = append([]string{"apis", ""}, parts[1:]...)
	}
	resource := Resource{Group: parts[1], Version: parts[2], Plural: parts[len(parts)-1]}
	resource.Namespaced = len(parts) == 6
	return resource
}

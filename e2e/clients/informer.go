package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/tools/clientcmd"
)

// line is what the informer says, one JSON object in each line of its output.
type line struct {
	// Type is synced, add, update, delete or error.
	Type string `json:"type"`
	// Keys are those of the store, when it is synced.
	Keys []string `json:"keys,omitempty"`
	Key  string   `json:"key,omitempty"`
	// Note is the annotation "note" of the pod, which tells one update from another.
	Note    string `json:"note,omitempty"`
	Message string `json:"message,omitempty"`
}

var contentTypes = map[string]string{
	"json":     "application/json",
	"protobuf": "application/vnd.kubernetes.protobuf",
}

// runInformer follows all pods until its input ends. Whether it begins with a LIST or a watch-list is
// for client-go's own switch to say: KUBE_FEATURE_WatchListClient.
func runInformer(args []string) error {
	flags := flag.NewFlagSet("informer", flag.ExitOnError)
	kubeconfig := flags.String("kubeconfig", "", "the file of the configuration")
	encoding := flags.String("encoding", "protobuf", "json or protobuf")
	if err := flags.Parse(args); err != nil {
		return err
	}
	contentType, known := contentTypes[*encoding]
	if !known {
		return fmt.Errorf("no encoding %q", *encoding)
	}
	config, err := clientcmd.BuildConfigFromFlags("", *kubeconfig)
	if err != nil {
		return err
	}
	config.ContentType = contentType
	config.AcceptContentTypes = contentType
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}

	informer := informers.NewSharedInformerFactory(client, 0).Core().V1().Pods().Informer()
	out := printer{encoder: json.NewEncoder(os.Stdout)}
	if err := informer.SetWatchErrorHandler(func(_ *cache.Reflector, err error) {
		out.print(line{Type: "error", Message: err.Error()})
	}); err != nil {
		return err
	}
	handler, err := informer.AddEventHandler(out.handlers())
	if err != nil {
		return err
	}
	stop := make(chan struct{})
	var running sync.WaitGroup
	running.Go(func() { informer.Run(stop) })
	go func() {
		if cache.WaitForCacheSync(stop, handler.HasSynced) {
			out.print(line{Type: "synced", Keys: informer.GetStore().ListKeys()})
		}
	}()
	_, err = io.Copy(io.Discard, os.Stdin)
	close(stop)
	running.Wait()
	return err
}

type printer struct {
	lock    sync.Mutex
	encoder *json.Encoder
}

func (p *printer) print(said line) {
	p.lock.Lock()
	defer p.lock.Unlock()
	// A broken pipe is the end of the test, which closes the input as well.
	_ = p.encoder.Encode(said)
}

func (p *printer) handlers() cache.ResourceEventHandler {
	return cache.ResourceEventHandlerDetailedFuncs{
		AddFunc: func(object any, isInInitialList bool) {
			if !isInInitialList {
				p.event("add", object)
			}
		},
		UpdateFunc: func(_, object any) { p.event("update", object) },
		DeleteFunc: func(object any) { p.event("delete", object) },
	}
}

func (p *printer) event(what string, object any) {
	if gone, isGone := object.(cache.DeletedFinalStateUnknown); isGone {
		object = gone.Obj
	}
	pod := object.(*corev1.Pod)
	p.print(line{Type: what, Key: pod.Namespace + "/" + pod.Name, Note: pod.Annotations["note"]})
}

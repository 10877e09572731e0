// Measures client-go's informer against a replay server, or a real one, and prints a line of JSON. Features are set by
// the environment (KUBE_FEATURE_WatchListClient), as client-go has it.
package main

import (
	"bufio"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"time"

	v1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
)

var (
	url       = flag.String("url", "", "the server")
	ca        = flag.String("ca", "", "of a real server: the file with its certificate authority")
	token     = flag.String("token-file", "", "of a real server")
	plain     = flag.Bool("no-gzip", false, "asks for lists that are not compressed, which client-go does not do by itself")
	resource  = flag.String("resource", "pods", "what is listed, of the core group")
	waits     = flag.Bool("wait", false, "prints ready, waits for a line before it starts, and goes on until its input ends")
	encoding  = flag.String("encoding", "protobuf", "protobuf or json")
	steps     = flag.String("steps", "", "what to measure after the sync, in this order: decode, memory, relist, events, get")
	strip     = flag.Bool("strip-managed-fields", false, "by a transform, which client-go does not do by itself")
	settle    = flag.Duration("settle", time.Second, "how long to wait before memory is measured")
	relisted  = flag.String("relist-version", "", "the resourceVersion of the changed list")
	allEvents = flag.Int64("events", 0, "how many events the server sends")
)

const patience = 5 * time.Minute

type sample map[string]float64

// informer is what is measured, and what its one subscriber has heard.
type informer struct {
	cache.SharedIndexInformer
	started  time.Time
	cpuSoFar float64
	first    atomic.Int64
	told     atomic.Int64
}

func main() {
	flag.Parse()
	stop := make(chan struct{})
	pods := newInformer()
	input := bufio.NewReader(os.Stdin)
	if *waits {
		fmt.Println("ready")
		_, err := input.ReadString('\n')
		must(err)
	}
	out := sample{"beforeHeapBytes": heap()}
	pods.started, pods.cpuSoFar = time.Now(), cpuMs()
	go pods.Run(stop)
	pods.sync(out)
	for step := range strings.SplitSeq(*steps, ",") {
		switch step {
		case "decode":
			pods.decodeAll(out)
		case "memory":
			time.Sleep(*settle)
			out["heapBytes"], out["rssBytes"] = heap(), status("VmRSS")
		case "relist":
			pods.relist(out)
		case "events":
			pods.events(out)
		case "get":
			pods.get(out)
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(map[string]sample{"figures": out}))
	if *waits {
		_, _ = io.Copy(io.Discard, input)
	}
}

func newInformer() *informer {
	mediaType := map[string]string{
		"protobuf": "application/vnd.kubernetes.protobuf",
		"json":     "application/json",
	}[*encoding]
	client, err := kubernetes.NewForConfig(&rest.Config{
		Host:               *url,
		ContentConfig:      rest.ContentConfig{ContentType: mediaType, AcceptContentTypes: mediaType},
		TLSClientConfig:    rest.TLSClientConfig{CAFile: *ca},
		BearerTokenFile:    *token,
		DisableCompression: *plain,
	})
	must(err)
	listed := schema.GroupVersionResource{Version: "v1", Resource: *resource}
	generic, err := informers.NewSharedInformerFactory(client, 0).ForResource(listed)
	must(err)
	pods := &informer{SharedIndexInformer: generic.Informer()}
	if *strip {
		must(pods.SetTransform(func(object any) (any, error) {
			accessor, err := meta.Accessor(object)
			if err == nil {
				accessor.SetManagedFields(nil)
			}
			return object, nil
		}))
	}
	hear := func() {
		if pods.told.Add(1) == 1 {
			pods.first.Store(int64(time.Since(pods.started)))
		}
	}
	_, err = pods.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { hear() },
		UpdateFunc: func(any, any) { hear() },
		DeleteFunc: func(any) { hear() },
	})
	must(err)
	return pods
}

func (pods *informer) sync(out sample) {
	until(pods.HasSynced)
	out["syncedMs"] = ms(pods.started)
	objects := int64(len(pods.GetStore().ListKeys()))
	until(func() bool { return pods.told.Load() >= objects })
	out["toldMs"] = ms(pods.started)
	out["firstObjectMs"] = float64(pods.first.Load()) / 1e6
	out["objects"] = float64(objects)
	out["cpuMs"] = cpuMs() - pods.cpuSoFar
	out["peakRssBytes"] = status("VmHWM")
}

// Everything has been decoded by then: only walked through.
func (pods *informer) decodeAll(out sample) {
	containers := 0
	for _, object := range pods.GetStore().List() {
		containers += len(object.(*v1.Pod).Spec.Containers)
	}
	out["decodedMs"] = ms(pods.started)
	out["containers"] = float64(containers)
}

func (pods *informer) relist(out sample) {
	heap()
	steady := status("VmRSS")
	must(os.WriteFile("/proc/self/clear_refs", []byte("5"), 0))
	started := time.Now()
	post("/bench/relist")
	until(func() bool { return pods.LastSyncResourceVersion() == *relisted })
	out["relistMs"] = ms(started)
	out["relistSteadyRssBytes"] = steady
	out["relistPeakRssBytes"] = status("VmHWM")
}

func (pods *informer) events(out sample) {
	wanted := pods.told.Load() + *allEvents
	started, cpu := time.Now(), cpuMs()
	post("/bench/events")
	until(func() bool { return pods.told.Load() >= wanted })
	out["eventsMs"] = ms(started)
	out["events"] = float64(*allEvents)
	out["eventsCpuMs"] = cpuMs() - cpu
}

func (pods *informer) get(out sample) {
	keys := pods.GetStore().ListKeys()
	const times = 1_000_000
	started := time.Now()
	for range times {
		pods.GetStore().GetByKey(keys[0])
	}
	out["getHotUs"] = ms(started) * 1000 / times
	started = time.Now()
	for _, key := range keys {
		pods.GetStore().GetByKey(key)
	}
	out["getColdUs"] = ms(started) * 1000 / float64(len(keys))
}

func heap() float64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return float64(stats.HeapAlloc)
}

// status reads a line of kilobytes of /proc/self/status.
func status(name string) float64 {
	text, err := os.ReadFile("/proc/self/status")
	must(err)
	_, rest, _ := strings.Cut(string(text), name+":")
	kilobytes, err := strconv.Atoi(strings.Fields(rest)[0])
	must(err)
	return float64(kilobytes) * 1024
}

func cpuMs() float64 {
	var usage syscall.Rusage
	must(syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return float64(usage.Utime.Nano()+usage.Stime.Nano()) / 1e6
}

func until(done func() bool) {
	for started := time.Now(); !done(); time.Sleep(time.Millisecond) {
		if time.Since(started) > patience {
			must(fmt.Errorf("not done after %s", patience))
		}
	}
}

func post(path string) {
	response, err := http.Post(*url+path, "", nil)
	must(err)
	must(response.Body.Close())
}

func ms(since time.Time) float64 { return float64(time.Since(since)) / 1e6 }

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

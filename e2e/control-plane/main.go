// Command control-plane is etcd and kube-apiserver in one executable, chosen by the first argument:
//
//	control-plane etcd --data-dir=...
//	control-plane kube-apiserver --etcd-servers=...
//
// Both are the released programs, built from their Go modules, so that the e2e tests need neither a
// container runtime nor a download that is not a Go module. One executable, because the two share
// most of their code.
package main

import (
	"fmt"
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
)

func main() {
	if len(os.Args) < 2 {
		usage()
	}
	// Each program reads os.Args by itself, and prints its first element in messages.
	os.Args = os.Args[1:]
	switch os.Args[0] {
	case "etcd":
		etcdmain.Main(os.Args)
	case "kube-apiserver":
		os.Exit(cli.Run(app.NewAPIServerCommand()))
	default:
		usage()
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: control-plane etcd|kube-apiserver [flags]")
	os.Exit(2)
}

// Command clients is three of Kubernetes' own clients in one executable, chosen by the first argument:
//
//	clients kubectl get pods
//	clients informer --kubeconfig=... --encoding=protobuf
//	clients elect --kubeconfig=... --namespace=default --name=operator
//
// All are built from their Go modules, so that the e2e tests need no kubectl of the machine, whose
// release would be another.
package main

import (
	"fmt"
	"os"

	"k8s.io/component-base/cli"
	"k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
)

func main() {
	if len(os.Args) < 2 {
		usage()
	}
	// Each program reads os.Args by itself.
	os.Args = os.Args[1:]
	switch os.Args[0] {
	case "kubectl":
		if err := cli.RunNoErrOutput(cmd.NewDefaultKubectlCommand()); err != nil {
			util.CheckErr(err)
		}
	case "informer":
		if err := runInformer(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	case "elect":
		if err := runElect(os.Args[1:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	default:
		usage()
	}
}

func usage() {
	fmt.Fprintln(os.Stderr, "usage: clients kubectl|informer|elect [flags]")
	os.Exit(2)
}

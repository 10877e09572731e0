// Schema writes what kubeflume knows of Kubernetes' built-in types, from the Go types themselves.
//
//	go run . -root ../..       the generated TypeScript, under that repository
//	go run . -lines            the model as text on stdout, to compare two versions of Kubernetes
package main

import (
	"flag"
	"fmt"
	"log"
	"path/filepath"
	"runtime/debug"
	"sort"
	"strings"

	"kubeflume/tools/schema/emit"
	"kubeflume/tools/schema/model"
)

func main() {
	root := flag.String("root", "", "repository to write to")
	lines := flag.Bool("lines", false, "print the model as text")
	flag.Parse()

	walker := model.NewWalker()
	m := walker.Model()
	switch {
	case *lines:
		fmt.Print(emit.Text(m))
	case *root != "":
		check(write(*root, walker, m))
	default:
		flag.Usage()
	}
}

func write(root string, walker *model.Walker, m *model.Model) error {
	optional, err := walker.ReadOptional()
	if err != nil {
		return err
	}
	kubernetes := kubernetesVersion()
	generated := filepath.Join(root, "src/api/generated")
	for _, err := range []error{
		emit.Interfaces(filepath.Join(generated, "types"), kubernetes, m, optional),
		emit.Resources(generated, kubernetes, m),
		emit.Index(generated, kubernetes, m),
		emit.Table(filepath.Join(root, "src/decode/protobuf/generated/schema.ts"), kubernetes, m),
		emit.Hot(filepath.Join(root, "src/decode/protobuf/generated/hot-messages.ts"), kubernetes, m),
	} {
		if err != nil {
			return err
		}
	}
	fmt.Printf("%s: %d kinds, %d resources, %d messages, %d fields\n", kubernetes, len(m.Kinds), len(m.Resources), len(m.Messages), m.FieldCount())
	sort.Strings(m.Findings)
	fmt.Println(strings.Join(m.Findings, "\n"))
	return nil
}

// kubernetesVersion is the version of k8s.io/apimachinery that this was built with, as Kubernetes counts: 1.36.3.
func kubernetesVersion() string {
	info, _ := debug.ReadBuildInfo()
	for _, module := range info.Deps {
		if module.Path == "k8s.io/apimachinery" {
			return "1" + strings.TrimPrefix(module.Version, "v0")
		}
	}
	panic("no k8s.io/apimachinery in this build")
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

package emit

import (
	_ "embed"
	"fmt"
	"path/filepath"
	"sort"
	"strings"

	"kubeflume/tools/schema/model"
)

// Copied beside the table that it reads.
//
//go:embed built-in-resource.ts
var builtInResource string

// Resources writes the table of what can be listed.
func Resources(folder, kubernetes string, m *model.Model) error {
	reader := newFile(filepath.Join(folder, "built-in-resource.ts"), kubernetes)
	reader.text.WriteString(builtInResource)
	if err := reader.write(); err != nil {
		return err
	}
	f := newFile(filepath.Join(folder, "resources.ts"), kubernetes)
	versions := groupVersions(m.Resources)
	f.line("import { type BuiltInResource, builtIns } from './built-in-resource.ts'")
	for _, version := range versions {
		f.line("import type * as %s from './types/%s'", alias(version[0].Message.Package), fileName(version[0].Message.Package))
	}
	f.line("")
	f.line("/** Every built-in resource that can be listed, by client-go's package name of the group, version and plural. */")
	f.line("export interface Resources {")
	forGroups(versions, func(groupPackage string, of [][]model.Resource) {
		f.line("  readonly %s: {", groupPackage)
		for _, version := range of {
			f.line("    readonly %s: {", version[0].Version)
			for _, resource := range version {
				f.line("      readonly %s: BuiltInResource<%s.%s>", resource.Plural, alias(resource.Message.Package), resource.Kind)
			}
			f.line("    }")
		}
		f.line("  }")
	})
	f.line("}")
	f.line("")
	f.line("/** `resources.core.v1.pods`, `resources.rbac.v1.roles`: frozen, each its own constant. */")
	f.line("export const resources: Resources = /* @__PURE__ */ builtIns<Resources>(`\\")
	for _, version := range versions {
		f.line("%s", resourceLine(version))
	}
	f.line("`)")
	return f.write()
}

// resourceLine is read by built-in-resource.ts.
func resourceLine(version []model.Resource) string {
	first := version[0]
	line := fmt.Sprintf("%s %s/%s", first.GroupPackage, first.Group, first.Version)
	for _, resource := range version {
		line += " " + resource.Plural + ":" + resource.Kind
		if !resource.Namespaced {
			line += ":cluster"
		}
		if !resource.HasProtobuf {
			line += ":json"
		}
	}
	return line
}

// Index writes the newest stable interface of each kind, by name.
func Index(folder, kubernetes string, m *model.Model) error {
	f := newFile(filepath.Join(folder, "index.ts"), kubernetes)
	newest := map[string]model.Resource{}
	for _, resource := range m.Resources {
		if known, ok := newest[resource.Kind]; !ok || better(resource, known) {
			newest[resource.Kind] = resource
		}
	}
	byPackage := map[string][]string{}
	for kind, resource := range newest {
		byPackage[resource.Message.Package] = append(byPackage[resource.Message.Package], kind)
	}
	f.line("export type { BuiltInResource } from './built-in-resource.ts'")
	f.line("export { type Resources, resources } from './resources.ts'")
	for _, pkg := range sortedKeys(byPackage) {
		sort.Strings(byPackage[pkg])
		f.line("export type { %s } from './types/%s'", strings.Join(byPackage[pkg], ", "), fileName(pkg))
	}
	return f.write()
}

// better: stable before beta before alpha, then the higher version, then the core group (its Event, not
// events.k8s.io's), then not extensions, from which everything has moved away.
func better(a, b model.Resource) bool {
	if a, b := rank(a.Version), rank(b.Version); a != b {
		return a > b
	}
	if a.Group == "" || b.Group == "" {
		return a.Group == ""
	}
	if a.Group == "extensions" || b.Group == "extensions" {
		return b.Group == "extensions"
	}
	panic("two groups have " + a.Kind + ": " + a.Group + ", " + b.Group)
}

func rank(version string) int {
	major, beta, alpha := 0, 0, 0
	if n, _ := fmt.Sscanf(version, "v%dbeta%d", &major, &beta); n == 2 {
		return 1_000 + major*10 + beta
	}
	if n, _ := fmt.Sscanf(version, "v%dalpha%d", &major, &alpha); n == 2 {
		return major*10 + alpha
	}
	fmt.Sscanf(version, "v%d", &major)
	return 1_000_000 + major
}

func groupVersions(resources []model.Resource) [][]model.Resource {
	var versions [][]model.Resource
	for _, resource := range resources {
		last := len(versions) - 1
		if last < 0 || versions[last][0].GroupPackage != resource.GroupPackage || versions[last][0].Version != resource.Version {
			versions = append(versions, nil)
			last++
		}
		versions[last] = append(versions[last], resource)
	}
	return versions
}

func forGroups(versions [][]model.Resource, do func(groupPackage string, versions [][]model.Resource)) {
	for from := 0; from < len(versions); {
		to := from
		for to < len(versions) && versions[to][0].GroupPackage == versions[from][0].GroupPackage {
			to++
		}
		do(versions[from][0].GroupPackage, versions[from:to])
		from = to
	}
}

func alias(pkg string) string { return strings.ReplaceAll(pkg, "/", "_") }

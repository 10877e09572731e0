package emit

import (
	"path/filepath"
	"regexp"
	"sort"
	"strings"

	"kubeflume/tools/schema/model"
)

// Written by hand in src/api/object.ts.
var handWritten = map[string]string{
	"meta/v1.OwnerReference":     "OwnerReference",
	"meta/v1.ManagedFieldsEntry": "ManagedFieldsEntry",
}

// Interfaces writes one file for each group and version, with the interfaces that its kinds need.
func Interfaces(folder, kubernetes string, m *model.Model, optional model.Optional) error {
	kinds := map[*model.Message]model.Kind{}
	byPackage := map[string][]*model.Message{}
	for _, kind := range m.Kinds {
		kinds[kind.Message] = kind
	}
	for _, message := range reachable(m.Kinds) {
		byPackage[message.Package] = append(byPackage[message.Package], message)
	}
	for pkg, messages := range byPackage {
		w := &interfaceWriter{pkg: pkg, kinds: kinds, optional: optional, imports: map[string]map[string]bool{}, local: map[string]bool{}}
		body := newFile(filepath.Join(folder, fileName(pkg)), kubernetes)
		w.body = &file{}
		for _, message := range messages {
			w.local[message.Name] = true
		}
		for _, message := range messages {
			w.message(message)
		}
		w.writeImports(body)
		body.text.WriteString(strings.TrimSuffix(w.body.text.String(), "\n"))
		if err := body.write(); err != nil {
			return err
		}
	}
	return nil
}

type interfaceWriter struct {
	pkg      string
	kinds    map[*model.Message]model.Kind
	optional model.Optional
	// module -> names
	imports map[string]map[string]bool
	// names that this file declares
	local map[string]bool
	body  *file
}

func (w *interfaceWriter) message(message *model.Message) {
	switch message.Full() {
	case "meta/v1.ObjectMeta":
		w.embeddedMeta()
		return
	case "meta/v1.OwnerReference", "meta/v1.ManagedFieldsEntry":
		return
	}
	if message.List {
		w.body.line("/** %s */\nexport type %s = %s[]\n", goName(message), message.Name, w.typeName(message.Fields[0]))
		return
	}
	kind, isKind := w.kinds[message]
	w.body.line("/** %s */", goName(message))
	if isKind && isObject(message) {
		w.use("../../object.ts", "KubernetesObject")
		w.body.line("export interface %s extends KubernetesObject {", message.Name)
	} else {
		w.body.line("export interface %s {", message.Name)
	}
	if isKind {
		w.body.line("  apiVersion: '%s'\n  kind: '%s'", kind.APIVersion, kind.Kind)
	}
	w.fields(message, isKind && isObject(message))
	w.body.line("}\n")
}

// A pod template's metadata: nothing in it is certain, and servers before 1.36 send `creationTimestamp: null`.
func (w *interfaceWriter) embeddedMeta() {
	w.use("../../object.ts", "ObjectMeta")
	w.body.line("/** The metadata of a template: no field is certain. Servers before 1.34 send `creationTimestamp: null`. */")
	w.body.line("export type EmbeddedObjectMeta = Partial<Omit<ObjectMeta, 'creationTimestamp'>> & { creationTimestamp?: string | null }\n")
	w.use("../../object.ts", "KubernetesObject")
	w.body.line("/** An object inside another one, such as a claim in a StatefulSet's `volumeClaimTemplates`. */")
	w.body.line("export type Embedded<T extends KubernetesObject> = Omit<T, keyof KubernetesObject> & Partial<Pick<T, 'apiVersion' | 'kind'>> & { metadata: EmbeddedObjectMeta }\n")
}

func (w *interfaceWriter) fields(message *model.Message, inheritsMetadata bool) {
	for _, field := range message.Fields {
		if field.Type.Code == model.Inlined {
			w.fields(field.Type.Message, false)
			continue
		}
		if inheritsMetadata && field.JSON == "metadata" {
			continue
		}
		mark := ""
		if field.OptionalTag || field.Cardinality == model.Pointer {
			mark = "?"
		}
		w.body.line("  %s%s: %s", property(field.JSON), mark, w.fieldType(message, field))
	}
}

func (w *interfaceWriter) fieldType(message *model.Message, field model.Field) string {
	name := w.typeName(field)
	switch field.Cardinality {
	case model.Repeated:
		if strings.Contains(name, " ") {
			name = "(" + name + ")"
		}
		name += "[]"
	case model.Map:
		name = "{ [key: string]: " + name + " }"
	}
	if w.nullable(message, field) && name != "unknown" {
		name += " | null"
	}
	return name
}

// nullable: Go sends null for a nil slice, map or pointer and for a zero time, where it does not leave them
// out. Of those, fields that Go's comments call optional are null in practice; others are never empty.
func (w *interfaceWriter) nullable(message *model.Message, field model.Field) bool {
	if field.Omit != model.Never {
		return false
	}
	time := field.Type.Code == "T" || field.Type.Code == "U"
	nilable := field.Cardinality != model.Single || field.Type.Code == model.Bytes
	return field.Cardinality == model.Pointer || (time || nilable) && (field.OptionalTag || w.optional.Has(message, field))
}

func (w *interfaceWriter) typeName(field model.Field) string {
	switch field.Type.Code {
	case model.String, model.Bytes, "T", "U", "D", "Q":
		return "string"
	case model.Bool:
		return "boolean"
	case model.Int32, model.Int64, model.Double:
		return "number"
	case "I":
		return "number | string"
	case "R", "F", "J":
		return "unknown"
	}
	name := w.reference(field.Type.Message)
	switch field.Type.Code {
	case "A":
		return name + " | " + name + "[]"
	case "B":
		return name + " | boolean"
	case "C":
		return name + " | string[]"
	}
	return name
}

func (w *interfaceWriter) reference(message *model.Message) string {
	if name, ok := handWritten[message.Full()]; ok {
		w.use("../../object.ts", name)
		return name
	}
	name := message.Name
	if message.Full() == "meta/v1.ObjectMeta" {
		name = "EmbeddedObjectMeta"
	}
	if message.Package != w.pkg && w.local[name] {
		foreign := alias(message.Package) + "_" + name
		w.use("./"+fileName(message.Package), name+" as "+foreign)
		name = foreign
	} else if message.Package != w.pkg {
		w.use("./"+fileName(message.Package), name)
	}
	if _, isKind := w.kinds[message]; isKind && isObject(message) {
		if w.pkg != "meta/v1" {
			w.use("./meta-v1.ts", "Embedded")
		}
		return "Embedded<" + name + ">"
	}
	return name
}

func (w *interfaceWriter) use(module, name string) {
	if w.imports[module] == nil {
		w.imports[module] = map[string]bool{}
	}
	w.imports[module][name] = true
}

func (w *interfaceWriter) writeImports(f *file) {
	for _, module := range sortedKeys(w.imports) {
		f.line("import type { %s } from '%s'", strings.Join(sortedKeys(w.imports[module]), ", "), module)
	}
	if len(w.imports) > 0 {
		f.line("")
	}
}

func isObject(message *model.Message) bool {
	return len(message.Fields) > 0 && message.Fields[0].Type.Message != nil && message.Fields[0].Type.Message.Full() == "meta/v1.ObjectMeta"
}

func isListKind(message *model.Message) bool {
	return strings.HasSuffix(message.Name, "List") && len(message.Fields) == 2 && message.Fields[1].JSON == "items"
}

// reachable leaves out lists: an item of a list has no kind of its own, and nobody here holds a list.
func reachable(kinds []model.Kind) []*model.Message {
	seen := map[*model.Message]bool{}
	var visit func(message *model.Message)
	visit = func(message *model.Message) {
		if message == nil || seen[message] {
			return
		}
		seen[message] = true
		for _, field := range message.Fields {
			visit(field.Type.Message)
		}
	}
	for _, kind := range kinds {
		if !isListKind(kind.Message) {
			visit(kind.Message)
		}
	}
	var all []*model.Message
	for message := range seen {
		all = append(all, message)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Full() < all[j].Full() })
	return all
}

func fileName(pkg string) string { return strings.ReplaceAll(pkg, "/", "-") + ".ts" }

func goName(message *model.Message) string { return message.Full() }

var plainName = regexp.MustCompile(`^[A-Za-z_$][A-Za-z0-9_$]*$`)

func property(name string) string {
	if plainName.MatchString(name) {
		return name
	}
	return "'" + name + "'"
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for key := range m {
		keys = append(keys, key)
	}
	sort.Strings(keys)
	return keys
}

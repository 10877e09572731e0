package emit

import (
	"fmt"
	"strings"

	"kubeflume/tools/schema/model"
)

// Table writes the protobuf schema as two strings: src/decode/protobuf/schema.ts explains and reads them.
// A string of 100 kB costs an import next to nothing; as object literals the same table costs milliseconds.
func Table(path, kubernetes string, m *model.Model) error {
	f := newFile(path, kubernetes)
	f.line("/** `@package`, then a line for each message: its name and its fields in Go's order. */")
	f.line("export const MESSAGES: string = `\\")
	for _, line := range TableLines(m.Messages) {
		f.line("%s", strings.NewReplacer("`", "\\`", "${", "\\${").Replace(line))
	}
	f.line("`")
	f.line("")
	f.line("/** A line for each apiVersion and package: both, and the kinds whose messages are there. */")
	f.line("export const KINDS: string = `\\")
	for _, line := range kindLines(m.Kinds) {
		f.line("%s", line)
	}
	f.line("`")
	return f.write()
}

// TableLines is also what two versions of Kubernetes are compared by.
func TableLines(messages []*model.Message) []string {
	var lines []string
	pkg := ""
	for _, message := range messages {
		if message.Package != pkg {
			pkg = message.Package
			lines = append(lines, "@"+pkg)
		}
		line := message.Name
		if message.List {
			line = "=" + line
		}
		for _, field := range message.Fields {
			line += " " + FieldToken(pkg, field)
		}
		lines = append(lines, line)
	}
	return lines
}

// FieldToken is name:number, then cardinality, omit rule, type letter and message.
func FieldToken(pkg string, field model.Field) string {
	cardinality := map[model.Cardinality]string{model.Single: "", model.Pointer: "*", model.Repeated: "+", model.Map: "%"}[field.Cardinality]
	omit := string(field.Omit)
	if field.Type.Code == model.Inlined {
		omit = ""
	}
	return fmt.Sprintf("%s:%d%s%s%s%s", field.JSON, field.Number, cardinality, omit, field.Type.Code, reference(pkg, field.Type.Message))
}

func reference(pkg string, message *model.Message) string {
	switch {
	case message == nil:
		return ""
	case message.Package == pkg:
		return message.Name
	}
	return message.Full()
}

func kindLines(kinds []model.Kind) []string {
	var lines []string
	start := ""
	for _, kind := range kinds {
		if kind.Message.Name != kind.Kind {
			panic("a kind with another Go name: " + kind.APIVersion + " " + kind.Kind)
		}
		if of := kind.APIVersion + " " + kind.Message.Package; of != start {
			start = of
			lines = append(lines, start)
		}
		lines[len(lines)-1] += " " + kind.Kind
	}
	return lines
}

package emit

import (
	"fmt"
	"strings"

	"kubeflume/tools/schema/model"
)

// Text is the whole model, a line for each field, kind and resource, so that two versions can be compared by line.
func Text(m *model.Model) string {
	var text strings.Builder
	for _, message := range m.Messages {
		for _, field := range message.Fields {
			fmt.Fprintf(&text, "field %s %s\n", message.Full(), FieldToken(message.Package, field))
		}
	}
	for _, kind := range m.Kinds {
		fmt.Fprintf(&text, "kind %s %s\n", kind.APIVersion, kind.Kind)
	}
	for _, version := range groupVersions(m.Resources) {
		for _, resource := range version {
			fmt.Fprintf(&text, "resource %s\n", resourceLine([]model.Resource{resource}))
		}
	}
	return text.String()
}

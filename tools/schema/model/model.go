// Package model describes Kubernetes' Go types as they look on the wire: in protobuf and in JSON.
package model

// Model is everything that the generators write down, in a stable order.
type Model struct {
	Messages  []*Message
	Kinds     []Kind
	Resources []Resource
	// Findings are struct tags that a reader should know about; they change nothing.
	Findings []string
}

// Message is one Go struct, or a Go slice type that protobuf sees as a message with one field `items`.
type Message struct {
	// Package is the Go package's last two parts: "core/v1".
	Package string
	Name    string
	Fields  []Field
	// List says that JSON has an array of the items where protobuf has a message (ExtraValue, Verbs).
	List bool
}

// Full is the name that the table uses: "core/v1.Pod".
func (m *Message) Full() string { return m.Package + "." + m.Name }

// Cardinality of a field in Go, which decides what JSON says when protobuf has nothing.
type Cardinality string

const (
	Single   Cardinality = ""
	Pointer  Cardinality = "*"
	Repeated Cardinality = "[]"
	Map      Cardinality = "<>"
)

// Omit is the rule by which encoding/json leaves the field out, reduced to what it means for the type:
// `omitempty` on a struct never leaves anything out, so it is Never.
type Omit string

const (
	Never     Omit = "!"
	WhenEmpty Omit = ""
	// WhenZero differs from WhenEmpty for structs (left out when zero) and for bytes (kept when empty, not nil).
	WhenZero Omit = "~"
)

// Field is in Go's order, which is also JSON's. JSON is "" for an embedded struct: a nested message in
// protobuf whose fields JSON shows in the place of the field.
type Field struct {
	JSON        string
	Number      int
	Type        Type
	Cardinality Cardinality
	Omit        Omit
	// OptionalTag says that the tag had omitempty or omitzero, whatever that means for the type.
	OptionalTag bool
	// GoName and Tag are for reports.
	GoName, Tag string
}

// Type is a letter of the table, and for messages the message.
type Type struct {
	Code    string
	Message *Message
}

// Kind is what apiVersion and kind name.
type Kind struct {
	APIVersion string
	Kind       string
	Message    *Message
}

// Resource is what a clientset can list.
type Resource struct {
	// GroupPackage is client-go's name of the group: "core", "rbac", "networking".
	GroupPackage string
	Group        string
	Version      string
	Plural       string
	Kind         string
	Namespaced   bool
	HasProtobuf  bool
	Message      *Message
}

// Model walks everything.
func (w *Walker) Model() *Model {
	m := &Model{Kinds: w.Kinds(), Resources: w.Resources()}
	m.Messages, m.Findings = w.Sorted(), w.findings
	return m
}

// FieldCount counts the fields of all messages.
func (m *Model) FieldCount() int {
	count := 0
	for _, message := range m.Messages {
		count += len(message.Fields)
	}
	return count
}

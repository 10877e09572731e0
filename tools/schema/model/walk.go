package model

import (
	"fmt"
	"reflect"
	"sort"
	"strconv"
	"strings"
)

// Walker turns Go types into messages, each type once.
type Walker struct {
	messages map[reflect.Type]*Message
	findings []string
}

func NewWalker() *Walker { return &Walker{messages: map[reflect.Type]*Message{}} }

// Sorted returns all messages that were reached, by name.
func (w *Walker) Sorted() []*Message {
	all := make([]*Message, 0, len(w.messages))
	for _, message := range w.messages {
		all = append(all, message)
	}
	sort.Slice(all, func(i, j int) bool { return all[i].Full() < all[j].Full() })
	return all
}

// Message walks a struct, or a slice type that has its own Unmarshal.
func (w *Walker) Message(t reflect.Type) *Message {
	if known := w.messages[t]; known != nil {
		return known
	}
	message := &Message{Package: shortPackage(t.PkgPath()), Name: t.Name()}
	w.messages[t] = message
	if t.Kind() == reflect.Slice {
		message.List = true
		element := w.typeOf(t.Elem(), t.String())
		message.Fields = []Field{{JSON: "items", Number: 1, Type: element, Cardinality: Repeated, Omit: Never}}
		return message
	}
	for i := range t.NumField() {
		if field, ok := w.field(t, t.Field(i)); ok {
			message.Fields = append(message.Fields, field)
		}
	}
	return message
}

// field returns false for what only one of the two encodings has: an object that came as protobuf cannot have it.
func (w *Walker) field(owner reflect.Type, f reflect.StructField) (Field, bool) {
	where := owner.String() + "." + f.Name
	name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
	tag := f.Tag.Get("protobuf")
	if f.Name == "TypeMeta" && tag == "" {
		return Field{}, false
	}
	if tag == "" || name == "-" || !f.IsExported() {
		w.findings = append(w.findings, fmt.Sprintf("%s: json %q, protobuf %q: not in the table", where, f.Tag.Get("json"), tag))
		return Field{}, false
	}
	number, err := strconv.Atoi(strings.Split(tag, ",")[1])
	if err != nil {
		panic(where + ": " + tag)
	}
	field := Field{JSON: name, Number: number, GoName: f.Name, Tag: string(f.Tag)}
	w.shape(&field, f.Type, where)
	field.Omit = omitRule(f.Type, options)
	field.OptionalTag = has(options, "omitempty") || has(options, "omitzero")
	if typedByServer[where] {
		field.Type.Code = Typed
	}
	if name == "" {
		if !f.Anonymous || field.Type.Code != Nested || field.Cardinality != Single {
			panic(where + ": no JSON name, and not an embedded struct")
		}
		field.Type.Code = Inlined
	}
	return field, true
}

func (w *Walker) shape(field *Field, t reflect.Type, where string) {
	switch {
	case t.Kind() == reflect.Pointer:
		field.Cardinality, t = Pointer, t.Elem()
	case t.Kind() == reflect.Map:
		if t.Key().Kind() != reflect.String {
			panic(where + ": a map by something else than strings")
		}
		field.Cardinality, t = Map, t.Elem()
	case t.Kind() == reflect.Slice && t.Elem().Kind() != reflect.Uint8 && !isListMessage(t):
		field.Cardinality, t = Repeated, t.Elem()
	}
	field.Type = w.typeOf(t, where)
}

func (w *Walker) typeOf(t reflect.Type, where string) Type {
	if code, ok := special[t]; ok {
		return Type{Code: code}
	}
	if code, ok := schemaUnions[t]; ok {
		return Type{Code: code, Message: w.Message(schemaProps[t.PkgPath()])}
	}
	if t.Implements(jsonMarshaler) || reflect.PointerTo(t).Implements(jsonMarshaler) {
		panic(where + ": " + t.String() + " has a MarshalJSON that the table does not know")
	}
	switch {
	case t.Kind() == reflect.Struct, isListMessage(t):
		return Type{Code: Nested, Message: w.Message(t)}
	case t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8:
		return Type{Code: Bytes}
	}
	code, ok := map[reflect.Kind]string{
		reflect.String: String, reflect.Bool: Bool, reflect.Int32: Int32, reflect.Int64: Int64, reflect.Float64: Double,
	}[t.Kind()]
	if !ok {
		panic(where + ": no letter for " + t.String())
	}
	return Type{Code: code}
}

func omitRule(t reflect.Type, options string) Omit {
	bytes := t.Kind() == reflect.Slice && t.Elem().Kind() == reflect.Uint8
	switch {
	case has(options, "omitzero") && (t.Kind() == reflect.Struct || bytes && !has(options, "omitempty")):
		return WhenZero
	case has(options, "omitempty") && t.Kind() != reflect.Struct, has(options, "omitzero"):
		return WhenEmpty
	}
	return Never
}

func has(options, option string) bool {
	for _, one := range strings.Split(options, ",") {
		if one == option {
			return true
		}
	}
	return false
}

func isListMessage(t reflect.Type) bool {
	return t.Kind() == reflect.Slice && t.Name() != "" && reflect.PointerTo(t).Implements(protoDecoder)
}

// shortPackage keeps what tells Kubernetes' packages apart: "k8s.io/api/core/v1" and ".../apis/meta/v1".
func shortPackage(path string) string {
	parts := strings.Split(path, "/")
	return strings.Join(parts[len(parts)-2:], "/")
}

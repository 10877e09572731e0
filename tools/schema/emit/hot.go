package emit

import (
	"fmt"
	"strings"

	"kubeflume/tools/schema/model"
)

// Hot writes a reader in source for each hot message. A reader deals with what Go servers send; whatever
// else it meets, it hands the whole message to the reader that goes by the table, which decides: numbers of
// three bytes, fields that occur twice, wrong wire types, lengths past the end.
func Hot(path, kubernetes string, m *model.Model) error {
	f := newFile(path, kubernetes)
	messages, objects := hotMessages(m)
	w := &hotWriter{file: f, hot: map[*model.Message]bool{}, kinds: map[*model.Message]model.Kind{}}
	for _, message := range messages {
		w.hot[message] = true
	}
	for _, kind := range m.Kinds {
		w.kinds[kind.Message] = kind
	}
	f.line("import {\n  asInt64, fitted, isUnusual, lazyJson, low, type MessageReader, next, onlyContent, type Plain, readByTable, readEntry,\n  readIntOrString, readMessage, readMicroTime, readQuantity, readText, readTime, readVarint,\n} from '../hot-runtime.ts'\n\ntype Value = unknown\n")
	for _, message := range messages {
		w.message(message, false)
	}
	for _, message := range objects {
		w.message(message, true)
	}
	f.line("/** By message; those of whole objects, which begin with kind and apiVersion, behind ` typed`. */")
	f.line("export const hotReaders: ReadonlyMap<string, MessageReader> = new Map<string, MessageReader>([")
	for _, message := range messages {
		f.line("  ['%s', %s],", message.Full(), reader(message, false))
	}
	for _, message := range objects {
		f.line("  ['%s typed', %s],", message.Full(), reader(message, true))
	}
	f.line("])")
	return f.write()
}

type hotWriter struct {
	*file
	hot   map[*model.Message]bool
	kinds map[*model.Message]model.Kind
}

// hotField is a field with its local variable; those of inlined structs are among the others.
type hotField struct {
	model.Field
	local string
}

func (w *hotWriter) message(message *model.Message, typed bool) {
	locals := 0
	fields, loop := w.loop(message, message, "end", 1, &locals, "  ")
	name := reader(message, typed)
	w.line("function %s(bytes: Uint8Array, start: number, end: number, depth: number): Value {", name)
	names := make([]string, len(fields))
	for i, field := range fields {
		names[i] = field.local + ": Value"
		if field.Cardinality == model.Repeated {
			names[i] = field.local + ": Value[] | undefined"
		} else if field.Cardinality == model.Map {
			names[i] = field.local + ": Plain | undefined"
		} else if field.Type.Code == "F" {
			names[i] = field.local + " = -1, " + field.local + "e = 0"
		}
	}
	w.line("  let at = start")
	if len(names) > 0 {
		w.line("  let %s", strings.Join(names, ", "))
	}
	w.line("  read: {")
	w.text.WriteString(loop)
	w.build(message, typed, fields)
	w.line("    return o\n  }\n  return readByTable('%s', bytes, start, end, depth)\n}\n", key(message, typed))
}

func (w *hotWriter) build(message *model.Message, typed bool, fields []hotField) {
	w.line("    const o: Plain = {}")
	if typed {
		kind := w.kinds[message]
		w.line("    o.kind = '%s'\n    o.apiVersion = '%s'", kind.Kind, kind.APIVersion)
	}
	for _, field := range fields {
		target := "o." + field.JSON
		if !plainName.MatchString(field.JSON) {
			target = "o['" + field.JSON + "']"
		}
		switch {
		case field.Type.Code == "F":
			w.line("    if (%s >= 0) lazyJson(o, '%s', bytes, %s, %se)", field.local, field.JSON, field.local, field.local)
		case field.Cardinality == model.Repeated && field.Omit == model.Never:
			w.line("    %s = %s === undefined ? null : fitted(%s)", target, field.local, field.local)
		case field.Cardinality == model.Repeated:
			w.line("    if (%s !== undefined) %s = fitted(%s)", field.local, target, field.local)
		case field.Omit == model.Never:
			w.line("    %s = %s === undefined ? %s : %s", target, field.local, w.absent(field.Field), field.local)
		default:
			w.line("    if (%s !== undefined) %s = %s", field.local, target, field.local)
		}
	}
}

func (w *hotWriter) absent(field model.Field) string {
	if field.Cardinality != model.Single {
		return "null"
	}
	if field.Type.Code == model.Nested {
		return w.nested(field, "0", "0")
	}
	return map[string]string{"s": "''", "b": "false", "i": "0", "l": "0", "Q": "'0'", "I": "0"}[field.Type.Code] + map[bool]string{true: "null"}[strings.Contains("yTURJ", field.Type.Code)]
}

func (w *hotWriter) nested(field model.Field, from, to string) string {
	if w.hot[field.Type.Message] {
		return fmt.Sprintf("%s(bytes, %s, %s, depth + 1)", reader(field.Type.Message, false), from, to)
	}
	return fmt.Sprintf("readMessage('%s', bytes, %s, %s, depth + 1)", key(field.Type.Message, field.Type.Code == model.Typed), from, to)
}

// loop writes the reading of one message, and inside of it that of inlined ones. It returns the fields in Go's order.
func (w *hotWriter) loop(root, message *model.Message, end string, level int, locals *int, indent string) ([]hotField, string) {
	var fields []hotField
	var cases strings.Builder
	in := indent + "    "
	for _, field := range message.Fields {
		if field.Type.Code == model.Inlined {
			innerEnd := fmt.Sprintf("end%d", level)
			inner, text := w.loop(root, field.Type.Message, innerEnd, level+1, locals, in)
			fields = append(fields, inner...)
			fmt.Fprintf(&cases, "%scase %d: {\n%s  const %s = stop\n%s%s  break\n%s}\n", in, field.Number*8+2, in, innerEnd, text, in, in)
			continue
		}
		one := hotField{field, fmt.Sprintf("v%d", *locals)}
		*locals++
		fields = append(fields, one)
		cases.WriteString(w.field(one, in))
	}
	var text strings.Builder
	p := func(format string, arguments ...any) { fmt.Fprintf(&text, indent+"  "+format+"\n", arguments...) }
	p("while (at < %s) {", end)
	p("  let tag = bytes[at++]!, value = 0, stop = at")
	p("  if (tag > 127) tag = (tag & 127) | (bytes[at++]! << 7)")
	p("  if ((tag & 7) === 2) {")
	p("    value = bytes[at++]!")
	p("    if (value > 127) value = (value & 127) | (bytes[at++]! << 7)")
	p("    if (value > 16383) value = (value & 16383) | (bytes[at++]! << 14)")
	p("    stop = at + value")
	p("    if (value > 2097151 || !(stop <= %s)) break read", end)
	if hasNumbers(message) {
		p("  } else if ((tag & 7) === 0 && at < %s) {", end)
		p("    value = bytes[at++]!")
		p("    if (value > 127) {")
		p("      readVarint(bytes, at - 1, %s)", end)
		p("      value = asInt64()")
		p("      at = next")
		p("    }")
		p("    stop = at")
	}
	p("  } else break read")
	p("  switch (tag) {")
	text.WriteString(cases.String())
	p("    default: if (isUnusual(tag, %s)) break read", masks(message))
	p("  }")
	p("  at = stop")
	p("}")
	return fields, text.String()
}

func hasNumbers(message *model.Message) bool {
	for _, field := range message.Fields {
		if strings.Contains("bil", field.Type.Code) {
			return true
		}
	}
	return false
}

// masks has a bit for each number of the table: with another wire type it is an error, not an unknown field.
func masks(message *model.Message) string {
	var low, high uint32
	for _, field := range message.Fields {
		switch {
		case field.Number < 32:
			low |= 1 << field.Number
		case field.Number < 64:
			high |= 1 << (field.Number - 32)
		default:
			panic("a hot message with a number over 63: " + message.Full())
		}
	}
	return fmt.Sprintf("%d, %d", low, high)
}

func (w *hotWriter) field(field hotField, in string) string {
	wire := 2
	if strings.Contains("bil", field.Type.Code) && field.Cardinality != model.Map {
		wire = 0
	}
	v, value := field.local, w.value(field.Field)
	omits := field.Cardinality == model.Single && field.Omit != model.Never
	statement := v + " = " + value
	switch {
	case field.Cardinality == model.Map && strings.Contains("sQy", field.Type.Code):
		statement = fmt.Sprintf("if (!readEntry((%s ??= {}), '%s', bytes, at, stop)) break read", v, field.Type.Code)
	case field.Cardinality == model.Map || field.Cardinality == model.Single && field.Type.Code == "F" || strings.Contains("ABCDR", field.Type.Code):
		statement = "break read"
	case field.Type.Code == "F":
		statement = fmt.Sprintf("if (%s >= 0 || (%s = onlyContent(bytes, at, stop)) < 0) break read\n%s  %se = stop", v, v, in, v)
	case field.Cardinality == model.Repeated && wire == 0:
		statement = "break read"
	case field.Cardinality == model.Repeated:
		statement = fmt.Sprintf("if (%s === undefined) %s = [%s]\n%s  else %s.push(%s)", v, v, value, in, v, value)
	case field.Type.Code == model.Nested || field.Type.Code == model.Typed || field.Type.Code == "I":
		statement = fmt.Sprintf("if (%s !== undefined) break read\n%s  %s = %s", v, in, v, value)
	case omits && strings.Contains("sy", field.Type.Code):
		statement = fmt.Sprintf("%s = at === stop ? undefined : %s", v, value)
	case omits && strings.Contains("il", field.Type.Code):
		statement = fmt.Sprintf("%s = value === 0 ? undefined : %s", v, value)
	case omits && field.Type.Code == "b":
		statement = fmt.Sprintf("%s = value === 0 ? undefined : true", v)
	case omits && strings.Contains("TU", field.Type.Code):
		statement = fmt.Sprintf("%s = %s ?? undefined", v, value)
	}
	if statement == "break read" {
		return fmt.Sprintf("%scase %d: break read\n", in, field.Number*8+wire)
	}
	return fmt.Sprintf("%scase %d:\n%s  %s\n%s  break\n", in, field.Number*8+wire, in, statement, in)
}

func (w *hotWriter) value(field model.Field) string {
	switch field.Type.Code {
	case model.Nested, model.Typed:
		return w.nested(field, "at", "stop")
	case model.Bool:
		return "value !== 0"
	case model.Int64:
		return "value"
	case model.Int32:
		return "value === (value | 0) ? value : low"
	}
	return map[string]string{
		"s": "readText", "T": "readTime", "U": "readMicroTime", "Q": "readQuantity", "I": "readIntOrString",
	}[field.Type.Code] + "(bytes, at, stop)"
}

func key(message *model.Message, typed bool) string {
	if typed {
		return message.Full() + " typed"
	}
	return message.Full()
}

func reader(message *model.Message, typed bool) string {
	name := "read_" + strings.NewReplacer("/", "_", ".", "_").Replace(message.Full())
	if typed {
		name += "_typed"
	}
	return name
}

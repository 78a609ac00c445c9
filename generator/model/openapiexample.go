package model

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strconv"
	"strings"

	"go.yaml.in/yaml/v3"
)

// maxNodes is how much of a specification an example may consist of. It also
// ends what a specification repeats without end.
const maxNodes = 20_000

// response is an example of the answer of an operation as a JSON document: the
// one in the specification, or one that follows its schema as far as the
// fields lie; "" when neither gives one. The constants of the question choose
// among the kinds of answers.
func (o *openAPI) response(operation *yaml.Node, constants map[string]string, fields []string) string {
	media := o.jsonContent(o.success(operation))
	schema := o.chosen(o.deref(o.get(media, "schema")), constants)
	candidates := []*yaml.Node{o.get(media, "example")}
	o.each(o.get(media, "examples"), func(_ string, example *yaml.Node) {
		candidates = append(candidates, o.get(o.deref(example), "value"))
	})
	candidates = append(candidates, o.get(schema, "example"))
	candidates = append(candidates, items(o.get(schema, "examples"))...)
	for _, candidate := range candidates {
		if candidate = plain(candidate); candidate == nil || candidate.Kind == yaml.ScalarNode {
			continue
		}
		w := &writer{spec: o}
		if w.node(candidate, 0); w.complete() {
			return indented(w.buf.Bytes())
		}
	}
	return o.follow(schema, fields)
}

// chosen is the kind of answer that goes with a constant of the same name, as
// a question of a type has an answer of that type.
func (o *openAPI) chosen(schema *yaml.Node, constants map[string]string) *yaml.Node {
	discriminator := o.get(schema, "discriminator")
	value := constants[text(o.get(discriminator, "propertyName"))]
	if target := text(o.get(o.get(discriminator, "mapping"), value)); value != "" && target != "" {
		return o.byName(target)
	}
	return schema
}

// success is the response of an operation when all is well.
func (o *openAPI) success(operation *yaml.Node) (response *yaml.Node) {
	o.each(o.get(operation, "responses"), func(code string, value *yaml.Node) {
		if response == nil && strings.HasPrefix(code, "2") {
			response = o.deref(value)
		}
	})
	return response
}

// follow makes an example along the schema, of what the fields need and no
// more.
func (o *openAPI) follow(schema *yaml.Node, fields []string) string {
	w := &writer{spec: o}
	w.schema(schema, "", 0)
	all, err := parseTree(w.buf.String())
	if err != nil {
		return ""
	}
	var wanted []string
	for _, field := range fields {
		if found := all.paths(field); len(found) > 0 { // the nearest: schemas may repeat themselves further down
			wanted = append(wanted, slices.MinFunc(found, func(a, b string) int { return len(a) - len(b) }))
		}
	}
	if len(wanted) == 0 {
		return ""
	}
	w = &writer{spec: o, keep: func(path string) bool {
		return slices.ContainsFunc(wanted, func(full string) bool {
			return path == full || strings.HasPrefix(full, path+".") || strings.HasPrefix(path, full+".")
		})
	}}
	w.schema(schema, "", 0)
	return indented(w.buf.Bytes())
}

func indented(compact []byte) string {
	var out bytes.Buffer
	if json.Indent(&out, compact, "", "  ") != nil {
		return ""
	}
	return out.String() + "\n"
}

// writer writes compact JSON and stops when it becomes too much.
type writer struct {
	spec  *openAPI
	buf   bytes.Buffer
	nodes int
	full  bool
	keep  func(path string) bool // nil: everything
}

// complete says whether everything was written and makes sense.
func (w *writer) complete() bool { return !w.full && json.Valid(w.buf.Bytes()) }

func (w *writer) spend(depth int) bool {
	w.nodes++
	if w.nodes > maxNodes || depth > maxDepth || w.buf.Len() > maxExample {
		w.full = true
	}
	return !w.full
}

func (w *writer) string(s string) {
	encoded, _ := json.Marshal(s)
	w.buf.Write(encoded)
}

// node writes a value of YAML.
func (w *writer) node(n *yaml.Node, depth int) {
	if n = plain(n); n == nil || !w.spend(depth) {
		w.buf.WriteString("null")
		return
	}
	switch n.Kind {
	case yaml.MappingNode:
		w.buf.WriteByte('{')
		for i := 0; i+1 < len(n.Content); i += 2 {
			if i > 0 {
				w.buf.WriteByte(',')
			}
			w.string(n.Content[i].Value)
			w.buf.WriteByte(':')
			w.node(n.Content[i+1], depth+1)
		}
		w.buf.WriteByte('}')
	case yaml.SequenceNode:
		w.buf.WriteByte('[')
		for i, item := range n.Content {
			if i > 0 {
				w.buf.WriteByte(',')
			}
			w.node(item, depth+1)
		}
		w.buf.WriteByte(']')
	default:
		w.scalar(n)
	}
}

func (w *writer) scalar(n *yaml.Node) {
	switch n.ShortTag() {
	case "!!null":
		w.buf.WriteString("null")
		return
	case "!!bool":
		w.buf.WriteString(strings.ToLower(n.Value))
		return
	case "!!int", "!!float":
		if f, err := strconv.ParseFloat(n.Value, 64); err == nil && !math.IsInf(f, 0) && !math.IsNaN(f) && json.Valid([]byte(n.Value)) {
			w.buf.WriteString(n.Value)
			return
		}
	}
	w.string(n.Value)
}

// schema writes a value that follows a schema.
func (w *writer) schema(n *yaml.Node, path string, depth int) {
	o := w.spec
	if n = o.deref(n); n == nil || depth > 12 || !w.spend(depth) {
		w.buf.WriteString("null")
		return
	}
	if w.given(n, path, depth) {
		return
	}
	all := &properties{required: map[string]bool{}}
	o.collect(n, all, 0)
	switch {
	case len(all.names) > 0:
		w.object(all, path, depth)
	case o.schemaType(n) == "array":
		w.buf.WriteByte('[')
		w.schema(o.get(n, "items"), path, depth+1)
		w.buf.WriteByte(']')
	case o.schemaType(n) == "object":
		w.buf.WriteString("{}")
	default:
		w.buf.WriteString(o.sample(n, path))
	}
}

// given writes the example, the default or the first choice of a plain value.
func (w *writer) given(n *yaml.Node, path string, depth int) bool {
	candidates := []*yaml.Node{w.spec.get(n, "example"), w.spec.get(n, "default")}
	candidates = append(candidates, items(w.spec.get(n, "examples"))...)
	candidates = append(candidates, items(w.spec.get(n, "enum"))...)
	for _, candidate := range candidates {
		if candidate = plain(candidate); candidate != nil && (candidate.Kind == yaml.ScalarNode || w.keep == nil) && path != "" {
			w.node(candidate, depth)
			return true
		}
	}
	return false
}

func (w *writer) object(all *properties, path string, depth int) {
	w.buf.WriteByte('{')
	written := 0
	for i, name := range all.names {
		below := strings.TrimPrefix(path+"."+name, ".")
		if w.keep != nil && !w.keep(below) {
			continue
		}
		if written > 0 {
			w.buf.WriteByte(',')
		}
		written++
		w.string(name)
		w.buf.WriteByte(':')
		w.schema(all.schemas[i], below, depth+1)
	}
	w.buf.WriteByte('}')
}

// sample is a value for a schema that gives none itself.
func (o *openAPI) sample(n *yaml.Node, path string) string {
	value := sampleValue(path)
	quoted := strings.HasPrefix(value, `"`)
	switch o.schemaType(n) {
	case "integer", "number":
		if quoted || value == "true" {
			return or(text(o.get(n, "minimum")), "1")
		}
	case "boolean":
		return "true"
	case "string":
		switch text(o.get(n, "format")) {
		case "date":
			return `"2026-01-12"`
		case "date-time":
			return `"2026-01-12T09:00:00Z"`
		}
		if !quoted {
			return strconv.Quote(value)
		}
	}
	return value
}

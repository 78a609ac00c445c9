package answers

import (
	"bytes"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
)

// Schema returns the JSON Schema (2020-12) of the answers file, for editors.
// It is made from the same types as Parse uses. It is a little stricter: its
// patterns warn early of what package model refuses, and it warns of a key
// without a value, which Parse takes for a key that is not there.
func Schema() []byte {
	defs := definitions{}
	top := defs.mapping(root)
	top = append(object{
		{"$schema", "https://json-schema.org/draft/2020-12/schema"},
		{"title", "fieldlab.yaml"},
		{"description", "Antwoorden voor fieldlab: wat een team zegt over zijn gegevens en zijn proces."},
	}, top...)
	top = append(top, member{"$defs", defs.object()})
	raw, err := top.MarshalJSON()
	if err != nil {
		panic("answers: schema: " + err.Error()) // plain maps and texts always encode
	}
	var b bytes.Buffer
	if err := json.Indent(&b, raw, "", "  "); err != nil {
		panic("answers: schema: " + err.Error())
	}
	b.WriteByte('\n')
	return b.Bytes()
}

// object is a JSON object with its members in a fixed order.
type object []member

type member struct {
	name  string
	value any
}

// MarshalJSON keeps the order of the members.
func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := marshalPlain(m.name)
		if err != nil {
			return nil, err
		}
		value, err := marshalPlain(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// marshalPlain leaves <, > and & readable.
func marshalPlain(v any) ([]byte, error) {
	var b bytes.Buffer
	encoder := json.NewEncoder(&b)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

// definitions are the mappings that were met, by name.
type definitions map[string]object

func (d definitions) object() object {
	var o object
	for _, name := range sortedKeys(d) {
		o = append(o, member{name, d[name]})
	}
	return o
}

// schemaText is what text may look like to a reader of YAML: an answer such as
// 16 or true needs no quotes.
var schemaText = []string{"string", "number", "boolean"}

// patterns are the forms of text, for editors.
var patterns = map[string]string{
	"oin":      `^[0-9]{20}$`,
	"email":    `^[^@\s]+@[^@\s]+\.[^@\s]+$`,
	"url":      `^https://[^\s]+$`,
	"colour":   `^#[0-9a-fA-F]{6}$`,
	"duration": `^P(([0-9]+[YMWD])+(T([0-9]+[HMS])+)?|T([0-9]+[HMS])+)$`,
	"group":    `^[a-zA-Z0-9./_-]{1,100}$`,
	"address":  `^https://[^\s/:]+:[0-9]{1,5}$`,
	"sum":      `^sha256:[0-9a-f]{64}$`,
	"date":     `^[0-9]{4}-[0-9]{2}-[0-9]{2}$`,
}

// ranges are the bounds of whole numbers, for editors.
var ranges = map[string][2]int{
	"port":    {1024, 65532},
	"variant": {0, 9999},
}

func (d definitions) mapping(s *shape) object {
	var properties object
	required := []string{}
	for _, k := range s.keys {
		property := object{{"description", k.doc}}
		property = append(property, d.of(k)...)
		if k.example != "" {
			property = append(property, member{"examples", []any{exampleOf(k)}})
		}
		properties = append(properties, member{k.name, property})
		if k.required {
			required = append(required, k.name)
		}
	}
	o := object{{"type", "object"}, {"properties", properties}}
	if len(required) > 0 {
		o = append(o, member{"required", required})
	}
	return append(o, member{"additionalProperties", false})
}

// of describes the value of k.
func (d definitions) of(k key) object {
	switch s := k.shape; s.kind {
	case text:
		return textSchema(k)
	case integer:
		o := object{{"type", "integer"}}
		if r, bounded := ranges[k.form]; bounded {
			o = append(o, member{"minimum", r[0]}, member{"maximum", r[1]})
		}
		return o
	case number:
		return object{{"type", "number"}}
	case boolean:
		return object{{"type", "boolean"}}
	case list:
		items := d.of(key{shape: s.elem, enum: k.enum, required: s.elem.kind == text})
		o := object{{"type", "array"}, {"items", items}}
		if k.required {
			o = append(o, member{"minItems", 1})
		}
		return o
	case texts, outcomes:
		values := textSchema(key{required: true})
		return object{{"type", "object"}, {"additionalProperties", values}}
	case operation, stepField:
		full := s
		if s.kind == stepField {
			full = s.elem
		}
		return object{{"oneOf", []object{textSchema(key{required: true}), d.ref(full)}}}
	default:
		return d.ref(s)
	}
}

func (d definitions) ref(s *shape) object {
	if _, known := d[s.name]; !known {
		d[s.name] = object{} // a type that holds itself ends here
		d[s.name] = d.mapping(s)
	}
	return object{{"$ref", "#/$defs/" + s.name}}
}

func textSchema(k key) object {
	if len(k.enum) > 0 {
		return object{{"enum", k.enum}}
	}
	o := object{{"type", schemaText}}
	switch pattern := patterns[k.form]; {
	case pattern != "":
		return append(o, member{"pattern", pattern})
	case k.required:
		return append(o, member{"pattern", `\S`})
	}
	return o
}

// exampleOf turns the example in the tag into a value of the right type.
func exampleOf(k key) any {
	switch k.shape.kind {
	case integer:
		if n, err := strconv.Atoi(k.example); err == nil {
			return n
		}
	case list:
		return strings.Split(strings.Trim(k.example, "[]"), ", ")
	}
	return k.example
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

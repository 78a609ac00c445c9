package answers

import (
	"reflect"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
)

// kind is what can stand at one place in the file.
type kind int

const (
	text kind = iota
	integer
	number
	boolean
	list      // of elem
	mapping   // with keys
	texts     // a mapping of text to text
	outcomes  // a mapping of name to next step, in order
	operation // a bare name or a mapping with keys
	stepField // a bare name or the mapping of elem
)

// shape describes one place in the file: the struct types of this package, as
// the decoder, the schema and the writer need them.
type shape struct {
	kind kind
	name string // of the Go type, for mappings
	elem *shape
	keys []key
	byID map[string]int // key in the file → index in keys
	flow bool           // written on one line
}

// key is one key of a mapping, with what its struct tag says.
type key struct {
	name     string
	doc      string
	example  string
	form     string
	enum     []string
	required bool
	field    int // index in the struct
	pointer  bool
	shape    *shape
}

// tables are the lists of names that a tag can refer to: what another package
// owns is not written out again here.
var tables = map[string]func() []string{"type": fieldtype.Names}

// root is the shape of the whole file.
var root = shapeOf(reflect.TypeFor[Answers]())

// onOneLine are the mappings that read best on one line.
var onOneLine = map[string]bool{
	"Organisation": true, "Contact": true, "Field": true, "Retention": true, "Provider": true, "Operation": true, "Authentication": true,
	"Purpose": true, "Role": true, "Step": true, "Interaction": true, "Delivery": true, "Fieldlab": true, "Directory": true,
}

func shapeOf(t reflect.Type) *shape {
	switch t {
	case reflect.TypeFor[StepField]():
		return &shape{kind: stepField, name: "StepField", elem: shapeOf(reflect.TypeFor[Field]()), flow: true}
	case reflect.TypeFor[[]Outcome]():
		return &shape{kind: outcomes, flow: true}
	}
	switch t.Kind() {
	case reflect.String:
		return &shape{kind: text}
	case reflect.Int:
		return &shape{kind: integer}
	case reflect.Float64:
		return &shape{kind: number}
	case reflect.Bool:
		return &shape{kind: boolean}
	case reflect.Map:
		return &shape{kind: texts, flow: true}
	case reflect.Slice:
		elem := shapeOf(t.Elem())
		return &shape{kind: list, elem: elem, flow: elem.kind == text}
	case reflect.Struct:
		return mappingOf(t)
	}
	panic("answers: no form for a field of type " + t.String())
}

func mappingOf(t reflect.Type) *shape {
	s := &shape{kind: mapping, name: t.Name(), byID: map[string]int{}, flow: onOneLine[t.Name()]}
	if t == reflect.TypeFor[Operation]() {
		s.kind = operation
	}
	for i := range t.NumField() {
		field := t.Field(i)
		k := key{
			name:     field.Tag.Get("yaml"),
			doc:      field.Tag.Get("doc"),
			example:  field.Tag.Get("example"),
			form:     field.Tag.Get("form"),
			required: field.Tag.Get("required") == "true",
			field:    i,
		}
		if enum := field.Tag.Get("enum"); enum != "" {
			k.enum = strings.Split(enum, "|")
		}
		if table := field.Tag.Get("names"); table != "" {
			names, ok := tables[table]
			if !ok {
				panic("answers: there is no table of names " + table)
			}
			k.enum = names()
		}
		if field.Type.Kind() == reflect.Pointer {
			k.pointer = true
			k.shape = shapeOf(field.Type.Elem())
		} else {
			k.shape = shapeOf(field.Type)
		}
		s.byID[k.name] = len(s.keys)
		s.keys = append(s.keys, k)
	}
	return s
}

// find returns the key called name.
func (s *shape) find(name string) (key, bool) {
	i, ok := s.byID[name]
	if !ok {
		return key{}, false
	}
	return s.keys[i], true
}

// names returns the keys in the order of the file.
func (s *shape) names() []string {
	names := make([]string, len(s.keys))
	for i, k := range s.keys {
		names[i] = k.name
	}
	return names
}

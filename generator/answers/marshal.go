package answers

import (
	"bytes"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"unicode"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator/quote"
)

// SchemaFile is where a component keeps the schema of its answers file, seen
// from its root.
const SchemaFile = ".fieldlab/answers.schema.json"

// firstLine lets editors find the schema.
const firstLine = "# yaml-language-server: $schema=" + SchemaFile

// Marshal writes a as a person would: blocks for the big parts, one line for
// each field and step, nothing that is empty. Reading it gives a again. When
// a is not complete the error holds the problems, and the bytes can still be
// kept and read later.
func Marshal(a Answers) ([]byte, error) {
	if a.Version == 0 {
		a.Version = Version
	}
	w := writer{}
	w.b.WriteString(firstLine + "\n")
	w.block(reflect.ValueOf(a), root, "", false)
	data := w.b.Bytes()
	if _, problems := Parse(FileName, data); len(problems) > 0 {
		return data, fmt.Errorf("answers: these answers have no valid form: %w", problems.Err())
	}
	return data, nil
}

// writer writes values in the order of their keys.
type writer struct {
	b     bytes.Buffer
	style yaml.Style // the quotes that every text gets; 0 for those that need them
	keys  bool       // keys get quotes, as in JSON
}

// key is a key of a mapping.
func (w *writer) key(name string) string {
	if w.keys {
		return `"` + name + `"`
	}
	return name
}

// quoted is a text on one line.
func (w *writer) quoted(s string) string {
	text := quote.YAML(s)
	switch {
	case w.style == yaml.SingleQuotedStyle && s != "" && strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0:
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	case w.style == yaml.DoubleQuotedStyle && text == s:
		return `"` + s + `"` // what needs no quotes has nothing to escape
	}
	return text
}

// block writes the keys of a mapping, each on lines of its own; the first one
// can stand behind a dash.
func (w *writer) block(v reflect.Value, s *shape, indent string, afterDash bool) {
	for _, k := range s.keys {
		field := v.Field(k.field)
		if empty(field) && !(s == root && (k.name == "register" || k.name == "sources")) {
			continue
		}
		if !afterDash {
			w.b.WriteString(indent)
		}
		afterDash = false
		w.b.WriteString(k.name + ":")
		w.value(field, k.shape, indent)
	}
}

// value writes what stands behind a key, from the colon on.
func (w *writer) value(v reflect.Value, s *shape, indent string) {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch {
	case s.kind == mapping && !s.flow:
		w.b.WriteString("\n")
		w.block(v, s, indent+"  ", false)
	case s.kind == list && !s.flow && v.Len() > 0 && !allBare(v):
		w.b.WriteString("\n")
		for i := range v.Len() {
			w.b.WriteString(indent + "  - ")
			if s.elem.flow {
				w.b.WriteString(w.flow(v.Index(i), s.elem) + "\n")
				continue
			}
			w.block(v.Index(i), s.elem, indent+"    ", true)
		}
	default:
		w.b.WriteString(" " + w.flow(v, s) + "\n")
	}
}

// allBare says whether every item is a bare name, so that one line will do.
func allBare(v reflect.Value) bool {
	for i := range v.Len() {
		switch item := v.Index(i).Interface().(type) {
		case Operation:
			if !bareOperation(item) {
				return false
			}
		default:
			return false
		}
	}
	return true
}

func bareOperation(o Operation) bool {
	return o.Method == "" && o.Path == "" && len(o.Parameters) == 0 && len(o.Constants) == 0 && o.Example == ""
}

// flow gives v on one line.
func (w *writer) flow(v reflect.Value, s *shape) string {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	switch s.kind {
	case text:
		return w.quoted(v.String())
	case integer:
		return strconv.FormatInt(v.Int(), 10)
	case number:
		text := strconv.FormatFloat(v.Float(), 'f', -1, 64)
		if regexThousands.MatchString(text) {
			text += "0" // 1.125 could be read as a thousand
		}
		return text
	case boolean:
		return strconv.FormatBool(v.Bool())
	case list:
		items := make([]string, v.Len())
		for i := range items {
			items[i] = w.flow(v.Index(i), s.elem)
		}
		return "[" + strings.Join(items, ", ") + "]"
	case texts:
		return w.quoteTexts(v.Interface().(map[string]string))
	case outcomes:
		return w.quoteOutcomes(v.Interface().([]Outcome))
	case operation:
		if o := v.Interface().(Operation); bareOperation(o) {
			return w.quoted(o.Name)
		}
	case stepField:
		f := v.Interface().(StepField)
		if f.Inline == nil {
			return w.quoted(f.Name)
		}
		return w.flow(reflect.ValueOf(*f.Inline), s.elem)
	}
	var pairs []string
	for _, k := range s.keys {
		if field := v.Field(k.field); !empty(field) {
			pairs = append(pairs, w.key(k.name)+": "+w.flow(field, k.shape))
		}
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

func (w *writer) quoteTexts(m map[string]string) string {
	pairs := make([]string, 0, len(m))
	for _, name := range sortedKeys(m) {
		pairs = append(pairs, w.quoted(name)+": "+w.quoted(m[name]))
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

func (w *writer) quoteOutcomes(list []Outcome) string {
	pairs := make([]string, len(list))
	for i, o := range list {
		pairs[i] = w.quoted(o.Name) + ": " + w.quoted(o.Next)
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// empty says whether v is not worth a line.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Slice, reflect.Map:
		return v.Len() == 0
	case reflect.Struct:
		for i := range v.NumField() {
			if !empty(v.Field(i)) {
				return false
			}
		}
		return true
	}
	return v.IsZero()
}

// Canonical returns the bytes of the answers file in a component: the text of
// the team, with a first line for editors and LF line ends.
func Canonical(d *Document) []byte {
	source := bytes.TrimPrefix(d.Source, []byte("\uFEFF"))
	source = bytes.ReplaceAll(source, []byte("\r\n"), []byte("\n"))
	source = bytes.ReplaceAll(source, []byte("\r"), []byte("\n"))
	lines := strings.Split(strings.TrimRight(string(source), "\n"), "\n")
	for i, line := range lines {
		if !strings.HasPrefix(line, "#") {
			break
		}
		if strings.HasPrefix(strings.TrimSpace(line[1:]), "yaml-language-server:") {
			lines = append(lines[:i:i], lines[i+1:]...)
			break
		}
	}
	return []byte(firstLine + "\n" + strings.Join(lines, "\n") + "\n")
}

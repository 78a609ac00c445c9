package fieldtype

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// OpenAPI is the schema of f in OpenAPI 3.0 as a one-line YAML flow mapping,
// with example as its example (a JSON value).
func (t Type) OpenAPI(f *Field, example string) string {
	var b strings.Builder
	if t.Schema != "" {
		b.WriteString(opening(f))
		b.WriteString(t.reference())
	} else {
		t.schema(&b, f)
	}
	fmt.Fprintf(&b, ", title: %s", flow(markdown(f.Title)))
	fmt.Fprintf(&b, ", description: %s", flow(markdown(t.description(f))))
	// The linter of the API Design Rules takes the key postcode of an address
	// for the method POST; the shared schema has an example of each part.
	if example != "" && !slices.Contains(t.Parts, value.PartPostcode) {
		fmt.Fprintf(&b, ", example: %s", example)
	}
	return b.String() + "}"
}

// Described is the schema in OpenAPI 3.0 of any field of this type, as a one-line
// YAML flow mapping: what the field itself adds is left out.
func (t Type) Described() string {
	if t.Schema != "" {
		return "{" + t.reference() + "}"
	}
	var b strings.Builder
	t.schema(&b, &Field{Values: []string{"een", "twee"}})
	return b.String() + "}"
}

// reference is a reference to the shared schema, for in a schema. OpenAPI 3.0
// ignores what stands beside a $ref, hence allOf. The shared schema takes null,
// and the type beside it decides: nullable counts only beside a type, and both
// must take null for null to be taken (OpenAPI 3.0.3, Schema Object).
func (t Type) reference() string {
	return "type: object, allOf: [{$ref: '#/components/schemas/" + t.Schema + "'}]"
}

// markdown keeps a text from being read as HTML: descriptions are Markdown.
func markdown(s string) string { return strings.ReplaceAll(s, "<", "&lt;") }

// opening begins a schema.
func opening(f *Field) string {
	if f.Nullable {
		return "{nullable: true, "
	}
	return "{"
}

func (t Type) schema(b *strings.Builder, f *Field) {
	b.WriteString(opening(f))
	switch t.Go {
	case "int64":
		b.WriteString("type: integer")
	case "float64":
		b.WriteString("type: number")
	case "bool":
		b.WriteString("type: boolean")
	default:
		b.WriteString("type: string")
	}
	if t.kind.Format != "" {
		fmt.Fprintf(b, ", format: %s", t.kind.Format)
	}
	if pattern := t.patternFor(f); pattern != "" {
		fmt.Fprintf(b, ", pattern: %s", flow(pattern))
	}
	if t.Length > 0 && f.Required {
		b.WriteString(`, minLength: 1, pattern: '\S'`) // not only spaces
	}
	if longest := t.MaxLength(f); longest > 0 {
		fmt.Fprintf(b, ", maxLength: %d", longest)
	}
	if t.Number && t.Go != "value.Money" {
		bound(b, "minimum", f.Min)
		bound(b, "maximum", f.Max)
	}
	if t.Name == "enum" {
		values := make([]string, len(f.Values))
		for i, v := range f.Values {
			values[i] = flow(v)
		}
		if f.Nullable {
			values = append(values, "null") // an enum takes no null that it does not name
		}
		fmt.Fprintf(b, ", enum: [%s]", strings.Join(values, ", "))
	}
}

// patternFor is the regular expression of a value of f. An amount that cannot
// be negative has no minus sign.
func (t Type) patternFor(f *Field) string {
	if t.Go == "value.Money" && f.Min != nil && *f.Min >= 0 {
		return strings.Replace(t.kind.Pattern, "-?", "", 1)
	}
	return t.kind.Pattern
}

func bound(b *strings.Builder, key string, n *float64) {
	if n != nil {
		fmt.Fprintf(b, ", %s: %s", key, strconv.FormatFloat(*n, 'f', -1, 64))
	}
}

// description is the help text and what the schema itself cannot say.
func (t Type) description(f *Field) string {
	text := f.Help
	if text == "" {
		text = f.Title
	}
	if !strings.ContainsAny(text[max(0, len(text)-1):], ".?!") {
		text += "."
	}
	if t.Go == "value.Money" {
		text += " Bedrag in euro met een punt en twee decimalen."
		if f.Min != nil {
			text += " Ten minste " + strconv.FormatFloat(*f.Min, 'f', 2, 64) + "."
		}
		if f.Max != nil {
			text += " Ten hoogste " + strconv.FormatFloat(*f.Max, 'f', 2, 64) + "."
		}
	}
	if t.Note != "" {
		text += " " + t.Note
	}
	return text
}

// flow writes s as a scalar in a YAML flow mapping: plain when that is safe,
// else in double quotes (a JSON string is one).
func flow(s string) string {
	if isPlainScalar(s) {
		return s
	}
	var b strings.Builder
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(s); err != nil {
		return `""`
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// isPlainScalar says whether every YAML reader sees s as a string: a letter,
// then letters, digits, spaces and a few marks, and no word with a meaning.
func isPlainScalar(s string) bool {
	if s == "" || !isLetter(s[0]) || s[len(s)-1] == ' ' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; !isLetter(c) && (c < '0' || c > '9') && c != ' ' && c != '-' && c != '.' {
			return false
		}
	}
	switch strings.ToLower(s) {
	case "y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf":
		return false
	}
	return true
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

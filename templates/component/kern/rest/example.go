package rest

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Field is what the specification says of a field of a body or an answer.
type Field struct {
	Required     bool
	Nullable     bool     // null is a value
	Type, Format string   // "" when it does not say
	Choices      []string // what it may be, when it is a choice
	Min, Max     *float64
	MaxLength    int  // 0: no limit
	File         bool // it names a file
	Example      any  // the one that it gives, or one that is made from it
}

// Field finds a field of the body, or of the answer of an operation without one.
func (c *Contract) Field(method, pattern, name string) (Field, bool) {
	op := c.paths[pattern][method]
	if op == nil {
		return Field{}, false
	}
	p, there := op.fields[name]
	if !there {
		return Field{}, false
	}
	return fieldOf(p), true
}

// HoldsFile says whether a field within a field of an answer names a file.
func (c *Contract) HoldsFile(method, pattern, field, name string) bool {
	op := c.paths[pattern][method]
	if op == nil {
		return false
	}
	p, there := op.fields[field]
	if !there || p.schema.Properties[name] == nil {
		return false
	}
	return fieldOf(property{p.schema.Properties[name].Value, false}).File
}

// Differing says in which ways two descriptions of one field differ; here and
// there name the places where they stand.
func (f Field) Differing(here string, other Field, there string) (all []string) {
	differ := func(what, one, two string) {
		if one != two {
			all = append(all, fmt.Sprintf("%s is %s in %s en %s in %s", what, one, here, two, there))
		}
	}
	differ("verplicht", yesNo(f.Required), yesNo(other.Required))
	differ("de soort", strings.TrimSpace(f.Type+" "+f.Format), strings.TrimSpace(other.Type+" "+other.Format))
	differ("de grens", limits(f.Min, f.Max), limits(other.Min, other.Max))
	differ("de grootste lengte", strconv.Itoa(f.MaxLength), strconv.Itoa(other.MaxLength))
	lacking := func(choices []string, place string, others []string, elsewhere string) {
		for _, choice := range choices {
			if !slices.Contains(others, choice) {
				all = append(all, fmt.Sprintf("keuze %q staat in %s en ontbreekt in %s", choice, place, elsewhere))
			}
		}
	}
	lacking(f.Choices, here, other.Choices, there)
	lacking(other.Choices, there, f.Choices, here)
	return all
}

// length is one of a specification. Longer than a page can show is as good as endless.
func length(n uint64) int {
	return int(min(n, 1<<20)) // #nosec G115 -- It fits after min.
}

func yesNo(b bool) string {
	if b {
		return "ja"
	}
	return "nee"
}

func limits(least, most *float64) string {
	side := func(f *float64) string {
		if f == nil {
			return "vrij"
		}
		return strconv.FormatFloat(*f, 'f', -1, 64)
	}
	return side(least) + " tot " + side(most)
}

func fieldOf(p property) Field {
	s := p.schema
	f := Field{Required: p.required, Nullable: s.Nullable, File: namesFile(s, 0), Example: exampleOf(s, 0)}
	for range 8 { // deeper is a circle
		f.Format, f.Min, f.Max = s.Format, s.Min, s.Max
		if s.Type != nil && len(*s.Type) == 1 {
			f.Type = (*s.Type)[0]
		}
		if s.MaxLength != nil {
			f.MaxLength = length(*s.MaxLength)
		}
		for _, choice := range s.Enum {
			if choice != nil { // null is no choice but the absence of one
				f.Choices = append(f.Choices, fmt.Sprint(choice))
			}
		}
		if f.Type != "" || len(s.AllOf) == 0 {
			break
		}
		s = s.AllOf[0].Value
	}
	return f
}

// namesFile says whether a value names a file: that has an id, a media type and a
// size.
func namesFile(s *schema, depth int) bool {
	if s.Properties["mediatype"] != nil && s.Properties["grootte"] != nil && s.Properties["id"] != nil {
		return true
	}
	for _, part := range s.AllOf {
		if depth < 8 && namesFile(part.Value, depth+1) {
			return true
		}
	}
	return false
}

// invented are values by format, for a field without an example.
var invented = map[string]string{
	"date": "2026-01-12", "date-time": "2026-01-12T09:30:00Z", "email": "iemand@voorbeeld.test",
	"uri": "https://voorbeeld.test/", "uuid": "0198f7a0-0000-7000-8000-000000000001",
}

// exampleOf is a value that a schema takes: its example, or one made of what the
// schema says. Depth ends a schema that holds itself.
func exampleOf(s *schema, depth int) any {
	switch {
	case s.Example != nil:
		return s.Example
	case len(s.Enum) > 0:
		return s.Enum[0]
	case len(s.AllOf) > 0 && depth < 8:
		return exampleOf(s.AllOf[0].Value, depth+1)
	case len(s.Properties) > 0 && depth < 8:
		// What may be left out and has no example is left out: it may not go with the rest.
		object := map[string]any{}
		for name, property := range s.Properties {
			if property.Value.Example != nil || slices.Contains(s.Required, name) {
				object[name] = exampleOf(property.Value, depth+1)
			}
		}
		return object
	}
	least := 1.0
	if s.Min != nil {
		least = *s.Min
	}
	switch {
	case s.Type.Is("boolean"):
		return true
	case s.Type.Is("integer"), s.Type.Is("number"):
		return least
	case s.Type.Is("string"):
		if text, ok := invented[s.Format]; ok {
			return text
		}
		text := strings.Repeat("tekst ", 1+length(s.MinLength)/6)
		if s.MaxLength != nil {
			text = text[:min(len(text), length(*s.MaxLength))]
		}
		return strings.TrimSpace(text)
	}
	return nil
}

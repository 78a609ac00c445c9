package rest

import (
	"bytes"
	"cmp"
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/value"
)

// shape is what we ask of a body beyond what the library checks: a text that
// must be there says something, an id gets small letters, a number gets one
// notation, and null is no object when only the shared part of the schema takes
// it. A schema that has none of these in it has no shape, and its bodies are not
// walked through.
type shape struct {
	text, id, object, number, whole bool
	format                          string // of an object that has rules of its own
	fields                          map[string]*shape
	items                           *shape
}

// shapeOf makes the shape of a schema; nil when there is none. Depth ends
// a schema that holds itself.
func shapeOf(s *schema, required bool, depth int) *shape {
	if s == nil || depth > 8 {
		return nil
	}
	var all shape
	if s.Type.Is("string") {
		all.id = s.Format == "uuid" && len(s.Enum) == 0
		// Of a day and a choice the schema says better what is missing.
		all.text = (required || s.MinLength > 0) && len(s.Enum) == 0 && s.Format != "date" && s.Format != "date-time" && s.Format != "byte"
	}
	all.whole = s.Type.Is("integer")
	all.number = all.whole || s.Type.Is("number")
	if s.Items != nil {
		all.items = shapeOf(s.Items.Value, false, depth+1)
	}
	for name, property := range s.Properties {
		all.field(name, shapeOf(property.Value, slices.Contains(s.Required, name), depth+1))
	}
	if s.Type.Is("object") {
		all.format = s.Format
	}
	all.object = s.Type.Is("object") && !s.Nullable && len(s.AllOf) > 0
	for _, part := range s.AllOf {
		if p := shapeOf(part.Value, required, depth+1); p != nil {
			all.text, all.id, all.format = all.text || p.text, all.id || p.id, cmp.Or(all.format, p.format)
			for name, f := range p.fields {
				all.field(name, f)
			}
		}
	}
	if !all.text && !all.id && !all.object && !all.number && all.format == "" && all.items == nil && len(all.fields) == 0 {
		return nil
	}
	return &all
}

func (s *shape) field(name string, f *shape) {
	if f == nil {
		return
	}
	if s.fields == nil {
		s.fields = map[string]*shape{}
	}
	s.fields[name] = f
}

// fit gives a value with its ids in small letters and its numbers in one
// notation, and adds the places of what says nothing or cannot be.
func (s *shape) fit(v any, at string, empty *[]violation) (fitting any, changed bool) {
	switch v := v.(type) {
	case nil:
		if s.object {
			*empty = append(*empty, violation{at, "nullable", noNull})
		}
	case string:
		if s.text && value.Blank(v) {
			*empty = append(*empty, violation{at, "pattern", value.Missing + "."})
		}
		if s.id && value.IsUUID(v) {
			small := strings.ToLower(v)
			return small, small != v
		}
	case json.Number:
		if s.number {
			return s.figure(v, at, empty)
		}
	case map[string]any:
		for part, err := range value.ObjectFaults(s.format, v) {
			*empty = append(*empty, violation{strings.TrimSuffix(at+"/"+part, "/"), "format", err.Error() + "."})
		}
		for name, f := range s.fields {
			given, there := v[name]
			if !there {
				continue
			}
			if fitting, other := f.fit(given, at+"/"+pointerSegment(name), empty); other {
				v[name], changed = fitting, true
			}
		}
		return v, changed
	case []any:
		for i := range v {
			if s.items == nil {
				break
			}
			if fitting, other := s.items.fit(v[i], at, empty); other {
				v[i], changed = fitting, true
			}
		}
		return v, changed
	}
	return v, false
}

// figure is a number as both databases give it back: zero has no sign, and it has
// no more digits than a reader of JSON keeps.
func (s *shape) figure(v json.Number, at string, wrong *[]violation) (any, bool) {
	n, err := v.Float64()
	switch {
	case err != nil: // the schema says so
	case n == 0 && strings.HasPrefix(v.String(), "-"):
		return json.Number("0"), true
	case s.whole && math.Abs(n) > value.MaxWhole:
		*wrong = append(*wrong, violation{at, "maximum", "Dit getal is te groot om precies te bewaren."})
	case !s.whole && significant(v.String()) != significant(strconv.FormatFloat(n, 'e', -1, 64)):
		*wrong = append(*wrong, violation{at, "multipleOf", "Dit getal heeft te veel cijfers om precies te bewaren."})
	}
	return v, false
}

// noSigns leaves the digits of a number.
var noSigns = strings.NewReplacer("-", "", ".", "")

// significant are the digits of a number in JSON that count.
func significant(s string) string {
	mantissa, _, _ := strings.Cut(strings.ToLower(s), "e")
	return strings.Trim(noSigns.Replace(mantissa), "0")
}

// shaped fits the body of a request to its shape, for the handler too, and puts
// what is empty in the place of what the library says of the same field.
func shaped(r *http.Request, s *shape, v any, wrong []violation) ([]violation, error) {
	if s == nil {
		return wrong, nil
	}
	var empty []violation
	v, changed := s.fit(v, "", &empty)
	if changed {
		raw, err := json.Marshal(v)
		if err != nil {
			return nil, err
		}
		r.Body = body{bytes.NewReader(raw), raw}
	}
	if len(empty) == 0 {
		return wrong, nil
	}
	slices.SortFunc(empty, func(a, b violation) int { return strings.Compare(a.pointer, b.pointer) })
	wrong = slices.DeleteFunc(wrong, func(w violation) bool {
		return slices.ContainsFunc(empty, func(e violation) bool { return e.pointer == w.pointer })
	})
	return append(wrong, empty...), nil
}

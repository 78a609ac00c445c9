package model

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/openapi"
)

// form is what is known of the answers to an operation.
type form struct {
	full   *openapi.Shape             // of all of it
	list   string                     // place of the list of what is found; "" when the answer itself is
	places map[string][]openapi.Place // where the purpose fields stand, as they were written
	gives  []string                   // the kept fields that it has

	found     *openapi.Operation // nil when an example is all that there is
	constants map[string]string
}

// form looks up in the form of an answer what is found and where the purpose
// fields of it are.
func (s *source) form(op *Operation, full *openapi.Shape) *form {
	f := &form{full: full, list: full.ListFor(op.Path, s.Fields), places: map[string][]openapi.Place{}}
	for _, field := range s.Fields {
		place := full.Place(f.list, field)
		f.places[field] = []openapi.Place{place}
		if s.entry == nil || len(place.Tied) == 0 || !alike(full.Below(f.list), place.Tied) {
			continue
		}
		f.places[field] = nil // the catalogue names what stands in either: bewoners or mogelijkeBewoners
		for _, tied := range place.Tied {
			f.places[field] = append(f.places[field], full.Place(f.list, tied))
		}
	}
	s.forms[op] = f
	return f
}

// alike says whether these places are the same of the things in several lists. Those
// of geboorte and overlijden are not: who writes land means one of the two.
func alike(found *openapi.Shape, places []string) bool {
	for _, place := range places {
		first, _, below := strings.Cut(place, ".")
		if !below || found == nil || !slices.ContainsFunc(found.Fields, func(f openapi.ShapeField) bool { return f.JSON == first && f.Shape.Kind == "list" }) {
			return false
		}
	}
	return true
}

// exampleForm is the form of the answers to an operation of which there is an
// example and no description.
func (s *source) exampleForm(op *Operation, example string) {
	if op.Shape != nil || s.forms[op] != nil {
		return
	}
	if full := openapi.FullOf(example); full != nil {
		f := s.form(op, full)
		op.Shape = full.Keep(f.roots())
	}
}

// roots are the places of the purpose fields, from the answer.
func (f *form) roots() []string {
	var roots []string
	for _, places := range f.places {
		for _, place := range places {
			if place.Path != "" && !slices.Contains(roots, place.Root) {
				roots = append(roots, place.Root)
			}
		}
	}
	slices.Sort(roots)
	return roots
}

// kept derives what is kept of the answers of a source, and lets go of all that
// they could have been.
func (b *builder) kept(s *source) {
	for _, op := range s.Operations {
		s.contract(op)
	}
	b.whole(s)
	b.warnings(s)
	for _, f := range s.forms {
		f.full = nil
	}
}

// contract fills what op promises of its answer, as far as its specification or
// else an example tells.
func (s *source) contract(op *Operation) {
	c, f := &op.Contract, s.forms[op]
	c.NotFound = true
	if f == nil {
		return
	}
	c.List = f.list
	c.Array = f.full != nil && f.full.Kind == "list"
	if f.found != nil {
		promise := f.found.Promise(f.constants)
		c.Array, c.Holds, c.Required = promise.Array, promise.Holds, promise.Required
		c.NotFound = f.found.Says(404) || f.found.ByID() || c.List == "" && !c.Array // one thing has no other way not to be there
	}
}

// whole makes whole paths of the purpose fields, from what an answer finds. A
// field that is written shorter is the nearest place of that name: the others
// are of relatives.
func (b *builder) whole(s *source) {
	s.written = map[string]string{}
	var kept []FieldNote
	for _, field := range s.Fields {
		for _, op := range s.Operations {
			if f := s.forms[op]; f != nil {
				for _, place := range f.places[field] {
					kept = s.keep(kept, field, place)
				}
			}
		}
		if s.written[field] == "" { // it is reported, or nobody can know
			kept = s.keep(kept, field, openapi.Place{Path: field})
		}
	}
	s.Fields, s.Kept = nil, kept
	for _, note := range kept {
		s.Fields = append(s.Fields, note.Name)
	}
	for i, field := range s.Stored {
		s.Stored[i] = s.written[field]
	}
	for _, f := range s.forms {
		for _, field := range s.Fields {
			if f.full.Place(f.list, field).Path == field {
				f.gives = append(f.gives, field)
			}
		}
	}
	for i := range s.Kept {
		s.Kept[i].Reason = s.reason(s.Kept[i].Name, s.written)
	}
	s.titles()
}

// keep adds the place of a field, as it was written, to what is kept.
func (s *source) keep(kept []FieldNote, field string, place openapi.Place) []FieldNote {
	if place.Path == "" {
		return kept
	}
	if s.written[field] == "" {
		s.written[field] = place.Path
	}
	if slices.ContainsFunc(kept, func(note FieldNote) bool { return note.Name == place.Path }) {
		return kept
	}
	return append(kept, FieldNote{Name: place.Path, Title: place.Title, Unchecked: place.Unchecked})
}

// kept is the whole path of a field of the source that somebody wrote; "" when
// the purpose has none.
func (s *source) kept(field string) string {
	if slices.Contains(s.Fields, field) {
		return field
	}
	if whole := s.written[field]; whole != "" {
		return whole
	}
	i := slices.IndexFunc(s.Fields, func(f string) bool { return strings.HasSuffix(f, "."+field) })
	if i < 0 {
		return ""
	}
	return s.Fields[i]
}

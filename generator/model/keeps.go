package model

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/naming"
)

// contract fills what op promises of its answer, as far as its shape and, when
// there is one, its specification tell.
func (b *builder) contract(s *source, op *Operation) {
	c := &op.Contract
	if !strings.HasSuffix(strings.TrimSuffix(op.Path, "/"), "}") {
		c.List = op.Shape.List()
	}
	if j, described := s.judged[op]; described {
		promise := j.found.Promise(j.constants)
		c.Array, c.Holds, c.Required = promise.Array, promise.Holds, promise.Required
		c.NotFound = j.found.Says(404)
	} else {
		c.Array = op.Shape != nil && op.Shape.Kind == "list"
		c.NotFound = true
	}
	if c.Array {
		c.List = ""
	}
}

// whole makes whole paths of the purpose fields, from what an answer finds. A
// field that is written shorter is the nearest place of that name: the others
// are of relatives.
func (b *builder) whole(s *source) {
	written := map[string]string{}
	var fields []string
	for _, field := range s.Fields {
		for _, op := range s.Operations {
			if path := nearest(op, field); path != "" {
				written[field] = path
				if !slices.Contains(fields, path) {
					fields = append(fields, path)
				}
			}
		}
		if written[field] == "" { // it is reported, or nobody can know
			written[field] = field
			if !slices.Contains(fields, field) {
				fields = append(fields, field)
			}
		}
	}
	s.Fields = fields
	for i, field := range s.Stored {
		s.Stored[i] = written[field]
	}
	for _, op := range s.Operations {
		op.Shape = op.Shape.Only(op.Contract.List, s.Fields)
	}
	for _, field := range s.Fields {
		s.Kept = append(s.Kept, FieldNote{Name: field, Title: s.titleOf(field)})
	}
	if s.entry != nil {
		for _, w := range s.entry.Warnings {
			s.Warnings = append(s.Warnings, Warning{Field: w.Field, Text: w.Text, Values: w.Values})
		}
	}
}

// nearest is the place of a field in the answer to op, from what is found; ""
// when it has none.
func nearest(op *Operation, field string) string {
	best := ""
	for _, place := range op.Shape.Places(field) {
		if op.Contract.List != "" {
			place = strings.TrimPrefix(place, op.Contract.List+".")
		}
		if best == "" || strings.Count(place, ".") < strings.Count(best, ".") {
			best = place
		}
	}
	return best
}

// titleOf is what people read of a field.
func (s *source) titleOf(field string) string {
	if s.entry != nil && s.entry.Titles[field] != "" {
		return s.entry.Titles[field]
	}
	var words []string
	for part := range strings.SplitSeq(field, ".") {
		words = append(words, naming.Title(part))
	}
	return strings.Join(words, " ")
}

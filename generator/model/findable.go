package model

import (
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
)

// findable fits the synthetic records to the questions that are put about them,
// after the process is sound: a source takes each of these questions, and to
// that about the first record its stand-in has an answer. What the answers give
// as an example stays.
func (b *builder) findable() {
	for _, s := range b.steps {
		if s.Kind != "lookup" || s.Op == nil {
			continue
		}
		b.found(s)
		for _, in := range s.Input {
			if in.Field == nil || in.Part != "" {
				continue
			}
			if t, known := fieldtype.Of(in.Field.Type); known && t.Free {
				b.taken(s, in)
			}
		}
	}
}

// found gives the first record the values of the first question that the
// stand-in has an answer to, when all of it comes from fields.
func (b *builder) found(s *step) {
	for _, find := range s.Op.Finds(s.Source.Fields) {
		if find.Status != 200 || len(find.Asked) == 0 {
			continue
		}
		values := map[*Field]string{}
		for _, c := range find.Asked {
			i := slices.IndexFunc(s.Input, func(in Input) bool { return in.Parameter.Name == c.Name })
			if i < 0 || s.Input[i].Field == nil || s.Input[i].Part != "" || len(c.Values) > 0 {
				return
			}
			if f := s.Input[i].Field; f.exemplary && f.Examples[0].Form != c.Value {
				return
			}
			values[s.Input[i].Field] = c.Value
		}
		for f, value := range values {
			b.exemplify(f, 0, value)
			f.exemplary = true // also for the next lookup
		}
		return
	}
}

// taken replaces the examples that the specification of the source refuses.
func (b *builder) taken(s *step, in Input) {
	i := slices.IndexFunc(b.own, func(own *source) bool { return own.Source == s.Source })
	if i < 0 || b.own[i].openapi == nil {
		return
	}
	op := b.own[i].openapi.Operation(s.Op.Name.Raw)
	if op == nil {
		return
	}
	for n, example := range in.Field.Examples {
		if n == 0 && in.Field.exemplary || op.Takes(in.Parameter.Name, example.Form) {
			continue
		}
		if value := op.Sample(in.Parameter.Name, n); value != "" {
			b.exemplify(in.Field, n, value)
		}
	}
}

// exemplify makes value the nth example of f, when f can have it and no other
// field of the record must differ from it.
func (b *builder) exemplify(f *Field, n int, value string) {
	t, known := fieldtype.Of(f.Type)
	if !known {
		return
	}
	spec := specification(f, nil)
	value, fault := t.Check(spec, value)
	if fault != "" {
		return
	}
	spec.Example = value
	e := t.Examples(spec)[0]
	if f.Pointer() {
		e.Go = t.New(e)
	}
	for _, entity := range b.c.Entities {
		if !slices.Contains(entity.Fields, f) || !t.Distinct {
			continue
		}
		for _, other := range entity.Fields {
			if other != f && other.Type == f.Type && other.Examples[n].JSON == e.JSON {
				return
			}
		}
	}
	f.Examples[n] = Example(e)
	if n == 0 {
		f.OpenAPI = t.OpenAPI(spec, e.JSON)
	}
}

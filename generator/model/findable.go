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

// found gives the first record the values of a question that the stand-in has an
// answer to, when all of it comes from fields: of the first one, and in another
// variant of another that fits as well.
func (b *builder) found(s *step) {
	finds := slices.DeleteFunc(s.Op.Finds(s.Source.Fields), func(find Find) bool { return find.Status != 200 || len(find.Asked) == 0 })
	if len(finds) == 0 || questioned(s, finds[0]) == nil {
		return
	}
	fit := slices.DeleteFunc(slices.Clone(finds[1:]), func(find Find) bool { return !fits(questioned(s, find)) })
	fit = slices.Insert(fit, 0, finds[0])
	for f, value := range questioned(s, fit[b.variant()%len(fit)]) {
		b.exemplify(f, 0, value)
		f.exemplary = true // also for the next lookup
	}
}

// questioned is what the fields of a step hold when its question is that of find; nil
// when they do not make up that question.
func questioned(s *step, find Find) map[*Field]string {
	values := map[*Field]string{}
	for _, c := range find.Asked {
		i := slices.IndexFunc(s.Input, func(in Input) bool { return in.Parameter.Name == c.Name })
		if i < 0 || s.Input[i].Field == nil || s.Input[i].Part != "" || len(c.Values) > 0 {
			return nil
		}
		if f := s.Input[i].Field; f.exemplary && f.Examples[0].Form != c.Value {
			return nil
		}
		values[s.Input[i].Field] = c.Value
	}
	return values
}

// fits says whether every field can have its value.
func fits(values map[*Field]string) bool {
	for f, value := range values {
		t, known := fieldtype.Of(f.Type)
		if !known {
			return false
		}
		if _, fault := t.Check(specification(f, nil), value); fault != "" {
			return false
		}
	}
	return len(values) > 0
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

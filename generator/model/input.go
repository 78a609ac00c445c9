package model

import (
	"maps"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// partsOf lists the parts of a field that a source can be asked with; nil when
// the field is asked with as it is.
func partsOf(f *Field) []string {
	t, _ := fieldtype.Of(f.Type)
	return t.Parts
}

// inputs decides for every lookup where each parameter comes from. It runs only
// on a sound process.
func (b *builder) inputs() {
	used := map[*Operation]map[string]bool{}
	for _, s := range b.steps {
		if s.Kind != "lookup" || s.Op == nil {
			continue
		}
		b.input(s)
		if used[s.Op] == nil {
			used[s.Op] = map[string]bool{}
		}
		for _, in := range s.Input {
			used[s.Op][in.Parameter.Name] = true
		}
	}
	for _, s := range b.steps {
		if s.Op != nil {
			b.settle(s.Op, used[s.Op])
		}
	}
}

// settle drops optional parameters that no step fills, so that the client of
// the source has no more than is used, and keeps personal data out of the URL
// of a request whose form is a guess anyway.
func (b *builder) settle(op *Operation, used map[string]bool) {
	op.Parameters = slices.DeleteFunc(op.Parameters, func(p Parameter) bool { return !p.Required && !used[p.Name] })
	if !op.Guessed || op.Method != "GET" || strings.Contains(op.Path, "{") {
		return
	}
	personal := false
	for _, s := range b.steps {
		for _, in := range s.Input {
			personal = personal || s.Op == op && in.Field != nil && in.Field.Personal
		}
	}
	if !personal || op.Path != "/"+op.Name.Path {
		return
	}
	op.Method = "POST"
	for i := range op.Parameters {
		op.Parameters[i].In = "body"
	}
	for i := range op.Constants {
		op.Constants[i].In = "body"
	}
	for _, s := range b.steps {
		for i := range s.Input {
			if s.Op == op {
				s.Input[i].Parameter.In = "body"
			}
		}
	}
}

// input fills the parameters of one lookup.
func (b *builder) input(s *step) {
	if b.unsure.operations[s.Op] {
		b.givenInput(s)
		return
	}
	var names []string
	for _, p := range s.Op.Parameters {
		names = append(names, p.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(s.given.Input)) {
		if !slices.Contains(names, name) {
			b.suggest(closest(name, names), problem.ParameterUnknown, s.key+".input."+name, name, s.Op.Name.Raw)
		}
	}
	var missing []string
	for _, p := range s.Op.Parameters {
		from, explicit := s.given.Input[p.Name]
		var in *Input
		if explicit {
			if in = b.explicitInput(s, s.key+".input."+p.Name, strings.TrimSpace(from)); in == nil {
				continue // reported
			}
		} else if in = b.inputByName(s, p); in == nil {
			if p.Required {
				missing = append(missing, p.Name)
			}
			continue
		}
		in.Parameter = p
		s.Input = append(s.Input, *in)
	}
	switch available := b.available(s); {
	case len(missing) > 0 && b.unsure.fields: // what was to fill it may be what is not known
	case len(missing) > 0 && len(available) == 0:
		b.add(problem.InputNothing, s.key+".input", missing, s.Name.Raw)
	case len(missing) > 0:
		b.suggest(closest(missing[0], available), problem.InputMissing, s.key+".input", missing, available)
	case len(s.Input) == 0 && len(names) > 0 && len(s.given.Input) == 0:
		b.add(problem.InputNone, s.key+".input", names)
	}
}

// explicitInput resolves an answer: field, address.part or source.field.
func (b *builder) explicitInput(s *step, key, from string) *Input {
	head, rest, dotted := strings.Cut(from, ".")
	if f, kind := b.askedBefore(s, head); f != nil {
		parts := partsOf(f)
		switch {
		case parts != nil && !slices.Contains(parts, rest):
			b.suggest(head+"."+or(closest(rest, parts), usual(parts)), problem.InputPart, key, head, parts)
			return nil
		case parts == nil && dotted:
			b.suggest(head, problem.InputNoPart, key, head, f.Type)
			return nil
		}
		return &Input{From: kind, Field: f, Part: rest}
	}
	if from := b.source(head); from != nil && dotted {
		return b.answerInput(s, key, from, rest)
	}
	if b.askedSomewhere(head) {
		b.follows(b.unsure.fields, "", problem.InputNotAlways, key, head, s.Name.Raw)
		return nil
	}
	available := b.available(s)
	b.follows(b.unsure.fields, closest(from, available), problem.InputUnknown, key, from, available)
	return nil
}

// usual is the part that a source is asked with most.
func usual(parts []string) string {
	if slices.Contains(parts, "postcode") {
		return "postcode"
	}
	return parts[0]
}

func (b *builder) answerInput(s *step, key string, from *source, field string) *Input {
	whole := from.kept(field)
	if whole == "" {
		meant := closest(field, from.Fields)
		if meant != "" {
			meant = from.Name.Raw + "." + meant
		}
		b.follows(from.unclear, meant, problem.InputNotInPurpose, key, field, from.Name.Raw)
		return nil
	}
	by := b.answeredBy(s.Step, from, whole)
	if by == nil {
		b.follows(b.unsure.sources, "", problem.InputOrder, key, from.Name.Raw, s.Name.Raw)
		return nil
	}
	return &Input{From: "antwoord", Source: from.Source, Step: by, Path: whole}
}

// inputByName finds a value for a parameter that the answers do not mention:
// something of the same name, nearest first, or the only field of its kind.
func (b *builder) inputByName(s *step, p Parameter) *Input {
	if f, kind := b.askedBefore(s, p.Name); f != nil && partsOf(f) == nil {
		return &Input{From: kind, Field: f}
	}
	for _, name := range []string{"adres", "adres-overal"} {
		t, _ := fieldtype.Of(name)
		if part := strings.ToLower(p.Name); slices.Contains(t.Parts, part) {
			if f, kind := b.only(s, name); f != nil {
				return &Input{From: kind, Field: f, Part: part}
			}
		}
	}
	for _, from := range b.own {
		// That of the thing itself before that of a relative of it.
		nearest := slices.Clone(from.Fields)
		slices.SortStableFunc(nearest, func(a, b string) int { return strings.Count(a, ".") - strings.Count(b, ".") })
		for _, field := range nearest {
			if _, last, _ := cutLast(field); field == p.Name || last == p.Name {
				if by := b.answeredBy(s.Step, from, field); by != nil {
					return &Input{From: "antwoord", Source: from.Source, Step: by, Path: field}
				}
			}
		}
	}
	if kind := fieldtype.ForParameter(p.Name); kind != "" {
		if f, from := b.only(s, kind); f != nil {
			return &Input{From: from, Field: f}
		}
	}
	return nil
}

// only is the one field of a type that is known at s; nil when there are more.
func (b *builder) only(s *step, kind string) (field *Field, from string) {
	for _, f := range b.known(s) {
		if f.Type == kind {
			if field != nil {
				return nil, ""
			}
			field, from = f.Field, "invoer"
			if f.Stored {
				from = "veld"
			}
		}
	}
	return field, from
}

// known are the fields that have always been asked when s begins: those of
// every form just before it that are not stored, then those of the subject.
func (b *builder) known(s *step) []StepField {
	var out []StepField
	for i, person := range b.lastPersons(s.Step) {
		if i == 0 {
			out = slices.DeleteFunc(slices.Clone(person.Fields), func(f StepField) bool { return f.Stored })
			continue
		}
		out = slices.DeleteFunc(out, func(f StepField) bool {
			return !slices.ContainsFunc(person.Fields, func(o StepField) bool { return !o.Stored && o.Name.Path == f.Name.Path })
		})
	}
	if p := b.c.Process; p.Subject != nil {
		for _, f := range p.Subject.Fields {
			if b.stored(s.Step, f) {
				out = append(out, StepField{Field: f, Stored: true})
			}
		}
	}
	return out
}

// askedBefore finds a known field by name.
func (b *builder) askedBefore(s *step, raw string) (*Field, string) {
	f := find(b.known(s), func(f StepField) Names { return f.Name }, raw)
	switch {
	case f.Field == nil:
		return nil, ""
	case f.Stored:
		return f.Field, "veld"
	}
	return f.Field, "invoer"
}

// askedSomewhere says whether any form has a field of that name.
func (b *builder) askedSomewhere(raw string) bool {
	return slices.ContainsFunc(b.steps, func(s *step) bool {
		return slices.ContainsFunc(s.Fields, func(f StepField) bool { return same(f.Name, raw) })
	})
}

// available lists what the input of s can be, as it is written in the answers.
func (b *builder) available(s *step) []string {
	var out []string
	for _, f := range b.known(s) {
		switch parts := partsOf(f.Field); {
		case parts == nil:
			out = append(out, f.Name.Raw)
		case slices.Contains(parts, "postcode"):
			out = append(out, f.Name.Raw+".postcode", f.Name.Raw+".huisnummer")
		default:
			out = append(out, f.Name.Raw+"."+parts[0])
		}
	}
	for _, from := range b.own {
		for _, field := range from.Fields {
			if b.answeredBy(s.Step, from, field) != nil {
				out = append(out, from.Name.Raw+"."+field)
			}
		}
	}
	return out
}

// stored says whether a field of the subject has been asked whenever s begins:
// no way leads there around the forms that ask it.
func (b *builder) stored(s *Step, f *Field) bool {
	asks := func(form *Step) bool {
		return slices.ContainsFunc(form.Fields, func(sf StepField) bool { return sf.Field == f })
	}
	around, done := b.unasked[f]
	if !done {
		around = map[*Step]bool{}
		if start := b.c.Process.Start; !asks(start) {
			around = reachable(start, asks)
		}
		if b.unasked == nil {
			b.unasked = map[*Field]map[*Step]bool{}
		}
		b.unasked[f] = around
	}
	return !around[s]
}

// lastPersons are the steps of people that can be the last one before s; none
// when s can come before anybody did anything.
func (b *builder) lastPersons(s *Step) []*Step {
	var persons []*Step
	alone := false
	b.back(s, func(before *Step, _ Outcome) bool {
		if before == nil {
			alone = true
		} else if before.Human() && !slices.Contains(persons, before) {
			persons = append(persons, before)
		}
		return before != nil && before.Human()
	})
	if alone {
		return nil
	}
	return persons
}

// answeredBy is the lookup that gave a field of a source when s begins; nil when
// it is not always at hand. It was asked since the last person did something,
// as answers are not stored. Of more lookups on one way the last one counts;
// on different ways they must put the same question.
func (b *builder) answeredBy(s *Step, from *source, field string) (by *Step) {
	always := true
	b.back(s, func(before *Step, way Outcome) bool {
		good := before != nil && before.Source == from.Source && way.Name.Path != "niet-gevonden" && from.gives(before.Op, field)
		if good && by == nil {
			by = before
		}
		always = always && (good && b.sameQuestion(by, before) || !good && before != nil && !before.Human())
		return good || before != nil && before.Human()
	})
	if !always {
		return nil
	}
	return by
}

// gives says whether an answer to op has the field, as far as its form and
// examples tell.
func (s *source) gives(op *Operation, field string) bool {
	has := func(op *Operation) bool {
		f, example := s.forms[op], s.examples[op]
		if f != nil && f.found != nil && !slices.Contains(f.gives, field) {
			return false
		}
		return example == nil || example.has(field)
	}
	return has(op) || !slices.ContainsFunc(s.Operations, has) // else another question does
}

// sameQuestion says whether two lookups ask the same with the same input.
func (b *builder) sameQuestion(one, other *Step) bool {
	input := func(of *Step) map[string]string {
		i := slices.IndexFunc(b.steps, func(s *step) bool { return s.Step == of })
		return b.steps[i].given.Input
	}
	return one == other || one.Op == other.Op && maps.Equal(input(one), input(other))
}

// back walks from s to what comes before it, until stop says so; before is nil
// where the process starts.
func (b *builder) back(s *Step, stop func(before *Step, way Outcome) bool) {
	seen := map[*Step]bool{s: true}
	for todo := []*Step{s}; len(todo) > 0; {
		at := todo[0]
		todo = todo[1:]
		if at == b.c.Process.Start {
			stop(nil, Outcome{})
		}
		for _, before := range b.steps {
			for _, way := range exits(before.Step) {
				if way.Next == at && !stop(before.Step, way) && !seen[before.Step] {
					seen[before.Step] = true
					todo = append(todo, before.Step)
				}
			}
		}
	}
}

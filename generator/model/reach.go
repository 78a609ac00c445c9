package model

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
)

// reachable sees to it that what the stand-in of a source of the team's own
// answers can be asked for: by a value that the form takes and the specification
// too, each answer by another. What the catalogue or the team itself has as
// answers stays as it is.
func (b *builder) reachable() {
	done := map[*Operation]bool{}
	for _, step := range b.steps {
		op := step.Op
		if step.Kind != "lookup" || op == nil || done[op] || op.ExampleFile != "" {
			continue
		}
		done[op] = true
		i := slices.IndexFunc(b.own, func(s *source) bool { return s.Source == step.Source })
		if i < 0 || b.own[i].entry != nil || b.own[i].forms[op] == nil || b.own[i].forms[op].found == nil {
			continue
		}
		if inputs := inputsToFind(step); len(inputs) > 0 {
			b.reach(b.own[i].forms[op], op, inputs)
		}
	}
}

// inputsToFind are the inputs by which a person can look for an answer: those that the
// form insists on, or else the first.
func inputsToFind(s *step) []Input {
	var all, needed []Input
	for _, in := range s.Input {
		if in.Field == nil || in.Part != "" {
			continue
		}
		all = append(all, in)
		if in.Parameter.Required || in.Field.Required {
			needed = append(needed, in)
		}
	}
	if len(needed) == 0 && len(all) > 0 {
		return all[:1]
	}
	return needed
}

// reach gives the answers to op a question each.
func (b *builder) reach(f *form, op *Operation, inputs []Input) {
	taken := map[string]bool{}
	var lost []int // of which there is no question
	for n := range op.Answers {
		a := &op.Answers[n]
		var body any
		if a.Always || len(a.When) > 0 || !decode(a.Body, &body) {
			continue
		}
		values, asked := make([]string, len(inputs)), true
		for i, in := range inputs {
			values[i] = valueAt(body, in.Parameter.Name)
			asked = asked && f.takes(in, values[i])
		}
		if asked && !taken[strings.Join(values, "\n")] {
			taken[strings.Join(values, "\n")] = true
			continue // what it holds can be asked
		}
		if values = f.question(inputs, n, taken); values == nil {
			lost = append(lost, n)
			continue
		}
		changed := a.Body
		for i, in := range inputs {
			a.When = append(a.When, Constant{Name: in.Parameter.Name, In: in.Parameter.In, Value: values[i]})
			if set(body, in.Parameter.Name, values[i]) {
				if written, err := json.MarshalIndent(body, "", "  "); err == nil && f.found.Check(string(written), f.constants) {
					changed = string(written) + "\n"
				}
			}
		}
		a.Body = changed
		if n == 0 {
			op.Example = changed
		}
	}
	for _, n := range slices.Backward(lost) {
		if len(op.Answers) > 1 {
			op.Answers = slices.Delete(op.Answers, n, n+1)
		}
	}
}

// decode reads a JSON document with its numbers as they are written.
func decode(document string, into *any) bool {
	d := json.NewDecoder(strings.NewReader(document))
	d.UseNumber()
	return d.Decode(into) == nil
}

// takes says whether both the field of a form and the specification of the source
// take a value.
func (f *form) takes(in Input, value string) bool {
	t, known := fieldtype.Of(in.Field.Type)
	if value == "" || !known {
		return false
	}
	checked, fault := t.Check(specification(in.Field, nil), value)
	return fault == "" && checked == value && f.found.Takes(in.Parameter.Name, value) && len(value) < 60 && !strings.HasPrefix(value, "nagebootst: ")
}

// question is a question for the nth answer that nobody else has; nil when there
// is none.
func (f *form) question(inputs []Input, n int, taken map[string]bool) []string {
	for try := n; try < n+4; try++ {
		values := make([]string, len(inputs))
		for i, in := range inputs {
			if fit := f.fitting(in); len(fit) > 0 {
				values[i] = fit[try%len(fit)]
			}
		}
		if key := strings.Join(values, "\n"); !slices.Contains(values, "") && !taken[key] {
			taken[key] = true
			return values
		}
	}
	return nil
}

// fitting are values of a field that the source takes as well.
func (f *form) fitting(in Input) []string {
	var all []string
	for _, example := range in.Field.Examples {
		all = append(all, example.Form)
	}
	for _, value := range in.Field.Values {
		all = append(all, value.Raw)
	}
	for n := range 4 {
		all = append(all, f.found.Sample(in.Parameter.Name, n))
	}
	var fit []string
	for _, value := range all {
		if !slices.Contains(fit, value) && f.takes(in, value) {
			fit = append(fit, value)
		}
	}
	return fit
}

// set changes the plain text nearest to the top that has a name.
func set(v any, name, value string) bool {
	for level := []any{v}; len(level) > 0; {
		var below []any
		for _, item := range level {
			switch item := item.(type) {
			case map[string]any:
				if _, text := item[name].(string); text {
					item[name] = value
					return true
				}
				for _, key := range sortedKeys(item) {
					below = append(below, item[key])
				}
			case []any:
				below = append(below, item...)
			}
		}
		level = below
	}
	return false
}

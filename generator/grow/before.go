package grow

import (
	"maps"
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// What is at hand when a lookup begins. An answer of a source and a field that
// is not stored live until the next step of a person.

// human says whether a person does a step.
func human(st answers.Step) bool {
	return st.Kind == "form" || st.Kind == "decide" || st.Kind == "task"
}

// back walks from a step to those before it, until stop says so. Before is -1
// where the process starts; outcome is the way that was taken.
func back(p answers.Process, from int, stop func(before int, outcome string) bool) {
	seen := map[int]bool{from: true}
	for todo := []int{from}; len(todo) > 0; {
		at := todo[0]
		todo = todo[1:]
		if at == start(p) {
			stop(-1, "")
		}
		visit := func(before int, outcome, next string) {
			if Same(next, p.Steps[at].Name) && !stop(before, outcome) && !seen[before] {
				seen[before] = true
				todo = append(todo, before)
			}
		}
		for i, st := range p.Steps {
			if len(st.Outcomes) == 0 && st.Next != "" {
				visit(i, "", st.Next)
			}
			for _, o := range st.Outcomes {
				visit(i, o.Name, o.Next)
			}
		}
	}
}

// typed says whether every person who can be the last before a step was asked a
// field that is not stored.
func typed(p answers.Process, step int, name string) bool {
	always := true
	back(p, step, func(before int, _ string) bool {
		if before < 0 {
			always = false
			return false
		}
		if !human(p.Steps[before]) {
			return false
		}
		always = always && slices.ContainsFunc(p.Steps[before].Fields, func(f answers.StepField) bool { return f.Inline != nil && Same(f.Name, name) })
		return true
	})
	return always
}

// stored says whether no way leads to a step around the forms that ask a field
// of the subject.
func stored(p answers.Process, step int, name string) bool {
	asks := func(st answers.Step) bool {
		return slices.ContainsFunc(st.Fields, func(f answers.StepField) bool { return f.Inline == nil && Same(f.Name, name) })
	}
	seen := make([]bool, len(p.Steps))
	var visit func(i int)
	visit = func(i int) {
		if i < 0 || seen[i] {
			return
		}
		seen[i] = true
		if asks(p.Steps[i]) {
			return
		}
		for _, next := range Targets(p.Steps[i]) {
			visit(index(p.Steps, stepName, next))
		}
	}
	visit(start(p))
	return !seen[step] || asks(p.Steps[step])
}

// answered says whether a source always answered since the last person, and
// always to the same question.
func answered(p answers.Process, step int, source string) bool {
	always := true
	var by *answers.Step
	back(p, step, func(before int, outcome string) bool {
		if before < 0 {
			always = false
			return false
		}
		st := p.Steps[before]
		good := Same(st.Source, source) && !Same(outcome, "niet-gevonden")
		if good && by == nil {
			by = &st
		}
		always = always && (good && sameQuestion(*by, st) || !good && !human(st))
		return good || human(st)
	})
	return always && by != nil
}

func sameQuestion(one, other answers.Step) bool {
	return Same(one.Name, other.Name) || (one.Operation == other.Operation || Same(one.Operation, other.Operation)) && maps.Equal(one.Input, other.Input)
}

// atHand says whether a value for a question is always known when the step
// begins.
func atHand(a answers.Answers, step int, value string) bool {
	head, rest, dotted := strings.Cut(strings.TrimSpace(value), ".")
	fields, p := asked(a), a.Process
	if i := index(fields, fieldName, head); i >= 0 {
		e := index(a.Register, entityName, p.Subject)
		ofSubject := e >= 0 && index(a.Register[e].Fields, fieldName, head) >= 0
		if ofSubject && stored(p, step, head) || !ofSubject && typed(p, step, head) {
			list := parts(fields[i])
			return list == nil && !dotted || slices.Contains(list, rest)
		}
	}
	return dotted && index(a.Sources, sourceName, head) >= 0 && answered(p, step, head)
}

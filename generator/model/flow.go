package model

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// links resolves next, outcomes and start, and says whether something was
// missing.
func (b *builder) links(start string) (broken bool) {
	before := len(b.problems)
	for _, s := range b.steps {
		if s.given.Next != "" && slices.Contains(kinds[s.Kind].may, "next") && len(s.Outcomes) == 0 {
			s.Next = b.target(s.key+".next", s.given.Next)
		}
		for i := range s.Outcomes {
			for _, a := range s.given.Outcomes {
				if a.Name == s.Outcomes[i].Name.Raw || same(s.Outcomes[i].Name, a.Name) {
					s.Outcomes[i].Next = b.target(outcomeKey(s, a), a.Next)
					break
				}
			}
			if s.Outcomes[i].Next == nil {
				broken = true // its name was refused
			}
		}
		if _, known := kinds[s.Kind]; known && s.Kind != "end" && s.Next == nil && len(s.Outcomes) == 0 {
			broken = true // reported already as a missing key
		}
	}
	p := b.c.Process
	if start == "" {
		p.Start = p.Steps[0]
	} else {
		p.Start = b.target("process.start", start)
	}
	if p.Start != nil && p.Start.Kind == "end" {
		b.add(problem.StartIsEnd, "process.start", p.Start.Name.Raw)
	}
	for _, s := range b.steps {
		if _, known := kinds[s.Kind]; !known {
			broken = true
		}
	}
	return broken || len(b.problems) > before
}

// target finds the step that raw names.
func (b *builder) target(key, raw string) *Step {
	if raw = strings.TrimSpace(raw); raw == "" {
		b.add(problem.ValueEmpty, key)
		return nil
	}
	name := func(s *step) Names { return s.Name }
	if s := find(b.steps, name, raw); s != nil {
		return s.Step
	}
	b.suggest(closest(raw, raws(b.steps, name)), problem.StepUnknown, key, raw)
	return nil
}

// startForm checks that the first form asks all that a record of the subject
// cannot do without.
func (b *builder) startForm() {
	p := b.c.Process
	if p.Subject == nil || p.Start == nil {
		return
	}
	var start *step
	for _, s := range b.steps {
		if s.Step == p.Start {
			start = s
		}
	}
	stored := func(f *Field) bool {
		return slices.ContainsFunc(start.Fields, func(sf StepField) bool { return sf.Field == f && sf.Stored })
	}
	if !slices.ContainsFunc(p.Subject.Fields, stored) {
		if start.Kind != "form" || len(start.given.Fields) > 0 && len(start.Fields) == len(start.given.Fields) {
			b.add(problem.SubjectNotAsked, start.key, p.Subject.Name.Raw, start.Name.Raw)
		}
		return
	}
	for _, f := range p.Subject.Fields {
		if f.Required && !stored(f) && !b.misspelled(start, f) {
			b.add(problem.RequiredNotAsked, start.key+".fields", f.Name.Raw, p.Subject.Name.Raw)
		}
	}
}

// exits are the ways out of a step: its outcomes, or the one way on.
func exits(s *Step) []Outcome {
	if s.Next != nil {
		return []Outcome{{Next: s.Next}}
	}
	return s.Outcomes
}

// walks checks that every step can be reached, can reach an end, and that no
// circle of lookups goes round without anybody.
func (b *builder) walks() (sound bool) {
	before := len(b.problems)
	p := b.c.Process
	reached := reachable(p.Start, func(*Step) bool { return false })
	ends := map[*Step]bool{} // steps from where an end can be reached
	for changed := true; changed; {
		changed = false
		for _, s := range p.Steps {
			if !ends[s] && (s.Kind == "end" || slices.ContainsFunc(exits(s), func(o Outcome) bool { return ends[o.Next] })) {
				ends[s], changed = true, true
			}
		}
	}
	if len(ends) == 0 {
		b.add(problem.NoEnd, "process.steps")
	}
	for _, s := range b.steps {
		switch {
		case !reached[s.Step]:
			b.add(problem.StepUnreachable, s.key+".name", s.Name.Raw)
		case !ends[s.Step] && len(ends) > 0:
			b.add(problem.StepDeadEnd, s.key+".name", s.Name.Raw)
		}
	}
	b.circles()
	return len(b.problems) == before
}

// reachable are the steps that can follow start, start itself included, on a
// way on which nothing stops it.
func reachable(start *Step, stops func(*Step) bool) map[*Step]bool {
	reached := map[*Step]bool{start: true}
	for todo := []*Step{start}; len(todo) > 0; {
		s := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, o := range exits(s) {
			if !reached[o.Next] {
				reached[o.Next] = true
				if !stops(o.Next) {
					todo = append(todo, o.Next)
				}
			}
		}
	}
	return reached
}

// circles reports lookups that lead back to themselves through lookups only:
// once begun, that would never stop.
func (b *builder) circles() {
	state := map[*Step]int{} // 1: being visited, 2: done
	var path []string
	var visit func(s *Step) bool
	visit = func(s *Step) bool {
		state[s] = 1
		path = append(path, s.Name.Raw)
		defer func() { path, state[s] = path[:len(path)-1], 2 }()
		for _, o := range exits(s) {
			if o.Next.Kind != "lookup" {
				continue
			}
			if state[o.Next] == 1 || state[o.Next] == 0 && visit(o.Next) {
				return true
			}
		}
		return false
	}
	for _, s := range b.steps {
		if s.Kind == "lookup" && state[s.Step] == 0 && visit(s.Step) {
			b.add(problem.LookupCircle, s.key+".name", s.Name.Raw)
		}
	}
}

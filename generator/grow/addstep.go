package grow

import (
	"slices"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// AddStep adds a step after another: what led from there to the next now leads
// here, and from here there. Outcome names the way out of after that is meant;
// "" is its only one, or all of them when they lead to one step. An end can be
// behind an outcome that is not there yet: that is a new way out.
func AddStep(a answers.Answers, s answers.Step, after, outcome string) (answers.Answers, []Note, error) {
	c := begin(a)
	if len(c.a.Process.Steps) == 0 {
		c.refuse(problem.GrowStandard, "process.steps")
		return c.done(a)
	}
	s = clone(answers.Answers{Process: answers.Process{Steps: []answers.Step{s}}}).Process.Steps[0]
	key := at("process.steps", len(c.a.Process.Steps))
	c.free(Step, key+".name", s.Name, names(c.a.Process.Steps, stepName))
	c.doer(key, &s)
	c.asks(key, &s)
	c.question(key, &s)
	i, ok := lookup(c, Step, "process.steps", c.a.Process.Steps, stepName, after)
	if !ok || len(c.problems) > 0 {
		return c.done(a)
	}
	next := c.lead(i, s, outcome)
	if len(c.problems) > 0 {
		return c.done(a)
	}
	c.onward(key, &s, next)
	p := &c.a.Process
	if s.Kind == "end" {
		p.Steps = append(p.Steps, s)
		return c.done(a)
	}
	c.note(NoteBetween, s.Name, p.Steps[i].Name, next)
	p.Steps = slices.Insert(p.Steps, i+1, s)
	return c.done(a)
}

// doer sees to it that somebody does what a person has to do.
func (c *change) doer(key string, s *answers.Step) {
	roles := c.a.Process.Roles
	if s.Kind != "form" && s.Kind != "decide" && s.Kind != "task" {
		return
	}
	switch {
	case s.Role == "" && len(roles) == 1:
		s.Role = roles[0].Name
		c.note(NoteRole, s.Name, s.Role)
	case s.Role == "":
		c.refuse(problem.KeyMissing, key+".role", "role")
	default:
		if i, ok := lookup(c, Role, key+".role", roles, roleName, s.Role); ok {
			s.Role = roles[i].Name
		}
	}
}

// asks checks what a form asks.
func (c *change) asks(key string, s *answers.Step) {
	if s.Kind != "form" {
		return
	}
	if len(s.Fields) == 0 {
		c.refuse(problem.KeyMissing, key+".fields", "fields")
	}
	subject := index(c.a.Register, entityName, c.a.Process.Subject)
	for i, f := range s.Fields {
		where := at(key+".fields", i)
		switch {
		case f.Inline != nil && subject >= 0 && index(c.a.Register[subject].Fields, fieldName, f.Name) >= 0:
			c.refuse(problem.InlineTaken, where+".name", f.Name, c.a.Register[subject].Name)
		case f.Inline != nil:
		case subject < 0:
			c.refuse(problem.NoSubject, where, f.Name)
		default:
			fields := c.a.Register[subject].Fields
			if j, ok := lookup(c, Field, where, fields, fieldName, f.Name); ok {
				s.Fields[i].Name = fields[j].Name
			}
		}
	}
}

// question finds what a lookup asks.
func (c *change) question(key string, s *answers.Step) {
	if s.Kind != "lookup" {
		return
	}
	i, ok := lookup(c, Source, key+".source", c.a.Sources, sourceName, s.Source)
	if !ok {
		return
	}
	s.Source = c.a.Sources[i].Name
	if ops := c.a.Sources[i].Operations; s.Operation != "" && len(ops) > 0 {
		name := func(o answers.Operation) string { return o.Name }
		if j := index(ops, name, s.Operation); j >= 0 {
			s.Operation = ops[j].Name
		} else {
			c.suggest(closest(s.Operation, names(ops, name)), problem.OperationUnknown, key+".operation", s.Operation, s.Source, names(ops, name))
		}
	}
}

// lead has the step at i lead to a new one, and gives where it led before.
func (c *change) lead(i int, s answers.Step, outcome string) (next string) {
	st := &c.a.Process.Steps[i]
	key := at("process.steps", i)
	name := func(o answers.Outcome) string { return o.Name }
	known := names(st.Outcomes, name)
	switch {
	case st.Kind == "end":
		c.refuse(problem.GrowAfterEnd, key, st.Name)
	case len(st.Outcomes) == 0 && outcome != "":
		c.refuse(problem.GrowOutcomeUnknown, key, st.Name, outcome, []string{st.Next})
	case len(st.Outcomes) == 0:
		next, st.Next = st.Next, s.Name
	case outcome == "" && len(Targets(*st)) > 1:
		c.refuse(problem.GrowWhichOutcome, key, st.Name, known)
	case outcome == "":
		next = st.Outcomes[0].Next
		for j := range st.Outcomes {
			st.Outcomes[j].Next = s.Name
		}
	default:
		j := index(st.Outcomes, name, outcome)
		switch {
		case j >= 0:
			next, st.Outcomes[j].Next = st.Outcomes[j].Next, s.Name
		case s.Kind == "end" && st.Kind != "lookup":
			st.Outcomes = append(st.Outcomes, answers.Outcome{Name: outcome, Next: s.Name})
			c.note(NoteOutcome, st.Name, outcome, s.Name)
		default:
			c.suggest(closest(outcome, known), problem.GrowOutcomeUnknown, key, st.Name, outcome, known)
		}
	}
	return next
}

// onward says where a new step leads, when it does not say so itself.
func (c *change) onward(key string, s *answers.Step, next string) {
	steps := append(names(c.a.Process.Steps, stepName), s.Name)
	for i := range s.Outcomes {
		o := &s.Outcomes[i]
		if o.Next == "" {
			o.Next = next
		}
		c.spell(key+".outcomes."+o.Name, &o.Next, steps)
	}
	if s.Next != "" {
		c.spell(key+".next", &s.Next, steps)
	}
	switch {
	case s.Kind == "decide" && len(s.Outcomes) == 0:
		c.refuse(problem.KeyMissing, key+".outcomes", "outcomes")
	case s.Kind == "decide" && len(s.Outcomes) == 1:
		c.refuse(problem.OutcomesTooFew, key+".outcomes", s.Outcomes[0].Name)
	case s.Kind == "lookup" && s.Next == "":
		for _, name := range []string{"gevonden", "niet-gevonden"} {
			if !slices.ContainsFunc(s.Outcomes, func(o answers.Outcome) bool { return o.Name == name }) {
				s.Outcomes = append(s.Outcomes, answers.Outcome{Name: name, Next: next})
			}
		}
	case s.Kind != "end" && s.Kind != "decide" && s.Next == "" && len(s.Outcomes) == 0:
		s.Next = next
	}
}

// spell writes the name of a step as the step itself has it.
func (c *change) spell(key string, name *string, steps []string) {
	self := func(s string) string { return s }
	if i := index(steps, self, *name); i >= 0 {
		*name = steps[i]
		return
	}
	c.suggest(closest(*name, steps), problem.StepUnknown, key, *name)
}

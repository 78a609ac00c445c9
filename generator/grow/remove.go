package grow

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Remove takes something out. What refers to it and cannot do without is an
// error that names it; To says for a step where zaken and arrows go instead.
func Remove(a answers.Answers, ref Ref, to string) (answers.Answers, []Note, error) {
	c := begin(a)
	switch ref.Kind {
	case Entity:
		c.removeEntity(ref.Name)
	case Field:
		c.removeField(ref)
	case Step:
		c.removeStep(ref.Name, to)
	case Role:
		c.removeRole(ref.Name)
	case Source:
		c.removeSource(ref.Name)
	case Activity:
		c.removeActivity(ref.Name)
	}
	return c.done(a)
}

func (c *change) removeEntity(name string) {
	i, ok := lookup(c, Entity, "register", c.a.Register, entityName, name)
	if !ok {
		return
	}
	name = c.a.Register[i].Name
	standard := len(c.a.Process.Steps) == 0 && c.a.Process.Subject == "" && i == 0
	if standard || Same(c.a.Process.Subject, name) {
		c.refuse(problem.UsedAsSubject, "process.subject", name)
	}
	EachField(&c.a, func(f *answers.Field, key string) {
		if Same(f.Entity, name) && !strings.HasPrefix(key, at("register", i)+".") {
			c.refuse(problem.UsedByReference, key, f.Name, c.owner(key), name)
		}
	})
	c.a.Register = slices.Delete(c.a.Register, i, i+1)
	c.note(NoteGone, name)
}

// owner is the entity or the step that has a field with a key.
func (c *change) owner(key string) string {
	for i, e := range c.a.Register {
		if strings.HasPrefix(key, at("register", i)+".") {
			return e.Name
		}
	}
	for i, st := range c.a.Process.Steps {
		if strings.HasPrefix(key, at("process.steps", i)+".") {
			return st.Name
		}
	}
	return ""
}

func (c *change) removeField(ref Ref) {
	e, i := c.findField(ref.Of, ref.Name)
	if len(c.problems) > 0 {
		return
	}
	if e < 0 {
		c.removeInline(ref.Name)
		return
	}
	entity := &c.a.Register[e]
	name := entity.Fields[i].Name
	if len(entity.Fields) == 1 {
		c.refuse(problem.UsedLastField, at("register", e)+".fields", name, entity.Name)
		return
	}
	key := at("register", e) + ".retention"
	if Same(entity.Retention.Field, name) {
		c.refuse(problem.UsedByRetention, key+".field", entity.Name, name)
	}
	for j, r := range entity.Retention.Results {
		if Same(r.Field, name) {
			c.refuse(problem.UsedByRetention, at(key+".results", j)+".field", entity.Name, name)
		}
	}
	entity.Fields = slices.Delete(entity.Fields, i, i+1)
	c.note(NoteGone, name)
	if !Same(entity.Name, c.a.Process.Subject) {
		return
	}
	for j, st := range c.a.Process.Steps {
		asks := func(f answers.StepField) bool { return f.Inline == nil && Same(f.Name, name) }
		switch {
		case !slices.ContainsFunc(st.Fields, asks):
		case len(st.Fields) == 1:
			c.refuse(problem.UsedByForm, at("process.steps", j)+".fields", st.Name, name)
		default:
			c.note(NoteUnasked, st.Name, name)
		}
	}
	LeaveField(&c.a.Process, name)
}

// removeInline takes a field that is not stored out of every form.
func (c *change) removeInline(name string) {
	for i := range c.a.Process.Steps {
		st := &c.a.Process.Steps[i]
		before := len(st.Fields)
		st.Fields = slices.DeleteFunc(st.Fields, func(f answers.StepField) bool { return f.Inline != nil && Same(f.Name, name) })
		if before > 0 && len(st.Fields) == 0 {
			c.refuse(problem.UsedByForm, at("process.steps", i)+".fields", st.Name, name)
		}
	}
}

func (c *change) removeStep(name, to string) {
	p := &c.a.Process
	if len(p.Steps) == 0 {
		c.refuse(problem.GrowStandard, "process.steps")
		return
	}
	i, ok := lookup(c, Step, "process.steps", p.Steps, stepName, name)
	if !ok {
		return
	}
	gone := p.Steps[i]
	if to, ok = c.goal(i, to); !ok {
		return
	}
	first := p.Start == "" && i == 0 || Same(p.Start, gone.Name)
	p.Steps = slices.Delete(p.Steps, i, i+1)
	for j := range p.Steps {
		c.redirect(j, gone.Name, to)
	}
	if first {
		if p.Start != "" || p.Steps[0].Name != to {
			p.Start = to
		}
		c.note(NoteStart, to)
	}
	c.note(NoteTransition, gone.Name, to)
}

// goal is where what led to a step goes when that goes: what was asked for, or
// its only next.
func (c *change) goal(i int, to string) (string, bool) {
	p := c.a.Process
	gone := p.Steps[i]
	others := slices.DeleteFunc(names(p.Steps, stepName), func(s string) bool { return s == gone.Name })
	if to == "" {
		next := slices.DeleteFunc(Targets(gone), func(s string) bool { return Same(s, gone.Name) })
		if len(next) != 1 {
			c.refuse(problem.GrowTo, at("process.steps", i), gone.Name, others[:min(len(others), 12)])
			return "", false
		}
		to = next[0]
	}
	j := index(others, func(s string) string { return s }, to)
	if j < 0 {
		c.unknown(Step, at("process.steps", i), to, others)
		return "", false
	}
	return others[j], true
}

// redirect has a step lead to another one than it did. A decision of which an
// outcome would lead back to the decision itself loses that outcome, when enough
// others are left.
func (c *change) redirect(i int, from, to string) {
	st := &c.a.Process.Steps[i]
	changed := Same(st.Next, from)
	follow(&st.Next, from, to)
	var kept []answers.Outcome
	for _, o := range st.Outcomes {
		if !Same(o.Next, from) {
			kept = append(kept, o)
			continue
		}
		if Same(st.Name, to) && st.Kind == "decide" && len(st.Outcomes) > 2 {
			c.note(NoteLoop, st.Name, o.Name)
			continue
		}
		changed = true
		kept = append(kept, answers.Outcome{Name: o.Name, Next: to})
	}
	st.Outcomes = kept
	if changed {
		c.note(NoteArrow, st.Name, to)
	}
}

func (c *change) removeRole(name string) {
	roles := c.a.Process.Roles
	i, ok := lookup(c, Role, "process.roles", roles, roleName, name)
	if !ok {
		return
	}
	name = roles[i].Name
	if len(c.a.Process.Steps) == 0 {
		c.refuse(problem.GrowStandard, at("process.roles", i)) // its steps are for the first role and the last
		return
	}
	for j, st := range c.a.Process.Steps {
		if Same(st.Role, name) {
			c.refuse(problem.UsedByStep, at("process.steps", j)+".role", st.Name, terms[Role], name)
		}
	}
	EachField(&c.a, func(f *answers.Field, key string) {
		if f.Person != other && Same(f.Person, name) {
			c.refuse(problem.UsedByPerson, key+".person", f.Name, name)
		}
	})
	c.a.Process.Roles = slices.Delete(roles, i, i+1)
}

func (c *change) removeSource(name string) {
	i, ok := lookup(c, Source, "sources", c.a.Sources, sourceName, name)
	if !ok {
		return
	}
	name = c.a.Sources[i].Name
	for j, st := range c.a.Process.Steps {
		if Same(st.Source, name) {
			c.refuse(problem.UsedByStep, at("process.steps", j)+".source", st.Name, terms[Source], name)
		}
	}
	c.a.Sources = slices.Delete(c.a.Sources, i, i+1)
	if len(c.a.Sources) == 0 && len(c.a.Register) == 0 && len(c.a.Process.Steps) == 0 {
		c.refuse(problem.NothingToDo, "process")
	}
}

func (c *change) removeActivity(name string) {
	list := c.a.Privacy.Activities
	i, ok := lookup(c, Activity, "privacy.activities", list, activityName, name)
	if !ok {
		return
	}
	name = list[i].Name
	for j, s := range c.a.Sources {
		if Same(s.Purpose.Activity, name) {
			c.refuse(problem.UsedBySource, at("sources", j)+".purpose.activity", s.Name, name)
		}
	}
	c.a.Privacy.Activities = slices.Delete(list, i, i+1)
}

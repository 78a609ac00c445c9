package model

import (
	"regexp"
	"slices"
)

// Growth is what docs/groeien.md of the component takes as examples: names of
// things that are there, as they can be typed, and names that are free. What is ""
// has no good example in this component. The first of several is taken, and a
// name that few choose, so that the page stays as it is while the component grows.
type Growth struct {
	Entity   string // what a zaak is about, or else one of the register
	NewField string
	Field    string // of Entity: nothing but forms depends on it

	After   string // a step that a person does, and that goes on to one other
	NewStep string
	Role    string // who does the new step
	Step    string // gets another name
	NewName string

	Source   string // of the catalogue, and not there yet
	Activity string
}

// typed is a name that a shell takes as one word, and a reader too.
var typed = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)

// Growth chooses the examples.
func (c *Component) Growth() Growth {
	g := Growth{}
	if !c.Process.guessed {
		c.growProcess(&g)
	}
	g.Source = free([]string{"brk", "woz", "kvk", ""}, func(name string) bool {
		return slices.ContainsFunc(c.Sources, func(s *Source) bool { return s.Name.Path == name })
	})
	for _, a := range slices.Backward(c.Activities) {
		if typed.MatchString(a.Name.Raw) {
			g.Activity = a.Name.Raw
		}
	}
	for _, e := range c.Entities {
		if typed.MatchString(e.Name.Raw) && (g.Entity == "" || e.IsSubject) {
			g.Entity, g.Field = e.Name.Raw, c.looseField(e)
			g.NewField = free([]string{"bijzonderheden", "kenmerk", "nieuwVeld"}, func(name string) bool {
				return slices.ContainsFunc(e.Fields, func(f *Field) bool { return f.Name.JSON == name })
			})
		}
	}
	return g
}

func (c *Component) growProcess(g *Growth) {
	p := c.Process
	taken := func(name string) bool {
		return slices.ContainsFunc(p.Steps, func(s *Step) bool { return s.Name.Path == name })
	}
	g.NewStep = free([]string{"nakijken", "narekenen", "nieuwe-stap"}, taken)
	g.NewName = free([]string{"toetsen", "bekijken", "andere-naam"}, taken)
	for _, employee := range []bool{false, true} { // an employee when there is one
		for _, r := range slices.Backward(p.Roles) {
			if typed.MatchString(r.Name.Raw) && !r.Anonymous && employee != r.Outside() {
				g.Role = r.Name.Raw
			}
		}
	}
	human := slices.DeleteFunc(slices.Clone(p.Steps), func(s *Step) bool { return !s.Human() || !typed.MatchString(s.Name.Raw) })
	for _, better := range []bool{false, true} { // not the start; a decision when there is one
		for _, s := range slices.Backward(human) {
			if after := onward(s); after != "" && better == (s != p.Start) {
				g.After = after
			}
			if s != p.Start && better == (s.Kind == "decide") {
				g.Step = s.Name.Raw
			}
		}
	}
}

// onward says behind which step something can come, as it is typed: with the
// outcome when there are more. Not between a form and a question, which may need
// what nobody keeps.
func onward(s *Step) string {
	if s.Next != nil && s.Next.Kind != "lookup" {
		return s.Name.Raw
	}
	for _, o := range s.Outcomes {
		if o.Next.Kind != "lookup" && typed.MatchString(o.Name.Raw) {
			return s.Name.Raw + ":" + o.Name.Raw
		}
	}
	return ""
}

// looseField is the first field of an entity that nothing but forms refers to.
func (c *Component) looseField(e *Entity) string {
	for _, f := range e.Fields {
		asked := slices.ContainsFunc(c.Process.Steps, func(s *Step) bool {
			return len(s.Fields) == 1 && s.Fields[0].Field == f ||
				slices.ContainsFunc(s.Input, func(in Input) bool { return in.Field == f })
		})
		begins := slices.ContainsFunc(e.Retention.Terms(), func(r Retention) bool { return r.Field == f })
		if !asked && !begins && !f.Required && len(e.Fields) > 1 && typed.MatchString(f.Name.Raw) {
			return f.Name.Raw
		}
	}
	return ""
}

// free is the first name that is not taken.
func free(names []string, taken func(string) bool) string {
	for _, name := range names {
		if !taken(name) {
			return name
		}
	}
	return ""
}

package model

import (
	"regexp"
	"slices"
)

// Growth is what docs/groeien.md of the component takes as examples: things that
// are there, under names that can be typed as they stand, and names that are free.
// What is nil or "" has no good example in this component.
type Growth struct {
	Entity   *Entity // what a zaak is about, or else the first of the register
	NewField string
	Field    *Field // of Entity: nothing but a form depends on it

	After   *Step // a person does it, and from there it goes on to one step
	NewStep string
	Role    *Role // who does the new step
	Step    *Step // gets another name
	NewName string

	Source   string // of the catalogue, and not there yet
	Activity *Activity
}

// typed is a name that a shell takes as one word, and a reader too.
var typed = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9-]*$`)

// Growth chooses the examples.
func (c *Component) Growth() Growth {
	g := Growth{Source: c.unusedSource()}
	for _, e := range c.Entities {
		if typed.MatchString(e.Name.Raw) && (g.Entity == nil || e.IsSubject) {
			g.Entity = e
		}
	}
	if g.Entity != nil {
		g.NewField = free([]string{"telefoon", "opmerking", "kenmerk", "nieuwVeld"}, func(name string) bool {
			return slices.ContainsFunc(g.Entity.Fields, func(f *Field) bool { return f.Name.JSON == name })
		})
		g.Field = c.looseField(g.Entity)
	}
	for _, a := range c.Activities {
		if g.Activity == nil && typed.MatchString(a.Name.Raw) {
			g.Activity = a
		}
	}
	c.growProcess(&g)
	return g
}

func (c *Component) growProcess(g *Growth) {
	p := c.Process
	taken := func(name string) bool {
		return slices.ContainsFunc(p.Steps, func(s *Step) bool { return s.Name.Path == name })
	}
	g.NewStep = free([]string{"archiveren", "nakijken", "nieuwe-stap"}, taken)
	g.NewName = free([]string{"toetsen", "bekijken", "andere-naam"}, taken)
	for _, r := range p.Roles {
		if typed.MatchString(r.Name.Raw) && (g.Role == nil || g.Role.Outside() && !r.Outside()) {
			g.Role = r
		}
	}
	for _, s := range p.Steps {
		if !s.Human() || !typed.MatchString(s.Name.Raw) {
			continue
		}
		if s.Next != nil && (g.After == nil || s != p.Start) {
			g.After = s
		}
		if s != p.Start && (g.Step == nil || s.Kind == "decide" && g.Step.Kind != "decide") {
			g.Step = s
		}
	}
}

// looseField is the last field that nothing but forms refers to.
func (c *Component) looseField(e *Entity) *Field {
	for _, f := range slices.Backward(e.Fields) {
		asked := slices.ContainsFunc(c.Process.Steps, func(s *Step) bool {
			return slices.ContainsFunc(s.Input, func(in Input) bool { return in.Field == f }) ||
				len(s.Fields) == 1 && s.Fields[0].Field == f
		})
		begins := slices.ContainsFunc(e.Retention.Terms(), func(r Retention) bool { return r.Field == f })
		if !asked && !begins && !f.Required && len(e.Fields) > 1 && typed.MatchString(f.Name.Raw) {
			return f
		}
	}
	return nil
}

func (c *Component) unusedSource() string {
	return free([]string{"kvk", "woz", "brk", ""}, func(name string) bool {
		return slices.ContainsFunc(c.Sources, func(s *Source) bool { return s.Name.Path == name })
	})
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

package update

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// Guess is something that is gone from the answers and may be there still under
// another name: somebody edited fieldlab.yaml by hand. A wrong guess costs data,
// so a person says which it is. What is in the register is asked by package
// migration.
type Guess struct {
	Kind grow.Kind
	Old  string   // its name in the base
	New  []string // what it may be now, the likeliest first
}

// Renames compares answers and gives what may have got another name. Renames
// that are known, and additions that are known to be new ("kind:name"), are none.
func Renames(before, after answers.Answers, known []grow.Rename, isNew []string) []Guess {
	g := guesser{known: known, isNew: isNew}
	g.roles(before.Process, after.Process)
	g.sources(before.Sources, after.Sources)
	g.activities(before.Privacy.Activities, after.Privacy.Activities)
	g.steps(before.Process.Steps, after.Process.Steps)
	return g.found
}

// Gone gives the steps at which a zaak can stand and that the answers do not
// name any more, also under no other name.
func Gone(before, after answers.Answers, known []grow.Rename) []string {
	var gone []string
	for _, step := range before.Process.Steps {
		if step.Kind == "end" {
			continue // what stands there is closed
		}
		name := renamed(known, grow.Step, "", step.Name)
		if !slices.ContainsFunc(after.Process.Steps, func(s answers.Step) bool { return s.Name == name }) {
			gone = append(gone, step.Name)
		}
	}
	return gone
}

// renamed is the name that something has now, as far as that is known.
func renamed(known []grow.Rename, kind grow.Kind, of, name string) string {
	for _, r := range known {
		if r.Kind == kind && r.Of == of && r.Old == name {
			return r.New
		}
	}
	return name
}

type guesser struct {
	known []grow.Rename
	isNew []string
	found []Guess
}

func (g *guesser) now(kind grow.Kind, name string) string { return renamed(g.known, kind, "", name) }

// denied says whether a person already said that an addition is new.
func (g *guesser) denied(kind grow.Kind, name string) bool {
	return slices.Contains(g.isNew, string(kind)+":"+name)
}

// thing is one item of a list, with what makes it what it is, without its name.
type thing struct{ name, content string }

// compare finds what is gone from a list and is as something that came.
func (g *guesser) compare(kind grow.Kind, before, after []thing) {
	was, is := map[string]bool{}, map[string]bool{}
	for _, t := range before {
		was[g.now(kind, t.name)] = true
	}
	for _, t := range after {
		is[t.name] = true
	}
	for i, old := range before {
		if is[g.now(kind, old.name)] {
			continue
		}
		var candidates []string
		for j, fresh := range after {
			if was[fresh.name] || fresh.content != old.content || g.denied(kind, fresh.name) {
				continue
			}
			if i == j { // at the same place: the likeliest
				candidates = slices.Insert(candidates, 0, fresh.name)
			} else {
				candidates = append(candidates, fresh.name)
			}
		}
		if len(candidates) > 0 {
			g.found = append(g.found, Guess{Kind: kind, Old: old.name, New: candidates})
		}
	}
}

// content joins what makes a thing what it is.
func content(parts ...string) string { return strings.Join(parts, "\x00") }

// roles: of two kinds of people who do the same, the one may be the other.
func (g *guesser) roles(before, after answers.Process) {
	things := func(p answers.Process, kept func(step string) bool) (list []thing) {
		for _, r := range p.Roles {
			rights := slices.Sorted(slices.Values(r.Rights))
			parts := append([]string{r.Audience}, rights...)
			does := false
			for _, s := range p.Steps {
				if s.Role == r.Name && kept(s.Name) {
					parts, does = append(parts, "doet "+s.Name), true
				}
			}
			if !does {
				parts = append(parts, "heet "+r.Name) // nothing to know it by
			}
			list = append(list, thing{r.Name, content(parts...)})
		}
		return list
	}
	names := func(p answers.Process) (all []string) {
		for _, s := range p.Steps {
			all = append(all, s.Name)
		}
		return all
	}
	was, is := names(before), names(after)
	g.compare(grow.Role, things(before, func(s string) bool { return slices.Contains(is, s) }),
		things(after, func(s string) bool { return slices.Contains(was, s) }))
}

func (g *guesser) sources(before, after []answers.Source) {
	things := func(all []answers.Source) (list []thing) {
		for _, s := range all {
			parts := []string{s.Catalogue, s.OpenAPI, s.Service, s.BaseURL}
			for _, o := range s.Operations {
				parts = append(parts, o.Name)
			}
			list = append(list, thing{s.Name, content(parts...)})
		}
		return list
	}
	g.compare(grow.Source, things(before), things(after))
}

func (g *guesser) activities(before, after []answers.Activity) {
	things := func(all []answers.Activity) (list []thing) {
		for _, a := range all {
			list = append(list, thing{a.Name, content(a.Purpose, a.Basis, a.Explanation)})
		}
		return list
	}
	g.compare(grow.Activity, things(before), things(after))
}

// steps: what a step does is what it is; where it leads to may have another name
// as well.
func (g *guesser) steps(before, after []answers.Step) {
	things := func(all []answers.Step, old bool) (list []thing) {
		for _, s := range all {
			role, source := s.Role, s.Source
			if old {
				role, source = g.now(grow.Role, role), g.now(grow.Source, source)
			}
			parts := []string{s.Kind, role, source, s.Operation, s.Term, s.Result}
			for _, f := range s.Fields {
				parts = append(parts, "vraagt "+f.Name)
			}
			for _, o := range s.Outcomes {
				parts = append(parts, "geeft "+o.Name)
			}
			list = append(list, thing{s.Name, content(parts...)})
		}
		return list
	}
	g.compare(grow.Step, things(before, true), things(after, false))
}

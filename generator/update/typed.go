package update

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/grow"
)

// Misnamed is an answer that a person typed about something that is not there:
// a slip of the finger would otherwise be written down, or go unseen.
type Misnamed struct {
	Kind   grow.Kind
	Name   string   // as it was typed, with the entity of a field before it
	Before bool     // it had to be in the answers of the last update; else in those of now
	There  []string // what there is of that kind
}

func (m Misnamed) Error() string { return "update: there is no " + string(m.Kind) + " " + m.Name }

// misnamed checks the names that a person typed.
func (f *finder) misnamed() error {
	if !f.r.Typed {
		return nil
	}
	was, is := named(f.old.Answers), named(f.now.Answers)
	for _, r := range f.r.Renames {
		fresh := item{r.Kind, r.Of, r.New}
		if !slices.Contains(is.order, fresh) {
			return is.without(fresh, false)
		}
		old := item{r.Kind, formerly(f.r.Renames, item{kind: grow.Entity, name: r.Of}).name, r.Old}
		if !slices.Contains(was.order, old) {
			return was.without(old, true)
		}
	}
	for _, said := range f.r.Decided.New {
		one := newItem(said)
		if !slices.ContainsFunc(is.order, func(i item) bool {
			return i.kind == one.kind && grow.Same(i.of, one.of) && grow.Same(i.name, one.name)
		}) {
			return is.without(one, false)
		}
	}
	for _, to := range f.r.Steps {
		if one := (item{grow.Step, "", to}); to != Stays && !slices.Contains(is.order, one) {
			return is.without(one, false)
		}
	}
	return nil
}

// newItem reads what is new: "kind:name", or "entity.field".
func newItem(said string) item {
	if kind, name, ok := strings.Cut(said, ":"); ok {
		return item{kind: grow.Kind(kind), name: name}
	}
	of, name, _ := strings.Cut(said, ".")
	return item{grow.Field, of, name}
}

// without says that something is not among them.
func (all items) without(one item, before bool) Misnamed {
	m := Misnamed{Kind: one.kind, Name: one.name, Before: before}
	if one.of != "" {
		m.Name = one.of + "." + one.name
	}
	for _, other := range all.order {
		switch {
		case other.kind != one.kind:
		case other.of != "":
			m.There = append(m.There, other.of+"."+other.name)
		default:
			m.There = append(m.There, other.name)
		}
	}
	return m
}

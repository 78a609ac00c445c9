package model

import (
	"slices"
)

// Follows says whether somebody from outside comes back to their own zaak.
func (p *Process) Follows() bool {
	return slices.ContainsFunc(p.Roles, func(r *Role) bool { return r.Outside() && !r.Anonymous })
}

// Anonymous says whether somebody takes part without logging in.
func (p *Process) Anonymous() bool {
	return slices.ContainsFunc(p.Roles, func(r *Role) bool { return r.Anonymous })
}

// SharedSchemas are those of the types that fields of the process have.
func (p *Process) SharedSchemas() []string { return shared(p.Uses) }

// Uses says whether a field of the subject or of a form has the type.
func (p *Process) Uses(kind string) bool {
	if p.Subject != nil && hasType(p.Subject.Fields, kind) {
		return true
	}
	return slices.ContainsFunc(p.Steps, func(s *Step) bool {
		return slices.ContainsFunc(s.Fields, func(f StepField) bool { return f.Type == kind })
	})
}

// Lookups are the steps that ask a source.
func (p *Process) Lookups() []*Step {
	return p.stepsOf(func(s *Step) bool { return s.Kind == "lookup" })
}

// Forms are the steps in which somebody fills in fields.
func (p *Process) Forms() []*Step { return p.stepsOf(func(s *Step) bool { return s.Kind == "form" }) }

// Decisions are the steps in which somebody decides.
func (p *Process) Decisions() []*Step {
	return p.stepsOf(func(s *Step) bool { return s.Kind == "decide" })
}

// EndsAlone says whether a zaak may end without anybody of the organisation having
// done a step in it.
func (p *Process) EndsAlone() bool {
	seen := map[*Step]bool{}
	var alone func(s *Step) bool
	alone = func(s *Step) bool {
		if s == nil || seen[s] || s.Role != nil && !s.Role.Outside() {
			return false
		}
		seen[s] = true
		return s.Kind == "end" || alone(s.Next) || slices.ContainsFunc(s.Outcomes, func(o Outcome) bool { return alone(o.Next) })
	}
	return alone(p.Start)
}

// Completed are the steps that a person finishes in a zaak that runs: all that
// people do, but for a form that only begins a zaak. A form can be done again
// when a flow leads back to it (then there is a gateway before it), and when a
// question needs input of it that is not stored.
func (p *Process) Completed() []*Step {
	again := len(p.Inputs()) > 0 || slices.ContainsFunc(p.Diagram.Nodes, func(n Node) bool {
		return n.Kind == "merge" && n.ID == p.Start.Name.Path+".samen"
	})
	return p.stepsOf(func(s *Step) bool {
		return s.Human() && (s != p.Start || s.Kind != "form" || again)
	})
}

func (p *Process) stepsOf(wanted func(*Step) bool) []*Step {
	var all []*Step
	for _, s := range p.Steps {
		if wanted(s) {
			all = append(all, s)
		}
	}
	return all
}

// Inputs are the fields that a question needs and that nobody keeps, each once.
func (p *Process) Inputs() []*Field {
	var all []*Field
	for _, s := range p.Steps {
		for _, in := range s.Input {
			if in.From != "invoer" || slices.ContainsFunc(all, func(f *Field) bool { return f.Name.JSON == in.Field.Name.JSON }) {
				continue
			}
			all = append(all, in.Field)
		}
	}
	return all
}

// Collection is a collection of the register to which forms refer.
type Collection struct {
	Path     string
	Label    string // the field that people know a record by; "" for none
	Personal bool
	Roles    []string // whose forms refer to it
}

// Collections are those to which a form refers, each once.
func (p *Process) Collections() []Collection {
	var all []Collection
	for _, s := range p.Steps {
		for _, f := range s.Fields {
			if f.Reference == nil {
				continue
			}
			i := slices.IndexFunc(all, func(c Collection) bool { return c.Path == f.Reference.Plural.Path })
			if i < 0 {
				i, all = len(all), append(all, collectionOf(f.Reference))
			}
			if !slices.Contains(all[i].Roles, s.Role.Name.Path) {
				all[i].Roles = append(all[i].Roles, s.Role.Name.Path)
			}
		}
	}
	return all
}

func collectionOf(e *Entity) Collection {
	c := Collection{Path: e.Plural.Path}
	for _, f := range e.Fields {
		c.Personal = c.Personal || f.Personal
		if c.Label == "" && f.Type == "text" && !f.Personal {
			c.Label = f.Name.JSON
		}
	}
	return c
}

// Schema is the OpenAPI schema of a field of a form: a reference, when the
// specification describes the field elsewhere, or else the description.
func (p *Process) Schema(f StepField) string {
	var at string
	switch {
	case f.Stored:
		at = "Gegevens"
	case slices.ContainsFunc(p.Inputs(), func(input *Field) bool { return input == f.Field }):
		at = "Invoer"
	default:
		return f.OpenAPI
	}
	return "{$ref: '#/components/schemas/" + at + "/properties/" + f.Name.JSON + "'}"
}

// Having are the roles with a right.
func (p *Process) Having(right string) (all []*Role) {
	for _, r := range p.Roles {
		if slices.Contains(r.Rights, right) {
			all = append(all, r)
		}
	}
	return all
}

// Unproven says whether a lookup in a process with people from outside finds a
// person by a number that somebody typed: they do not hear how it ended.
func (p *Process) Unproven(s *Step) bool {
	return slices.ContainsFunc(p.Roles, (*Role).Outside) && slices.ContainsFunc(s.Input, func(in Input) bool {
		return in.Field != nil && in.Field.Type == "bsn" && (in.Field.Person == "" || in.Field.Person == Other)
	})
}

package model

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
)

// What follows are views of the component for templates, which decide nothing.

// EmbeddedElsewhere lists the files of the team that the program carries along
// and that lie outside the numbered folders.
func (c *Component) EmbeddedElsewhere() []string {
	var all []string
	add := func(name string) {
		room := len(name) > 2 && name[0] >= '1' && name[0] <= '5' && name[1] == '-'
		if name != "" && !room && !slices.Contains(all, name) {
			all = append(all, name)
		}
	}
	for _, s := range c.Sources {
		add(s.Specification)
		for _, op := range s.Operations {
			add(op.ExampleFile)
		}
	}
	return all
}

// Offering are the types of which a list offers something ("filter" or "sort"):
// from the "start", or else on "request".
func (c *Component) Offering(what, when string) (names []string) {
	for _, t := range c.FieldTypes() {
		offer, wanted := t.Filter, fieldtype.FromTheStart
		if what == "sort" {
			offer = t.Sort
		}
		if when == "request" {
			wanted = fieldtype.OnRequest
		}
		if offer == wanted {
			names = append(names, t.Name)
		}
	}
	return names
}

// FieldTypes lists the types that a field can have.
func (c *Component) FieldTypes() []fieldtype.Type {
	var all []fieldtype.Type
	for _, name := range fieldtype.Names() {
		t, _ := fieldtype.Of(name)
		all = append(all, t)
	}
	return all
}

// OwnService is the FSC name of our own layer 2.
func (c *Component) OwnService() string { return c.Name.Path + "-diensten" }

// OwnGrantEnv is the setting with the grant hash of our own layer 2.
func (c *Component) OwnGrantEnv() string { return grantEnv(c.OwnService()) }

// Services are the sources by which each service is known: of several that ask
// one service, the first.
func (c *Component) Services() []*Source {
	return slices.DeleteFunc(slices.Clone(c.Sources), func(s *Source) bool { return s.Shares != nil })
}

// Alike are the other sources that ask the same service.
func (c *Component) Alike(s *Source) []*Source {
	return slices.DeleteFunc(slices.Clone(c.Sources), func(other *Source) bool { return other == s || other.Service != s.Service })
}

// StandInEnv is the setting that puts a real provider behind the stand-in of
// the outway.
func (s *Source) StandInEnv() string {
	return "NABOOTSING_TOKEN_URL_" + strings.TrimPrefix(s.GrantEnv, "FSC_GRANT_HASH_")
}

// madeUp is where the addresses are that we make up: they never exist (RFC 6761).
const madeUp = ".invalid"

// Page is where people find the team; "" when nobody said.
func (c Contact) Page() string {
	if strings.Contains(c.URL, madeUp) {
		return ""
	}
	return c.URL
}

// Mail is the address of the team; "" when nobody said.
func (c Contact) Mail() string {
	if strings.HasSuffix(c.Email, madeUp) {
		return ""
	}
	return c.Email
}

// Words is how long, from when, and who says so.
func (r Retention) Words() string {
	text := or(r.Text, "nog vast te stellen")
	if r.Text != "" && !r.Keep {
		text += r.after()
	}
	if r.Source != "" {
		text += " (" + r.Source + ")"
	}
	if len(r.Results) == 0 {
		return text
	}
	var all []string
	for _, result := range r.Results {
		all = append(all, "bij resultaat "+result.Result+": "+result.Words())
	}
	return strings.Join(append(all, "anders: "+text), "; ")
}

// after is with what the term begins, in words; "" for an activity.
func (r Retention) after() string {
	switch r.Start {
	case "closing":
		return " na het sluiten van de zaak"
	case "decision":
		return " na het besluit"
	case "object":
		return " na " + r.Field.Title
	case "creation":
		return " na het aanmaken"
	case "change":
		return " na de laatste wijziging"
	}
	return ""
}

// ZaakRetention is how long zaken are kept that are about nothing in the
// register: as long as the activity for which they are kept. Nothing when that is
// not said, or when the register says it.
func (c *Component) ZaakRetention() Retention {
	if c.Process.Subject != nil || len(c.Activities) == 0 {
		return Retention{}
	}
	a := c.Activities[0]
	if a.Retention.Period == "" || strings.Contains(a.Retention.Period, "T") {
		return Retention{}
	}
	return Retention{Period: a.Retention.Period, Text: a.Retention.Text, Start: "closing", Source: "verwerkingsactiviteit " + a.Title}
}

// From is the constant of kern for the start.
func (r Retention) From() string {
	return "opslag.From" + strings.ToUpper(r.Start[:1]) + r.Start[1:]
}

// Terms are the terms of what the register keeps, those of one result first.
func (r Retention) Terms() []Retention {
	all := slices.Clone(r.Results)
	if r.Keep || r.Period != "" {
		all = append(all, r)
	}
	return all
}

// Uses says whether a field of the register has the type.
func (c *Component) Uses(kind string) bool {
	return slices.ContainsFunc(c.Entities, func(e *Entity) bool { return hasType(e.Fields, kind) })
}

// SharedSchemas are the schemas of what is an object, of the types that fields of
// the register have.
func (c *Component) SharedSchemas() []string { return shared(c.Uses) }

func shared(uses func(kind string) bool) (all []string) {
	for _, name := range fieldtype.Names() {
		if t, _ := fieldtype.Of(name); t.Shared() != "" && uses(name) {
			all = append(all, t.Shared())
		}
	}
	return all
}

func hasType(fields []*Field, kind string) bool {
	return slices.ContainsFunc(fields, func(f *Field) bool { return f.Type == kind })
}

// Required are the names of the fields that have to be filled in.
func (e *Entity) Required() []string {
	var names []string
	for _, f := range e.Fields {
		if f.Required {
			names = append(names, f.Name.JSON)
		}
	}
	return names
}

// UsesValue says whether the Go type of a field comes from package value.
func (e *Entity) UsesValue() bool {
	return slices.ContainsFunc(e.Fields, func(f *Field) bool { return strings.HasPrefix(f.BaseType, "value.") })
}

// Asked are the form fields that the question of a lookup uses and that are not
// stored; with required only those without which there is nothing to ask.
func (s *Step) Asked(required bool) []string {
	var names []string
	for _, in := range s.Input {
		if in.From == "invoer" && (in.Parameter.Required || !required) {
			names = append(names, in.Field.Name.JSON)
		}
	}
	return names
}

// Required are the names of the fields of a form that have to be filled in.
func (s *Step) Required() []string {
	var names []string
	for _, f := range s.Fields {
		if f.Required {
			names = append(names, f.Name.JSON)
		}
	}
	return names
}

// HasNumbers says whether an answer of the source holds a number that is not whole.
func (s *Source) HasNumbers() bool {
	return slices.ContainsFunc(s.Operations, func(o *Operation) bool { return o.Shape.Has("number") })
}

// RequiredFields are the Go fields without which there is nothing to ask.
func (o *Operation) RequiredFields() []string {
	var names []string
	for _, p := range o.Parameters {
		if p.Required {
			names = append(names, p.Field)
		}
	}
	return names
}

// Compact says that a postcode goes to a source without its space.
func (i Input) Compact() bool {
	return i.Field != nil && (i.Field.Type == "postcode" || i.Part == "postcode")
}

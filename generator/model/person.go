package model

import (
	"slices"
	"strconv"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// Other is the Person of a number that belongs to somebody else than whoever
// types it: nobody has checked it.
const Other = "other"

// Outside says whether the person is from outside the organisation.
func (r *Role) Outside() bool { return r.Citizen || r.Company }

// Who a role is for, as the answers say it.
const (
	citizenAudience  = "citizen"
	companyAudience  = "company"
	employeeAudience = "employee"
)

var audiences = []string{citizenAudience, companyAudience, employeeAudience}

// Audience is who the role is for, as the answers say it.
func (r *Role) Audience() string {
	switch {
	case r.Company:
		return companyAudience
	case r.Citizen:
		return citizenAudience
	}
	return employeeAudience
}

// audienceOf guesses the audience of a role, as a suggestion.
func audienceOf(name string) string {
	if entrepreneur(name) {
		return companyAudience
	}
	for _, word := range []string{"inwoner", "burger", "aanvrager", "melder", "indiener", "bezoeker", "klant", "ouder"} {
		if strings.Contains(name, word) {
			return citizenAudience
		}
	}
	return employeeAudience
}

// entrepreneur says whether the name of a role is that of somebody who acts for
// a company.
func entrepreneur(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"ondernem", "bedrijf", "bedrijv", "rechtspersoon", "exploitant"}, func(word string) bool { return strings.Contains(name, word) })
}

// openCompanies advises a team whose entrepreneurs log in as inwoner, as they
// did before there was an audience for companies.
func (b *builder) openCompanies() {
	for _, r := range b.c.Process.Roles {
		if r.Citizen && !r.Anonymous && (entrepreneur(r.Name.Raw) || entrepreneur(r.Title)) {
			b.open(whoOwner, "Logt de rol "+r.Title+" in als inwoner of als bedrijf", "4-proces/rollen.go",
				"In de antwoorden staat audience: citizen: die logt in als inwoner, met een burgerservicenummer. Kies company voor wie met eHerkenning namens een bedrijf handelt: dan komen KVK-nummer en vestigingsnummer uit de inlog.")
		}
	}
}

// loginGives are the types of number that the login of an audience says. What
// it does not say can only be typed.
var loginGives = map[string][]string{
	citizenAudience: {"bsn"},
	companyAudience: {"kvk", "vestigingsnummer", "rsin"},
}

// numbers are the types of field that say whose something is.
var numbers = []string{"bsn", "kvk", "vestigingsnummer", "rsin"}

// person takes the answer whose number a field is; the roles come later.
func (b *builder) person(key string, f *Field, a answers.Field) {
	given := strings.TrimSpace(a.Person)
	if given == "" {
		return
	}
	if !slices.Contains(numbers, f.Type) {
		b.add(problem.NotForType, key+".person", "person", f.Type)
		return
	}
	f.Person = given
	b.claimed = append(b.claimed, claim{key: key + ".person", field: f})
}

// claim is a field of which the answers say whose number it is.
type claim struct {
	key   string
	field *Field
}

// persons decides for every number whose it is: what the answers say, or else
// of the role that is the first from outside to be asked for it.
func (b *builder) persons() {
	name := func(r *Role) Names { return r.Name }
	for _, c := range b.claimed {
		if c.field.Person == Other {
			continue
		}
		role := find(b.c.Process.Roles, name, c.field.Person)
		switch {
		case role == nil:
			b.suggest(closest(c.field.Person, append(raws(b.c.Process.Roles, name), Other)), problem.PersonUnknown, c.key, c.field.Person)
		case !role.Outside():
			b.add(problem.PersonEmployee, c.key, role.Name.Raw)
		case role.Anonymous:
			b.add(problem.PersonAnonymous, c.key, role.Name.Raw)
		case !slices.Contains(loginGives[role.Audience()], c.field.Type):
			b.suggest(Other, problem.PersonType, c.key, role.Name.Raw, c.field.Type, loginGives[role.Audience()])
		default:
			c.field.Person = role.Name.Path
			if start := b.c.Process.Start; c.field.Required && start != nil && start.Role != nil && start.Role != role && start.Role.Outside() && b.asks(start, c.field) {
				b.add(problem.PersonLater, c.key, c.field.Name.Raw, start.Role.Name.Raw)
			}
		}
	}
	for _, s := range b.steps {
		if s.Role == nil || !s.Role.Outside() {
			continue
		}
		for _, f := range s.Fields {
			if f.Person == "" && slices.Contains(numbers, f.Type) {
				f.Person = b.owner(s, f.Type)
			}
		}
	}
}

// owner is whose number a form asks when nobody said: of the role that fills it
// in, when its login gives such a number and no other field of the form is it.
func (b *builder) owner(s *step, kind string) string {
	if s.Role.Anonymous || !slices.Contains(loginGives[s.Role.Audience()], kind) {
		return Other
	}
	if slices.ContainsFunc(s.Fields, func(f StepField) bool { return f.Type == kind && f.Person == s.Role.Name.Path }) {
		return Other
	}
	return s.Role.Name.Path
}

// unproven reports lookups about a person whose number or name somebody from
// outside typed: the answer would tell them whether that person exists.
func (b *builder) unproven() {
	for _, s := range b.steps {
		proven := slices.ContainsFunc(s.Input, func(in Input) bool {
			return in.Field != nil && in.Field.Type == "bsn" && in.Field.Person != "" && in.Field.Person != Other
		})
		for _, in := range s.Input {
			if in.Field == nil || !b.typedOutside(in.Field) {
				continue
			}
			number := in.Field.Type == "bsn" && in.Field.Person == Other
			if !number && (proven || b.source(s.given.Source).given.Catalogue != "brp-personen") {
				continue
			}
			key := s.key
			if _, given := s.given.Input[in.Parameter.Name]; given {
				key += ".input." + in.Parameter.Name
			}
			b.add(problem.PersonLookup, key, in.Field.Name.Raw, s.Name.Raw)
		}
	}
}

// typedOutside says whether a form for somebody from outside asks the field.
func (b *builder) typedOutside(f *Field) bool {
	return slices.ContainsFunc(b.steps, func(s *step) bool { return s.Role != nil && s.Role.Outside() && b.asks(s.Step, f) })
}

func (b *builder) asks(s *Step, f *Field) bool {
	return slices.ContainsFunc(s.Fields, func(g StepField) bool { return g.Field == f })
}

// owners gives the records of development the numbers of those to whom their
// zaken belong: whoever logs in sees nobody else's. A number of another is of
// nobody who logs in, as far as the examples reach.
func (b *builder) owners() {
	p := b.c.Process
	if p.Subject == nil || p.Start.Role == nil || !p.Start.Role.Outside() {
		return
	}
	first := b.firstLogin(p.Start.Role)
	for _, f := range p.Subject.Fields {
		of := slices.IndexFunc(p.Roles, func(r *Role) bool { return r.Outside() && r.Name.Path == f.Person })
		switch {
		case of >= 0:
			for i := range f.Examples {
				b.number(f, i, b.login(f.Type, b.firstLogin(p.Roles[of])+i%fieldtype.LoginsPerRole))
			}
		case f.Person == Other && !f.exemplary && slices.Contains(loginGives[p.Start.Role.Audience()], f.Type):
			b.strangers(f, b.login(f.Type, first), b.login(f.Type, first+1))
		}
	}
}

// login is the number of the i-th of the invented persons who log in.
func (b *builder) login(kind string, i int) string { return fieldtype.Login(kind, b.variant(), i) }

// firstLogin is which of the invented persons the first with a role is.
func (b *builder) firstLogin(role *Role) (first int) {
	for _, r := range b.c.Process.Roles {
		if r == role {
			break
		}
		if r.Audience() == role.Audience() {
			first += fieldtype.LoginsPerRole
		}
	}
	return first
}

// strangers gives a field the numbers of nobody who logs in, and as far as there
// are enough none that stands in another field of the same record.
func (b *builder) strangers(f *Field, logins ...string) {
	var free []string
	for _, e := range f.Examples {
		if !slices.Contains(logins, e.Form) && !slices.Contains(free, e.Form) {
			free = append(free, e.Form)
		}
	}
	for i := range f.Examples {
		number := free[i%len(free)]
		for j := range free {
			candidate := free[(i+j)%len(free)]
			if !slices.ContainsFunc(b.c.Process.Subject.Fields, func(g *Field) bool { return g != f && g.Type == f.Type && g.Examples[i].Form == candidate }) {
				number = candidate
				break
			}
		}
		b.number(f, i, number)
	}
}

// number makes a number the i-th example of a field. All types of numbers are
// texts, so the notations are the same.
func (b *builder) number(f *Field, i int, number string) {
	f.Examples[i] = Example{Form: number, JSON: strconv.Quote(number), Go: strconv.Quote(number)}
}

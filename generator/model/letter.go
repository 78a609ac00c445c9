package model

import (
	"slices"
	"strings"

	"github.com/commonground-fieldlab/fieldlab/generator/catalogue"
)

// letters fills what the letter to the provider of a source says. It runs when
// the process is settled.
func (b *builder) letters() {
	for _, s := range b.own {
		s.Access = Access{
			With: s.Provider.Name, Signs: "de productowner",
			Questions: []string{
				"Voor welke taak zijn de gegevens nodig, en in welk wetsartikel staat die?",
				"Waarom is elk veld nodig, en kan het met minder?",
				"Hoeveel vragen verwacht u per dag?",
				"Wie ziet de gegevens, en hoe lang blijven ze bewaard?",
			},
		}
		var about []catalogue.Field
		if e := s.entry; e != nil {
			s.Access = Access{
				With: e.Access.With, How: e.Access.How, Where: e.Access.Where, Duration: e.Access.Duration, Signs: e.Access.Signs,
				Questions: slices.Clone(e.Access.Questions), Attachments: slices.Clone(e.Access.Attachments), Caveat: e.Caveat,
			}
			about = e.Fields
		}
		if s.unnamed {
			s.Access.With = "de aanbieder van " + s.Title
		}
		for i := range s.Kept {
			s.Kept[i].About = known(about, s.Kept[i].Name)
		}
		s.Access.Asked = slices.ContainsFunc(b.c.Process.Steps, func(step *Step) bool { return step.Source == s.Source })
		s.Access.Missing = b.missing(s)
	}
}

// missing lists what a letter needs and the answers do not say.
func (b *builder) missing(s *source) []string {
	all := []string{"Hoeveel vragen verwacht u? Dat weet alleen het team."}
	unless := func(known bool, what string) {
		if !known {
			all = append(all, what)
		}
	}
	unless(!s.unnamed, "Wie de bron aanbiedt, en op welk adres de brief aankomt.")
	if unsaid := s.Unexplained(); len(unsaid) > 0 {
		all = append(all, "Waarom elk veld nodig is. Dat is nog niet gezegd van: "+strings.Join(unsaid, ", ")+".")
	}
	if unsure := s.unsure(); len(unsure) > 0 {
		all = append(all, "Of deze velden bij de bron zo heten, want haar beschrijving zegt het niet: "+strings.Join(unsure, ", ")+".")
	}
	unless(b.c.Organisation.OIN != "", "Het OIN van uw organisatie.")
	unless(b.c.Contact.Mail() != "", "Een e-mailadres voor de aanbieder.")
	if a := s.Activity; a != nil {
		unless(a.Purpose != "", "Het doel van de verwerking: waarvoor zijn de gegevens nodig?")
		unless(a.Basis != "", "De grondslag van de verwerking.")
		unless(a.Explanation != "", "Het wetsartikel waarop de verwerking rust.")
		unless(a.Retention.Text != "", "De bewaartermijn.")
	}
	return all
}

// Unasked are the warnings that are kept though nobody needs the field itself.
func (s *Source) Unasked() []Warning {
	return slices.DeleteFunc(slices.Clone(s.Warnings), func(w Warning) bool { return slices.Contains(s.Fields, w.Field) })
}

// Unexplained lists the fields of which nobody said why they are needed.
func (s *Source) Unexplained() []string {
	return s.keptWith(func(f FieldNote) bool { return f.Reason == "" })
}

// unsure lists the fields of which no description says that they are there.
func (s *Source) unsure() []string {
	return s.keptWith(func(f FieldNote) bool { return f.Unchecked })
}

func (s *Source) keptWith(holds func(FieldNote) bool) []string {
	var names []string
	for _, f := range s.Kept {
		if holds(f) {
			names = append(names, f.Name)
		}
	}
	return names
}

// AsksPerson says whether a question holds the number of whom it is about, in its
// body.
func (s *Source) AsksPerson() bool {
	return slices.ContainsFunc(s.Operations, func(o *Operation) bool {
		return slices.ContainsFunc(o.Parameters, func(p Parameter) bool { return p.Subject && p.In == "body" })
	})
}

// Repeats says whether every question may be put once more after a failure.
func (s *Source) Repeats() bool {
	return !slices.ContainsFunc(s.Operations, func(o *Operation) bool { return o.Contract.Once })
}

// Wants is what the source asks besides FSC, as the object of a sentence; the
// name of a header comes behind it.
func (a *Auth) Wants() string {
	switch a.Kind {
	case authKey:
		return "een API-key in de header"
	case authOAuth2:
		return "een OAuth 2.0-token"
	}
	return "een JWT met een gedeeld geheim"
}

// Gives is what the provider has to send us for that.
func (a *Auth) Gives() string {
	switch a.Kind {
	case authKey:
		return "die sleutel"
	case authOAuth2:
		return "een client-id, een geheim en het adres van de tokendienst"
	}
	return "een client-id en een geheim"
}

// known finds what is known of a field, which may be written shorter than the
// catalogue does.
func known(about []catalogue.Field, field string) string {
	for _, f := range about {
		if f.Name == field || strings.HasSuffix(f.Name, "."+field) {
			return f.About
		}
	}
	return ""
}

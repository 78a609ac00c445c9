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
			s.Access.With, s.Access.Unknown = "de aanbieder van "+s.Title, true
		}
		for _, field := range s.Fields {
			s.Access.Fields = append(s.Access.Fields, FieldNote{Name: field, About: known(about, field)})
		}
		for _, step := range b.c.Process.Steps {
			if step.Source == s.Source {
				s.Access.Steps = append(s.Access.Steps, step)
			}
		}
	}
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

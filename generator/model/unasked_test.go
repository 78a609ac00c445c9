package model

import (
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// The stand-in of a source that returns only what is asked sends along unasked all
// that the catalogue says the source warns of, and none of it is asked.
func TestTheStandInWarnsUnasked(t *testing.T) {
	doc, found := answers.Parse("fieldlab.yaml", []byte(`version: 1
component: {name: proef, title: Proef, organisation: {name: Gemeente Proef}}
sources: [{name: personen, catalogue: brp-personen, purpose: {activity: a, fields: [verblijfplaats.verblijfadres.postcode, verblijfplaats.indicatieVastgesteldVerblijftNietOpAdres]}}]
process:
  roles: [{name: m, audience: employee}]
  steps:
    - {name: vraag, kind: form, role: m, fields: [{name: bsn, type: bsn}], next: zoek}
    - {name: zoek, kind: lookup, source: personen, input: {burgerservicenummer: bsn}, next: klaar}
    - {name: klaar, kind: end}
privacy: {activities: [{name: a}]}
`))
	if len(found) > 0 {
		t.Fatal(found)
	}
	c, problems := New(doc.Answers, fstest.MapFS{}, Env{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	s := c.Sources[0]
	op := s.Operations[0]
	for _, w := range s.Warnings {
		name, _, _ := strings.Cut(w.Field, ".")
		if want, known := map[string]string{"inOnderzoek": "In onderzoek", "geheimhoudingPersoonsgegevens": "Geheimhouding", "opschortingBijhouding": "Bijhouding gestopt", "indicatieVastgesteldVerblijftNietOpAdres": "Verblijft niet op dit adres"}[w.Field]; w.Title == "" || known && w.Title != want {
			t.Errorf("the title of %s is %q", w.Field, w.Title)
		}
		if !slices.Contains(op.Chooses.Always, name) {
			t.Errorf("the stand-in never warns of %s", w.Field)
		}
		for _, constant := range op.Constants {
			if slices.ContainsFunc(constant.Values, func(v string) bool { return strings.Contains(v, name) }) {
				t.Errorf("%s asks for %s", constant.Name, name)
			}
		}
	}
}

// A short name that means one of several things is reported, of the catalogue too;
// what stands in several lists of the same things is kept of each.
func TestAShortNameOfSeveralThings(t *testing.T) {
	for purpose, want := range map[string]string{
		"brp-personen, purpose: {activity: a, fields: [land]}":          "adressering.land",
		"brp-personen, purpose: {activity: a, fields: [volledigeNaam]}": "",
		"brp-bewoning, purpose: {activity: a, fields: [volledigeNaam]}": "",
	} {
		doc, found := answers.Parse("fieldlab.yaml", []byte(`version: 1
component: {name: proef, title: Proef, organisation: {name: Gemeente Proef}}
sources: [{name: bron, catalogue: `+purpose+`}]
process:
  roles: [{name: m, audience: employee}]
  steps:
    - {name: vraag, kind: form, role: m, fields: [{name: bsn, type: bsn}, {name: object, type: text}, {name: dag, type: date}], next: klaar}
    - {name: klaar, kind: end}
privacy: {activities: [{name: a}]}
`))
		if len(found) > 0 {
			t.Fatal(found)
		}
		c, problems := New(doc.Answers, fstest.MapFS{}, Env{})
		i := slices.IndexFunc(problems, func(p problem.Problem) bool { return p.Code == problem.SourceFieldTwice })
		switch {
		case want == "" && i >= 0, want != "" && (i < 0 || problems[i].Suggestion != want):
			t.Errorf("%s: %+v", purpose, problems)
		case want == "" && len(c.Sources[0].Fields) == 0:
			t.Errorf("%s: nothing is kept", purpose)
		}
	}
}

// TestWarningsThatAnAnswerCanHave: what no answer to the questions that are put can
// have is not told, and a field that is needed itself is told once.
func TestWarningsThatAnAnswerCanHave(t *testing.T) {
	for sources, c := range map[string]struct {
		has, lacks string
		unasked    string // has it as a field too
	}{
		"bag, purpose: {activity: a, fields: [postcode, inonderzoek]}":                                            {"inonderzoek", "adresseerbaarObjectStatus", "inonderzoek"},
		"zgw-zaken, operations: [zaak_list], purpose: {activity: a, fields: [identificatie, einddatum]}":          {"archiefstatus", "indicatieMachtiging", "einddatum"},
		"brp-personen, purpose: {activity: a, fields: [naam, verblijfplaats.verblijfadres.postcode, overlijden]}": {"inOnderzoek", "", ""},
		"brp-personen, purpose: {activity: a, fields: [verblijfplaats.indicatieVastgesteldVerblijftNietOpAdres]}": {"indicatieVastgesteldVerblijftNietOpAdres", "", ""},
	} {
		doc, found := answers.Parse("fieldlab.yaml", []byte(`version: 1
component: {name: proef, title: Proef, organisation: {name: Gemeente Proef}}
sources: [{name: bron, catalogue: `+sources+`}]
process:
  roles: [{name: m, audience: employee}]
  steps:
    - {name: vraag, kind: form, role: m, fields: [{name: bsn, type: bsn}], next: klaar}
    - {name: klaar, kind: end}
privacy: {activities: [{name: a}]}
`))
		if len(found) > 0 {
			t.Fatal(found)
		}
		made, problems := New(doc.Answers, fstest.MapFS{}, Env{})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		s := made.Sources[0]
		named := func(all []Warning, field string) bool {
			return slices.ContainsFunc(all, func(w Warning) bool { return w.Field == field })
		}
		if !named(s.Warnings, c.has) || named(s.Warnings, c.lacks) {
			t.Errorf("%s: %+v", sources, s.Warnings)
		}
		if c.unasked == "" {
			continue
		}
		i := slices.IndexFunc(s.Kept, func(n FieldNote) bool { return n.Name == c.unasked })
		if named(s.Unasked(), c.unasked) || !named(s.Warnings, c.unasked) || i < 0 || len(s.Kept[i].Warns) == 0 {
			t.Errorf("%s: %s stands twice: %+v, %+v", sources, c.unasked, s.Kept, s.Unasked())
		}
	}
}

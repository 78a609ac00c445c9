package model

import (
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/fieldtype"
)

// TestPersonOfANumber: a number is of the role that is asked for it first, when
// the login of that role says such a number; a second one is somebody else's.
func TestPersonOfANumber(t *testing.T) {
	document, faults := answers.Parse("", []byte(`version: 1
component: {title: Proef, organisation: {name: Gemeente Proef}}
register:
  - name: aanvraag
    fields: [{name: nummer, type: bsn}, {name: partner, type: bsn}, {name: zaak, type: kvk}, {name: kantoor, type: vestigingsnummer}, {name: eigen, type: kvk}, {name: ambtenaar, type: bsn}]
process:
  subject: aanvraag
  roles: [{name: inwoner, audience: citizen}, {name: zaakvoerder, audience: company}, {name: balie, audience: employee}]
  steps:
    - {name: vragen, kind: form, role: inwoner, fields: [nummer, partner, zaak], next: vullen}
    - {name: vullen, kind: form, role: zaakvoerder, fields: [nummer, eigen, kantoor], next: kijken}
    - {name: kijken, kind: form, role: balie, fields: [ambtenaar], next: klaar}
    - {name: klaar, kind: end}
`))
	if len(faults) > 0 {
		t.Fatal(faults)
	}
	c, problems := New(document.Answers, fstest.MapFS{}, Env{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	want := map[string]string{"nummer": "inwoner", "partner": Other, "zaak": Other, "kantoor": "zaakvoerder", "eigen": "zaakvoerder", "ambtenaar": ""}
	for _, f := range c.Entities[0].Fields {
		if f.Person != want[f.Name.JSON] {
			t.Errorf("%s is of %q, want %q", f.Name.JSON, f.Person, want[f.Name.JSON])
		}
	}
}

// TestRecordsHoldTheNumbersOfTheirOwners: the zaken of development go round the
// persons that one can log in as, and so do the numbers in their records.
func TestRecordsHoldTheNumbersOfTheirOwners(t *testing.T) {
	document, _ := answers.Parse("", []byte(`version: 1
component: {title: Proef, organisation: {name: Gemeente Proef}}
register: [{name: aanvraag, fields: [{name: bsn, type: bsn, required: true}, {name: partner, type: bsn}, {name: kvk, type: kvk}, {name: eigenaar, type: bsn, person: verhuurder}]}]
process:
  subject: aanvraag
  roles: [{name: verhuurder, audience: citizen}, {name: balie, audience: employee}, {name: inwoner, audience: citizen}]
  steps: [{name: vragen, kind: form, role: inwoner, fields: [bsn, partner, kvk], next: klaar}, {name: klaar, kind: end}]
`))
	c, problems := New(document.Answers, fstest.MapFS{}, Env{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	own, partner, owner := c.Entities[0].Fields[0], c.Entities[0].Fields[1], c.Entities[0].Fields[3]
	for i := range own.Examples {
		if want := fieldtype.Login("bsn", 0, 2+i%2); own.Examples[i].Form != want || own.Examples[i].Go != `"`+want+`"` {
			t.Errorf("record %d holds %+v, want %s", i, own.Examples[i], want)
		}
		if want := fieldtype.Login("bsn", 0, i%2); owner.Examples[i].Form != want {
			t.Errorf("record %d holds %s of the second party, want %s", i, owner.Examples[i].Form, want)
		}
		if other := partner.Examples[i].Form; other == fieldtype.Login("bsn", 0, 2) || other == fieldtype.Login("bsn", 0, 3) {
			t.Errorf("record %d shows the number of another who logs in", i)
		}
	}
}

// TestRecordsHoldNoNumberOfAnotherWhoLogsIn: whatever kind of number that a
// login says somebody types of another, the records of development have one of nobody who logs in.
func TestRecordsHoldNoNumberOfAnotherWhoLogsIn(t *testing.T) {
	for _, kind := range []string{"kvk", "vestigingsnummer", "rsin"} {
		document, faults := answers.Parse("", []byte(`version: 1
component: {title: Proef, organisation: {name: Gemeente Proef}}
register:
  - name: aanvraag
    fields: [{name: eigen, type: kvk}, {name: partner, type: `+kind+`, person: other}]
process:
  subject: aanvraag
  roles: [{name: bedrijf, audience: company}]
  steps: [{name: vragen, kind: form, role: bedrijf, fields: [eigen, partner], next: klaar}, {name: klaar, kind: end}]
`))
		if len(faults) > 0 {
			t.Fatal(faults)
		}
		c, problems := New(document.Answers, fstest.MapFS{}, Env{})
		if len(problems) > 0 {
			t.Fatal(problems)
		}
		for i, e := range c.Entities[0].Fields[1].Examples {
			if e.Form == fieldtype.Login(kind, 0, 0) || e.Form == fieldtype.Login(kind, 0, 1) {
				t.Errorf("example %d of a %s of another is of somebody who logs in", i, kind)
			}
		}
	}
}

package generator_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// large are answers for a component with so many entities, each of eleven fields,
// and so many steps: forms that lead to a task, and at the end a decision.
func large(entities, steps int) string {
	var b strings.Builder
	b.WriteString(`version: 1
component:
  name: groot
  title: Een groot component
  summary: Een component met veel registers en een lang proces, om te meten.
  organisation: {name: Gemeente Veenrade, website: "https://www.veenrade.test"}
  contact: {name: Team Proef, email: proef@veenrade.test, url: "https://www.veenrade.test/contact"}
register:
`)
	for i := range entities {
		fmt.Fprintf(&b, `  - name: dossier%[1]d
    title: Dossier van soort %[1]d
    fields:
      - {name: bsn, type: bsn, title: Burgerservicenummer, required: true}
      - {name: naam, type: text, title: Naam van het dossier, required: true, maxLength: 60}
      - {name: aantal, type: integer, title: Aantal, help: Tel uzelf mee., min: 1, max: 20}
      - {name: bedrag, type: money, title: Bedrag in euro's}
      - {name: ingang, type: date, title: Datum van ingang, required: true}
      - {name: akkoord, type: boolean, title: Akkoord}
      - {name: keuze, type: enum, title: "Wat kiest u?", values: [een, twee, weet ik niet], default: een}
      - {name: email, type: email, title: E-mailadres}
      - {name: adres, type: adres, title: Adres, required: true}
      - {name: vorige, type: reference, entity: dossier%[2]d}
      - {name: toelichting, type: longtext, title: Toelichting, help: "Wat u verder wilt vertellen, \"kort\"."}
`, i, max(0, i-1))
	}
	b.WriteString(`process:
  title: Een lang proces
  subject: dossier0
  roles:
    - {name: aanvrager, title: Aanvrager, audience: citizen}
    - {name: behandelaar, title: Behandelaar, audience: employee}
  steps:
`)
	fields := []string{"bsn, naam, ingang, adres", "aantal, bedrag", "keuze, email, akkoord", "toelichting"}
	for i := range steps - 3 {
		if i%2 == 0 {
			fmt.Fprintf(&b, "    - {name: formulier %[1]d, kind: form, role: aanvrager, title: Formulier nummer %[1]d, fields: [%s], next: %s}\n", i, fields[i/2%len(fields)], nextOf(i+1, steps-3))
		} else {
			fmt.Fprintf(&b, "    - {name: taak %[1]d, kind: task, role: behandelaar, title: Taak nummer %[1]d, help: Kijk goed., term: P5D, next: %s}\n", i, nextOf(i+1, steps-3))
		}
	}
	b.WriteString(`    - {name: beoordelen, kind: decide, role: behandelaar, title: Beoordelen, outcomes: {goed: goedgekeurd, fout: afgekeurd}}
    - {name: goedgekeurd, kind: end, title: Goedgekeurd, result: toegekend}
    - {name: afgekeurd, kind: end, title: Afgekeurd, result: afgewezen}
`)
	return b.String()
}

// nextOf names the step after another one.
func nextOf(i, last int) string {
	switch {
	case i >= last:
		return "beoordelen"
	case i%2 == 0:
		return fmt.Sprint("formulier ", i)
	}
	return fmt.Sprint("taak ", i)
}

// largeRequest is a generation of such answers.
func largeRequest(t testing.TB, entities, steps int) generator.Request {
	t.Helper()
	document, found := answers.Parse(answers.FileName, []byte(large(entities, steps)))
	if len(found) > 0 {
		t.Fatal(found)
	}
	return generator.Request{
		Document: document, Pack: templates.Component(), Version: "test", Env: reproducible,
		Now: func() time.Time { return time.Unix(1_700_000_000, 0) },
	}
}

// TestLarge: such answers make a component.
func TestLarge(t *testing.T) {
	if _, _, err := generator.Plan(largeRequest(t, 60, 40)); err != nil {
		t.Fatal(err)
	}
}

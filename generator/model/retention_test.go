package model

import (
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// TestRetention: an answers file from before keeps its meaning, and a result can
// have a term of its own.
func TestRetention(t *testing.T) {
	const file = `version: 1
component: {title: Proef, organisation: {name: Gemeente Proef}}
register:
  - name: aanvraag
    fields: [{name: naam, type: text, required: true}, {name: eind, type: date, title: Einde van het gebruik}]
    retention: {period: P5Y, source: Lijst, results: [{result: toegekend, keep: true}, {result: afgewezen, period: P1Y, start: decision}, {result: klaar, period: P2Y, field: eind, source: Lijst 2}]}
  - {name: plek, fields: [{name: naam, type: text}], retention: {period: P1Y}}
  - {name: boom, fields: [{name: naam, type: text}]}
process:
  subject: aanvraag
  roles: [{name: inwoner, audience: citizen}, {name: balie, audience: employee}]
  start: vragen
  steps:
    - {name: vragen, kind: form, role: inwoner, fields: [naam], next: beslissen}
    - {name: beslissen, kind: decide, role: balie, outcomes: {ja: toegekend, nee: afgewezen, anders: klaar}}
    - {name: toegekend, kind: end, result: toegekend}
    - {name: afgewezen, kind: end, result: afgewezen}
    - {name: klaar, kind: end, result: klaar}
`
	doc, problems := answers.Parse("fieldlab.yaml", []byte(file))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	c, problems := New(doc.Answers, nil, Env{})
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	words := map[string]string{}
	for _, e := range c.Entities {
		words[e.Name.Raw] = e.Retention.Words()
		var from []string
		for _, r := range e.Retention.Terms() {
			from = append(from, r.Result+" "+r.From())
		}
		words[e.Name.Raw+" from"] = strings.Join(from, ", ")
	}
	for name, want := range map[string]string{
		"aanvraag": "bij resultaat toegekend: blijvend; bij resultaat afgewezen: 1 jaar na het besluit; bij resultaat klaar: 2 jaar na Einde van het gebruik (Lijst 2); anders: 5 jaar na het sluiten van de zaak (Lijst)",
		"plek":     "1 jaar na de laatste wijziging", "boom": "nog vast te stellen",
		"aanvraag from": "toegekend opslag.FromClosing, afgewezen opslag.FromDecision, klaar opslag.FromObject,  opslag.FromClosing",
		"plek from":     " opslag.FromChange", "boom from": "",
	} {
		if words[name] != want {
			t.Errorf("%s: %q, want %q", name, words[name], want)
		}
	}
}

// TestZakenAboutNothing are kept as long as the activity for which they are kept.
func TestZakenAboutNothing(t *testing.T) {
	activity := &Activity{Title: "Zoeken", Retention: Retention{Period: "P1Y", Text: "1 jaar"}}
	c := &Component{Process: &Process{}, Activities: []*Activity{activity}}
	if got := c.ZaakRetention(); got.Words() != "1 jaar na het sluiten van de zaak (verwerkingsactiviteit Zoeken)" || len(got.Terms()) != 1 {
		t.Errorf("%+v", got)
	}
	activity.Retention.Period = "PT5H"
	if got := c.ZaakRetention(); got.Period != "" || len(got.Terms()) != 0 {
		t.Errorf("%+v", got)
	}
	activity.Retention.Period, c.Process.Subject = "P1Y", &Entity{}
	if got := c.ZaakRetention(); got.Period != "" {
		t.Errorf("%+v", got)
	}
}

package generator_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// TestSeedsFollowReferences: invented rows come after those they refer to, those that
// refer to what a zaak is about as well. Otherwise the component does not start.
func TestSeedsFollowReferences(t *testing.T) {
	const head = `version: 1
component: {title: Proef, organisation: {name: Gemeente Proef}}
register:
  - {name: controle, plural: controles, fields: [{name: vergunning, type: reference, entity: vergunning}]}
  - {name: vergunning, plural: vergunningen, fields: [{name: terrein, type: reference, entity: terrein}]}
  - {name: terrein, plural: terreinen, fields: [{name: soort, type: text}]}
`
	const process = `process:
  title: Aanvragen
  subject: SUBJECT
  roles: [{name: aanvrager, audience: citizen}]
  start: aanvragen
  steps: [{name: aanvragen, kind: form, role: aanvrager, fields: [FIELD], next: klaar}, {name: klaar, kind: end, result: toegekend}]
`
	for subject, field := range map[string]string{"controle": "vergunning", "vergunning": "terrein", "terrein": "soort"} {
		body := head + string(bytes.ReplaceAll(bytes.ReplaceAll([]byte(process), []byte("SUBJECT"), []byte(subject)), []byte("FIELD"), []byte(field)))
		files, _, err := generator.Plan(generator.Request{Document: parsed(t, body), Pack: templates.Component(), Version: "1.2.3"})
		if err != nil {
			t.Fatal(err)
		}
		i := slices.IndexFunc(files, func(f plan.File) bool { return f.Path == "1-gegevens/register.go" })
		last := -1
		for _, rows := range []string{"terreinExamples()", "vergunningExamples()", "controleExamples()"} {
			at := bytes.Index(files[i].Body, []byte(rows))
			if at <= last {
				t.Errorf("about %s: %s comes too soon or not at all", subject, rows)
			}
			last = at
		}
	}
}

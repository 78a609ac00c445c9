package model

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
)

// TestWordsOfASpecification: what the maker of a specification wrote that does not
// fit is left out, for the team cannot mend it.
func TestWordsOfASpecification(t *testing.T) {
	const document = `{"openapi":"3.0.3","paths":{"/dingen":{"get":{"operationId":"vind","summary":TEXT,"parameters":[{"name":"q","in":"query","schema":{"type":"string"}}],
"responses":{"200":{"description":"x","content":{"application/json":{"schema":{"type":"object","properties":{"dingen":{"type":"array","items":{"type":"object","properties":{
"kleurCode":{"type":"string","title":TEXT},"letOp":{"type":"boolean","title":TEXT}}}}}}}}}}}}}}`
	for text, fits := range map[string]bool{"Zo heet het": true, strings.Repeat("heel ", 100) + "lang": false, "Zo \u202eheet het": false, "Zo \u0007 heet het": false, "Zo  heet   het ": true} {
		quoted, err := json.Marshal(text)
		if err != nil {
			t.Fatal(err)
		}
		doc, found := answers.Parse("", []byte(`
version: 1
component: {title: Proef, organisation: {name: Gemeente}}
sources: [{name: bron, openapi: bronnen/b.json, operations: [vind], purpose: {activity: a, fields: [kleurCode], warnings: [letOp]}}]
process:
  roles: [{name: m, audience: employee}]
  steps: [{name: vraag, kind: form, role: m, fields: [{name: q, type: text}], next: zoek}, {name: zoek, kind: lookup, source: bron, input: {q: q}, next: klaar}, {name: klaar, kind: end}]
privacy: {activities: [{name: a}]}
`))
		if len(found) > 0 {
			t.Fatal(found)
		}
		c, problems := New(doc.Answers, fstest.MapFS{"bronnen/b.json": {Data: []byte(strings.ReplaceAll(document, "TEXT", string(quoted)))}}, Env{})
		if len(problems) > 0 {
			t.Errorf("%q: %v", text, problems)
			continue
		}
		s := c.Sources[0]
		want := [3]string{"Vind", "Kleur code", "Let op"}
		if fits {
			want = [3]string{"Zo heet het", "Zo heet het", "Zo heet het"}
		}
		if got := [3]string{s.Operations[0].Title, s.Kept[0].Title, s.Warnings[0].Text}; got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

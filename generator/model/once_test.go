package model

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
)

// sound is a process that leans on two sources in every way there is: a step
// asks one, fills each parameter, and the next step takes its input from the
// answer.
const sound = `version: 1
component: {name: proef, title: Proef, organisation: {name: Gemeente Proef}}
register:
  - {name: melding, plural: meldingen, fields: [{name: nummer, type: text, required: true}, {name: vak, type: integer}]}
sources:
  - name: containers
    openapi: bronnen/containers.yaml
    operations: [container]
    purpose: {activity: legen, fields: [adres.land, vol], stored: [vol], reason: Daarom.}
  - name: bag
    catalogue: bag
    operations: [bevraagAdressen]
    purpose: {activity: legen, fields: [postcode, huisnummer]}
  - name: wijken
    operations: [{name: zoek, path: /wijken, parameters: [land], example: bronnen/wijk.json}]
    purpose: {activity: legen, fields: [wijk]}
process:
  subject: melding
  roles: [{name: reiniging, audience: employee}]
  steps:
    - {name: melden, kind: form, role: reiniging, fields: [nummer, vak, {name: adres, type: adres}], next: zoeken}
    - {name: zoeken, kind: lookup, source: containers, operation: container, input: {nummer: nummer, vak: vak}, outcomes: {gevonden: wijk, niet-gevonden: klaar}}
    - {name: wijk, kind: lookup, source: wijken, operation: zoek, input: {land: containers.adres.land}, outcomes: {gevonden: nagaan, niet-gevonden: nagaan}}
    - {name: nagaan, kind: lookup, source: bag, operation: bevraagAdressen, input: {postcode: adres.postcode, huisnummer: adres.huisnummer}, outcomes: {gevonden: klaar, niet-gevonden: klaar}}
    - {name: klaar, kind: end}
privacy: {activities: [{name: legen, purpose: Legen., basis: publieke taak, retention: P1Y}]}
`

var soundFiles = fstest.MapFS{
	"bronnen/containers.yaml": {Data: []byte(`openapi: 3.1.0
info: {title: Containers, version: "1"}
paths:
  /containers/{nummer}:
    get:
      operationId: container
      parameters:
        - {name: nummer, in: path, required: true, schema: {type: string}}
        - {name: vak, in: query, required: true, schema: {type: integer}}
      responses:
        '200':
          description: gevonden
          content:
            application/json:
              schema: {type: object, properties: {vol: {type: boolean}, adres: {type: object, properties: {straat: {type: string}, land: {type: string}}}}}
`)},
	"bronnen/wijk.json":    {Data: []byte(`{"wijk": "Oost"}`)},
	"bronnen/leeg.json":    {Data: []byte(``)},
	"bronnen/lijst.json":   {Data: []byte(`12`)},
	"bronnen/swagger.yaml": {Data: []byte("swagger: '2.0'\ninfo: {title: X, version: '1'}\npaths: {}\n")},
	"bronnen/leeg.yaml":    {Data: []byte("openapi: 3.1.0\ninfo: {title: X, version: '1'}\npaths: {}\n")},
	"bronnen/tekst.yaml":   {Data: []byte("hallo\n")},
	"bronnen/map.yaml/x":   {Data: []byte("x")},
}

// TestOneMistakeOneProblem: one wrong word, or one wrong file, is one problem.
// What follows from it is not the team's to mend.
func TestOneMistakeOneProblem(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"openapi: bronnen/containers.yaml", "openapi: bronnen/contaners.yaml", "file-missing sources[0].openapi"},
		{"openapi: bronnen/containers.yaml", "openapi: containers.yaml", "file-path sources[0].openapi"},
		{"openapi: bronnen/containers.yaml", "openapi: ../containers.yaml", "file-path sources[0].openapi"},
		{"openapi: bronnen/containers.yaml", "openapi: https://example.test/c.yaml", "file-on-web sources[0].openapi"},
		{"openapi: bronnen/containers.yaml", "openapi: bronnen/wijk.txt", "file-extension sources[0].openapi"},
		{"openapi: bronnen/containers.yaml", "openapi: bronnen/map.yaml", "file-unreadable sources[0].openapi"},
		{"openapi: bronnen/containers.yaml", "openapi: bronnen/swagger.yaml", "openapi-swagger sources[0].openapi"},
		{"openapi: bronnen/containers.yaml", "openapi: bronnen/leeg.yaml", "openapi-empty sources[0].openapi"},
		{"openapi: bronnen/containers.yaml", "openapi: bronnen/tekst.yaml", "openapi-form sources[0].openapi"},
		{"openapi: bronnen/containers.yaml\n    operations: [container]", "openapi: bronnen/contaners.yaml", "file-missing sources[0].openapi"},
		{"openapi: bronnen/containers.yaml\n    operations: [container]", "openapi: bronnen/contaners.yaml\n    operations: [{name: container, path: /c}]", "file-missing sources[0].openapi"},
		{"operations: [container]", "operations: [contaner]", "operation-unknown sources[0].operations[0].name"},
		{"operations: [container]", "operations: [wagen]", "operation-unknown sources[0].operations[0].name"},
		{"operation: container,", "operation: contaner,", "operation-unknown process.steps[1].operation"},
		{"operation: container,", "operation: wagen,", "operation-unknown process.steps[1].operation"},
		{"source: containers", "source: contaners", "source-unknown process.steps[1].source"},
		{"  - name: containers", "  - name: wagens", "source-unknown process.steps[1].source\ninput-unknown process.steps[2].input.land"}, // two places to mend
		{"catalogue: bag", "catalogue: bagg", "value-unknown sources[1].catalogue"},
		{"catalogue: bag\n    operations: [bevraagAdressen]", "catalogue: bagg", "value-unknown sources[1].catalogue"},
		{"    catalogue: bag\n    operations: [bevraagAdressen]", "    catalogue: bagg\n    operations: [{name: bevraagAdressen, path: /a}]", "value-unknown sources[1].catalogue"},
		{"[bevraagAdressen]", "[bevraagAdresen]", "operation-unknown sources[1].operations[0].name"},
		{"bronnen/wijk.json", "bronnen/wijkk.json", "file-missing sources[2].operations[0].example"},
		{"bronnen/wijk.json", "wijk.json", "file-path sources[2].operations[0].example"},
		{"bronnen/wijk.json", "bronnen/leeg.json", "example-form sources[2].operations[0].example"},
		{"bronnen/wijk.json", "bronnen/lijst.json", "example-form sources[2].operations[0].example"},
		{"bronnen/wijk.json", "bronnen/leeg.yaml", "file-extension sources[2].operations[0].example"},
		{"fields: [adres.land, vol]", "fields: [adress.land, vol]", "source-field-unknown sources[0].purpose.fields[0]"},
		{"fields: [adres.land, vol]", "fields: [adres.land, voll]", "source-field-unknown sources[0].purpose.fields[1]"},
		{"stored: [vol]", "stored: [vl]", "stored-unknown sources[0].purpose.stored[0]"},
		{"input: {nummer: nummer", "input: {numer: nummer", "parameter-unknown process.steps[1].input.numer"},
		{"land: containers.adres.land", "land: containers.adres.lnd", "input-not-in-purpose process.steps[2].input.land"},
		{"land: containers.adres.land", "land: contaners.adres.land", "input-unknown process.steps[2].input.land"},
		{"subject: melding", "subject: meldingg", "entity-unknown process.subject"},
		{"role: reiniging", "role: reinigng", "role-unknown process.steps[0].role"},
		{"activity: legen, fields: [wijk]", "activity: legn, fields: [wijk]", "activity-unknown sources[2].purpose.activity"},
		{"next: zoeken", "next: zoekn", "step-unknown process.steps[0].next"},
		{"fields: [nummer, vak,", "fields: [nummer, vk,", "field-unknown process.steps[0].fields[1]"},
		{"fields: [nummer, vak,", "fields: [numer, vak,", "field-unknown process.steps[0].fields[0]"},
		{"path: /wijken", "path: wijken", "path-form sources[2].operations[0].path"},
		{"parameters: [land]", "parameters: ['l and']", "parameter-form sources[2].operations[0].parameters[0]"},
		{"kind: lookup, source: wijken, operation: zoek", "kind: lookup, source: wijken, operation: zoken", "operation-unknown process.steps[2].operation"},
	} {
		text := strings.Replace(sound, c.old, c.new, 1)
		if text == sound {
			t.Fatalf("%q is not there", c.old)
		}
		doc, found := answers.Parse("fieldlab.yaml", []byte(text))
		if len(found) == 0 {
			_, found = New(doc.Answers, soundFiles, Env{})
		}
		if got := codes(found); got != c.want {
			t.Errorf("%s:\ngot  %s\nwant %s", c.new, strings.ReplaceAll(got, "\n", "\n     "), c.want)
		}
	}
	doc, _ := answers.Parse("fieldlab.yaml", []byte(sound))
	if _, found := New(doc.Answers, soundFiles, Env{}); len(found) > 0 {
		t.Errorf("without a mistake: %v", found)
	}
}

// TestSuggestion: what is suggested can be written in the place of what is
// there, and is something else.
func TestSuggestion(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{"fields: [adres.land, vol]", "fields: [adress.land, vol]", "adres.land"},
		{"fields: [adres.land, vol]", "fields: [landd, vol]", "adres.land"},
		{"fields: [adres.land, vol]", "fields: [Land, vol]", "adres.land"},
		{"fields: [adres.land, vol]", "fields: [vol.land, vol]", "adres.land"},
		{"stored: [vol]", "stored: [land]", "adres.land"},
		{"stored: [vol]", "stored: [adres]", ""},
		{"land: containers.adres.land", "land: land", "containers.adres.land"},
		{"land: containers.adres.land", "land: containers.adres.lnd", "containers.adres.land"},
		{"operations: [container]", "operations: [Container]", "container"},
		{"operation: container,", "operation: contaner,", "container"},
	} {
		doc, found := answers.Parse("fieldlab.yaml", []byte(strings.Replace(sound, c.old, c.new, 1)))
		if len(found) == 0 {
			_, found = New(doc.Answers, soundFiles, Env{})
		}
		if len(found) == 0 || found[0].Suggestion != c.want {
			t.Errorf("%s: want %q, got %v", c.new, c.want, found)
		}
	}
}

func TestClosest(t *testing.T) {
	for _, c := range []struct {
		wrong      string
		candidates []string
		want       string
	}{
		{"land", []string{"land"}, ""},
		{"land", []string{"adres.land"}, "adres.land"},
		{"land", []string{"land", "adres.land"}, "adres.land"},
		{" land\u00a0", []string{"land"}, ""},
		{"land\u200b", []string{"land"}, ""},
		{"Land", []string{"land"}, "land"}, // the case is what is wrong
		{"naam.voornamen", []string{"personen.kinderen.naam.voornamen", "personen.naam.voornamen"}, "personen.naam.voornamen"},
		{"", []string{"land"}, ""},
		{"postcod", []string{"straat", "postcode"}, "postcode"},
		{"x", []string{"postcode", "a.b"}, ""},
	} {
		if got := closest(c.wrong, c.candidates); got != c.want {
			t.Errorf("%q among %v gives %q, want %q", c.wrong, c.candidates, got, c.want)
		}
	}
}

// TestNoSuggestionRepeats: no file of testdata/wrong gets the word back that
// stands there.
func TestNoSuggestionRepeats(t *testing.T) {
	for _, p := range wrongProblems(t) {
		if len(p.Args) > 0 && p.Suggestion != "" {
			if word, ok := p.Args[0].(string); ok && word == p.Suggestion && !slices.Contains(aboutAnother, string(p.Code)) {
				t.Errorf("%s at %s suggests the wrong word %q", p.Code, p.Key, word)
			}
		}
	}
}

// aboutAnother are codes of which the first word of the text is not the wrong one.
var aboutAnother = []string{"input-no-part", "role-audience", "purpose-activity"}

// wrongProblems are the problems of all of testdata/wrong.
func wrongProblems(t *testing.T) (all problem.List) {
	t.Helper()
	files, err := filepath.Glob("testdata/wrong/*.yaml")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	for _, file := range files {
		_, found := New(parse(t, file).Answers, os.DirFS("testdata/wrong"), Env{})
		all = append(all, found...)
	}
	return all
}

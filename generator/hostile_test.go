package generator_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"go/format"
	"go/parser"
	"go/token"
	"io"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"go.yaml.in/yaml/v3"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// everyText is a component in which TEXT stands wherever a team writes freely.
const everyText = `version: 1
component:
  name: proef
  title: TEXT
  summary: TEXT
  organisation: {name: TEXT, website: "https://www.gemeente.test"}
  contact: {name: TEXT, email: a@gemeente.test, url: "https://www.gemeente.test/contact"}
  repository: https://github.com/gemeente/proef
register:
  - name: ding
    plural: dingen
    title: TEXT
    fields:
      - {name: naam, type: text, title: TEXT, help: TEXT, default: TEXT}
      - {name: keus, type: enum, title: TEXT, values: [TEXT, nee]}
    retention: {period: P5Y, source: TEXT, results: [{result: TEXT, period: P1Y, source: TEXT}]}
sources:
  - {name: bron, title: TEXT, service: bron, provider: {name: TEXT}, operations: [{name: zoek, example: bronnen/x.json}], purpose: {activity: doel, fields: [naam], reasons: {naam: TEXT}}}
  - {name: elders, openapi: bronnen/elders.json, operations: [{name: vind, constants: {soort: TEXT}}], purpose: {activity: doel, fields: [dingen.naam], warnings: [let, op.dit], reasons: {dingen.naam: TEXT}}}
process:
  name: proces
  title: TEXT
  subject: ding
  roles: [{name: inwoner, title: TEXT, audience: citizen}, {name: balie, title: TEXT, audience: employee}]
  start: vraag
  steps:
    - {name: vraag, kind: form, role: inwoner, title: TEXT, help: TEXT, fields: [naam, keus], next: zoeken}
    - {name: zoeken, kind: lookup, source: bron, operation: zoek, title: TEXT, input: {naam: naam}, outcomes: {gevonden: vinden, niet-gevonden: vinden}}
    - {name: vinden, kind: lookup, source: elders, input: {q: naam}, outcomes: {gevonden: beslis, niet-gevonden: beslis}}
    - {name: beslis, kind: decide, role: balie, title: TEXT, help: TEXT, outcomes: {ja: klaar, nee: klaar}}
    - {name: klaar, kind: end, title: TEXT, result: TEXT}
privacy:
  activities: [{name: doel, title: TEXT, purpose: TEXT, basis: publieke taak, explanation: TEXT, retention: P5Y}]
fieldlab: {team: TEXT, goal: TEXT}
`

// everyDescription is the specification of a source in which TEXT stands wherever
// its maker writes freely, also in names.
const everyDescription = `{"openapi": "3.0.3", "info": {"title": TEXT, "version": TEXT, "description": TEXT, "license": {"name": TEXT}}, "servers": [{"url": TEXT, "description": TEXT}], "tags": [{"name": TEXT}],
"paths": {"/dingen": {"summary": TEXT, "get": {"operationId": "vind", "summary": TEXT, "description": TEXT, "tags": [TEXT],
  "parameters": [{"name": "q", "in": "query", "description": TEXT, "example": TEXT, "schema": {"type": "string", "title": TEXT, "enum": [TEXT, "x"]}},
    {"name": "soort", "in": "query", "schema": {"type": "string"}}, {"name": TEXT, "in": "query", "schema": {"type": "string"}}, {"name": TEXT, "in": "header", "schema": {"type": "string", "default": TEXT}}],
  "responses": {"200": {"description": TEXT, "headers": {TEXT: {"schema": {"type": "string"}}}, "content": {"application/json": {"examples": {TEXT: {"summary": TEXT}}, "schema": {"type": "object", "title": TEXT, "description": TEXT, "required": ["dingen"], "properties": {
    TEXT: {"type": "string", "title": TEXT}, "totaal": {"type": "integer", "title": TEXT},
    "dingen": {"type": "array", "title": TEXT, "items": {"type": "object", "title": TEXT, "properties": {
      "naam": {"type": "object", "title": TEXT, "properties": {TEXT: {"type": "string", "title": TEXT, "description": TEXT, "example": TEXT}, "kort": {"type": "string", "title": TEXT, "description": TEXT, "example": TEXT}}},
      "let": {"type": "boolean", "title": TEXT, "description": TEXT}, "op": {"type": "object", "properties": {"dit": {"type": "string", "title": TEXT, "enum": [TEXT]}}}, "inOnderzoek": {"type": "boolean", "title": TEXT}}}}}}}}},
   "404": {"description": TEXT, "content": {"application/problem+json": {"example": {"title": TEXT, TEXT: TEXT}}}}}},
  "post": {"operationId": TEXT, "summary": TEXT, "responses": {"200": {"description": TEXT}}}}},
"components": {"schemas": {TEXT: {"type": "object", "title": TEXT}}, "securitySchemes": {"sleutel": {"type": "apiKey", "in": "header", "name": TEXT, "description": TEXT}}}}`

// attacks each mean something in one of the languages of a component.
var attacks = []string{
	`'; DROP TABLE zaken; --`, `"; os.Exit(1) //`, "`id` $(id) ${HOME} ${{ github.token }}", `</script><script>alert(1)</script>`,
	`]]></text><script/>`, `*/ func init(){panic(1)} /*`, `{{ .Env }} {{ index . 0 }}`, `--><img src=x onerror=alert(1)>`,
	`| [x](javascript:alert(1)) |`, `%s%n\x00\u0000\`, `&a *b !!python/object: - ? #`, `go:embed /etc/passwd`, `"] } , exec: [`,
}

// TestNoAnswerChangesHowAComponentIsBuilt: what runs on the machines of a team
// is the same whatever is written in the answers, and no text breaks out of a
// file that a machine reads.
func TestNoAnswerChangesHowAComponentIsBuilt(t *testing.T) {
	tame := planned(t, "Gewone tekst")
	for _, attack := range attacks {
		hostile := planned(t, attack)
		for name, body := range hostile {
			if buildFile(name) && !bytes.Equal(withoutComments(body), withoutComments(tame[name])) {
				t.Errorf("%s changes %s", attack, name)
			}
			if err := readable(name, body); err != nil {
				t.Errorf("%s breaks %s: %v", attack, name, err)
			}
		}
		if len(hostile) != len(tame) {
			t.Errorf("%s makes %d files, not %d", attack, len(hostile), len(tame))
		}
	}
}

func planned(t *testing.T, words string) map[string][]byte {
	t.Helper()
	all, err := plannedOr(words)
	if err != nil {
		t.Fatalf("%s: %v", words, err)
	}
	return all
}

func plannedOr(words string) (map[string][]byte, error) {
	quoted, err := json.Marshal(words)
	if err != nil {
		return nil, err
	}
	document, _ := answers.Parse("", []byte(strings.ReplaceAll(everyText, "TEXT", string(quoted))))
	files, _, err := generator.Plan(generator.Request{Document: document, Pack: templates.Component(), Version: "1.0.0",
		Files: fstest.MapFS{"bronnen/x.json": {Data: []byte(`{"naam":"x"}`)},
			"bronnen/elders.json": {Data: []byte(strings.ReplaceAll(everyDescription, "TEXT", string(quoted)))}}})
	if err != nil {
		return nil, err
	}
	all := map[string][]byte{}
	for _, file := range files {
		if file.Path != plan.AnswersPath && file.Path != plan.ManifestPath {
			all[file.Path] = file.Body
		}
	}
	return all, nil
}

func buildFile(name string) bool {
	switch {
	case strings.HasPrefix(name, "deploy/openfsc/pki/"), name == "deploy/helm/Chart.yaml", path.Ext(name) == ".md":
		return false // these name the organisation, the title or both
	}
	for _, folder := range []string{".github/", ".gitlab-ci.yml", ".devcontainer/", ".git", ".dockerignore", ".golangci.yml", "deploy/", "go.mod", "go.sum", "main.go", "renovate.json"} {
		if strings.HasPrefix(name, folder) {
			return true
		}
	}
	return false
}

// withoutComments drops the line comments of Go that are no directives.
func withoutComments(body []byte) []byte {
	var kept [][]byte
	for line := range bytes.SplitSeq(body, []byte("\n")) {
		if !bytes.HasPrefix(line, []byte("// ")) {
			kept = append(kept, line)
		}
	}
	return bytes.Join(kept, []byte("\n"))
}

func readable(name string, body []byte) error {
	if strings.Contains(name, "/templates/") {
		return nil // of Helm: YAML only once it is rendered
	}
	switch path.Ext(name) {
	case ".json":
		if !json.Valid(body) {
			return errors.New("not JSON")
		}
	case ".yml", ".yaml":
		return yaml.Unmarshal(body, new(any))
	case ".svg", ".bpmn":
		return safeXML(body)
	case ".go":
		if strings.HasPrefix(name, plan.KernFolder+"/") {
			_, err := parser.ParseFile(token.NewFileSet(), name, body, parser.SkipObjectResolution)
			return err
		}
		formatted, err := format.Source(body)
		if err == nil && !bytes.Equal(formatted, body) {
			return errors.New("not as gofmt writes it")
		}
		return err
	}
	return nil
}

func safeXML(body []byte) error {
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		part, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := part.(xml.StartElement); ok && (e.Name.Local == "script" || e.Name.Local == "img") {
			return errors.New("a script in a drawing")
		}
	}
}

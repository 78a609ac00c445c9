package generator_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
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
process:
  name: proces
  title: TEXT
  subject: ding
  roles: [{name: inwoner, title: TEXT, audience: citizen}, {name: balie, title: TEXT, audience: employee}]
  start: vraag
  steps:
    - {name: vraag, kind: form, role: inwoner, title: TEXT, help: TEXT, fields: [naam, keus], next: zoeken}
    - {name: zoeken, kind: lookup, source: bron, operation: zoek, title: TEXT, input: {naam: naam}, outcomes: {gevonden: beslis, niet-gevonden: beslis}}
    - {name: beslis, kind: decide, role: balie, title: TEXT, help: TEXT, outcomes: {ja: klaar, nee: klaar}}
    - {name: klaar, kind: end, title: TEXT, result: TEXT}
privacy:
  activities: [{name: doel, title: TEXT, purpose: TEXT, basis: publieke taak, explanation: TEXT, retention: P5Y}]
fieldlab: {team: TEXT, goal: TEXT}
`

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
	quoted, err := json.Marshal(words)
	if err != nil {
		t.Fatal(err)
	}
	document, _ := answers.Parse("", []byte(strings.ReplaceAll(everyText, "TEXT", string(quoted))))
	files, _, err := generator.Plan(generator.Request{Document: document, Pack: templates.Component(), Version: "1.0.0",
		Files: fstest.MapFS{"bronnen/x.json": {Data: []byte(`{"naam":"x"}`)}}})
	if err != nil {
		t.Fatalf("%s: %v", words, err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		if file.Path != plan.AnswersPath && file.Path != plan.ManifestPath {
			all[file.Path] = file.Body
		}
	}
	return all
}

func buildFile(name string) bool {
	if strings.HasPrefix(name, "deploy/openfsc/pki/") {
		return false // the request for a certificate names the organisation
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
	switch path.Ext(name) {
	case ".json":
		if !json.Valid(body) {
			return errors.New("not JSON")
		}
	case ".yml", ".yaml":
		return yaml.Unmarshal(body, new(any))
	case ".svg", ".bpmn":
		return safeXML(body)
	}
	return nil
}

func safeXML(body []byte) error {
	d := xml.NewDecoder(bytes.NewReader(body))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if e, ok := token.(xml.StartElement); ok && (e.Name.Local == "script" || e.Name.Local == "img") {
			return errors.New("a script in a drawing")
		}
	}
}

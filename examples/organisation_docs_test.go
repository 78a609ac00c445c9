package examples_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/organisatie"
)

// TestTheExampleForASecondMunicipalityIsTaken: what stands in docs/instellingen.md
// of each component is a file that this component takes, with every key in it.
func TestTheExampleForASecondMunicipalityIsTaken(t *testing.T) {
	logo, err := os.ReadFile("testdata/gemeenten/logo.svg")
	if err != nil {
		t.Fatal(err)
	}
	names := regexp.MustCompile(`(?m)\bName: +"([^"]+)"`)
	for _, file := range allAnswers(t) {
		bodies := planned(t, file)
		_, section, found := strings.Cut(bodies["docs/instellingen.md"], "## Voor een tweede gemeente")
		_, example, begins := strings.Cut(section, "```yaml\n")
		example, _, ends := strings.Cut(example, "```")
		if !found || !begins || !ends {
			t.Errorf("%s: no example", file)
			continue
		}
		model, err := bpmn.Parse([]byte(bodies["4-proces/proces.bpmn"]))
		if err != nil {
			t.Fatal(err)
		}
		known := organisatie.Known{Name: "Gemeente Duinstad", OIN: "00000099000000001000", ServicesBase: "/v1", ProcessBase: "/v1"}
		for _, n := range model.Steps() {
			known.Steps = append(known.Steps, n.Step)
			if n.Result != "" {
				known.Results = append(known.Results, n.Result)
			}
		}
		for _, m := range names.FindAllStringSubmatch(bodies["5-interactie/schermen.go"], -1) {
			known.Fields = append(known.Fields, m[1])
		}
		for _, m := range names.FindAllStringSubmatch(bodies["4-proces/activiteiten.go"], -1) {
			known.Activities = append(known.Activities, m[1])
		}
		dir := t.TempDir()
		for name, body := range map[string]string{"organisatie.yaml": example, "logo.svg": string(logo)} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(body), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		o, faults := organisatie.Read(filepath.Join(dir, "organisatie.yaml"), known)
		if len(faults) > 0 {
			t.Errorf("%s: %q in\n%s", file, faults, example)
			continue
		}
		if o.Remedies == nil || o.Logo == nil || o.Texts.Title == "" || len(o.Texts.Steps) == 0 || o.Addresses.Site == "" || o.Security.Policy == "" || len(known.Activities) > 0 && len(o.Activities) == 0 {
			t.Errorf("%s: the example leaves keys out: %+v", file, o)
		}
		for _, page := range organisatie.Pages {
			if !strings.Contains(section, page) {
				t.Errorf("%s: the example does not name page %s", file, page)
			}
		}
		if !slices.ContainsFunc(strings.Split(bodies["docs/overdracht.md"], "\n"), func(l string) bool { return strings.Contains(l, "rechtsmiddelen") && strings.Contains(l, "jurist") }) {
			t.Errorf("%s: docs/overdracht.md does not leave the remedies to a jurist", file)
		}
	}
	open := planned(t, "testdata/minimaal.yaml")["docs/overdracht.md"]
	if mentions := strings.Contains(open, "/.well-known/security.txt"); !mentions {
		t.Error("docs/overdracht.md does not say that there is no security.txt without a contact")
	}
}

package merge_test

import (
	"go/format"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/merge"
	"github.com/commonground-fieldlab/fieldlab/templates"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/bpmn"
	"go.yaml.in/yaml/v3"
)

// generated are the files of a component, without kern and what fieldlab remembers.
func generated(t *testing.T, text string) map[string]string {
	t.Helper()
	document, problems := answers.Parse("fieldlab.yaml", []byte(text))
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	made, _, err := generator.Plan(generator.Request{Document: document, Pack: templates.Component(), Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, file := range made {
		if !strings.HasPrefix(file.Path, "kern/") && !strings.HasPrefix(file.Path, ".fieldlab/") {
			files[file.Path] = string(file.Body)
		}
	}
	return files
}

func changed(t *testing.T, text string, pairs ...string) string {
	t.Helper()
	for i := 0; i < len(pairs); i += 2 {
		if !strings.Contains(text, pairs[i]) {
			t.Fatalf("%q is not in the text", pairs[i])
		}
		text = strings.ReplaceAll(text, pairs[i], pairs[i+1])
	}
	return text
}

// TestGenerated is a week of a team: by hand it did all that one answer more would
// do, and more, and then it takes in a field, a step, a role and a source. Nothing
// clashes but the migration, and every line of the team is there.
func TestGenerated(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../examples/verhuizing/fieldlab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	lastField := "      - {name: toelichting, type: longtext, title: Toelichting}\n"
	base := generated(t, string(text))
	ours := generated(t, changed(t, string(text), lastField, lastField+"      - {name: telefoon, type: phone, title: Telefoonnummer}\n", "email, toelichting]", "email, toelichting, telefoon]"))
	theirs := generated(t, changed(t, string(text), lastField, lastField+"      - {name: ingangsdatumHuurcontract, type: date, title: Ingangsdatum van het huurcontract, required: true}\n",
		"email, toelichting]", "email, toelichting, ingangsdatumHuurcontract]",
		"rights: [archief, inzage]}\n", "rights: [archief, inzage]}\n    - {name: teamleider, title: Teamleider, audience: employee}\n",
		"      next: verwerkt\n", "      next: nakijken\n    - {name: nakijken, kind: task, role: teamleider, title: Nakijken, next: verwerkt}\n",
		"process:\n  name:", "  - {name: brp-personen, catalogue: brp-personen, service: brp-personen, purpose: {activity: aangifte-verhuizing, fields: [burgerservicenummer], reasons: {burgerservicenummer: Om te zien of het klopt.}}}\n\nprocess:\n  name:"))
	for name, pairs := range map[string][]string{
		"1-gegevens/verhuizing.go": {"import (\n", "import (\n\t\"strings\"\n\n", "// verhuizingExamples are", "// Plaats is where it goes to.\nfunc (v Verhuizing) Plaats() string { return strings.ToUpper(v.NieuwAdres.Woonplaats) }\n\n// verhuizingExamples are"},
		"2-diensten/openapi.yaml":  {"tags: [verhuizingen]", "tags: [verhuizingen, team]"},
		"3-integratie/fsc.yaml":    {"groep: \"\"", "groep: \"fsc-demo\" # van Logius"},
		"4-proces/proces.bpmn":     {`<dc:Bounds x="910" y="59"`, `<dc:Bounds x="910" y="459"`, `name="Verwerken in de BRP"`, `name="Verwerken (Key2)"`},
		"4-proces/rollen.go":       {"Medewerker burgerzaken", "Medewerker van burgerzaken", "\"inzage\"}},\n", "\"inzage\"}},\n\t{Name: \"archivaris\", Title: \"Archivaris\"},\n"},
		"5-interactie/schermen.go": {"#154273", "#007bc7", "Label: \"Nieuw adres\"", "Label: \"Uw nieuwe adres\""},
		"docs/bronnen.md":          {"# ", "# Onze "},
	} {
		ours[name] = changed(t, ours[name], pairs...)
	}
	both := 0
	for name, body := range ours {
		if theirs[name] == base[name] || body == base[name] {
			continue
		}
		both++
		got := merge.Files(name, []byte(base[name]), []byte(body), []byte(theirs[name]), merge.Labels{Ours: "ours", Theirs: "theirs"})
		if strings.HasSuffix(name, ".sql") {
			if !got.Beside {
				t.Errorf("%s is merged", name)
			}
			continue
		}
		if got.Conflicts > 0 {
			t.Errorf("%s: %d clashes\n%s", name, got.Conflicts, got.Body)
			continue
		}
		for _, side := range []map[string]string{ours, theirs} {
			holds(t, name, base[name], side[name], string(got.Body))
		}
		reads(t, name, got.Body)
	}
	if both < 8 {
		t.Errorf("only %d files are changed by both", both)
	}
}

// holds says that each word that a side brought is in the result.
func holds(t *testing.T, name, base, side, result string) {
	t.Helper()
	had, has := words(base), words(result)
	for word := range words(side) {
		if !had[word] && !has[word] && !strings.ContainsAny(word, "0123456789") { // places in a drawing move
			t.Errorf("%s: %q is gone", name, word)
		}
	}
}

func words(text string) map[string]bool {
	all := map[string]bool{}
	for _, word := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune(" \t\n\"'(){}[],;:=<>/", r) }) {
		all[word] = true
	}
	return all
}

// reads says that a file can be read by who has to.
func reads(t *testing.T, name string, body []byte) {
	t.Helper()
	var err error
	switch path.Ext(name) {
	case ".go":
		var clean []byte
		if clean, err = format.Source(body); err == nil && string(clean) != string(body) {
			t.Errorf("%s is not as gofmt has it", name)
		}
	case ".yaml", ".yml":
		var value any
		err = yaml.Unmarshal(body, &value)
	case ".bpmn":
		_, err = bpmn.Parse(body)
	}
	if err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestWhatIsForgottenIsNamed: a team changes a component by hand and forgets one
// of the places. The tests of the component then name the field or the step, and
// the file, in a few lines.
func TestWhatIsForgottenIsNamed(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds and tests a component")
	}
	const (
		spec     = "2-diensten/openapi.yaml"
		taken    = "4-proces/openapi.yaml"
		row      = "1-gegevens/verhuizing.go"
		screens  = "5-interactie/schermen.go"
		model    = "4-proces/proces.bpmn"
		roles    = "4-proces/rollen.go"
		sqlite   = "1-gegevens/migraties/sqlite/0002_huisdier.sql"
		postgres = "1-gegevens/migraties/postgres/0002_huisdier.sql"
		addField = "ALTER TABLE verhuizingen ADD COLUMN huisdier TEXT;\n"
	)
	// Each pair of texts is what stands in the file and what comes before it; a
	// file that is not there yet is made.
	inRow := [][3]string{
		{row, "\tToelichting    string", "\tHuisdier string `json:\"huisdier,omitempty\"`\n"},
		{row, "\t\t{SQL: \"toelichting\"", "\t\t{SQL: \"huisdier\", JSON: \"huisdier\"},\n"},
		{row, "\t\t\topslag.Text(&row.Toelichting)", "\t\t\topslag.Text(&row.Huisdier),\n"},
	}
	migrations := [][3]string{{sqlite, "", addField}, {postgres, "", addField}}
	inSpec := [][3]string{{spec, "        toelichting: {type: string", "        huisdier: {type: string, title: Huisdier, description: Huisdier.}\n"}}
	inScreens := [][3]string{
		{screens, "\tfieldToelichting = ", "\tfieldHuisdier = paginas.Field{Name: \"huisdier\", Kind: \"text\", Label: \"Huisdier\"}\n\n"},
		{screens, "\t\t\tfieldToelichting,", "\t\t\tfieldHuisdier,\n"},
	}
	dir := filepath.Join(t.TempDir(), "verhuizing")
	generate(t, "verhuizing/fieldlab.yaml", dir)
	for _, c := range []struct {
		name  string
		edits [][3]string
		want  string
	}{
		{"the row", inSpec, "veld huisdier: staat in " + spec + " en ontbreekt in 1-gegevens"},
		{"a column of the row", inRow[:1], "veld huisdier: staat in 1-gegevens in het type van Verhuizing en ontbreekt bij Columns"},
		{"the specification of diensten", append(migrations, inRow...), "veld huisdier: staat in 1-gegevens (kolommen van verhuizingen) en ontbreekt in " + spec},
		{"the migrations", append(inSpec, inRow...), "1-gegevens/migraties"},
		{"one migration", migrations[:1], postgres + " ontbreekt"},
		{"the specification of proces", inScreens, "veld huisdier van stap aangifte: staat in " + screens + " en ontbreekt in " + taken},
		{"the screens", [][3]string{{taken, "                toelichting: {$ref: '#/components/schemas/Gegevens/properties/toelichting'}", "                huisdier: {type: string}\n"}},
			"veld huisdier van stap aangifte: staat in " + taken + " bij POST /zaken en ontbreekt in " + screens},
		{"that people see it again", [][3]string{{taken, "        toelichting: {type: string, maxLength: 4000, title", "        huisdier: {type: string}\n"}},
			"veld huisdier: staat bij Gegevens in " + taken + " en ontbreekt bij Subject in " + screens},
		{"the role of a step", [][3]string{{roles, "\t{Name: \"burgerzaken\"", "\t{Name: \"balie\", Title: \"Balie\"},\n\t// "}}, "stap beoordelen is voor rol burgerzaken; die staat niet in " + roles},
		{"an outcome in the specification", [][3]string{{taken, "                    - afwijzen", "                    - terugsturen\n#"}},
			"uitkomst afwijzen van stap beoordelen staat in " + model + " en ontbreekt in " + taken},
		{"an outcome in the process", [][3]string{{taken, "                    - afwijzen", "                    - doorsturen\n"}},
			"uitkomst doorsturen van stap beoordelen staat in " + taken + " bij POST /zaken/{zaakId}/beoordelen en ontbreekt in " + model},
		{"the step of a question", [][3]string{{"4-proces/verloop.go", "\t\t\t\"adres-controleren\":", "\t\t\t\"adres-zoeken\": {},\n"}},
			"4-proces/verloop.go heeft een vraag bij stap adres-zoeken"},
		{"how a field is spelled", [][3]string{{"3-integratie/bag.go", "\t\t\t{Name: \"postcode\",", "\t\t\t{Name: \"postkode\", Title: \"Postcode\"},\n"}}, "3-integratie/bag.go houdt veld postkode van bron bag"},
		{"a choice", [][3]string{{screens, "\t\tChoices:", "\t\tChoices: []string{\"ja\", \"nee\", \"soms\"},\n//"}}, `keuze "soms" staat in ` + screens + " en ontbreekt in " + taken},
		{"the rule of the column", [][3]string{
			{spec, "        inwoning: {type: string, enum: [ja, nee]", "        inwoning: {type: string, enum: [ja, nee, soms]}\n#"},
			{spec, "        inwoning: {nullable: true, type: string, enum: [ja, nee, null]", "        inwoning: {nullable: true, type: string, enum: [ja, nee, soms, null]}\n#"},
		}, "veld inwoning wordt soms; 2-diensten/openapi.yaml neemt dat aan, maar misschien een CHECK in 1-gegevens/migraties niet"},
		{"that null takes a value away", [][3]string{{spec, "        inwoning: {nullable: true", "        inwoning: {type: string, enum: [ja, nee]}\n#"}},
			"veld inwoning van verhuizingen: is verplicht (required) of heeft bij PATCH nullable: true"},
		{"omitempty", [][3]string{{row, "\tInwoning       string", "\tInwoning string `json:\"inwoning\"`\n//"}}, "veld inwoning: kolom inwoning van verhuizingen mag leeg zijn; zet in 1-gegevens omitempty"},
		{"a limit", [][3]string{{taken, "        aantalPersonen: {type: integer, format: int64, minimum: 1", "        aantalPersonen: {type: integer, format: int64, minimum: 2, maximum: 20}\n#"}}, "de grens is 1 tot 20 in " + screens},
		{"what is required", [][3]string{{taken, "              required: [bsn, verhuisdatum, nieuwAdres, aantalPersonen]", "              required: [bsn, verhuisdatum, nieuwAdres]\n#"}}, "verplicht is ja in " + screens},
		{"that a column may be empty", append([][3]string{
			{sqlite, "", "ALTER TABLE verhuizingen ADD COLUMN huisdier INTEGER;\n"}, {postgres, "", "ALTER TABLE verhuizingen ADD COLUMN huisdier BOOLEAN;\n"},
			{row, "\tToelichting    string", "\tHuisdier bool `json:\"huisdier\"`\n"}, inRow[1],
			{row, "\t\t\topslag.Text(&row.Toelichting)", "\t\t\t&row.Huisdier,\n"},
		}, inSpec...), "veld huisdier: kolom huisdier van verhuizingen mag in 1-gegevens/migraties leeg zijn"},
		{"a name for files", [][3]string{{screens, "\tName: ", "\tName: \"Onze Verhuizing\",\n//"}}, screens + ": Name \"Onze Verhuizing\""},
		{"a colour", [][3]string{{screens, "\tColour: ", "\tColour: \"rood\",\n//"}}, screens + ": Colour \"rood\""},
		{"an address of an activity", [][3]string{{"4-proces/activiteiten.go", "\t\tURI:", "\t\tURI: \"12\",\n//"}}, "4-proces/activiteiten.go: URI \"12\" van verwerkingsactiviteit aangifte-verhuizing"},
		{"a service", [][3]string{{"3-integratie/fsc.yaml", "  - naam: bag-bevragen", "  - naam: iets-anders\n    # "}}, "bron bag: dienst bag-bevragen staat niet bij afgenomen in 3-integratie/fsc.yaml"},
		{"a step in the specification", [][3]string{{model, `<bpmn:userTask id="verwerken"`, "RENAME"}}, "POST /zaken/{zaakId}/verwerken-nu: staat in " + model + " en ontbreekt in " + taken},
	} {
		t.Run(c.name, func(t *testing.T) {
			defer restore(t, dir)
			for _, edit := range c.edits {
				insert(t, filepath.Join(dir, filepath.FromSlash(edit[0])), edit[1], edit[2])
			}
			out := noticed(t, dir, c.want)
			if lines := strings.Count(out, "\n"); lines > 20 {
				t.Errorf("it takes %d lines to say so:\n%s", lines, out)
			}
		})
	}
}

// TestShownChanges: the test and the step that docs/veranderen.md shows can be
// copied as they stand.
func TestShownChanges(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds and tests a component")
	}
	dir := filepath.Join(t.TempDir(), "verhuizing")
	generate(t, "verhuizing/fieldlab.yaml", dir)
	doc, err := os.ReadFile(filepath.Join(dir, "docs", "veranderen.md"))
	if err != nil {
		t.Fatal(err)
	}
	shown := func(language string) string {
		_, text, _ := strings.Cut(string(doc), "```"+language+"\n")
		text, _, found := strings.Cut(text, "```")
		if !found {
			t.Fatalf("docs/veranderen.md shows no %s", language)
		}
		return text
	}
	if err := os.WriteFile(filepath.Join(dir, "tests", "eigen_test.go"), []byte(shown("go")), 0o644); err != nil {
		t.Fatal(err)
	}
	if out := command(t, dir, "go", "test", "-run", "TestEenZaak", "-v", "./tests"); !strings.Contains(out, "--- PASS: TestEenZaak") {
		t.Error(out)
	}
	step, drawn, _ := strings.Cut(strings.NewReplacer("balie", "burgerzaken", `targetRef="klaar"`, `targetRef="verwerkt"`).Replace(shown("xml")), "\n\n")
	file := filepath.Join(dir, "4-proces", "proces.bpmn")
	model, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := strings.NewReplacer(
		`sourceRef="verwerken" targetRef="verwerkt"`, `sourceRef="verwerken" targetRef="archiveren"`,
		"  </bpmn:process>", step+"\n  </bpmn:process>", "    </bpmndi:BPMNPlane>", drawn+"    </bpmndi:BPMNPlane>").Replace(string(model))
	if err := os.WriteFile(file, []byte(changed), 0o644); err != nil {
		t.Fatal(err)
	}
	// The process is read: what is left is the API of the step.
	noticed(t, dir, "POST /zaken/{zaakId}/archiveren: staat in 4-proces/proces.bpmn en ontbreekt in 4-proces/openapi.yaml")
}

// noticed runs the tests of a component in which something is wrong: they fail
// and say what is wanted. It gives all that they say.
func noticed(t *testing.T, dir, want string) string {
	t.Helper()
	test := exec.Command("go", "test", "./2-diensten", "./tests")
	test.Dir = dir
	test.Env = append(os.Environ(), "GOFLAGS="+goFlags, "GOPROXY=off")
	out, err := test.CombinedOutput()
	if err == nil {
		t.Fatalf("nobody notices:\n%s", out)
	}
	if !strings.Contains(string(out), want) {
		t.Errorf("nothing says %q:\n%s", want, out)
	}
	return string(out)
}

// insert puts text before the first line that begins as line does; a file that
// is not there is made of the text.
func insert(t *testing.T, file, line, text string) {
	t.Helper()
	old, err := os.ReadFile(file)
	if line != "" && err != nil {
		t.Fatal(err)
	}
	if line != "" && !strings.Contains(string(old), line) {
		t.Fatalf("%s has no line %q", file, line)
	}
	fresh := strings.Replace(string(old), line, text+line, 1)
	if text == "RENAME" {
		fresh = strings.ReplaceAll(string(old), `"verwerken"`, `"verwerken-nu"`)
	}
	if err := os.WriteFile(file, []byte(fresh), 0o644); err != nil {
		t.Fatal(err)
	}
}

// restore puts the component back as it was generated.
func restore(t *testing.T, dir string) {
	t.Helper()
	command(t, dir, "git", "checkout", "-q", ".")
	command(t, dir, "git", "clean", "-qfd")
}

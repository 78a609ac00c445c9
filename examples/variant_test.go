package examples_test

import (
	"fmt"
	"html"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/templates/component/kern/identity"
)

// TestVariants: in a component with other invented people and examples than the usual
// ones all tests are green too, and on its own base port, without PORT, those people
// log in. One always runs; FIELDLAB_E2E=all takes more.
func TestVariants(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds and runs complete components")
	}
	for _, c := range []struct {
		file    string
		variant int
		always  bool
	}{
		{"verhuizing/fieldlab.yaml", 17, true},
		{"verhuizing/fieldlab.yaml", 3, false},
		{"testdata/alle-veldtypen.yaml", 3, false},
		{"testdata/alle-veldtypen.yaml", 17, false},
	} {
		t.Run(fmt.Sprint(filepath.Base(c.file), " ", c.variant), func(t *testing.T) {
			if !c.always && os.Getenv("FIELDLAB_E2E") != "all" {
				t.Skip("FIELDLAB_E2E=all builds this one too")
			}
			t.Parallel()
			base := freePorts(t, 4)
			dir := filepath.Join(t.TempDir(), "component")
			generate(t, changed(t, c.file, fmt.Sprint("fieldlab.variant=", c.variant), fmt.Sprint("delivery.port=", base)), dir)
			command(t, dir, "go", "vet", "./...")
			command(t, dir, "go", "test", "./...")
			binary := filepath.Join(t.TempDir(), "component.exe")
			command(t, dir, "go", "build", "-o", binary, ".")
			running := launch(t, dir, binary, base, []int{0, 1, 2, 3}, nil, "PORT=")
			page, _ := get(t, running.url(0, "/inloggen"))
			roles := []identity.Role{{Name: "inwoner", Citizen: true}, {Name: "medewerker"}}
			for _, who := range identity.Personas(roles, c.variant, nil)[:identity.PerRole*len(roles)] {
				if !strings.Contains(page, html.EscapeString(who.Name)) {
					t.Errorf("%s does not log in", who.Name)
				}
			}
		})
	}
}

// changed is an answers file with other answers, with what lies beside it.
func changed(t *testing.T, file string, changes ...string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "antwoorden")
	if err := os.CopyFS(dir, os.DirFS(filepath.Dir(file))); err != nil {
		t.Fatal(err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	document, _ := answers.Parse(answers.FileName, data)
	for _, change := range changes {
		key, value, err := answers.SplitSet(change)
		if err == nil {
			err = document.Set(key, value)
		}
		if err != nil {
			t.Fatalf("%s: %v", change, err)
		}
	}
	copied := filepath.Join(dir, filepath.Base(file))
	if err := os.WriteFile(copied, document.Source, 0o600); err != nil {
		t.Fatal(err)
	}
	return copied
}

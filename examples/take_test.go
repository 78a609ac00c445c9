package examples_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// TestTake takes packages of kern over, each in a component of its own, as the
// only one: it builds, and the tests that came along are green there. One always
// runs; with FIELDLAB_E2E=all each package does, and those that look at the rooms
// around them in every example.
func TestTake(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds and tests a component")
	}
	packages := map[string][]string{"verhuizing": {"pki"}}
	if os.Getenv("FIELDLAB_E2E") == "all" {
		all, err := plan.PackagesIn(templates.Component())
		if err != nil || len(all) < 15 {
			t.Fatalf("kern has %d packages, %v", len(all), err)
		}
		looking := []string{"paginas", "proef", "start"}
		packages = map[string][]string{"verhuizing": all, "melding-openbare-ruimte": looking, "adresonderzoek": looking}
	}
	binary, err := fieldlab()
	if err != nil {
		t.Fatal(err)
	}
	for example, names := range packages {
		t.Run(example, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), example) // the same for all, so that what was built is built
			for _, name := range names {
				if err := os.RemoveAll(dir); err != nil {
					t.Fatal(err)
				}
				generate(t, filepath.Join(example, "fieldlab.yaml"), dir)
				command(t, dir, binary, "kern", "take", name)
				if tests, _ := filepath.Glob(filepath.Join(dir, "kern", name, "*_test.go")); len(tests) == 0 {
					t.Errorf("%s came without tests", name)
				}
				command(t, dir, "go", "build", "./...")
				command(t, dir, "go", "vet", "./kern/"+name)
				command(t, dir, "go", "test", "./kern/"+name+"/...")
				command(t, dir, binary, "kern", "status")
				command(t, dir, binary, "update", "--check")
			}
		})
	}
}

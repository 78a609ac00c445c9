package examples_test

import (
	"os"
	"path/filepath"
	"testing"
)

// TestRealSpecifications generates a component on the specifications that the
// base registers publish, builds it and runs its tests. They are not in this
// repository; without them beside it there is nothing to test.
func TestRealSpecifications(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds and tests a complete component")
	}
	dir := t.TempDir()
	answers, err := os.ReadFile("testdata/echt/fieldlab.yaml")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(filepath.Join(dir, "bronnen"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"openapi-bag-adressenuitgebreid.yaml", "openapi-brp-bewoning.yaml", "openapi-brp-personen-bevragen.yaml"} {
		data, err := os.ReadFile(filepath.Join("..", "..", "shared", "samples", name))
		if err != nil {
			t.Skip("no real specifications beside this repository")
		}
		if err := os.WriteFile(filepath.Join(dir, "bronnen", name), data, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	sheet := filepath.Join(dir, "fieldlab.yaml")
	if err := os.WriteFile(sheet, answers, 0o644); err != nil {
		t.Fatal(err)
	}
	component := filepath.Join(dir, "component")
	generate(t, sheet, component)
	if out := command(t, component, "gofmt", "-l", "."); out != "" {
		t.Errorf("gofmt would change:\n%s", out)
	}
	command(t, component, "go", "vet", "./...")
	command(t, component, "go", "test", "./...")
	for _, name := range []string{"openapi-bag-adressenuitgebreid.yaml", "openapi-brp-bewoning.yaml", "openapi-brp-personen-bevragen.yaml"} {
		given, _ := os.ReadFile(filepath.Join(dir, "bronnen", name))
		copied, err := os.ReadFile(filepath.Join(component, "bronnen", name))
		if err != nil || string(given) != string(copied) {
			t.Errorf("%s did not go along as it was: %v", name, err)
		}
	}
}

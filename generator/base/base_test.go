package base_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// examples are components as people have them.
var examples = []string{"verhuizing", "adresonderzoek", "melding-openbare-ruimte"}

func planOf(t testing.TB, example string) plan.Plan {
	t.Helper()
	dir := "../../examples/" + example
	data, err := os.ReadFile(dir + "/" + answers.FileName)
	if err != nil {
		t.Fatal(err)
	}
	document, _ := answers.Parse(answers.FileName, data)
	p, _, err := generator.Plan(generator.Request{Document: document, Files: os.DirFS(dir), Pack: templates.Component(), Version: "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestSize: what fieldlab remembers of a component is at most 400 kB, for it
// comes with every clone.
func TestSize(t *testing.T) {
	for _, example := range examples {
		total, sizes := 0, ""
		p := planOf(t, example)
		for _, path := range []string{plan.ManifestPath, base.RoomsPath, base.KernPath} {
			size := len(p.Find(path).Body)
			total += size
			sizes += fmt.Sprintf(" %s %d", path, size)
		}
		t.Logf("%s:%s", example, sizes)
		if total > 400_000 {
			t.Errorf("the base of %s is %d bytes:%s", example, total, sizes)
		}
	}
}

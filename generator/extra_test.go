package generator_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// TestExtra: files beside the component are in its commit and in no manifest, and
// never in the place of another.
func TestExtra(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "c")
	r := request(t, benchExample)
	r.Dir, r.Extra = dir, []plan.File{{Path: ".fieldlab/workshop/team.json", Mode: 0o644, Body: []byte("{}\n")}}
	if _, err := generator.Generate(t.Context(), r); err != nil {
		t.Fatal(err)
	}
	manifest, err := os.ReadFile(filepath.Join(dir, plan.ManifestPath))
	if err != nil || strings.Contains(string(manifest), "workshop") {
		t.Errorf("the manifest knows the extra file (%v)", err)
	}
	if _, err := exec.LookPath("git"); err == nil {
		status := exec.Command("git", "-C", dir, "status", "--porcelain")
		if out, err := status.Output(); err != nil || len(out) > 0 {
			t.Errorf("git status: %s, %v", out, err)
		}
	}
	for _, path := range []string{"../buiten", "/etc/passwd", ".git/hooks/post-commit", "main.go", "README.MD", "con", "a\\b", ""} {
		r.Dir, r.Extra = filepath.Join(t.TempDir(), "c"), []plan.File{{Path: path, Mode: 0o644}}
		if _, err := generator.Generate(t.Context(), r); err == nil {
			t.Errorf("%q came", path)
		}
		if entries, _ := os.ReadDir(filepath.Dir(r.Dir)); len(entries) > 0 {
			t.Errorf("%q left %v", path, entries)
		}
	}
}

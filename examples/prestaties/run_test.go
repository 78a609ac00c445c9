package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRun measures a component for some seconds: that it can, not how fast it is.
func TestRun(t *testing.T) {
	if os.Getenv("FIELDLAB_E2E") != "all" {
		t.Skip("FIELDLAB_E2E is not all: builds a component and puts load on it")
	}
	full, less := short, short
	t.Cleanup(func() { short = full })
	less.load, less.patience, less.asks, less.zaken, less.rows, less.keys = 500e6, 100e6, 5, 300, 1_500, 1_000
	short = less
	result := filepath.Join(t.TempDir(), "result.json")
	var out strings.Builder
	args := []string{"--repository", "../..", "--short", "--only", "process,log,pages,lists,keys", "--json", result, "--database", os.Getenv("TEST_DATABASE_URL")}
	if err := run(t.Context(), args, &out); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	raw, err := os.ReadFile(result)
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	if err := json.Unmarshal(raw, &rows); err != nil {
		t.Fatal(err)
	}
	for _, group := range []string{"process", "log", "pages", "lists", "keys"} {
		found := 0
		for _, r := range rows {
			if r.Group == group && r.Value > 0 {
				found++
			}
		}
		if found == 0 {
			t.Errorf("nothing of %s is measured\n%s", group, out.String())
		}
	}
	if err := run(t.Context(), []string{"--repository", "../..", "--soak", "--minutes", "0.05"}, &out); err != nil || !strings.Contains(out.String(), "From part 2 to part 4") {
		t.Errorf("%v\n%s", err, out.String())
	}
}

// TestBuilds builds and tests a component of one line, and a second one.
func TestBuilds(t *testing.T) {
	if os.Getenv("FIELDLAB_E2E") != "all" {
		t.Skip("FIELDLAB_E2E is not all: compiles the runtime of Go twice")
	}
	before := bare
	t.Cleanup(func() { bare = before })
	bare = "package main\n\nfunc main() {}\n"
	dir := t.TempDir()
	for file, text := range map[string]string{
		"go.mod": "module een.test/component\n\ngo 1.26\n", "main.go": "package main\n\nimport \"een.test/component/kern\"\n\nfunc main() { kern.Do() }\n", "kern/kern.go": "package kern\n\n// Do does.\nfunc Do() {}\n",
	} {
		if err := os.MkdirAll(filepath.Dir(filepath.Join(dir, file)), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out strings.Builder
	m := &measuring{work: t.TempDir(), out: &out}
	if err := m.builds(t.Context(), dir); err != nil || len(m.rows) != 4 {
		t.Fatalf("%v\n%s", err, out.String())
	}
	for _, r := range m.rows {
		if r.Value <= 0 {
			t.Errorf("%s: %v", r.What, r.Value)
		}
	}
	if processor := m.rows[3].Ratio; processor > 0.5 {
		t.Errorf("the second build takes %.2f of the first: it was built with another cache", processor)
	}
}

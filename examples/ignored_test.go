package examples_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestSecretsAndDataAreNeverCommitted asks Git itself what it would leave out
// of a new component, and that it leaves out nothing that belongs in it.
func TestSecretsAndDataAreNeverCommitted(t *testing.T) {
	bodies := planned(t, "verhuizing/fieldlab.yaml")
	folder := t.TempDir()
	for name, body := range bodies {
		if filepath.Base(name) == ".gitignore" {
			if err := os.MkdirAll(filepath.Join(folder, filepath.Dir(name)), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(folder, name), []byte(body), 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	git := func(input string, args ...string) []string {
		cmd := exec.CommandContext(t.Context(), "git", args...)
		cmd.Dir, cmd.Stdin = folder, strings.NewReader(input)
		out, _ := cmd.Output() // check-ignore ends with 1 when nothing is ignored
		return strings.Split(strings.TrimSpace(string(out)), "\n")
	}
	git("", "init", "--quiet")
	never := []string{
		".data/verhuizing.db", ".data/pki/groep/outway.key", ".data/pki-tot-20260101-120000/intern/beheer.key", ".data/grants.env", ".data/verhuizing-logboek.jsonl",
		"proef.db", "verhuizing-logboek.jsonl", "data/verhuizing-logboek.jsonl", ".env", ".env.productie", "grants.env", "deploy/productie.env", "outway.key", "pki/ca.pem", "x.p12",
		"deploy/openfsc/outway.env", "deploy/openfsc/pki/group.key", "deploy/openfsc/pki/group.pem", "verhuizing", "verhuizing.exe",
	}
	if got := git(strings.Join(never, "\n"), "check-ignore", "--no-index", "--stdin"); !slices.Equal(got, never) {
		for _, name := range never {
			if !slices.Contains(got, name) {
				t.Errorf("%s would be committed", name)
			}
		}
	}
	var all []string
	for name := range bodies {
		all = append(all, name)
	}
	if got := git(strings.Join(all, "\n"), "check-ignore", "--no-index", "--stdin"); got[0] != "" {
		t.Errorf("files of the component are left out: %v", got)
	}
}

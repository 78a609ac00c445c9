package examples_test

import (
	"os"
	"os/exec"
	"path"
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
		"kopie.reservekopie", "verhuizing-20261130T030000Z.reservekopie", "3-integratie/verhuizing-20261130T030000Z.reservekopie.abcd2345.deel",
		"vernietigingslijst-2026-11-29.json", "verklaring-van-vernietiging-2026-11-29.txt",
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

// TestImageIsBuiltFromAllCode: .dockerignore lets the builder have all code of
// the program and each file that it carries along, and of kern not the harness
// for tests.
func TestImageIsBuiltFromAllCode(t *testing.T) {
	elsewhere := 0
	for _, answers := range allAnswers(t) {
		bodies := planned(t, answers)
		lines := strings.Split(bodies[".dockerignore"], "\n")
		kept := map[string]string{}
		for name, body := range bodies {
			switch code := strings.HasSuffix(name, ".go"); {
			case reaches(lines, name):
				kept[name] = body
			case code && !strings.HasSuffix(name, "_test.go") && !strings.HasPrefix(name, "kern/proef/"):
				t.Errorf("%s: .dockerignore keeps %s out of the image", answers, name)
			}
		}
		for _, line := range lines {
			folder, allowed := strings.CutPrefix(line, "!")
			if allowed && folder != "eigen" && !carries(kept, folder) { // a team makes that one, says kern/README.md
				t.Errorf("%s: .dockerignore lets %s through, which is not there", answers, folder)
			}
		}
		for line := range strings.Lines(bodies["main.go"]) {
			if quoted, found := strings.CutPrefix(strings.TrimSpace(line), "//go:embed \""); found {
				elsewhere++
				if name := strings.TrimSuffix(quoted, "\""); !carries(kept, name) {
					t.Errorf("%s: main.go carries %s along and .dockerignore keeps it out", answers, name)
				}
			}
		}
		for _, never := range []string{"1-gegevens/a_test.go", "kern/proef/run.go", "deploy/openfsc/pki/a.key", "3-integratie/b.pem", ".data/verhuizing.db", ".env", "tests/zaken_test.go",
			"3-integratie/productie.env", "5-interactie/.env.productie", "3-integratie/c.p12", "3-integratie/d.pfx", "1-gegevens/proef.db", "1-gegevens/kopie.reservekopie", "1-gegevens/vernietigingslijst-2026-11-29.json"} {
			if reaches(lines, never) {
				t.Errorf("%s: %s goes to the builder", answers, never)
			}
		}
	}
	if elsewhere == 0 {
		t.Error("no component carries a file of the team along, so this proves nothing")
	}
}

// reaches says whether Docker sends a file to the builder: the last line that
// speaks of it decides. It knows the forms of lines that we use.
func reaches(lines []string, name string) bool {
	in := true
	for _, line := range lines {
		pattern, back := strings.CutPrefix(line, "!")
		base, anywhere := strings.CutPrefix(pattern, "**/")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		like, _ := path.Match(base, path.Base(name))
		if pattern == "*" || name == pattern || strings.HasPrefix(name, pattern+"/") || anywhere && like {
			in = back
		}
	}
	return in
}

// carries says whether a path is one of these files or a folder of them.
func carries(files map[string]string, name string) bool {
	for file := range files {
		if file == name || strings.HasPrefix(file, name+"/") {
			return true
		}
	}
	return false
}

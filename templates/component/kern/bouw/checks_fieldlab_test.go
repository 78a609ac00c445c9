package main

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// pretend puts a program called fieldlab on the path, that says with what it is called,
// writes the proof and ends with a code.
func pretend(t *testing.T, p place, code string) (program string) {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the program of this test is a script for sh")
	}
	bin := t.TempDir()
	program = filepath.Join(bin, "fieldlab")
	script := "#!/bin/sh\necho \"met: $*\"\necho '# Bewijs' > " + reportsFolder + "/conformiteit.md\nexit " + code + "\n"
	if err := os.WriteFile(program, []byte(script), 0o700); err != nil { //nolint:gosec // A program.
		t.Fatal(err)
	}
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	put(t, p, reportsFolder+"/oud.json", "{}")
	return program
}

func TestConformity(t *testing.T) {
	p, said := here(t)
	pretend(t, p, "0")
	put(t, p, manifestFile, `{"version": 3, "generator": "dev"}`)
	page := filepath.Join(t.TempDir(), "summary.md")
	p.Env = func(name string) string { return map[string]string{"GITHUB_STEP_SUMMARY": page}[name] }
	if err := conformity(t.Context(), p); err != nil {
		t.Fatal(err)
	}
	const want = "met: check . --report sarif=.data/controle/controle.sarif --report codequality=.data/controle/codequality.json --report junit=.data/controle/junit.xml --report html=.data/controle/controle.html --report proof=.data/controle/conformiteit.md\n"
	if !strings.Contains(said.String(), want) {
		t.Errorf("%s", said)
	}
	if body, err := os.ReadFile(page); err != nil || string(body) != "# Bewijs\n" { // #nosec G304 -- Of this test.
		t.Errorf("%q %v", body, err)
	}
	if _, err := os.Stat(p.path(reportsFolder + "/oud.json")); err == nil {
		t.Error("a report of the last time is still there")
	}
}

// TestConformityFails: what fieldlab finds fails the job, with the reports there.
func TestConformityFails(t *testing.T) {
	p, _ := here(t)
	program := pretend(t, p, "1")
	p.Env = func(name string) string { return map[string]string{"FIELDLAB": program}[name] }
	if err := conformity(t.Context(), p); err == nil || !strings.Contains(err.Error(), "code 1") {
		t.Errorf("%v", err)
	}
	if _, err := os.Stat(p.path(reportsFolder + "/conformiteit.md")); err != nil {
		t.Error(err)
	}
}

func TestWhichFieldlab(t *testing.T) {
	for name, c := range map[string]struct{ manifest, own, want, wrong string }{
		"a release":           {`{"generator":"1.4.0"}`, "", "go run " + fieldlabModule + "@v1.4.0", ""},
		"as Go has it":        {`{"generator":"v1.4.0-rc.1"}`, "", "go run " + fieldlabModule + "@v1.4.0-rc.1", ""},
		"one of our own":      {`{"generator":"1.4.0"}`, "go", "go", ""},
		"one that is away":    {`{"generator":"1.4.0"}`, "bestaat-niet-hier", "", "FIELDLAB noemt bestaat-niet-hier"},
		"of the day":          {`{"generator":"dev"}`, "", "", `"dev"; dat is geen uitgave`},
		"not a version":       {`{"generator":"1.4.0 -exec=sh"}`, "", "", "geen uitgave"},
		"no manifest":         {"", "", "", manifestFile + " is niet te lezen"},
		"a manifest of sorts": {"{", "", "", manifestFile + " is niet te lezen"},
	} {
		t.Run(name, func(t *testing.T) {
			p, _ := here(t)
			if c.manifest != "" {
				put(t, p, manifestFile, c.manifest)
			}
			p.Env = func(name string) string { return map[string]string{"FIELDLAB": c.own}[name] }
			if c.own != "go" {
				t.Setenv("PATH", t.TempDir())
			}
			line, err := p.fieldlab()
			if strings.Join(line, " ") != c.want || (err == nil) != (c.wrong == "") || err != nil && !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%q %v", line, err)
			}
		})
	}
}

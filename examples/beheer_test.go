package examples_test

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// TestBeheer does what docs/beheer.md tells an operator, line by line.
func TestBeheer(t *testing.T) {
	needShell(t)
	dir := filepath.Join(t.TempDir(), "verhuizing")
	generate(t, "verhuizing/fieldlab.yaml", dir)
	command(t, dir, "go", "build", "-o", "component", ".")
	// age is not on every machine: what stands in for it encrypts nothing.
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "age"), []byte("#!/bin/sh\nif [ \"$1\" = -d ]; then exec cat \"$4\"; fi\nexec cat\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	base := freePorts(t, 5)
	says := map[string]string{
		"./component --version":              "verhuizing",
		"./component health --layers":        "",
		"./component reservekopie kopie":     "zaken, in kopie.reservekopie",
		"./component reservekopie .data":     ".reservekopie",
		"./component reservekopie - | age":   "",
		"DATA=.data/nieuw.db":                "Start nu het component",
		"age -d -i sleutel.txt kopie.age | ": "Start nu het component",
	}
	for _, line := range shellLines(t, filepath.Join(dir, "docs", "beheer.md")) {
		if line == "./component --layers diensten,gegevens" {
			stop := startShell(t, dir, line, base)
			defer stop()
			waitReady(t, base, 3)
			continue
		}
		want, known := "", false
		for begin, text := range says {
			if strings.HasPrefix(line, begin) {
				want, known = text, true
				delete(says, begin)
				break
			}
		}
		if !known {
			t.Errorf("docs/beheer.md has a command that nothing tests: %s", line)
			continue
		}
		c := exec.Command("sh", "-c", line)
		c.Dir, c.Env = dir, append(os.Environ(), "PORT="+strconv.Itoa(base), "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"), "DATABASE_URL=")
		if out, err := c.CombinedOutput(); err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%s: %v\n%s", line, err, out)
		}
	}
	for left := range says {
		t.Errorf("docs/beheer.md does not show %s", left)
	}
}

// TestWhatBeheerQuotesIsSaid: every text that docs/beheer.md says a log, a page or a
// metric has is in the code.
func TestWhatBeheerQuotesIsSaid(t *testing.T) {
	raw, err := os.ReadFile("../templates/component/docs/beheer.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	said := stringsOfKern(t)
	settings, err := os.ReadFile("../templates/component/docs/instellingen.md.tmpl")
	if err != nil {
		t.Fatal(err)
	}
	quoted := 0
	for _, row := range regexp.MustCompile(`(?m)^\|.*$`).FindAllString(string(raw), -1) {
		for _, m := range regexp.MustCompile("`([^`]+)`").FindAllStringSubmatch(row, -1) {
			text := m[1]
			switch {
			case strings.HasPrefix(text, "component_") || strings.Contains(text, " "):
				quoted++
				if !strings.Contains(said, text) {
					t.Errorf("nothing in the component says %q", text)
				}
			case regexp.MustCompile(`^[A-Z][A-Z_]+$`).MatchString(text) && !strings.HasPrefix(text, "SQLITE"):
				if name := strings.TrimPrefix(text, "OIDC_"); !strings.Contains(string(settings), "`"+text+"`") && !strings.Contains(string(settings), "`"+name+"`") && name != "" {
					t.Errorf("docs/instellingen.md does not explain %s", text)
				}
			}
		}
	}
	if quoted < 20 {
		t.Errorf("only %d texts were looked up", quoted)
	}
	if text := "de database is van een nieuwere versie"; !strings.Contains(string(raw), "`"+text+"`") || !strings.Contains(said, text) {
		t.Errorf("nothing says %q", text)
	}
}

// stringsOfKern are all strings in the code of kern, without its tests. SQLSTATE is
// put before its number by the code.
func stringsOfKern(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	root := "../templates/component/kern"
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var s scanner.Scanner
		set := token.NewFileSet()
		s.Init(set.AddFile(path, set.Base(), len(raw)), raw, nil, 0)
		for {
			_, tok, literal := s.Scan()
			if tok == token.EOF {
				return nil
			}
			if tok == token.STRING {
				if text, err := strconv.Unquote(literal); err == nil {
					all.WriteString(text + "\n")
					if len(text) == 5 {
						all.WriteString("SQLSTATE " + text + "\n")
					}
				}
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

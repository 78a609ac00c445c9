package generator_test

import (
	"encoding/json"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// inKern is the same table for the machinery of a component, with the names in
// kern. A layer never knows the one above it; what a layer does not need to do
// its work is not below it either.
var inKern = map[string][]string{
	"value":           {},
	"bpmn":            {"value"},
	"identity":        {},
	"pki":             {},
	"meting":          {},
	"logboek":         {"value"},
	"fsc":             {"pki"},
	"toegang":         {"value"},
	"rest":            {"identity", "toegang", "value"},
	"opslag":          {"logboek", "reservekopie", "value"},
	"reservekopie":    {},
	"inzage":          {"logboek", "value"},
	"register":        {"inzage", "logboek", "opslag", "rest", "toegang", "value"},
	"outway":          {"fsc", "identity", "inzage", "logboek", "pki", "value"},
	"proces":          {"bpmn", "identity", "inzage", "logboek", "outway", "rest", "toegang", "value"},
	"paginas":         {"bpmn", "identity", "inzage", "logboek", "organisatie", "value"},
	"organisatie":     {"value"},
	"openfsc":         {"fsc", "pki"},
	"beheer":          {"fsc", "openfsc", "pki"},
	"nabootsing":      {"fsc", "nabootsing/bron", "pki"},
	"nabootsing/bron": {"fsc", "value"},
	// The program that checks and delivers: nothing of kern, so that it always builds.
	"bouw": {},
	// The roof: it puts the layers together.
	"start": {"bpmn", "fsc", "identity", "inzage", "logboek", "meting", "nabootsing", "nabootsing/bron", "opslag", "organisatie", "outway", "paginas", "pki", "proces", "register", "reservekopie", "rest", "toegang", "value"},
	// The harness for the tests of a team; nothing imports it but tests.
	"proef": {"bpmn", "identity", "logboek", "nabootsing/bron", "openfsc", "opslag", "outway", "paginas", "proces", "register", "rest", "start", "value"},
}

// kernRow matches a row of the table in kern/README.md.
var kernRow = regexp.MustCompile(`(?m)^\| \[([a-z/]+)\]\(([a-z/]+)\) \| [^|]+ \| ?([a-z/, ]*?) ?\|$`)

// TestReadmeOfKern holds its table against the packages that are there: each
// has a row, and the row says what it uses. A team that takes a package over
// reads there which others go along with it.
func TestReadmeOfKern(t *testing.T) {
	readme := read(t, "../"+kern+"README.md")
	uses := map[string]string{}
	for _, row := range kernRow.FindAllStringSubmatch(readme, -1) {
		if _, twice := uses[row[1]]; twice || row[1] != row[2] {
			t.Errorf("the row of %s leads to %s, or there are two", row[1], row[2])
		}
		uses[row[1]] = row[3]
	}
	if rows := strings.Count(readme, "\n| ") - 1; rows != len(uses) {
		t.Errorf("%d rows, of which %d can be read", rows, len(uses))
	}
	for _, p := range packages(t) {
		name, inside := strings.CutPrefix(p.ImportPath, module+kern)
		if !inside {
			continue
		}
		var want []string
		for _, imported := range p.Imports {
			if other, own := strings.CutPrefix(imported, module+kern); own {
				want = append(want, other)
			}
		}
		slices.Sort(want)
		if got, found := uses[name]; !found {
			t.Errorf("kern/README.md does not name %s", name)
		} else if got != strings.Join(want, ", ") {
			t.Errorf("kern/README.md says that %s uses %q; it is %q", name, got, strings.Join(want, ", "))
		}
		delete(uses, name)
	}
	for name := range uses {
		t.Errorf("kern/README.md names %s, which is not there", name)
	}
	// More than a page is not read.
	if lines := strings.Count(readme, "\n"); lines > 60 {
		t.Errorf("kern/README.md has %d lines; a page is 60", lines)
	}
}

// TestToolsLeaveKernAlone: what the tools of a team say of kern. A review folds
// it, the linter passes over it, and the editor opens it to be read.
func TestToolsLeaveKernAlone(t *testing.T) {
	const component = "../templates/component/"
	dir := t.TempDir()
	write(t, filepath.Join(dir, ".gitattributes"), read(t, component+".gitattributes"))
	git(t, dir, "init", "--quiet")
	want := "kern/start/run.go: linguist-generated: set\nkern/start/run.go: gitlab-generated: set\n" +
		"kern/README.md: linguist-generated: set\nkern/README.md: gitlab-generated: set\n" +
		"main.go: linguist-generated: unspecified\nmain.go: gitlab-generated: unspecified\n"
	if got := git(t, dir, "check-attr", "linguist-generated", "gitlab-generated", "--", "kern/start/run.go", "kern/README.md", "main.go"); got != want {
		t.Errorf("git says\n%s", got)
	}

	var editor struct {
		Customizations struct {
			VSCode struct {
				Settings struct {
					ReadOnly map[string]bool `json:"files.readonlyInclude"`
				}
			}
		}
	}
	if err := json.Unmarshal([]byte(read(t, "../examples/verhuizing/component/.devcontainer/devcontainer.json")), &editor); err != nil || !editor.Customizations.VSCode.Settings.ReadOnly["kern/**"] {
		t.Errorf("the dev container lets people write in kern: %v", err)
	}

	type excluding struct{ Exclusions struct{ Paths []string } }
	var linter struct{ Linters, Formatters excluding }
	if err := yaml.Unmarshal([]byte(read(t, component+".golangci.yml")), &linter); err != nil {
		t.Fatal(err)
	}
	for name, part := range map[string]excluding{"linters": linter.Linters, "formatters": linter.Formatters} {
		passed := func(path string) bool {
			return slices.ContainsFunc(part.Exclusions.Paths, func(p string) bool { return regexp.MustCompile(p).MatchString(path) })
		}
		if !passed("kern/start/run.go") || passed("main.go") || passed("eigen/kern/run.go") || passed("kernel/run.go") {
			t.Errorf("%s pass over %v; it should be kern alone", name, part.Exclusions.Paths)
		}
	}
}

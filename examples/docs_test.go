package examples_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// planned makes the files of a component in memory: path → body.
func planned(t *testing.T, file string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	doc, found := answers.Parse(file, data)
	if len(found) > 0 {
		t.Fatal(found)
	}
	files, _, err := generator.Plan(generator.Request{
		Document: doc, Files: os.DirFS(filepath.Dir(file)), Pack: templates.Component(), Version: "test",
	})
	if err != nil {
		t.Fatal(err)
	}
	bodies := map[string]string{}
	for _, f := range files {
		bodies[f.Path] = string(f.Body)
	}
	return bodies
}

// allAnswers returns every answers file of this folder.
func allAnswers(t *testing.T) []string {
	t.Helper()
	t.Setenv("FIELDLAB_E2E", "all")
	return answersFiles(t)
}

// link matches the target of a Markdown link or picture; an escaped bracket
// makes none.
var link = regexp.MustCompile(`[^\\]\]\(([^)<>\s]+)\)`)

// TestDocumentsPointAtWhatExists follows the links between the documents and
// the code of each component: a reader must never land nowhere.
func TestDocumentsPointAtWhatExists(t *testing.T) {
	for _, file := range allAnswers(t) {
		bodies := planned(t, file)
		links := 0
		for name, body := range bodies {
			if path.Ext(name) != ".md" {
				continue
			}
			for _, found := range link.FindAllStringSubmatch(body, -1) {
				target := found[1]
				if strings.Contains(target, "://") || strings.HasPrefix(target, "#") {
					continue
				}
				links++
				target, _, _ = strings.Cut(target, "#")
				if target = path.Join(path.Dir(name), target); !exists(bodies, target) {
					t.Errorf("%s: %s points at %s, which is not in the component", file, name, target)
				}
			}
		}
		if links == 0 {
			t.Errorf("%s: no links found, so nothing was checked", file)
		}
	}
}

func exists(bodies map[string]string, target string) bool {
	for name := range bodies {
		if name == target || strings.HasPrefix(name, target+"/") {
			return true
		}
	}
	return false
}

// setting matches the reading of an environment variable in Go.
var setting = regexp.MustCompile(`\b[Ee]nv\("([A-Z][A-Z_]+)"`)

// TestReadmeNamesEverySetting keeps the table of settings complete.
func TestReadmeNamesEverySetting(t *testing.T) {
	readme := planned(t, "verhuizing/fieldlab.yaml")["README.md"]
	count := 0
	err := fs.WalkDir(templates.Component(), ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || path.Ext(name) != ".go" || strings.HasSuffix(name, "_test.go") || strings.HasPrefix(name, "tests/") {
			return err
		}
		body, err := fs.ReadFile(templates.Component(), name)
		if err != nil {
			return err
		}
		for _, found := range setting.FindAllStringSubmatch(string(body), -1) {
			count++
			if !strings.Contains(readme, "`"+found[1]+"`") {
				t.Errorf("%s reads %s, which README.md.tmpl does not explain", name, found[1])
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if count == 0 {
		t.Error("no settings found, so nothing was checked")
	}
}

package examples_test

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
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

var (
	// link matches the target of a Markdown link or picture; an escaped bracket
	// makes none.
	link = regexp.MustCompile(`[^\\]\]\(([^)<>\s]+)\)`)
	// code matches a code span on one line, and block what is between fences.
	code  = regexp.MustCompile("`([^`\n]+)`")
	block = regexp.MustCompile("(?ms)^ *```.*?^ *```")
	// place matches a path from the root of a component: its folders are known.
	place = regexp.MustCompile(`^(?:\./)?((?:[1-5]-[a-z]+|kern|internal|tests|docs|deploy)(?:/[A-Za-z0-9._/-]*[A-Za-z0-9_])?|[A-Za-z0-9._-]+\.(?:go|md|bpmn))/?$`)
)

// comesLater are the paths of documents that are not there before somebody makes them.
var comesLater = []string{"4-proces/overgang.yaml", "5-interactie/stijl.css", "5-interactie/sjablonen", "docs/conformiteit.md"}

// TestDocumentsPointAtWhatExists follows the links between the documents and
// the code of each component, and the paths that stand in backticks: a reader
// must never land nowhere.
func TestDocumentsPointAtWhatExists(t *testing.T) {
	for _, file := range allAnswers(t) {
		bodies := planned(t, file)
		links, places := 0, 0
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
			for _, target := range pathsIn(body) {
				places++
				beside := path.Join(path.Dir(name), target)
				if !exists(bodies, target) && !exists(bodies, beside) && !slices.Contains(comesLater, target) {
					t.Errorf("%s: %s names %s, which is not in the component", file, name, target)
				}
			}
		}
		if links == 0 || places == 0 {
			t.Errorf("%s: %d links and %d paths found, so not everything was checked", file, links, places)
		}
	}
}

// pathsIn lists the paths that a document writes as code: in a span, one or
// more words of which may be a path, and in the commands of its blocks.
func pathsIn(document string) []string {
	var all []string
	look := func(text string) {
		for _, word := range strings.Fields(text) {
			word = strings.Trim(word, ",:;'\"")
			if found := place.FindStringSubmatch(word); found != nil {
				all = append(all, found[1])
			}
		}
	}
	for _, text := range block.FindAllString(document, -1) {
		look(text)
	}
	for _, found := range code.FindAllStringSubmatch(block.ReplaceAllString(document, ""), -1) {
		look(found[1])
	}
	return all
}

// TestPathsIn: what looks like a path is found, and nothing else.
func TestPathsIn(t *testing.T) {
	document := "`internal/x.go` en `docs/a.md en 4-proces/b.yaml: servers`, `main.go`, `a/b`, `v1/zaken`\n```sh\ngo run ./kern/beheer x  # tests\n```\n"
	got, want := pathsIn(document), []string{"kern/beheer", "tests", "internal/x.go", "docs/a.md", "4-proces/b.yaml", "main.go"}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
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

// sourceSetting matches a setting of a source in its client and in fsc.yaml.
var sourceSetting = regexp.MustCompile(`(?m)^ *grant: (FSC_GRANT_HASH_\w+)$|^\t+\w+: +"([A-Z][A-Z0-9_]+)",$`)

// TestSourcesAreExplained: an operator finds every setting of a source in one
// table, and who watches privacy what each is asked for and which fields are kept.
func TestSourcesAreExplained(t *testing.T) {
	for _, file := range allAnswers(t) {
		bodies := planned(t, file)
		page, settings := bodies["docs/bronnen.md"], bodies["docs/instellingen.md"]
		for name, body := range bodies {
			if path.Dir(name) != "3-integratie" || name != "3-integratie/fsc.yaml" && path.Ext(name) != ".go" {
				continue
			}
			for _, found := range sourceSetting.FindAllStringSubmatch(body, -1) {
				if span := "`" + found[1] + found[2] + "`"; !strings.Contains(page, span) && !strings.Contains(settings, span) {
					t.Errorf("%s: no document explains %s of %s", file, span, name)
				}
			}
		}
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		document, _ := answers.Parse(file, raw)
		for _, s := range document.Answers.Sources {
			for _, field := range s.Purpose.Fields {
				if !regexp.MustCompile("\n- `([^`]+\\.)?" + regexp.QuoteMeta(field) + "`: ").MatchString(page) {
					t.Errorf("%s: docs/bronnen.md does not say that %s of %s is kept", file, field, s.Name)
				}
			}
			if len(s.Purpose.Stored) > 0 && !strings.Contains(page, "**Deze velden bewaart het component zelf:**") {
				t.Errorf("%s: docs/bronnen.md does not say that %s is stored", file, s.Name)
			}
		}
	}
}

// setting matches the reading of an environment variable in Go.
var setting = regexp.MustCompile(`\b[Ee]nv\("([A-Z][A-Z_]+)"`)

// ofCI matches what GitHub and GitLab say to a job by themselves: nobody sets it.
var ofCI = regexp.MustCompile(`^(CI$|CI_|GITHUB_|GITLAB_)`)

// TestEverySettingIsExplained keeps the table of settings complete.
func TestEverySettingIsExplained(t *testing.T) {
	page := planned(t, "verhuizing/fieldlab.yaml")["docs/instellingen.md"]
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
			if ofCI.MatchString(found[1]) && strings.HasPrefix(name, "kern/bouw/") {
				continue
			}
			count++
			if !strings.Contains(page, "`"+found[1]+"`") {
				t.Errorf("%s reads %s, which docs/instellingen.md.tmpl does not explain", name, found[1])
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

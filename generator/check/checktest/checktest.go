// Package checktest proves rules of package check: each has an input that meets it, and
// a mutation of that input that does not.
package checktest

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/rogpeppe/go-internal/txtar"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
)

// Gone is the content of a file that the mutation takes away.
const Gone = "GONE\n"

// Today is the day on which tests look.
const Today = "2026-12-01"

// Run looks at files with checkers.
func Run(t testing.TB, files map[string]string, checkers ...check.Checker) *check.Result {
	t.Helper()
	tree := fstest.MapFS{}
	for name, body := range files {
		tree[name] = &fstest.MapFile{Data: []byte(body), Mode: 0o644}
	}
	r, err := check.OpenFS(tree, check.Options{Name: "test", Today: Today})
	if err != nil {
		t.Fatal(err)
	}
	result, err := check.Run(context.Background(), r, checkers)
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// Lines says the findings of a rule, or of all rules when it is "", as lines
// "RULE PATH:LINE CASE ARGS", as far as each of these is there.
func Lines(result *check.Result, rule string) []string {
	var lines []string
	for _, v := range result.Verdicts {
		for _, f := range v.Findings {
			if rule != "" && f.Rule != rule {
				continue
			}
			at := f.Path
			if f.Line > 0 {
				at += fmt.Sprintf(":%d", f.Line)
			}
			lines = append(lines, strings.Join(strings.Fields(strings.Join(append([]string{f.Rule, at, f.Case}, f.Args...), " ")), " "))
		}
	}
	return lines
}

// Rules proves every rule of a checker that files show. For rule X there is
// DIR/X.txtar: its comment holds the expected findings of the mutation, one a line as
// Lines gives them; files under good/ meet the rule; files under bad/ replace them, take
// them away (Gone) or come beside them. More mutations stand under bad1/, bad2/ …, with
// their findings after a comment line "bad1:". words are replaced in the files, for what
// may not stand in a repository as it is.
func Rules(t *testing.T, c check.Checker, dir string, words ...string) {
	t.Helper()
	for _, rule := range c.Rules() {
		if rule.By != check.Files {
			continue
		}
		t.Run(rule.ID, func(t *testing.T) {
			t.Parallel()
			body, err := os.ReadFile(filepath.Join(dir, rule.ID+".txtar"))
			if err != nil {
				t.Fatalf("no input that proves the rule: %v", err)
			}
			prove(t, c, rule.ID, txtar.Parse([]byte(strings.NewReplacer(words...).Replace(string(body)))))
		})
	}
}

func prove(t *testing.T, c check.Checker, rule string, archive *txtar.Archive) {
	t.Helper()
	trees := map[string]map[string]string{}
	for _, f := range archive.Files {
		tree, name, _ := strings.Cut(f.Name, "/")
		if trees[tree] == nil {
			trees[tree] = map[string]string{}
		}
		trees[tree][name] = string(f.Data)
	}
	good := Run(t, trees["good"], c)
	for _, v := range good.Verdicts {
		if v.Rule.ID == rule && v.Outcome != check.Met {
			t.Errorf("good is %s: %q %v", v.Outcome, Lines(good, rule), v.Missed)
		}
	}
	expected := map[string][]string{}
	tree := "bad"
	for line := range strings.Lines(string(archive.Comment)) {
		line = strings.TrimSpace(line)
		if name, ok := strings.CutSuffix(line, ":"); ok && strings.HasPrefix(name, "bad") {
			tree = name
		} else if line != "" && !strings.HasPrefix(line, "#") {
			expected[tree] = append(expected[tree], line)
		}
	}
	if len(expected) == 0 {
		t.Error("no mutation is expected to be found")
	}
	for name, want := range expected {
		files := maps.Clone(trees["good"])
		if files == nil {
			files = map[string]string{}
		}
		for path, body := range trees[name] {
			if files[path] = body; body == Gone {
				delete(files, path)
			}
		}
		if got := Lines(Run(t, files, c), rule); !slices.Equal(got, want) {
			t.Errorf("%s: found\n%s\nexpected\n%s", name, strings.Join(got, "\n"), strings.Join(want, "\n"))
		}
	}
}

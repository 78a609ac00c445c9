package generator_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/generator/problem"
	"github.com/commonground-fieldlab/fieldlab/generator/tree"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// examples lists the folders with a real case.
func examples(t *testing.T) []string {
	t.Helper()
	sheets, err := filepath.Glob("../examples/*/" + answers.FileName)
	if err != nil || len(sheets) == 0 {
		t.Fatalf("no examples: %v", err)
	}
	var folders []string
	for _, sheet := range sheets {
		folders = append(folders, filepath.Dir(sheet))
	}
	return folders
}

// TestPlanExamples plans every example, twice and with other numbers of
// processors: the same bytes, and none that betray a template.
func TestPlanExamples(t *testing.T) {
	for _, example := range examples(t) {
		t.Run(filepath.Base(example), func(t *testing.T) {
			r := request(t, example)
			first, _, err := generator.Plan(r)
			if err != nil {
				t.Fatal(err)
			}
			for _, processors := range []int{1, 8} {
				t.Setenv("TZ", "Pacific/Auckland")
				before := runtime.GOMAXPROCS(processors)
				again, _, err := generator.Plan(request(t, example))
				runtime.GOMAXPROCS(before)
				if err != nil || !reflect.DeepEqual(first, again) {
					t.Fatalf("another plan with %d processors: %v", processors, err)
				}
			}
			for _, file := range first {
				checkBody(t, file)
			}
		})
	}
}

// TestNoInventedContact generates for a team that gave no contact. The
// specifications must name one, and the hand-over says so; people see none.
func TestNoInventedContact(t *testing.T) {
	source, err := os.ReadFile("../examples/testdata/minimaal.yaml")
	if err != nil {
		t.Fatal(err)
	}
	doc, problems := answers.Parse("minimaal.yaml", source)
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	files, _, err := generator.Plan(generator.Request{Document: doc, Pack: templates.Component(), Version: "1.2.3"})
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		may := strings.HasSuffix(file.Path, "openapi.yaml") || file.Path == "publiccode.yml" || file.Path == "docs/overdracht.md"
		if !may && strings.HasSuffix(file.Template, ".tmpl") && bytes.Contains(file.Body, []byte(".invalid")) {
			t.Errorf("%s shows an address that does not exist", file.Path)
		}
	}
}

// checkBody looks for what no file of a component may hold.
func checkBody(t *testing.T, file plan.File) {
	t.Helper()
	if file.Template == "" { // of the answers, not of ours
		return
	}
	traces := []string{"templates/component", "commonground-fieldlab/fieldlab/generator", "\r\n"}
	if strings.HasSuffix(file.Template, ".tmpl") {
		traces = append(traces, "<no value>", "%!", "{{ .", "{{-", "[entity]", "[source]")
	}
	for _, trace := range traces {
		if bytes.Contains(file.Body, []byte(trace)) {
			t.Errorf("%s holds %q", file.Path, trace)
		}
	}
	if len(file.Body) > 0 && !bytes.HasSuffix(file.Body, []byte("\n")) && !bytes.Contains(file.Body, []byte{0}) {
		t.Errorf("%s does not end in a line feed", file.Path)
	}
}

// TestGenerate: disk, plan and commit agree, and git finds nothing to do.
func TestGenerate(t *testing.T) {
	r := request(t, benchExample)
	files, _, err := generator.Plan(r)
	if err != nil {
		t.Fatal(err)
	}
	var commits []string
	for _, name := range []string{"one", "two"} {
		r.Dir = filepath.Join(t.TempDir(), name)
		result, err := generator.Generate(context.Background(), r)
		if err != nil {
			t.Fatal(err)
		}
		commits = append(commits, result.Commit)
		if result.Enclosing != "" || len(result.Persons.Missing) == 0 || len(result.Persons.Unread) > 0 || len(result.Files) != len(files) {
			t.Errorf("result %+v", result)
		}
		compare(t, tree.Memory(files), os.DirFS(r.Dir))
		if status := git(t, r.Dir, "status", "--porcelain"); status != "" {
			t.Errorf("git status: %s", status)
		}
		if changed := git(t, r.Dir, "diff-files"); changed != "" {
			t.Errorf("git has to read files again: %s", changed)
		}
		if fault := git(t, r.Dir, "fsck", "--strict"); fault != "" {
			t.Errorf("git fsck: %s", fault)
		}
		if ignored := git(t, r.Dir, "ls-files", "--cached", "--ignored", "--exclude-standard"); ignored != "" {
			t.Errorf("the component ignores files of its own: %s", ignored)
		}
	}
	if commits[0] != commits[1] {
		t.Errorf("two runs give commits %v", commits)
	}
}

// TestGenerateInRepository: a component inside a repository gets none itself.
func TestGenerateInRepository(t *testing.T) {
	r := request(t, benchExample)
	outer, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	git(t, outer, "init", "--quiet")
	r.Dir = filepath.Join(outer, "new")
	result, err := generator.Generate(context.Background(), r)
	if err != nil {
		t.Fatal(err)
	}
	if result.Commit != "" || result.Enclosing != outer {
		t.Errorf("commit %q, enclosing %q", result.Commit, result.Enclosing)
	}
	if _, err := os.Stat(filepath.Join(r.Dir, ".git")); err == nil {
		t.Error("a repository was made in a repository")
	}
}

// TestGenerateRefuses: wrong answers come back as problems, and nothing is written.
func TestGenerateRefuses(t *testing.T) {
	r := request(t, benchExample)
	r.Dir = filepath.Join(t.TempDir(), "new")
	for _, text := range []string{"version: 1\nnonsense: true\n", "version: 1\n", "", "\x00", "version: 1\ncomponent: {title: x, organisation: {name: y}}\nregister: [{name: a, fields: [{name: b, type: reference, entity: nowhere}]}]\n"} {
		r.Document, _ = answers.Parse("a.yaml", []byte(text))
		_, err := generator.Generate(context.Background(), r)
		var list problem.List
		if !errors.As(err, &list) || len(list) == 0 {
			t.Errorf("%q gives %v", text, err)
		}
	}
	r = request(t, benchExample)
	r.Dir = filepath.Join(t.TempDir(), "new")
	r.Env = func(key string) string { return map[string]string{"SOURCE_DATE_EPOCH": "yesterday"}[key] }
	if _, err := generator.Generate(context.Background(), r); err == nil || !strings.Contains(err.Error(), "SOURCE_DATE_EPOCH") {
		t.Errorf("a wrong SOURCE_DATE_EPOCH gives %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	r.Env = reproducible
	if _, err := generator.Generate(ctx, r); !errors.Is(err, context.Canceled) {
		t.Errorf("an interrupted generation gives %v", err)
	}
	if left, err := os.ReadDir(filepath.Dir(r.Dir)); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

func compare(t *testing.T, want, got fs.FS) {
	t.Helper()
	count := 0
	err := fs.WalkDir(got, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name == ".git" {
			return fs.SkipDir
		}
		if entry.IsDir() {
			return nil
		}
		count++
		body, err := fs.ReadFile(got, name)
		if err != nil {
			return err
		}
		if expected, err := fs.ReadFile(want, name); err != nil {
			t.Errorf("%s was not planned", name)
		} else if !bytes.Equal(body, expected) {
			t.Errorf("%s differs from the plan", name)
		}
		return nil
	})
	if err != nil || count == 0 {
		t.Errorf("%d files, %v", count, err)
	}
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		t.Skip("no git here to compare with")
	}
	command := exec.Command("git", args...)
	command.Dir = dir
	command.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "LC_ALL=C")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("git %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// TestNamesOfFiles: an entity or source with the name of a file that is there
// already is a mistake in the answers, not one of the generator.
func TestNamesOfFiles(t *testing.T) {
	const sheet = "version: 1\ncomponent: {title: Proef, organisation: {name: Gemeente}}\n" +
		"register: [{name: %[1]q, fields: [{name: naam, type: text}]}]\n" +
		"sources: [{name: %[1]q, operations: [{name: vraag, path: /vraag}], purpose: {activity: doen, fields: [naam]}}]\n" +
		"privacy: {activities: [{name: doen, title: Doen, purpose: Doen, basis: publieke taak, explanation: Wet, retention: P1Y}]}\n"
	const ordinary = "boom"
	names := []string{ordinary, "zaak_test", "iets_linux", "iets windows", "main", "con", "nul", "type", "_test", "git", ".git", "-"}
	for _, file := range files(t, templates.Component()) {
		base, _, _ := strings.Cut(filepath.Base(file), ".")
		names = append(names, base)
	}
	for _, name := range names {
		r := request(t, benchExample)
		r.Document, _ = answers.Parse("a.yaml", fmt.Appendf(nil, sheet, name))
		p, _, err := generator.Plan(r)
		var list problem.List
		if err != nil && !errors.As(err, &list) {
			t.Errorf("%q: %v", name, err)
		}
		if name == ordinary && err != nil {
			t.Fatalf("an ordinary name is refused, so this proves nothing: %v", err)
		}
		for _, file := range p {
			for _, suffix := range []string{"_linux.go", "_windows.go"} {
				if strings.HasSuffix(file.Path, suffix) && file.Owner != plan.Kern { // kern means it

					t.Errorf("%q gives %s, which is not compiled everywhere", name, file.Path)
				}
			}
			if name == "zaak_test" && strings.HasSuffix(file.Path, "zaak_test.go") {
				t.Errorf("%q gives the test file %s", name, file.Path)
			}
		}
	}
}

func files(t *testing.T, pack fs.FS) []string {
	t.Helper()
	var names []string
	err := fs.WalkDir(pack, ".", func(name string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			names = append(names, name)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}

package examples_test

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/generator/base"
	"github.com/commonground-fieldlab/fieldlab/generator/plan"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

var update = flag.Bool("update", false, "renew the committed component of examples/verhuizing")

// committed is the folder with the output of one example, outside kern. It is a
// reader's first stop, and the diff of it shows a reviewer what a change of a
// template does to a real component. Kern is the same in every component and
// lies in templates/component/kern; committedSum stands for it here, so that a
// change of the machinery is one diff and not two.
const (
	committed    = "verhuizing/component"
	committedSum = "verhuizing/kern.sum"
)

// TestCommittedComponent compares the output for examples/verhuizing with the
// committed one, byte for byte, in both directions; kern by its sum.
func TestCommittedComponent(t *testing.T) {
	files := planOf(t, "verhuizing/fieldlab.yaml")
	if *update {
		write(t, files)
	}
	want := map[string]bool{}
	for _, file := range files {
		if leftOut(file) {
			continue
		}
		want[file.Path] = true
		compare(t, filepath.Join(committed, filepath.FromSlash(file.Path)), file.Body)
	}
	compare(t, committedSum, sumLine(files))
	for _, path := range walk(t, committed) {
		if !want[path] {
			t.Errorf("committed but no longer generated: %s", path)
		}
	}
	if t.Failed() {
		t.Log("renew with: go test ./examples -run TestCommittedComponent -update")
	}
}

// leftOut says whether a file of a component is not part of the committed one.
func leftOut(file plan.File) bool {
	return file.Owner == plan.Kern || file.Path == base.RoomsPath || file.Path == base.KernPath
}

// compare holds a committed file against what is generated now.
func compare(t *testing.T, name string, want []byte) {
	t.Helper()
	got, err := os.ReadFile(name)
	if err != nil {
		t.Errorf("not committed: %s", name)
		return
	}
	if !bytes.Equal(bytes.ReplaceAll(got, []byte("\r\n"), []byte("\n")), want) {
		t.Errorf("differs: %s", name)
	}
}

// sumLine is what committedSum holds.
func sumLine(files plan.Plan) []byte {
	return []byte(plan.KernSum(files) + "  kern\n")
}

// planOf generates an example in memory, with answers changed: a key and its
// value, in turn. The version is fixed, so that a release of fieldlab does not
// change the committed bytes.
func planOf(t *testing.T, file string, set ...string) plan.Plan {
	t.Helper()
	source, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	document, problems := answers.Parse(file, source)
	for i := 0; i+1 < len(set); i += 2 {
		if err := document.Set(set[i], set[i+1]); err != nil {
			t.Fatal(err)
		}
		problems = document.Problems()
	}
	if len(problems) > 0 {
		t.Fatal(problems)
	}
	files, _, err := generator.Plan(generator.Request{
		Document: document,
		Files:    os.DirFS(filepath.Dir(file)),
		Pack:     templates.Component(),
		Version:  "dev",
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// write replaces the committed component.
func write(t *testing.T, files plan.Plan) {
	t.Helper()
	if err := os.RemoveAll(committed); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(committedSum, sumLine(files), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		if leftOut(file) {
			continue
		}
		path := filepath.Join(committed, filepath.FromSlash(file.Path))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, file.Body, file.Mode); err != nil {
			t.Fatal(err)
		}
	}
}

// walk lists the files below a folder, slash-separated and sorted.
func walk(t *testing.T, dir string) []string {
	t.Helper()
	var paths []string
	err := fs.WalkDir(os.DirFS(dir), ".", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		paths = append(paths, path)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	sort.Strings(paths)
	return paths
}

package templates_test

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/templates"
)

// TestEmbeddedIsComplete fails when a file of the component is not embedded:
// a folder with a go.mod, a symbolic link and an empty folder vanish without
// a word from the compiler.
func TestEmbeddedIsComplete(t *testing.T) {
	var embedded []string
	err := fs.WalkDir(templates.Component(), ".", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			embedded = append(embedded, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want := known(t)
	slices.Sort(embedded)
	slices.Sort(want)
	for _, path := range want {
		if _, found := slices.BinarySearch(embedded, path); !found {
			t.Errorf("%s is in templates/component but is not embedded", path)
		}
	}
	for _, path := range embedded {
		if _, found := slices.BinarySearch(want, path); !found {
			t.Errorf("%s is embedded but git ignores it, so a build elsewhere misses it", path)
		}
	}
}

// known lists the files that git knows or would add; outside a checkout, the
// files that are there.
func known(t *testing.T) []string {
	t.Helper()
	var paths []string
	list := exec.Command("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = "component"
	if out, err := list.Output(); err == nil {
		for _, path := range strings.Split(strings.TrimRight(string(out), "\x00"), "\x00") {
			if _, err := os.Lstat(filepath.Join("component", path)); err == nil {
				paths = append(paths, path)
			}
		}
		return paths
	}
	err := filepath.WalkDir("component", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			paths = append(paths, strings.TrimPrefix(filepath.ToSlash(path), "component/"))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return paths
}

package examples_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestTakeOver follows what kern/README.md says of taking a package over, with
// the package of its example: the copies are used everywhere, and the component
// still passes its tests.
func TestTakeOver(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds and tests a component")
	}
	dir := filepath.Join(t.TempDir(), "verhuizing")
	generate(t, "verhuizing/fieldlab.yaml", dir)
	readme, err := os.ReadFile(filepath.Join(dir, "kern", "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	uses := map[string][]string{}
	for _, row := range regexp.MustCompile(`(?m)^\| \[([a-z/]+)\]\([a-z/]+\) \| [^|]+ \| ?([a-z/, ]*?) ?\|$`).FindAllStringSubmatch(string(readme), -1) {
		uses[row[1]] = strings.Split(row[2], ", ")
	}
	along := []string{"outway"}
	for i := 0; i < len(along); i++ {
		for name, needs := range uses {
			if slices.Contains(needs, along[i]) && !slices.Contains(along, name) {
				along = append(along, name)
			}
		}
	}
	if len(along) < 3 || !slices.Contains(along, "start") {
		t.Fatalf("the table says that %v go along", along)
	}
	for _, name := range along {
		if err := os.CopyFS(filepath.Join(dir, "eigen", name), os.DirFS(filepath.Join(dir, "kern", name))); err != nil {
			t.Fatal(err)
		}
		if err := os.RemoveAll(filepath.Join(dir, "kern", name)); err != nil { // nobody may still use it
			t.Fatal(err)
		}
	}
	err = filepath.WalkDir(dir, func(file string, d fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(file) != ".go" {
			return err
		}
		code, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		fresh := string(code)
		for _, name := range along {
			fresh = strings.ReplaceAll(fresh, "/kern/"+name+`"`, "/eigen/"+name+`"`)
		}
		return os.WriteFile(file, []byte(fresh), 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
	command(t, dir, "go", "vet", "./...")
	command(t, dir, "go", "test", "./2-diensten", "./tests")
}

//go:build unix

package check_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"syscall"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/generator/check"
	"github.com/commonground-fieldlab/fieldlab/generator/check/checktest"
)

// TestPipes: a pipe that nobody writes into holds nothing up, whether it lies there when
// the index is made, takes the place of a file afterwards, or is what is written over.
func TestPipes(t *testing.T) {
	dir := t.TempDir()
	pipe := func(name string) {
		t.Helper()
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			t.Skip("no pipes here: ", err)
		}
	}
	pipe(check.ConfigName)
	pipe("pipe.txt")
	if err := os.WriteFile(filepath.Join(dir, "a.txt"), []byte("wrong"), 0o600); err != nil {
		t.Fatal(err)
	}
	repo, err := check.Open(dir, check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer repo.Close()
	if err := os.Remove(filepath.Join(dir, "a.txt")); err != nil {
		t.Fatal(err)
	}
	pipe("a.txt")
	r, err := check.Run(context.Background(), repo, []check.Checker{worded("found")})
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"check-unread a.txt unreadable", "check-unread fieldlab-check.yaml special", "check-unread pipe.txt special"}
	got := slices.DeleteFunc(checktest.Lines(r, ""), func(line string) bool { return line == "check-config fieldlab-check.yaml unreadable" })
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("found %q", got)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	if _, err := check.ReadCalm(root, "a.txt", 10); err == nil {
		t.Error("a pipe was read")
	}
}

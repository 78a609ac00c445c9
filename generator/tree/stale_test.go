package tree

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestStaleRemovesNothingElse: what looks like the folder of a dead run can be
// a way to something of somebody else.
func TestStaleRemovesNothingElse(t *testing.T) {
	parent, elsewhere := t.TempDir(), t.TempDir()
	precious := filepath.Join(elsewhere, "precious")
	write(t, precious, "kept")
	link := filepath.Join(parent, stagingPrefix+strings.Repeat("a", 32))
	if err := os.Symlink(elsewhere, link); err != nil {
		t.Skip("no symbolic links on this system")
	}
	dead := mkdir(t, filepath.Join(parent, stagingPrefix+strings.Repeat("b", 32)))
	if err := os.Symlink(elsewhere, filepath.Join(dead, treeName)); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(parent, stagingPrefix+strings.Repeat("c", 32))
	write(t, file, "")
	upper := mkdir(t, filepath.Join(parent, stagingPrefix+strings.Repeat("b", 31)+"."))
	old := time.Now().Add(-48 * time.Hour)
	for _, path := range []string{dead, file, upper, elsewhere} {
		if err := os.Chtimes(path, old, old); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Write(context.Background(), filepath.Join(parent, "new"), small(), nil); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{precious, link, file, upper} {
		if _, err := os.Lstat(path); err != nil {
			t.Errorf("gone: %s", path)
		}
	}
	if _, err := os.Lstat(dead); err == nil {
		t.Error("the folder of a dead run is still there")
	}
}

//go:build unix

package course

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestPipe: a component of somebody else may have a pipe in the place of a folder; who
// opens that waits for ever, and Ctrl-C does not help.
func TestPipe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, ".data"), 0o600); err != nil {
		t.Skip(err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer root.Close()
	said := make(chan string, 1)
	go func() { said <- (&looker{root: root}).log(spec{line: "x", count: 1}) }()
	select {
	case why := <-said:
		if !strings.Contains(why, ".data") {
			t.Error(why)
		}
	case <-time.After(5 * time.Second):
		t.Error("it waits for the pipe")
	}
}

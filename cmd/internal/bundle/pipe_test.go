//go:build unix

package bundle

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// TestPipes: a stick or a folder of somebody else may have a pipe in the place of a
// file; who opens that waits for ever, and Ctrl-C does not help.
func TestPipes(t *testing.T) {
	for name, open := range map[string]func(dir string) error{
		SumsFile:        func(dir string) error { _, err := Verify(t.Context(), dir); return err },
		File:            func(dir string) error { _, err := Read(os.DirFS(dir)); return err },
		checksums:       func(dir string) error { _, err := releaseSums(dir); return err },
		"go1.x.sha256":  func(dir string) error { published(dir); return os.ErrInvalid },
		"releases.json": func(dir string) error { published(dir); return os.ErrInvalid },
	} {
		dir := t.TempDir()
		if err := syscall.Mkfifo(filepath.Join(dir, name), 0o600); err != nil {
			t.Skip(err)
		}
		done := make(chan error, 1)
		go func() { done <- open(dir) }()
		select {
		case err := <-done:
			if err == nil {
				t.Errorf("%s: a pipe is read", name)
			}
		case <-time.After(5 * time.Second):
			t.Errorf("%s: it waits for the pipe", name)
		}
	}
}

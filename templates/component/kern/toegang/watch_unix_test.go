//go:build unix

package toegang

import (
	"log/slog"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestAPipeIsNotWaitedFor: a component that waits for somebody to write in its settings
// never starts, and says nothing.
func TestAPipeIsNotWaitedFor(t *testing.T) {
	path := filepath.Join(t.TempDir(), "afnemers.yaml")
	if err := syscall.Mkfifo(path, 0o600); err != nil {
		t.Skipf("no pipe can be made here: %v", err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := ReadAfnemers(path, Operations{}, nil, slog.New(slog.DiscardHandler))
		done <- err
	}()
	select {
	case err := <-done:
		if err == nil || !strings.Contains(err.Error(), path+" is niet te lezen") {
			t.Errorf("said of a pipe: %v", err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("it waits")
	}
}

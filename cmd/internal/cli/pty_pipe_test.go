//go:build !windows

package cli_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
)

// TestInterruptWhileReading: a pipe that says nothing does not hold Ctrl-C up. A
// program that has not begun yet when the key comes just ends: then it gets more
// time.
func TestInterruptWhileReading(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"new", "x", "--answers", "-"}, {"answers", "validate", "-"}} {
		for wait := 200 * time.Millisecond; ; wait *= 2 {
			s := open(t, t.TempDir(), 80, never, nil, args...)
			time.Sleep(wait)
			s.send("\x03")
			err := <-s.done
			if status, ok := s.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() && wait < deadline {
				continue
			}
			s.done <- err
			s.expect("Onderbroken.")
			s.end(130)
			break
		}
	}
}

// TestOutputToAPipe: questions go to the screen, data to the pipe.
func TestOutputToAPipe(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s := open(t, dir, 100, always, []string{"SELF=" + self}, "version") // only for its environment
	s.end(0)
	shell := exec.Command("sh", "-c", `"$SELF" new verhuizing --json > out.json`)
	shell.Dir, shell.Env = dir, s.cmd.Env
	p := &screen{t: t, cmd: shell, done: make(chan error, 1), news: make(chan struct{}, 1), replies: always, shown: newEmulator(100, 40)}
	if p.tty, err = pty.StartWithSize(shell, &pty.Winsize{Rows: 40, Cols: 100}); err != nil {
		t.Fatal(err)
	}
	defer p.tty.Close()
	go p.read()
	go func() { p.done <- shell.Wait() }()
	answerAll(p, questions)
	p.answer("Akkoord?", "")
	p.end(0)
	data, err := os.ReadFile(filepath.Join(dir, "out.json"))
	if err != nil || !bytes.HasPrefix(data, []byte("{\n")) || !bytes.Contains(data, []byte(`"commit"`)) {
		t.Errorf("the pipe got %s, %v", data, err)
	}
}

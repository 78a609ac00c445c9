// Package gotool finds the Go of this machine and runs it.
package gotool

import (
	"context"
	"errors"
	"os/exec"
)

// ErrNone says that there is no Go on this machine.
var ErrNone = errors.New("no Go found")

// Go is the Go of this machine.
type Go struct {
	Path    string            // of the go command
	Version string            // such as go1.26.8
	Env     map[string]string // what go env says: GOROOT, GOMODCACHE, GOPROXY, GOCACHE, ...
}

// Find finds the Go that somebody who types "go" in dir gets. The error is
// ErrNone, or what that go said when it was asked.
func Find(ctx context.Context, dir string) (Go, error) { return Go{}, ErrNone }

// Command is that go with arguments, in dir.
func (g Go) Command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, g.Path, args...)
	command.Dir = dir
	return command
}

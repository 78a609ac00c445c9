// Package gotool finds the Go of this machine and runs it.
package gotool

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"
)

// ErrNone says that there is no Go on this machine, or none on PATH.
var ErrNone = errors.New("no Go found")

// Go is the Go of this machine.
type Go struct {
	Path    string            // of the go command
	Version string            // such as go1.26.8
	Env     map[string]string // what go env says: GOROOT, GOMODCACHE, GOPROXY, GOCACHE, ...
}

// Refused says that a Go that is there cannot be used in a folder: go.mod or
// GOTOOLCHAIN wants another one that this machine does not have, or it breaks
// down when it is asked. Find gives it together with the Go as it is by itself, as
// far as that tells; Version is "" when it says nothing at all.
type Refused struct {
	Wanted string // the version that was asked for, such as go1.99.0; "" when it is about something else
	Said   string // what go said, a line
}

func (r *Refused) Error() string { return "go: " + r.Said }

// patience is how long a go that was stopped may keep its output open: one that
// is a wrapper leaves the real one behind.
const patience = time.Second

// Find finds the Go that somebody who types "go" in dir gets, without ever using
// the network. The error is ErrNone, the context's, or a *Refused.
func Find(ctx context.Context, dir string) (Go, error) {
	path, err := exec.LookPath("go")
	if err != nil {
		return Go{}, ErrNone // also one in the folder itself, which nobody gets who types go
	}
	if path, err = filepath.Abs(path); err != nil {
		return Go{}, err
	}
	return Ask(ctx, path, dir)
}

// Ask is Find for the go command at a path.
func Ask(ctx context.Context, path, dir string) (Go, error) {
	g := Go{Path: path}
	// A go that is to become another one downloads that. So it is asked twice: by
	// itself, and as it would be, but without a place to download from.
	var itself, here map[string]string
	var itselfErr, hereErr error
	var both sync.WaitGroup
	both.Go(func() { itself, itselfErr = g.env(ctx, dir, "GOTOOLCHAIN=local") })
	both.Go(func() { here, hereErr = g.env(ctx, dir, "GOPROXY=off") })
	both.Wait()
	if ctx.Err() != nil {
		return g, ctx.Err()
	}
	if itselfErr != nil && hereErr != nil {
		return g, itselfErr
	}
	if hereErr != nil {
		g.Env, g.Version = itself, itself["GOVERSION"]
		return g, hereErr
	}
	g.Env, g.Version = here, here["GOVERSION"]
	if itselfErr == nil {
		g.Env["GOPROXY"] = itself["GOPROXY"]
	}
	return g, nil
}

// Command is that go with arguments, in dir.
func (g Go) Command(ctx context.Context, dir string, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, g.Path, args...) // #nosec G204 -- The Go of this machine, without a shell.
	command.Dir = dir
	command.WaitDelay = patience
	return command
}

// env is what go env says with one setting changed.
func (g Go) env(ctx context.Context, dir, setting string) (map[string]string, error) {
	command := g.Command(ctx, dir, "env", "-json")
	command.Env = append(os.Environ(), setting)
	if dir != "" {
		if absolute, err := filepath.Abs(dir); err == nil {
			command.Env = append(command.Env, "PWD="+absolute) // as exec does for who leaves Env alone
		}
	}
	var out, said bytes.Buffer
	command.Stdout, command.Stderr = &limited{to: &out}, &limited{to: &said}
	runErr := command.Run()
	values, err := parse(out.Bytes())
	switch {
	case runErr != nil:
		return nil, refused(said.String(), runErr)
	case err != nil:
		return nil, refused("", err)
	}
	if values["GOVERSION"] == "" { // a Go of before 1.16
		values["GOVERSION"] = g.asked(ctx, dir)
	}
	return values, nil
}

// parse reads the JSON of go env. A wrapper may have talked before it.
func parse(out []byte) (map[string]string, error) {
	at := bytes.IndexByte(out, '{')
	if at < 0 {
		return nil, fmt.Errorf("go env said nothing of use")
	}
	values := map[string]string{}
	if err := json.NewDecoder(bytes.NewReader(out[at:])).Decode(&values); err != nil {
		return nil, fmt.Errorf("go env: %w", err)
	}
	return values, nil
}

var number = regexp.MustCompile(`go\d[0-9A-Za-z.+-]*`)

// asked is the version as go version gives it.
func (g Go) asked(ctx context.Context, dir string) string {
	command := g.Command(ctx, dir, "version")
	command.Env = append(os.Environ(), "GOTOOLCHAIN=local")
	out, err := command.Output()
	if err != nil {
		return ""
	}
	return number.FindString(string(out))
}

// wanted finds the version in what go says when it cannot become another one.
var wanted = regexp.MustCompile(`(?:download |requires go >= ?)(go)?(\d[0-9A-Za-z.]*)`)

// refused makes an error of what go said last, which is what stopped it.
func refused(said string, err error) *Refused {
	r := &Refused{Said: err.Error()}
	for line := range strings.Lines(said) {
		if line = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(line), "go: ")); line != "" {
			r.Said = line
		}
	}
	if found := wanted.FindStringSubmatch(said); found != nil {
		r.Wanted = "go" + found[2]
	}
	return r
}

// limited keeps the beginning of what a command says, and swallows the rest: a
// wrapper that never stops talking does not fill the memory.
type limited struct{ to *bytes.Buffer }

const most = 1 << 20

func (l *limited) Write(p []byte) (int, error) {
	if room := most - l.to.Len(); room > 0 {
		l.to.Write(p[:min(room, len(p))])
	}
	return len(p), nil
}

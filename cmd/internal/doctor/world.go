package doctor

import (
	"context"
	"io/fs"
	"net/netip"
	"strings"
	"sync"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

// The systems that have words of their own.
const (
	windows = "windows"
	darwin  = "darwin"
	linux   = "linux"
)

// World is the laptop that is looked at. This fills it in; a test brings its own.
type World struct {
	OS, Arch string
	Env      func(string) string
	Now      func() time.Time
	Released time.Time // day on which this fieldlab was made; zero when nobody knows
	Patience time.Duration

	Dir       string // the folder that it is about, as an absolute path of that system
	Home      string // "" when there is none
	Temp      string
	Config    func() (string, error) // where go keeps its settings
	Component fs.FS                  // the files of Dir; never leads out of it
	Pack      fs.FS                  // templates.Component()
	Version   string                 // of fieldlab

	FindGo   func(ctx context.Context, dir string) (gotool.Go, error)
	LookPath func(name string) (string, error)
	Run      func(ctx context.Context, dir, name string, args ...string) (string, error)

	Stat   func(path string) (fs.FileInfo, error)
	Read   func(path string) ([]byte, error) // a regular file that is not too large
	List   func(path string) ([]string, error)
	Probe  func(dir string) (time.Time, error) // writes a file there, takes it away again, and gives the time that it got
	Volume func(path string) (Volume, error)   // what a folder lies on

	Listen   func(ctx context.Context, address string) error              // whether it can be listened on
	Dial     func(ctx context.Context, address string) error              // whether somebody answers
	Loopback func(ctx context.Context) error                              // listens on 127.0.0.1 and calls itself by the name localhost
	Who      func(ctx context.Context, address string) string             // what a component there calls itself
	Resolve  func(ctx context.Context, name string) ([]netip.Addr, error) // all addresses of a name

	once    sync.Once
	goFound gotool.Go
	goError error
}

// Volume is what a folder lies on.
type Volume struct {
	Free   uint64 // bytes for this user
	Kind   string // of file system, as the system calls it; "" when unknown
	Remote bool   // elsewhere in the network, or of another system in this machine
	NoExec bool   // programs on it may not run
}

func (w *World) patience() time.Duration {
	if w.Patience > 0 {
		return w.Patience
	}
	return Patience
}

// goTool finds the Go of this machine once for all checks.
func (w *World) goTool(ctx context.Context) (gotool.Go, error) {
	w.once.Do(func() { w.goFound, w.goError = w.FindGo(ctx, w.Dir) })
	return w.goFound, w.goError
}

// goEnv is what go env says; found is false without a Go that answers.
func (w *World) goEnv(ctx context.Context) (env map[string]string, found bool) {
	g, _ := w.goTool(ctx)
	return g.Env, g.Version != ""
}

// join makes a path of that system.
func (w *World) join(parts ...string) string {
	if w.OS == windows {
		return strings.Join(parts, `\`)
	}
	return strings.Join(parts, "/")
}

// parts are the names in a path of that system.
func (w *World) parts(path string) []string {
	cut := func(r rune) bool { return r == '/' || r == '\\' && w.OS == windows }
	return strings.FieldsFunc(path, cut)
}

// under says whether a path is a folder or lies in it.
func (w *World) under(path, folder string) bool {
	if folder == "" {
		return false
	}
	a, b := w.parts(path), w.parts(folder)
	if len(b) == 0 || len(a) < len(b) {
		return false
	}
	for i := range b {
		same := a[i] == b[i]
		if w.OS == windows || w.OS == darwin {
			same = strings.EqualFold(a[i], b[i])
		}
		if !same {
			return false
		}
	}
	return true
}

// exists says whether there is something at a path.
func (w *World) exists(path string) bool {
	_, err := w.Stat(path)
	return err == nil
}

// has says whether a command is on PATH.
func (w *World) has(name string) bool {
	_, err := w.LookPath(name)
	return err == nil
}

package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"time"
)

// Layers of a component, by their place from its first port on.
const (
	layerPages = iota
	layerProcess
	layerOutway
	layerServices
	beheer // the port for those who keep it running
)

// component is a program that was built, and runs now and then.
type component struct {
	program  string
	database string // URL of PostgreSQL; "" for SQLite in data
	data     string // folder of everything that it keeps
	caller   *caller

	measured bool   // it has the port beheer
	cpu      string // number of the one core that it may use; "" for all
	base     int
	cmd      *exec.Cmd
	ended    chan struct{} // closed once it has ended
	fault    error         // how
	said     *lockedBuffer
}

// file is the database file of SQLite.
func (c *component) file() string { return filepath.Join(c.data, "component.db") }

// start runs it and waits until its layers are ready.
func (c *component) start(ctx context.Context) error {
	c.base = freePorts()
	name, args := c.program, []string(nil)
	env := append(os.Environ(), "PORT="+strconv.Itoa(c.base), "OMGEVING=", "DATA="+c.file(), "DATABASE_URL="+c.database)
	if c.measured {
		env = append(env, "BEHEER_POORT="+strconv.Itoa(c.base+beheer))
	}
	if c.cpu != "" {
		env = append(env, "GOMAXPROCS=1")
		if taskset, err := exec.LookPath("taskset"); err == nil {
			name, args = taskset, []string{"-c", c.cpu, c.program}
		}
	}
	c.cmd = exec.CommandContext(ctx, name, args...) // #nosec G204 -- The program that was built here.
	c.cmd.Dir, c.cmd.Env = c.data, env
	c.said = &lockedBuffer{}
	c.cmd.Stdout, c.cmd.Stderr = c.said, c.said
	if err := c.cmd.Start(); err != nil {
		return err
	}
	c.ended = make(chan struct{})
	go func(cmd *exec.Cmd, ended chan struct{}) {
		c.fault = cmd.Wait()
		close(ended)
	}(c.cmd, c.ended)
	return c.ready(ctx)
}

// ready waits until every layer says that it is.
func (c *component) ready(ctx context.Context) error {
	until := time.Now().Add(5 * time.Minute)
	for layer := layerPages; layer <= layerServices; layer++ {
		for {
			status, _, err := c.caller.get(ctx, c.url(layer, "/healthz/ready"), nil)
			if err == nil && status == http.StatusOK {
				break
			}
			select {
			case <-c.ended:
				return fmt.Errorf("the component stopped by itself: %w\n%s", c.fault, c.said.tail())
			case <-ctx.Done():
				return ctx.Err()
			case <-time.After(50 * time.Millisecond):
			}
			if time.Now().After(until) {
				return fmt.Errorf("the component did not become ready\n%s", c.said.tail())
			}
		}
	}
	return nil
}

// stop ends it as Ctrl-C does.
func (c *component) stop() error {
	if c.cmd == nil || c.cmd.Process == nil {
		return nil
	}
	defer func() { c.cmd = nil }()
	stopping := os.Interrupt
	if runtime.GOOS == "windows" {
		stopping = os.Kill
	}
	if err := c.cmd.Process.Signal(stopping); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	select {
	case <-c.ended:
		return nil
	case <-time.After(time.Minute):
		_ = c.cmd.Process.Kill()
		<-c.ended
		return errors.New("the component did not stop within a minute")
	}
}

func (c *component) url(layer int, path string) string {
	return fmt.Sprintf("http://127.0.0.1:%d%s", c.base+layer, path)
}

// freePorts returns the first of five consecutive ports that are free now, below those
// that systems use for connections that go out.
func freePorts() int {
search:
	for {
		base := 12_000 + rand.IntN(18_000)
		for i := range 5 {
			l, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", fmt.Sprintf("127.0.0.1:%d", base+i))
			if err != nil {
				continue search
			}
			_ = l.Close()
		}
		return base
	}
}

// generate makes a component of the answers with the fieldlab of a repository, and
// gives its folder.
func generate(ctx context.Context, repository, answers, work string) (string, error) {
	binary := filepath.Join(work, "fieldlab.exe")
	if _, err := command(ctx, repository, "go", "build", "-trimpath", "-o", binary, "./cmd/fieldlab"); err != nil {
		return "", err
	}
	dir := filepath.Join(work, "component")
	_, err := command(ctx, work, binary, "new", dir, "--answers", answers, "--json")
	return dir, err
}

// build makes the program of a component, in work.
func build(ctx context.Context, dir, work string) (string, error) {
	program := filepath.Join(work, "component.exe")
	_, err := command(ctx, dir, "go", "build", "-trimpath", "-o", program, ".")
	return program, err
}

// command runs a program and gives what it printed; what it says when it fails is in
// the error.
func command(ctx context.Context, dir, name string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, name, args...) // #nosec G204 -- Commands of this program.
	cmd.Dir = dir
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%s %v: %w\n%s%s", filepath.Base(name), args, err, out.String(), said.String())
	}
	return out.String(), nil
}

// lockedBuffer keeps the end of what several goroutines write.
type lockedBuffer struct {
	mu  sync.Mutex
	buf []byte
}

// maxSaid is how much is kept of what a component says.
const maxSaid = 64 << 10

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.buf = append(b.buf, p...)
	if len(b.buf) > maxSaid {
		b.buf = append([]byte(nil), b.buf[len(b.buf)-maxSaid/2:]...)
	}
	return len(p), nil
}

func (b *lockedBuffer) tail() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return string(b.buf)
}

var _ io.Writer = (*lockedBuffer)(nil)

package examples_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"
)

// adresonderzoek is the program of that example.
func adresonderzoek(t *testing.T) string {
	t.Helper()
	return exampleProgram(t, "adresonderzoek", &buildAdresonderzoek, func(dir, program string) {
		command(t, dir, "go", "build", "-o", program, ".")
	})
}

// verhuizingProgram is the program of that example, with a version. It needs nothing of
// the system, as in its image.
func verhuizingProgram(t *testing.T) string {
	t.Helper()
	return exampleProgram(t, "verhuizing", &buildVerhuizing, func(dir, program string) {
		set := "-X " + command(t, dir, "go", "list", "-m") + "/kern/start."
		command(t, dir, "env", "CGO_ENABLED=0", "go", "build", "-ldflags", "-s -w "+set+"Version=1.2.3 "+set+"Commit=0123abc "+set+"Date=2026-11-30T12:00:00Z", "-o", program, ".")
	})
}

var buildAdresonderzoek, buildVerhuizing sync.Once

// exampleProgram is the program of an example, built once for all tests that only run it.
func exampleProgram(t *testing.T, name string, once *sync.Once, build func(dir, program string)) string {
	t.Helper()
	dir := filepath.Join(built, name)
	program := filepath.Join(dir, "component.exe") // a name that every system can run
	once.Do(func() {
		generate(t, name+"/fieldlab.yaml", dir)
		build(dir, program)
	})
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("the example was not built: %v", err)
	}
	return program
}

// component is one that runs.
type component struct {
	dir    string // where it keeps its data
	base   int    // port of the first layer that listens
	cmd    *exec.Cmd
	exited chan error // closed once it has ended
	log    lockedBuffer
}

// launch starts a program in dir, with its ports from base on, and waits until
// the layers that listen are ready. It ends with the test at the latest.
func launch(t *testing.T, dir, program string, base int, layers []int, args []string, env ...string) *component {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	c := &component{dir: dir, base: base, cmd: exec.CommandContext(ctx, program, args...), exited: make(chan error, 1)}
	c.cmd.Dir, c.cmd.Env = dir, append(append(os.Environ(), "PORT="+strconv.Itoa(base)), env...)
	c.cmd.Stdout, c.cmd.Stderr = &c.log, &c.log
	if err := c.cmd.Start(); err != nil {
		cancel()
		t.Fatal(err)
	}
	go func() {
		c.exited <- c.cmd.Wait()
		close(c.exited)
	}()
	t.Cleanup(func() {
		cancel()
		for range c.exited { // killed, or ended before: how says nothing
			continue
		}
	})
	limited, done := context.WithTimeout(ctx, time.Minute)
	defer done()
	for _, layer := range layers {
		c.ready(t, limited, c.url(layer, "/healthz/ready"))
	}
	return c
}

func (c *component) url(layer int, path string) string {
	return fmt.Sprintf("http://127.0.0.1:%d%s", c.base+layer, path)
}

// ready polls an address until it answers 200.
func (c *component) ready(t *testing.T, ctx context.Context, address string) {
	t.Helper()
	for {
		resp, err := http.Get(address)
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return
			}
		}
		select {
		case err := <-c.exited:
			t.Fatalf("the component stopped by itself: %v\n%s", err, c.log.String())
		case <-ctx.Done():
			t.Fatalf("%s did not become ready\n%s", address, c.log.String())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// given are the ports that freePorts gave to tests of this run.
var given struct {
	sync.Mutex
	ports map[int]bool
}

// freePorts returns the first of n consecutive ports that are free now. They lie below
// the ports from which systems take one for a connection that goes out: such a
// connection, of another test, could have it before the component has.
func freePorts(t *testing.T, n int) int {
	t.Helper()
	given.Lock()
	defer given.Unlock()
	if given.ports == nil {
		given.ports = map[int]bool{}
	}
search:
	for range 500 {
		base := 12_000 + rand.IntN(18_000)
		for i := range n {
			l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", base+i))
			if err != nil || given.ports[base+i] {
				if err == nil {
					_ = l.Close()
				}
				continue search
			}
			_ = l.Close()
		}
		for i := range n {
			given.ports[base+i] = true
		}
		return base
	}
	t.Fatal("no free ports")
	return 0
}

// lockedBuffer collects output that several goroutines write.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

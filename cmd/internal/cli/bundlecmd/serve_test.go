package bundlecmd

import (
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/bundle"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/evolve"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/failure"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/terminal"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// heard is what a command says, while it says it.
type heard struct {
	mu   sync.Mutex
	body bytes.Buffer
}

func (h *heard) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.body.Write(p)
}

func (h *heard) String() string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.body.String()
}

// aBundle writes the smallest bundle that is whole.
func aBundle(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	sums := ""
	for name, body := range map[string]string{
		"bundel.json":                   `{"version": 1, "fieldlab": "v1.2.3", "go": "go1.26.8", "systems": [{"os": "linux", "arch": "amd64"}], "sizes": {"fieldlab/linux-amd64/fieldlab": 7}}`,
		"fieldlab/linux-amd64/fieldlab": "program",
	} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := errors.Join(os.MkdirAll(filepath.Dir(file), 0o755), os.WriteFile(file, []byte(body), 0o644)); err != nil {
			t.Fatal(err)
		}
		sums += fmt.Sprintf("%x  %s\n", sha256.Sum256([]byte(body)), name)
	}
	if err := os.WriteFile(filepath.Join(dir, bundle.SumsFile), []byte(sums), 0o644); err != nil {
		t.Fatal(err)
	}
	return dir
}

func serving(dir string) (run func(context.Context) error, out *heard) {
	out = &heard{}
	d := evolve.Deps{IO: &terminal.IO{In: strings.NewReader(""), Out: out, Err: out}, Text: text.Load(text.Dutch), Now: time.Now}
	cmd := newServe(d)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs([]string{dir, "--address", "127.0.0.1:0"})
	return cmd.ExecuteContext, out
}

// TestServe: a whole bundle is handed on with its mark, also when something lies
// beside it, and stops when it is told to.
func TestServe(t *testing.T) {
	t.Parallel()
	dir := aBundle(t)
	if err := os.WriteFile(filepath.Join(dir, "dia's.pdf"), []byte("x"), 0o644); err != nil {
		t.Fatal(err)
	}
	mark, err := bundle.Mark(dir)
	if err != nil {
		t.Fatal(err)
	}
	run, out := serving(dir)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- run(ctx) }()
	at := regexp.MustCompile(`Op deze laptop: (http://127\.0\.0\.1:\d+)\.`)
	var found []string
	for i := 0; i < 200 && found == nil; i++ {
		time.Sleep(20 * time.Millisecond)
		found = at.FindStringSubmatch(out.String())
	}
	if found == nil {
		t.Fatalf("it says no address:\n%s", out)
	}
	for path, want := range map[string]string{"/": "./fieldlab bundle use " + found[1], "/fieldlab/linux-amd64/fieldlab": "program"} {
		answer, err := http.Get(found[1] + path)
		if err != nil {
			t.Fatal(err)
		}
		body, _ := io.ReadAll(answer.Body)
		answer.Body.Close()
		if !strings.Contains(string(body), want) || path == "/" && !strings.Contains(string(body), mark) {
			t.Errorf("%s: %s", path, body)
		}
	}
	if !strings.Contains(out.String(), mark) {
		t.Errorf("the mark is not read out:\n%s", out)
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// TestServeRefuses: nobody gets anything of a bundle that is not whole.
func TestServeRefuses(t *testing.T) {
	t.Parallel()
	for name, harm := range map[string]func(dir string) error{
		"changed": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "fieldlab/linux-amd64/fieldlab"), []byte("PROGRAM"), 0o644)
		},
		"cut off": func(dir string) error {
			return os.Truncate(filepath.Join(dir, "fieldlab/linux-amd64/fieldlab"), 3)
		},
		"gone":    func(dir string) error { return os.Remove(filepath.Join(dir, "fieldlab/linux-amd64/fieldlab")) },
		"no sums": func(dir string) error { return os.Remove(filepath.Join(dir, bundle.SumsFile)) },
		"hostile": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, bundle.SumsFile), []byte(strings.Repeat("a", 64)+"  ../../etc/passwd\n"), 0o644)
		},
	} {
		dir := aBundle(t)
		if err := harm(dir); err != nil {
			t.Fatal(err)
		}
		run, out := serving(dir)
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		err := run(ctx)
		cancel()
		var shortfall failure.Shortfall
		var usage failure.Usage
		if !errors.As(err, &shortfall) && !errors.As(err, &usage) || strings.Contains(out.String(), "http://") {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
	}
}

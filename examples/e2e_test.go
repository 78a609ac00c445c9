package examples_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// TestComponents does with every answers file what a team does: generate,
// check the form of the Go code, build, test, start and call. The three
// examples always run; the difficult answers in testdata run with
// FIELDLAB_E2E=all, as continuous integration does.
func TestComponents(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: builds and runs complete components")
	}
	for _, file := range answersFiles(t) {
		name := strings.TrimSuffix(filepath.Base(file), ".yaml")
		if name == "fieldlab" {
			name = filepath.Base(filepath.Dir(file))
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := filepath.Join(t.TempDir(), name)
			generate(t, file, dir)
			if out := command(t, dir, "gofmt", "-l", "."); out != "" {
				t.Errorf("gofmt would change:\n%s", out)
			}
			command(t, dir, "go", "vet", "./...")
			args := []string{"test"}
			if raceDetector() {
				args = append(args, "-race")
			}
			command(t, dir, "go", append(args, "./...")...)
			binary := filepath.Join(t.TempDir(), "component")
			command(t, dir, "go", "build", "-o", binary, ".")
			run(t, dir, binary)
		})
	}
}

// answersFiles returns the examples, and the difficult cases when asked.
func answersFiles(t *testing.T) []string {
	t.Helper()
	patterns := []string{"*/fieldlab.yaml"}
	if os.Getenv("FIELDLAB_E2E") == "all" {
		patterns = append(patterns, "testdata/*.yaml")
	}
	var files []string
	for _, pattern := range patterns {
		found, err := filepath.Glob(pattern)
		if err != nil || len(found) == 0 {
			t.Fatalf("no answers files match %s (%v)", pattern, err)
		}
		files = append(files, found...)
	}
	return files
}

// raceDetector says whether the component's own tests run under the race
// detector, which needs a C compiler.
func raceDetector() bool {
	_, err := exec.LookPath("gcc")
	return err == nil && os.Getenv("FIELDLAB_E2E") == "all"
}

// fieldlab builds the command once for all tests of this package.
var fieldlab = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "fieldlab-e2e-")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "fieldlab")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	out, err := exec.Command("go", "build", "-o", binary, "../cmd/fieldlab").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building fieldlab: %w\n%s", err, out)
	}
	return binary, nil
})

// TestMain removes the built command afterwards.
func TestMain(m *testing.M) {
	code := m.Run()
	if binary, err := fieldlab(); err == nil {
		_ = os.RemoveAll(filepath.Dir(binary))
	}
	os.Exit(code)
}

// generate runs `fieldlab new` and checks its report against the folder.
func generate(t *testing.T, answers, dir string) {
	t.Helper()
	binary, err := fieldlab()
	if err != nil {
		t.Fatal(err)
	}
	answers, err = filepath.Abs(answers)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(binary, "new", dir, "--answers", answers, "--json")
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Run(); err != nil {
		t.Fatalf("fieldlab new: %v\n%s", err, stderr.String())
	}
	var report struct {
		Files  []struct{ Path string }
		Commit string
	}
	if err := json.Unmarshal(stdout.Bytes(), &report); err != nil {
		t.Fatalf("fieldlab new --json: %v\n%s", err, stdout.String())
	}
	if len(report.Files) == 0 || report.Commit == "" {
		t.Fatalf("fieldlab new --json reports no files or no commit:\n%s", stdout.String())
	}
	for _, f := range report.Files {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(f.Path))); err != nil {
			t.Errorf("reported but not there: %s", f.Path)
		}
	}
	if _, err := exec.LookPath("git"); err == nil {
		if out := command(t, dir, "git", "status", "--porcelain"); out != "" {
			t.Errorf("git status is not clean after the first commit:\n%s", out)
		}
		command(t, dir, "git", "fsck", "--strict")
	}
}

// command runs a program in dir and returns what it printed.
func command(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS=-mod=readonly", "GOPROXY=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s in %s: %v\n%s", name, strings.Join(args, " "), dir, err, out)
	}
	return strings.TrimSpace(string(out))
}

// run starts the component, calls every layer and stops it as Ctrl-C does.
func run(t *testing.T, dir, binary string) {
	t.Helper()
	base := freePorts(t, 4)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, binary)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "PORT="+strconv.Itoa(base))
	var log lockedBuffer
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	exited := make(chan error, 1)
	go func() { exited <- cmd.Wait() }()

	url := func(layer int, path string) string {
		return fmt.Sprintf("http://127.0.0.1:%d%s", base+layer, path)
	}
	for layer := range 4 {
		waitFor(t, ctx, url(layer, "/healthz/ready"), exited, &log)
	}
	for _, page := range []string{url(0, "/"), url(1, "/"), url(3, "/")} {
		if body, ctype := get(t, page); !strings.HasPrefix(ctype, "text/html") || !strings.Contains(body, `lang="nl"`) {
			t.Errorf("%s: want a Dutch page, got %s", page, ctype)
		}
	}
	for _, spec := range []string{url(1, "/v1/openapi.json"), url(3, "/v1/openapi.json"), url(3, "/v1/zaken"), url(1, "/v1/proces")} {
		body, _ := get(t, spec)
		if !json.Valid([]byte(body)) {
			t.Errorf("%s: not JSON: %.80s", spec, body)
		}
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-exited:
		if err != nil {
			t.Errorf("the component did not stop cleanly: %v\n%s", err, log.String())
		}
	case <-time.After(15 * time.Second):
		t.Errorf("the component did not stop within 15 s of an interrupt\n%s", log.String())
		_ = cmd.Process.Kill()
	}
}

// waitFor polls an address until it answers 200.
func waitFor(t *testing.T, ctx context.Context, address string, exited <-chan error, log *lockedBuffer) {
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
		case err := <-exited:
			t.Fatalf("the component stopped by itself: %v\n%s", err, log.String())
		case <-ctx.Done():
			t.Fatalf("%s did not become ready\n%s", address, log.String())
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// get returns body and content type of a page that must answer 200.
func get(t *testing.T, address string) (body, ctype string) {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	data, err := io.ReadAll(resp.Body)
	if err != nil || resp.StatusCode != http.StatusOK {
		t.Errorf("%s: %s %v\n%.300s", address, resp.Status, err, data)
	}
	return string(data), resp.Header.Get("Content-Type")
}

// freePorts returns the first of n consecutive ports that are free now.
func freePorts(t *testing.T, n int) int {
	t.Helper()
search:
	for range 50 {
		first, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		base := first.Addr().(*net.TCPAddr).Port
		_ = first.Close()
		for i := range n {
			l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", base+i))
			if err != nil {
				continue search
			}
			_ = l.Close()
		}
		return base
	}
	t.Fatal(errors.New("no free ports"))
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

package examples_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
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

// built is the folder of what is built once for all tests of this package.
var built string

// fieldlab builds the command.
var fieldlab = sync.OnceValues(func() (string, error) {
	binary := filepath.Join(built, "fieldlab")
	if runtime.GOOS == "windows" {
		binary += ".exe"
	}
	out, err := exec.Command("go", "build", "-o", binary, "../cmd/fieldlab").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("building fieldlab: %w\n%s", err, out)
	}
	return binary, nil
})

// TestMain removes afterwards what was built.
func TestMain(m *testing.M) {
	var err error
	if built, err = os.MkdirTemp("", "fieldlab-e2e-"); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	code := m.Run()
	_ = os.RemoveAll(built)
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

// goFlags are those of every build of a component here. Components lie in another
// folder in every test; without that path in it, what was built for one serves the
// next, which saves minutes and gigabytes.
const goFlags = "-mod=readonly -trimpath"

// command runs a program in dir and returns what it printed.
func command(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOFLAGS="+goFlags, "GOPROXY=off")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s in %s: %v\n%s", name, strings.Join(args, " "), dir, err, out)
	}
	return strings.TrimSpace(string(out))
}

// run starts the component, calls every layer and stops it as Ctrl-C does.
func run(t *testing.T, dir, binary string) {
	t.Helper()
	c := launch(t, dir, binary, freePorts(t, 4), []int{0, 1, 2, 3}, nil)
	for _, page := range []string{c.url(0, "/"), c.url(1, "/"), c.url(3, "/")} {
		if body, ctype := get(t, page); !strings.HasPrefix(ctype, "text/html") || !strings.Contains(body, `lang="nl"`) {
			t.Errorf("%s: want a Dutch page, got %s", page, ctype)
		}
	}
	for _, spec := range []string{c.url(1, "/v1/openapi.json"), c.url(3, "/v1/openapi.json"), c.url(3, "/v1/zaken"), c.url(1, "/v1/proces")} {
		body, _ := get(t, spec)
		if !json.Valid([]byte(body)) {
			t.Errorf("%s: not JSON: %.80s", spec, body)
		}
	}
	probed(t, c)
	if err := c.cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	select {
	case err := <-c.exited:
		if err != nil {
			t.Errorf("the component did not stop cleanly: %v\n%s", err, c.log.String())
		}
	case <-time.After(15 * time.Second):
		t.Errorf("the component did not stop within 15 s of an interrupt\n%s", c.log.String())
		_ = c.cmd.Process.Kill()
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

package gotool_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

// real is the Go that runs these tests.
func real(t *testing.T) gotool.Go {
	t.Helper()
	g, err := gotool.Find(t.Context(), t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// wrapper puts a go of its own on PATH.
func wrapper(t *testing.T, script string) string {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("a script of sh")
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte("#!/bin/sh\n"+script), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir+string(filepath.ListSeparator)+"/usr/bin:/bin")
	return filepath.Join(dir, "go")
}

func TestFind(t *testing.T) {
	g := real(t)
	if !strings.HasPrefix(g.Version, "go1.") || g.Env["GOMODCACHE"] == "" || !filepath.IsAbs(g.Path) {
		t.Errorf("%+v", g)
	}
	out, err := g.Command(t.Context(), t.TempDir(), "version").Output()
	if err != nil || !strings.Contains(string(out), g.Version) {
		t.Errorf("%s, %v", out, err)
	}
}

func TestNone(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	if _, err := gotool.Find(t.Context(), t.TempDir()); !errors.Is(err, gotool.ErrNone) {
		t.Error(err)
	}
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go"), []byte("#!/bin/sh\nexit 0\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	t.Setenv("PATH", ".")
	if _, err := gotool.Find(t.Context(), dir); !errors.Is(err, gotool.ErrNone) {
		t.Errorf("a go of the folder itself: %v", err)
	}
}

// TestWrapper: version managers put a script on PATH, which may talk.
func TestWrapper(t *testing.T) {
	g := real(t)
	path := wrapper(t, "echo choosing a Go\necho choosing >&2\nexec "+g.Path+` "$@"`+"\n")
	found, err := gotool.Find(t.Context(), t.TempDir())
	if err != nil || found.Path != path || found.Version != g.Version {
		t.Errorf("%+v, %v", found, err)
	}
}

// TestBroken: a go that gives nothing of use says why, as far as it tells.
func TestBroken(t *testing.T) {
	for script, want := range map[string]string{
		"exit 3":                                 "exit status 3",
		"echo 'no version is set' >&2; exit 126": "no version is set",
		"echo nothing":                           "nothing of use",
		`echo '{"GOVERSION": ["x"]}'`:            "go env",
		"yes x | head -c 3000000":                "nothing of use",
	} {
		wrapper(t, script)
		var refused *gotool.Refused
		if g, err := gotool.Find(t.Context(), t.TempDir()); !errors.As(err, &refused) || !strings.Contains(refused.Said, want) || g.Version != "" {
			t.Errorf("%q: %v", script, err)
		}
	}
}

func TestOldGo(t *testing.T) {
	wrapper(t, `if [ "$1" = version ]; then echo go version go1.13.8 linux/amd64; else echo '{"GOROOT": "/usr/lib/go-1.13"}'; fi`)
	if g, err := gotool.Find(t.Context(), t.TempDir()); err != nil || g.Version != "go1.13.8" {
		t.Errorf("%+v, %v", g, err)
	}
}

// TestHanging: a wrapper that waits for the network is left behind.
func TestHanging(t *testing.T) {
	wrapper(t, "sleep 60\n")
	ctx, stop := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer stop()
	if _, err := gotool.Find(ctx, t.TempDir()); !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
}

// TestNewer: a go.mod that wants a Go which is not there. Nothing is downloaded,
// also where that is allowed.
func TestNewer(t *testing.T) {
	g := real(t)
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "go.mod"), []byte("module x\n\ngo 1.999.0\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	proxy := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { t.Errorf("%s was asked for", r.URL) }))
	defer proxy.Close()
	t.Setenv("GOPROXY", proxy.URL)
	t.Setenv("GONOSUMDB", "*")
	t.Setenv("GOTOOLCHAIN", "local")
	if found, err := gotool.Find(t.Context(), dir); err != nil || found.Version != g.Version || found.Env["GOPROXY"] != proxy.URL {
		t.Errorf("%+v, %v", found.Version, err)
	}
	for setting, want := range map[string]string{"auto": "go1.999.0", "go1.998.1": "go1.998.1", "rubbish": ""} {
		t.Setenv("GOTOOLCHAIN", setting)
		var refused *gotool.Refused
		found, err := gotool.Find(t.Context(), dir)
		if !errors.As(err, &refused) || refused.Wanted != want || found.Version != g.Version || found.Env["GOPROXY"] != proxy.URL {
			t.Errorf("%s: %+v, %v", setting, found.Version, err)
		}
	}
}

// TestInstall: what is said runs in the shell of that system.
func TestInstall(t *testing.T) {
	for goos, want := range map[string]string{"windows": "winget", "darwin": "darwin-arm64", "linux": "linux-arm64", "plan9": "https://go.dev"} {
		line := gotool.Install(goos, "arm64", "1.26.8")
		if !strings.Contains(line, want) {
			t.Errorf("%s: %s", goos, line)
		}
		if goos == "linux" && runtime.GOOS != "windows" {
			if out, err := exec.CommandContext(t.Context(), "sh", "-n", "-c", line).CombinedOutput(); err != nil {
				t.Errorf("%s: %s", line, out)
			}
		}
	}
}

func TestPlaces(t *testing.T) {
	env := func(name string) string {
		return map[string]string{"ProgramFiles": `C:\Program Files`, "SystemDrive": "C:"}[name]
	}
	for goos, want := range map[string]string{"windows": `C:\Program Files\Go\bin\go.exe`, "darwin": "/opt/homebrew/bin/go", "linux": "/usr/local/go/bin/go"} {
		if places := strings.Join(gotool.Places(goos, "/home/x", env), "\n"); !strings.Contains(places, want) {
			t.Errorf("%s: %s", goos, places)
		}
		for _, place := range gotool.Places(goos, "", func(string) string { return "" }) {
			if strings.HasPrefix(place, `\`) || !strings.Contains(place, "go") {
				t.Errorf("%s: %q", goos, place)
			}
		}
	}
}

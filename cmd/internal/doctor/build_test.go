package doctor

import (
	"context"
	"errors"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/text"
)

// asComponent makes the test binary be a component that answers as it says.
const asComponent = "FIELDLAB_TEST_AS_COMPONENT"

func TestMain(m *testing.M) {
	if page := os.Getenv(asComponent); page != "" {
		answer := func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/" {
				_, _ = w.Write([]byte(page))
			}
		}
		_ = http.ListenAndServe("127.0.0.1:"+os.Getenv("PORT"), http.HandlerFunc(answer)) //nolint:gosec // a stand-in on this machine
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// trialRun is a trial with a go that is a script, of which build is what is given.
func trialRun(t *testing.T, change func(l *laptop, trial *Trial), build string) Finding {
	t.Helper()
	if runtime.GOOS == windows {
		t.Skip("a script of sh")
	}
	l := healthy(linux)
	real := This(os.Getenv)
	l.World.Dial, l.World.Listen = real.Dial, real.Listen
	l.World.Now = time.Now
	l.World.Temp = t.TempDir()
	script := filepath.Join(t.TempDir(), "go")
	if err := os.WriteFile(script, []byte("#!/bin/sh\n# build -o PROGRAM .\n"+build+"\n"), 0o755); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	l.World.FindGo = func(context.Context, string) (gotool.Go, error) {
		return gotool.Go{Path: script, Version: l.version, Env: l.goEnv}, l.goErr
	}
	steps := ""
	trial := Trial{
		Generate: func(_ context.Context, dir string) error { return os.Mkdir(dir, 0o755) },
		Words:    "Verhuizing", Patience: 2 * time.Second,
		Doing: func(step string, work func(context.Context) error) error {
			steps += step + " "
			return work(t.Context())
		},
	}
	if change != nil {
		change(l, &trial)
	}
	f, err := Prove(t.Context(), l.World, trial)
	if err != nil {
		t.Error(err)
	}
	if left, _ := os.ReadDir(l.Temp); len(left) > 0 {
		t.Errorf("%s is left", left[0].Name())
	}
	return f
}

// program is the end of a script of go that makes a program of another script.
func program(lines string) string {
	return "printf '#!/bin/sh\\n%s\\n' '" + lines + `' > "$3"; chmod +x "$3"`
}

func TestProve(t *testing.T) {
	t.Parallel()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	serve := func(page string) string {
		return program(asComponent + `="` + page + `" exec "` + self + `"`)
	}
	seen := map[string]bool{}
	for _, c := range []struct {
		name   string
		change func(*laptop, *Trial)
		build  string
		state  State
		says   string
	}{
		{"proved", nil, serve("<h1>Verhuizing</h1>"), OK, ""},
		{"page", nil, serve("<h1>Log in bij de proxy</h1>"), Wrong, ""},
		{"start", nil, program("echo poort 8080 is bezet; exit 1"), Wrong, "poort 8080 is bezet"},
		{"no-answer", nil, program("exec sleep 60"), Wrong, "localhost"},
		{"compile", nil, "echo '# verhuizing/kern' >&2; echo 'kern/x.go:3: undefined: y' >&2; exit 1", Wrong, "kern/x.go:3: undefined: y"},
		{"modules", nil, "echo 'go: downloading x v1' >&2; echo 'main.go:9: x@v1: module lookup disabled by GOPROXY=off' >&2; exit 1", Wrong, "module lookup disabled"},
		{"certificate", nil, "echo 'x@v1: Get \"https://proxy\": tls: failed to verify certificate: x509: unknown authority' >&2; exit 1", Wrong, "x509"},
		{"full", nil, "echo 'write /tmp/x: no space left on device' >&2; exit 1", Wrong, "no space left"},
		{"blocked", nil, `echo '#!/bin/sh' > "$3"; chmod -x "$3"`, Wrong, "permission denied"},
		{"no-go", func(l *laptop, _ *Trial) { noGo(l) }, "", Wrong, ""},
		{"old", func(l *laptop, _ *Trial) { l.version = "go1.20" }, "", Wrong, ""},
		{"folder", func(l *laptop, _ *Trial) { l.Temp = "/nergens" }, "", Wrong, "nergens"},
		{"generate", func(_ *laptop, trial *Trial) {
			trial.Generate = func(context.Context, string) error { return errors.New("vol") }
		}, "", Wrong, "vol"},
		{"no-ports", func(l *laptop, _ *Trial) {
			l.World.Dial = func(context.Context, string) error { return nil }
		}, program("exit 0"), Wrong, ""},
	} {
		f := trialRun(t, c.change, c.build)
		seen[c.name] = true
		if f.ID != buildID || f.Case != c.name || f.State != c.state {
			t.Errorf("%s: %s %s %v", c.name, f.State, f.Case, f.Args)
			continue
		}
		for _, language := range text.Languages() {
			wellSaid(t, f, text.Load(language))
		}
		if said := f.Say(text.Load(text.Dutch)).What; !strings.Contains(said, c.says) || strings.Contains(said, "downloading") {
			t.Errorf("%s: %s", c.name, said)
		}
	}
	for _, key := range text.Load(text.Dutch).Keys() {
		if rest, ok := strings.CutPrefix(key, "doctor.what."+buildID+"."); ok && !seen[rest] {
			t.Errorf("no test finds %s", rest)
		}
	}
}

// TestProveAlone: the folder for temporary files is of anybody, so a workspace or a
// repository above the component that is built counts for nothing.
func TestProveAlone(t *testing.T) {
	t.Parallel()
	seen := "echo \"GOWORK=$GOWORK $4\" >&2; exit 1"
	if f := trialRun(t, nil, seen); !strings.Contains(f.Say(text.Load(text.Dutch)).What, "GOWORK=off -buildvcs=false") {
		t.Error(f.Say(text.Load(text.Dutch)).What)
	}
}

// TestProveStopped: Ctrl-C stops the build, and cleans up.
func TestProveStopped(t *testing.T) {
	if runtime.GOOS == windows {
		t.Skip("a script of sh")
	}
	l := healthy(linux)
	l.World.Temp = t.TempDir()
	script := filepath.Join(t.TempDir(), "go")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nexec sleep 60\n"), 0o755); err != nil { //nolint:gosec // it is run
		t.Fatal(err)
	}
	l.World.FindGo = func(context.Context, string) (gotool.Go, error) {
		return gotool.Go{Path: script, Version: l.version}, nil
	}
	ctx, stop := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer stop()
	_, err := Prove(ctx, l.World, Trial{
		Generate: func(_ context.Context, dir string) error { return os.Mkdir(dir, 0o755) },
		Doing:    func(_ string, work func(context.Context) error) error { return work(ctx) },
	})
	if left, _ := os.ReadDir(l.Temp); !errors.Is(err, context.DeadlineExceeded) || len(left) > 0 {
		t.Errorf("%v, %d are left", err, len(left))
	}
}

func TestMatters(t *testing.T) {
	long := strings.Repeat("go: downloading x\n", 100) + "# pkg\n a:1: one\na:1: one\n\nb\nc\nd\n"
	if got := matters(long, nil); got != "a:1: one\nb\nc" {
		t.Errorf("%q", got)
	}
	if got := matters("", errors.New("exit status 1")); got != "exit status 1" {
		t.Errorf("%q", got)
	}
}

package bundle

import (
	"context"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// compiler stands in for go: it says what is common, and leaves in the build cache what
// it was asked to compile, with how.
const compiler = `#!/bin/sh
set -eu
case $1 in
list) printf '%s\n' strings vendor/golang.org/x/net internal/abi example.org/een ;;
test)
  mkdir -p "$GOCACHE/ab"
  naam=ab/abababababababababababababababababababababababababababababababab
  { echo "$GOOS $GOARCH $CGO_ENABLED $GOFLAGS"; cat alles/alles.go; } >"$GOCACHE/$naam-d"
  echo niet mee >"$GOCACHE/trim.txt" ;;
esac
`

const inCache = "ab/abababababababababababababababababababababababababababababababab-d"

// aWarmRequest asks for a bundle with a build cache.
func aWarmRequest(t *testing.T, dir string) Request {
	t.Helper()
	if runtime.GOOS == "windows" {
		t.Skip("the stand-in for go is a script")
	}
	script := put0(t, t.TempDir(), "go", []byte(compiler))
	fatal(t, os.Chmod(script, 0o755))
	r := aRequest(t, dir)
	r.Warm = true
	r.Component = fstest.MapFS{"go.sum": {}, "go.mod.tmpl": {Data: []byte("module {{ .Module }}\n\ngo 1.26.0\n")},
		"kern/een/een.go": {Data: []byte("package een\n")}, "kern/een/een_test.go": {Data: []byte("package anders\n")}}
	r.Go = func(context.Context, string) (gotool.Go, error) {
		return gotool.Go{Path: script, Version: "go1.26.8"}, nil
	}
	return r
}

// TestWarm: what is common is compiled for each system and unpacked once for each bundle.
func TestWarm(t *testing.T) {
	dir, cache := filepath.Join(t.TempDir(), "stick"), t.TempDir()
	r := aWarmRequest(t, dir)
	_, err := Make(t.Context(), r)
	fatal(t, err)
	for _, s := range r.Systems {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(s.warm()))); err != nil {
			t.Error(err)
		}
	}
	if page := tree(t, dir)[ReadMe]; !strings.Contains(page, "het meeste is al gecompileerd") {
		t.Error("the first page does not say that most is compiled")
	}
	if faults, err := Verify(t.Context(), dir); err != nil || len(faults) > 0 {
		t.Errorf("%v, %v", faults, err)
	}
	var steps []string
	use := UseRequest{Where: dir, Cache: cache, System: here(), Go: noGo, Say: func(step, _ string) { steps = append(steps, step) }}
	ready, err := Prepare(t.Context(), use)
	fatal(t, err)
	body, err := fs.ReadFile(os.DirFS(ready.BuildCache), inCache)
	fatal(t, err)
	want := here().OS + " " + here().Arch + " 0 -trimpath\npackage alles\n\nimport (\n\t_ \"strings\"\n\t_ \"example.org/een\"\n)\n"
	if string(body) != want || len(tree(t, ready.BuildCache)) != 1 {
		t.Errorf("%q", body)
	}
	// A second window finds it there, also without the stick.
	steps = nil
	use.Where = Latest(cache)
	if again, err := Prepare(t.Context(), use); err != nil || again.BuildCache != ready.BuildCache || slices.Contains(steps, "warm-unpack") {
		t.Errorf("%v, %v, %+v", err, steps, again)
	}
}

// TestWarmOfAnotherGo: what one Go made another does not recognise.
func TestWarmOfAnotherGo(t *testing.T) {
	r := aWarmRequest(t, filepath.Join(t.TempDir(), "stick"))
	find := r.Go
	r.Go = func(ctx context.Context, dir string) (gotool.Go, error) {
		g, err := find(ctx, dir)
		g.Version = "go1.26.7"
		return g, err
	}
	_, err := Make(t.Context(), r)
	wants(t, err, "bundle.warm-go")

	u := &user{UseRequest: UseRequest{System: here()}, sums: sums{here().warm(): "x"}}
	u.ready.Manifest.Go, u.ready.OwnGo = "go1.26.8", "go1.27.0"
	if err := u.warmUp(t.Context()); err != nil || u.ready.BuildCache != "" {
		t.Errorf("%v, %+v", err, u.ready)
	}
}

// TestWarmFails: what go said is told, and nothing is left.
func TestWarmFails(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "stick")
	r := aWarmRequest(t, dir)
	g, err := r.Go(t.Context(), "")
	fatal(t, err)
	fatal(t, os.WriteFile(g.Path, []byte("#!/bin/sh\necho vol >&2\nexit 1\n"), 0o755))
	_, err = Make(t.Context(), r)
	wants(t, err, "bundle.warm")
	if left, err := os.ReadDir(filepath.Dir(dir)); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
}

// TestKernAlone: go finds what kern needs in kern as it is in this repository.
func TestKernAlone(t *testing.T) {
	g, err := gotool.Find(t.Context(), "")
	if err != nil {
		lacking(t, err.Error())
	}
	dir := t.TempDir()
	fatal(t, kernAlone(templates.Component(), dir))
	listed, err := said(g.Command(t.Context(), dir, "list", "-deps", "./"+kernFolder+"/kern/..."), append(os.Environ(), warmSettings(t.TempDir(), here())...))
	fatal(t, err)
	for _, name := range []string{"modernc.org/sqlite/lib", "testing", kernModule + "/" + kernFolder + "/kern/start"} {
		if !slices.Contains(strings.Fields(string(listed)), name) {
			t.Errorf("kern does not need %s", name)
		}
	}
}

// TestHostileCache: nothing but what go would make comes out of a build cache.
func TestHostileCache(t *testing.T) {
	good := strings.TrimSuffix(inCache, "-d")
	for _, name := range []string{"../x", "ab/../../x", "/ab/x", "trim.txt", good, good + "-e", strings.ToUpper(good) + "-d", "ab/" + good + "-d"} {
		to := filepath.Join(t.TempDir(), "cache")
		archive := put0(t, t.TempDir(), "x.zip", zipped(t, member{name: name, body: "x"}))
		wants(t, unpackCache(t.Context(), archive, to), "bundle.hostile")
		if _, err := os.Stat(to); err == nil {
			t.Errorf("%s made something", name)
		}
	}
}

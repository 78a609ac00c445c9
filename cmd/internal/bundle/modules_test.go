package bundle

import (
	"errors"
	"io/fs"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
	"github.com/commonground-fieldlab/fieldlab/examples"
	"github.com/commonground-fieldlab/fieldlab/generator"
	"github.com/commonground-fieldlab/fieldlab/generator/answers"
	"github.com/commonground-fieldlab/fieldlab/templates"
)

// realGo is the Go of this machine with its module cache, which has the modules of
// a component: they are those of fieldlab too.
func realGo(t *testing.T) (gotool.Go, []byte) {
	t.Helper()
	g, err := gotool.Find(t.Context(), t.TempDir())
	if err != nil {
		lacking(t, "no Go on PATH: "+err.Error())
	}
	goSum, err := fs.ReadFile(templates.Component(), "go.sum")
	fatal(t, err)
	return g, goSum
}

// filled writes files as a bundle has them, which also refuses a name that FAT32
// does not take or takes for another one.
func filled(t *testing.T, items []item) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "stick")
	at, err := look(dir, false)
	fatal(t, err)
	s, err := begin(at)
	fatal(t, err)
	for _, i := range items {
		fatal(t, s.add(i))
	}
	fatal(t, s.finish())
	return dir
}

// TestModules: exactly what go.sum names, and with that a component builds and tests
// without network. It is listed, not built, so that this stays quick.
func TestModules(t *testing.T) {
	g, goSum := realGo(t)
	items, err := modules(t.Context(), g, goSum)
	fatal(t, err)
	got := map[string]bool{}
	for _, i := range items {
		if strings.HasSuffix(i.name, ".zip") || strings.HasSuffix(i.name, ".mod") {
			got[i.name] = true
		}
	}
	all, err := parseGoSum(goSum)
	fatal(t, err)
	want := map[string]bool{}
	for _, w := range all {
		name, err := stem(w.Version)
		fatal(t, err)
		want[modulesFolder+"/"+name+map[bool]string{true: ".mod", false: ".zip"}[w.onlyMod]] = true
	}
	if !maps.Equal(got, want) || len(want) < 50 {
		t.Errorf("%v", slices.Sorted(maps.Keys(got)))
	}
	proxy, err := proxyAddress(filepath.Join(filled(t, items), filepath.FromSlash(modulesFolder)), here())
	fatal(t, err)
	run := func(dir string, args ...string) string {
		command := g.Command(t.Context(), dir, args...)
		command.Env = append(command.Environ(), "GOPROXY="+proxy+",off", "GONOPROXY=none", "GOSUMDB=sum.invalid", "GOFLAGS=-modcacherw", "GOTOOLCHAIN=local", "GOWORK=off", "GOMODCACHE="+filepath.Join(t.TempDir(), "mod"))
		out, err := command.CombinedOutput()
		if err != nil {
			t.Fatalf("go %s: %s, %v", strings.Join(args, " "), out, err)
		}
		return string(out)
	}
	component := aComponent(t)
	if out := run(component, "list", "-deps", "-test", "-e=false", "./..."); !strings.Contains(out, "modernc.org/sqlite") {
		t.Error(out)
	}
	if out := run(component, "list", "-m", "-versions", "github.com/google/uuid"); !strings.Contains(out, "github.com/google/uuid v1.6.0") {
		t.Error(out)
	}
}

// aComponent is one as a team gets it.
func aComponent(t *testing.T) string {
	t.Helper()
	body, _ := examples.Answers("verhuizing")
	document, wrong := answers.Parse("fieldlab.yaml", body)
	if len(wrong) > 0 {
		t.Fatal(wrong)
	}
	dir := filepath.Join(t.TempDir(), "verhuizing")
	_, err := generator.Generate(t.Context(), generator.Request{Document: document, Pack: templates.Component(), Version: "1.2.3", Dir: dir, NoGit: true, Now: time.Now})
	fatal(t, err)
	return dir
}

// TestModuleDownload: what is not on this machine is fetched, and held against
// go.sum. The proxy is a folder here.
func TestModuleDownload(t *testing.T) {
	g, _ := realGo(t)
	line := "github.com/google/uuid v1.6.0 h1:NIvaJDMOsjHA8n1jAhLSgzrAzy1Hgr+hNrb57e+94F0=\ngithub.com/google/uuid v1.6.0/go.mod h1:TIyPZe4MgqvfeYDBFedMoGGpEw/LqOeaOT+nhxU+yHo=\n"
	there, err := modules(t.Context(), g, []byte(line))
	fatal(t, err)
	proxy, err := proxyAddress(filepath.Join(filled(t, there), filepath.FromSlash(modulesFolder)), here())
	fatal(t, err)
	cache := filepath.Join(t.TempDir(), "mod")
	t.Setenv("GOMODCACHE", cache)
	t.Setenv("GOPROXY", proxy+",off")
	t.Setenv("GOSUMDB", "sum.invalid")
	t.Cleanup(func() { _ = exec.Command(g.Path, "clean", "-modcache").Run() })
	g.Env = map[string]string{"GOMODCACHE": cache}
	items, err := modules(t.Context(), g, []byte(line))
	if err != nil || len(items) != len(there) {
		t.Errorf("%d, %v", len(items), err)
	}
	_, err = modules(t.Context(), g, []byte("github.com/google/uuid v1.5.0 h1:1p67kYwdtXjb0gL0BPiP1Av9wiZPo5A8z2cWkTZ+eyU=\n"))
	wants(t, err, "bundle.no-module")
	// Another sum than in go.sum.
	_, err = modules(t.Context(), g, []byte(strings.Replace(line, "h1:NIva", "h1:NIvb", 1)))
	wants(t, err, "bundle.module")
	mod := filepath.Join(cache, "cache", "download", "github.com", "google", "uuid", "@v", "v1.6.0.mod")
	fatal(t, errors.Join(os.Chmod(mod, 0o644), os.WriteFile(mod, []byte("module x\n"), 0o644)))
	_, err = modules(t.Context(), g, []byte(line))
	wants(t, err, "bundle.module")
}

func TestHostileGoSum(t *testing.T) {
	for _, body := range []string{"x", "x v1.0.0", "../../x v1.0.0 h1:x", "github.com/x/y v1.0.0/../.. h1:x", "github.com/x/y ../z h1:x", "github.com/x/y v1.0.0 md5:x"} {
		if all, err := parseGoSum([]byte(body)); err == nil {
			t.Errorf("%q: %v", body, all)
		}
	}
}

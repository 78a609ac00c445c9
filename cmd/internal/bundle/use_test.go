package bundle

import (
	"context"
	"errors"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

func noGo(context.Context, string) (gotool.Go, error) { return gotool.Go{}, gotool.ErrNone }

func TestPrepare(t *testing.T) {
	dir, cache := aBundle(t), t.TempDir()
	var steps []string
	r := UseRequest{Where: dir, Cache: cache, System: here(), Go: noGo, Say: func(step, _ string) { steps = append(steps, step) }}
	first, err := Prepare(t.Context(), r)
	fatal(t, err)
	if strings.Join(steps, " ") != "fetch-go unpack copy" || first.Manifest.Go != "go1.26.8" {
		t.Errorf("%v, %+v", steps, first)
	}
	for at, name := range []string{here().exe("fieldlab"), here().exe("go")} {
		info, err := os.Stat(filepath.Join(first.Path[at], name))
		if err != nil || runtime.GOOS != "windows" && info.Mode()&0o100 == 0 {
			t.Errorf("%s: %v, %v", name, info, err)
		}
	}
	// Once: the second time nothing is copied, and the stick may be gone by half.
	steps = nil
	fatal(t, os.RemoveAll(filepath.Join(dir, "go")))
	again, err := Prepare(t.Context(), r)
	if err != nil || len(steps) > 0 || !slices.Equal(first.Path, again.Path) {
		t.Errorf("%v, %v", steps, err)
	}
	// What was changed on this machine is brought again.
	fatal(t, flip(filepath.Join(first.Path[0], here().exe("fieldlab"))))
	if _, err := Prepare(t.Context(), r); err != nil {
		t.Error(err)
	}
	if body, err := os.ReadFile(filepath.Join(first.Path[0], here().exe("fieldlab"))); err != nil || string(body) != program {
		t.Errorf("%s, %v", body, err)
	}
}

// TestLatest: a second window works with what the first one brought.
func TestLatest(t *testing.T) {
	dir, cache := aBundle(t), t.TempDir()
	if Latest(cache) != "" {
		t.Error("there is none yet")
	}
	r := UseRequest{Where: dir, Cache: cache, System: here(), Go: noGo}
	first, err := Prepare(t.Context(), r)
	fatal(t, err)
	fatal(t, os.RemoveAll(dir))
	r.Where = Latest(cache)
	second, err := Prepare(t.Context(), r)
	if err != nil || r.Where != first.Folder || !slices.Equal(first.Path, second.Path) {
		t.Errorf("%s, %+v, %v", r.Where, second, err)
	}
	// Who cleans the Go away has to have the stick again.
	fatal(t, os.RemoveAll(filepath.Join(cache, "go")))
	_, err = Prepare(t.Context(), r)
	wants(t, err, "bundle.gone")
	for _, mark := range []string{"", "..", "../../etc", "/etc", "bestaat niet"} {
		put0(t, cache, "bundel/laatste", []byte(mark))
		if dir := Latest(cache); dir != "" {
			t.Errorf("%q: %s", mark, dir)
		}
	}
}

// TestTogether: somebody double-clicks twice.
func TestTogether(t *testing.T) {
	dir, cache := aBundle(t), t.TempDir()
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			ready, err := Prepare(t.Context(), UseRequest{Where: dir, Cache: cache, System: here(), Go: noGo})
			if err != nil {
				t.Error(err)
			} else if _, err := os.Stat(filepath.Join(ready.Path[1], here().exe("go"))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if left, _ := filepath.Glob(filepath.Join(cache, "go", halfway+"*")); len(left) > 0 {
		t.Errorf("left %v", left)
	}
}

// TestPrepareRefuses: a bundle that is not as it was made is not used, and nothing
// of it stays that looks like a Go.
func TestPrepareRefuses(t *testing.T) {
	archive := "go/" + here().archive("go1.26.8")
	for name, c := range map[string]struct {
		change func(*testing.T, string)
		key    string
	}{
		"no bundle":        {func(t *testing.T, dir string) { fatal(t, os.Remove(filepath.Join(dir, SumsFile))) }, "bundle.none"},
		"no manifest":      {func(t *testing.T, dir string) { fatal(t, os.Remove(filepath.Join(dir, File))) }, "bundle.none"},
		"changed manifest": {func(t *testing.T, dir string) { fatal(t, add(filepath.Join(dir, File), " ")) }, "bundle.changed"},
		"changed go":       {func(t *testing.T, dir string) { fatal(t, flip(filepath.Join(dir, archive))) }, "bundle.changed"},
		"gone go":          {func(t *testing.T, dir string) { fatal(t, os.Remove(filepath.Join(dir, archive))) }, "bundle.gone"},
		"cut-off go":       {func(t *testing.T, dir string) { fatal(t, os.Truncate(filepath.Join(dir, archive), 30)) }, "bundle.cut-off"},
		"longer go":        {func(t *testing.T, dir string) { fatal(t, add(filepath.Join(dir, archive), "x")) }, "bundle.changed"},
		"changed fieldlab": {func(t *testing.T, dir string) { fatal(t, flip(filepath.Join(dir, here().Program()))) }, "bundle.changed"},
		"link": {func(t *testing.T, dir string) {
			fatal(t, os.Remove(filepath.Join(dir, here().Program())))
			fatal(t, os.Symlink("/bin/sh", filepath.Join(dir, here().Program())))
		}, "bundle.changed"},
		"hostile sums": {func(t *testing.T, dir string) {
			fatal(t, add(filepath.Join(dir, SumsFile), aSum+"  modules/cache/download/../../../x\n"))
		}, "bundle.hostile"},
		"other systems": {func(t *testing.T, dir string) { without(t, dir, here().Program()) }, "bundle.no-system"},
		"no go":         {func(t *testing.T, dir string) { without(t, dir, archive) }, "bundle.no-go"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir, cache := aBundle(t), t.TempDir()
			c.change(t, dir)
			_, err := Prepare(t.Context(), UseRequest{Where: dir, Cache: cache, System: here(), Go: noGo})
			wants(t, err, c.key)
			if found, _ := filepath.Glob(filepath.Join(cache, "go", "*", "bin")); len(found) > 0 && strings.HasSuffix(name, "go") {
				t.Errorf("there is %v", found)
			}
		})
	}
}

// without takes a file out of a bundle, and out of its sums.
func without(t *testing.T, dir, name string) {
	t.Helper()
	body, err := os.ReadFile(filepath.Join(dir, SumsFile))
	fatal(t, err)
	known, err := parseSums(body)
	fatal(t, err)
	delete(known, name)
	put0(t, dir, SumsFile, known.format())
	fatal(t, os.Remove(filepath.Join(dir, filepath.FromSlash(name))))
}

// TestOwnGo: a bundle without the Go of this system still does for who has one.
func TestOwnGo(t *testing.T) {
	dir := aBundle(t)
	without(t, dir, "go/"+here().archive("go1.26.8"))
	r := UseRequest{Where: dir, Cache: t.TempDir(), System: here(), Go: func(context.Context, string) (gotool.Go, error) {
		return gotool.Go{Path: filepath.Join("x", "bin", "go"), Version: "go1.26.1"}, nil
	}}
	ready, err := Prepare(t.Context(), r)
	if err != nil || ready.OwnGo != "go1.26.1" || ready.Path[1] != filepath.Join("x", "bin") {
		t.Errorf("%+v, %v", ready, err)
	}
	r.Go = func(context.Context, string) (gotool.Go, error) { return gotool.Go{Version: "go1.25.9"}, nil }
	_, err = Prepare(t.Context(), r)
	wants(t, err, "bundle.no-go")
}

// bad is a network that breaks off after some bytes, the first times that a file is
// asked for; with ranges or without.
type bad struct {
	files  http.Handler
	after  int
	ranges bool
	always bool // but for the two files that come at once

	times sync.Map // of every path
	broke atomic.Int64
}

func (b *bad) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !b.ranges {
		r.Header.Del("Range")
	}
	times, _ := b.times.LoadOrStore(r.URL.Path, &atomic.Int64{})
	always := b.always && !strings.HasSuffix(r.URL.Path, SumsFile) && !strings.HasSuffix(r.URL.Path, File)
	if (times.(*atomic.Int64).Add(1) <= 2 || always) && b.after > 0 {
		b.broke.Add(1)
		w = &breaking{ResponseWriter: w, left: b.after}
	}
	b.files.ServeHTTP(w, r)
}

type breaking struct {
	http.ResponseWriter
	left int
}

func (b *breaking) Write(p []byte) (int, error) {
	if len(p) >= b.left {
		_, _ = b.ResponseWriter.Write(p[:b.left])
		_ = http.NewResponseController(b.ResponseWriter).Flush()
		panic(http.ErrAbortHandler)
	}
	b.left -= len(p)
	return b.ResponseWriter.Write(p)
}

func TestWeb(t *testing.T) {
	pause = time.Millisecond
	dir := aBundle(t)
	for name, b := range map[string]*bad{"good": {}, "breaks": {after: 30, ranges: true}, "without parts": {after: 30},
		"never holds": {after: 20, ranges: true, always: true}} {
		b.files = http.StripPrefix("/stick", http.FileServer(http.Dir(dir)))
		server := httptest.NewServer(b)
		cache := t.TempDir()
		ready, err := Prepare(t.Context(), UseRequest{Where: server.URL + "/stick", Cache: cache, System: here(), Go: noGo})
		server.Close()
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if body, err := os.ReadFile(filepath.Join(ready.Path[0], here().exe("fieldlab"))); err != nil || string(body) != program {
			t.Errorf("%s: %s, %v", name, body, err)
		}
		if b.after > 0 && b.broke.Load() < 8 {
			t.Errorf("%s: it broke %d times", name, b.broke.Load())
		}
	}
}

func TestWebRefuses(t *testing.T) {
	pause = time.Millisecond
	dir := aBundle(t)
	elsewhere := httptest.NewServer(http.FileServer(http.Dir(dir)))
	defer elsewhere.Close()
	for name, c := range map[string]struct {
		handler http.HandlerFunc
		key     string
	}{
		"portal":  {func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("<html>log in</html>")) }, "bundle.damaged"},
		"nothing": {http.NotFound, "bundle.none"},
		"broken":  {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, "bundle.unreachable"},
		"endless": {func(w http.ResponseWriter, _ *http.Request) { endless(w) }, "bundle.damaged"},
		"redirect": {func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, elsewhere.URL+r.URL.Path, http.StatusFound)
		}, "bundle.unreachable"},
		"longer": {func(w http.ResponseWriter, r *http.Request) {
			if strings.HasPrefix(r.URL.Path, "/go/") {
				endless(w)
				return
			}
			http.FileServer(http.Dir(dir)).ServeHTTP(w, r)
		}, "bundle.changed"},
	} {
		server := httptest.NewServer(c.handler)
		cache := t.TempDir()
		_, err := Prepare(t.Context(), UseRequest{Where: server.URL, Cache: cache, System: here(), Go: noGo})
		server.Close()
		t.Run(name, func(t *testing.T) { wants(t, err, c.key) })
		for file, body := range tree(t, cache) {
			if len(body) > 1<<20 {
				t.Errorf("%s: %s of %d bytes", name, file, len(body))
			}
		}
	}
	for _, address := range []string{"http://", "http://naam:geheim@x/", "http://x/?a=b", "http://[::1"} {
		_, err := Prepare(t.Context(), UseRequest{Where: address, Cache: t.TempDir(), System: here(), Go: noGo})
		wants(t, err, "bundle.address")
	}
}

func endless(w http.ResponseWriter) {
	line := []byte(strings.Repeat("x", 64<<10))
	for range 1000 {
		if _, err := w.Write(line); err != nil {
			return
		}
	}
}

// TestSilence: a connection in which nothing comes any more is given up.
func TestSilence(t *testing.T) {
	silence, pause = 50*time.Millisecond, time.Millisecond
	defer func() { silence = 30 * time.Second }()
	done := make(chan bool)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Length", strconv.Itoa(100))
		_, _ = w.Write([]byte("x"))
		_ = http.NewResponseController(w).Flush()
		select {
		case <-done:
		case <-r.Context().Done():
		}
	}))
	defer server.Close()
	defer close(done)
	_, err := Prepare(t.Context(), UseRequest{Where: server.URL, Cache: t.TempDir(), System: here(), Go: noGo})
	wants(t, err, "bundle.unreachable")
	if errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestEnviron(t *testing.T) {
	linux, windows := System{"linux", "amd64"}, System{"windows", "amd64"}
	r := Ready{Folder: "/h/.cache/x", Modules: "/h/a b, c|d %é&'/modules", Path: []string{"/f", "/g/bin"}}
	got, err := r.Environ([]string{"HOME=/h", "PATH=/usr/bin:/bin", "GOROOT=/old", "GOPROXY=https://x", "GOFLAGS=-trimpath", "GOSUMDB=off", "GONOPROXY=*.nl", "Path=x"}, linux)
	fatal(t, err)
	want := []string{"HOME=/h", "GOFLAGS=-trimpath", "GOSUMDB=off", "Path=x", "FIELDLAB_BUNDLE=/h/.cache/x", "GONOPROXY=none",
		"GOPROXY=file:///h/a%20b%2C%20c%7Cd%20%25%C3%A9&%27/modules,off", "GOTOOLCHAIN=local", "PATH=/f:/g/bin:/usr/bin:/bin"}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
	r = Ready{Folder: `C:\Users\Zoë`, Modules: `C:\Users\Zoë's map\modules`, Path: []string{`C:\f`}}
	got, err = r.Environ([]string{`Path=C:\Windows`, `goroot=C:\Go`, "=C:=C:\\x"}, windows)
	want = []string{"=C:=C:\\x", `FIELDLAB_BUNDLE=C:\Users\Zoë`, "GONOPROXY=none", "GOPROXY=file:///C:/Users/Zo%C3%AB%27s%20map/modules,off", "GOTOOLCHAIN=local", `PATH=C:\f;C:\Windows`}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%q, %v", got, err)
	}
	_, err = Ready{Modules: `\\server\map`}.Environ(nil, windows)
	wants(t, err, "bundle.network-folder")
}

// TestEnvironOfWarm: who has a build cache of the bundle builds as it was made, with the
// flags of their own besides.
func TestEnvironOfWarm(t *testing.T) {
	r := Ready{Folder: "/b", Modules: "/b/m", BuildCache: "/b/bouwcache"}
	got, err := r.Environ([]string{"GOCACHE=/own", "GOFLAGS=-v -trimpath", "CGO_ENABLED=1", "HOME=/h"}, System{"linux", "amd64"})
	fatal(t, err)
	want := []string{"HOME=/h", "CGO_ENABLED=0", "FIELDLAB_BUNDLE=/b", "GOCACHE=/b/bouwcache", "GOFLAGS=-trimpath -v",
		"GONOPROXY=none", "GOPROXY=file:///b/m,off", "GOTOOLCHAIN=local", "PATH="}
	if !slices.Equal(got, want) {
		t.Errorf("%q", got)
	}
}

package serve

import (
	"archive/zip"
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// somebundle writes files with their sums.
func somebundle(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	var sums strings.Builder
	for name, body := range files {
		put(t, dir, name, body)
		fmt.Fprintf(&sums, "%x  %s\n", sha256.Sum256([]byte(body)), name)
	}
	put(t, dir, "SHA256SUMS", sums.String())
	return dir
}

func put(t *testing.T, dir, name, body string) {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}

func plainFiles() map[string]string {
	files := map[string]string{
		"LEES-MIJ.html": "<h1>Lees mij</h1>", "bundel.json": "{}", "documenten/beslissen.html": "<h1>x</h1>", "teams/01-zuid.zip": "PK",
		"go/go1.26.8.linux-amd64.tar.gz": "0123456789", "modules/cache/download/github.com/!azure/x/@v/v1.0.0.mod": "module x\n",
	}
	for _, system := range []string{"linux-amd64", "linux-arm64", "darwin-arm64", "darwin-amd64"} {
		files["fieldlab/"+system+"/fieldlab"] = "program " + system
	}
	files["fieldlab/windows-amd64/fieldlab.exe"] = "program"
	return files
}

func newShelf(t *testing.T, dir string) *Shelf {
	t.Helper()
	s, err := NewShelf(dir, "Trainer-Laptop", "a1b2c3d4e5f6", time.Now)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	return s
}

// TestBundleFiles: exactly what the list names, and nothing else.
func TestBundleFiles(t *testing.T) {
	t.Parallel()
	files := plainFiles()
	dir := somebundle(t, files)
	put(t, dir, "geheim.txt", "secret")
	put(t, dir, ".env", "secret")
	secret := filepath.Join(t.TempDir(), "elders")
	put(t, filepath.Dir(secret), "elders", "secret")
	s := newShelf(t, dir)
	for name, body := range files {
		w := ask(s, "GET", "/"+name, "192.168.1.20", "")
		if w.Code != 200 || w.Body.String() != body || w.Header().Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %d %q", name, w.Code, w.Body)
		}
	}
	for path, status := range map[string]int{
		"/geheim.txt": 404, "/.env": 404, "/fieldlab": 404, "/fieldlab/": 404, "/../elders": 404, "/%2e%2e/elders": 404, "/fieldlab//linux-amd64/fieldlab": 404,
		"/documenten/..%2f..%2felders": 404, "/index.html": 404, "/SHA256SUMS": 200, "/LEES-MIJ.html/": 404, "/lees-mij.html": 404, "/LEES-MIJ.html%00": 404,
	} {
		if w := ask(s, "GET", path, "192.168.1.20", ""); w.Code != status || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: %d %q, want %d", path, w.Code, w.Body, status)
		}
	}
	for _, method := range []string{"POST", "PUT", "DELETE", "PROPFIND", "OPTIONS"} {
		if w := ask(s, method, "/LEES-MIJ.html", "192.168.1.20", ""); w.Code != 405 {
			t.Errorf("%s: %d", method, w.Code)
		}
	}
	if w := ask(s, "GET", "/", "192.168.1.20", "", "Host", "evil.example"); w.Code != 421 {
		t.Errorf("another host: %d", w.Code)
	}
	for name, change := range map[string]func(string) error{
		"a link":        func(f string) error { return os.Symlink(secret, f) },
		"an inner link": func(f string) error { return os.Symlink("geheim.txt", f) },
		"a folder":      func(f string) error { return os.Mkdir(f, 0o755) },
		"gone":          func(string) error { return nil },
	} {
		file := filepath.Join(dir, "LEES-MIJ.html")
		_ = os.RemoveAll(file)
		if err := change(file); err != nil {
			t.Skip(err)
		}
		if w := ask(s, "GET", "/LEES-MIJ.html", "192.168.1.20", ""); w.Code != 404 || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("%s: %d %s", name, w.Code, w.Body)
		}
	}
	_ = os.RemoveAll(filepath.Join(dir, "documenten"))
	if err := os.Symlink(filepath.Dir(secret), filepath.Join(dir, "documenten")); err == nil {
		put(t, filepath.Dir(secret), "beslissen.html", "secret")
		if w := ask(s, "GET", "/documenten/beslissen.html", "192.168.1.20", ""); w.Code != 404 || strings.Contains(w.Body.String(), "secret") {
			t.Errorf("a folder that leads out: %d %s", w.Code, w.Body)
		}
	}
}

// TestBundleSums: a list that lies is no list.
func TestBundleSums(t *testing.T) {
	t.Parallel()
	sum := strings.Repeat("a", 64)
	for name, list := range map[string]string{
		"empty": "", "no sum": "x  LEES-MIJ.html\n", "out": sum + "  ../x\n", "whole path": sum + "  /etc/passwd\n", "dots": sum + "  .env\n",
		"inner dots": sum + "  a/.git/config\n", "windows": sum + "  a\\b\n", "drive": sum + "  C:x\n", "twice": sum + "  a\n" + sum + "  a\n", "no name": sum + "\n",
		"endless": strings.Repeat("a", 100_000), "large": strings.Repeat("\n", mostSums+1),
	} {
		dir := t.TempDir()
		put(t, dir, "SHA256SUMS", list)
		if s, err := NewShelf(dir, "", "", time.Now); err == nil {
			s.Close()
			t.Errorf("%s is taken", name)
		}
	}
	if _, err := NewShelf(t.TempDir(), "", "", time.Now); err == nil {
		t.Error("a folder without a list is taken")
	}
}

// TestBundlePage: the lines to type, with the address by which somebody came.
func TestBundlePage(t *testing.T) {
	t.Parallel()
	s := newShelf(t, somebundle(t, plainFiles()))
	got := ask(s, "GET", "/", "192.168.1.20", "", "User-Agent", "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7)").Body.String()
	for _, want := range []string{
		"curl -f -o fieldlab http://192.168.1.5:8090/fieldlab/darwin-arm64/fieldlab\nchmod +x fieldlab\n./fieldlab bundle use http://192.168.1.5:8090<",
		`curl.exe -f -o fieldlab.exe http://192.168.1.5:8090/fieldlab/windows-amd64/fieldlab.exe`, `.\fieldlab.exe bundle use http://192.168.1.5:8090<`,
		`<a href="documenten/beslissen.html">beslissen</a>`, `<a href="teams/01-zuid.zip">01-zuid</a>`, "fieldlab doctor\ngo run .", "fieldlab workshop step", fmt.Sprintf("%x", sha256.Sum256([]byte("program"))), "aarch64", "a1b2c3d4e5f6",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	if mine, other := strings.Index(got, `id="darwin"`), strings.Index(got, `id="windows"`); mine > other || strings.Count(got, "denken we") != 1 || strings.Contains(got, "windows-arm64") {
		t.Error("the system of the visitor is not first, or there is one that the bundle has not")
	}
	if got := ask(s, "GET", "/", "192.168.1.20", "", "Host", "trainer-laptop.local").Body.String(); !strings.Contains(got, "use http://trainer-laptop.local<") {
		t.Error("the address is not the one by which somebody came")
	}
}

// TestBundleResumes: a download that broke off goes on, but not with another file.
func TestBundleResumes(t *testing.T) {
	t.Parallel()
	s := newShelf(t, somebundle(t, plainFiles()))
	path := "/go/go1.26.8.linux-amd64.tar.gz"
	whole := ask(s, "GET", path, "192.168.1.20", "")
	etag := whole.Header().Get("ETag")
	if w := ask(s, "GET", path, "192.168.1.20", "", "Range", "bytes=4-", "If-Range", etag); w.Code != 206 || w.Body.String() != "456789" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	if w := ask(s, "GET", path, "192.168.1.20", "", "Range", "bytes=4-", "If-Range", `"other"`); w.Code != 200 || w.Body.String() != "0123456789" {
		t.Errorf("%d %q", w.Code, w.Body)
	}
	if w := ask(s, "HEAD", path, "192.168.1.20", ""); w.Code != 200 || w.Header().Get("Content-Length") != "10" || w.Header().Get("Content-Type") != "application/gzip" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
	if w := ask(s, "GET", path, "192.168.1.20", "", "If-None-Match", etag); w.Code != 304 {
		t.Errorf("%d", w.Code)
	}
}

// TestBundleTakesNothing: who sends something with his question is not waited for.
func TestBundleTakesNothing(t *testing.T) {
	t.Parallel()
	w := ask(newShelf(t, somebundle(t, plainFiles())), "GET", "/", "192.168.1.20", "iets")
	if w.Code != http.StatusBadRequest || w.Header().Get("Connection") != "close" {
		t.Errorf("%d %v", w.Code, w.Header())
	}
}

// TestBundleTurns: large files go to a few at a time, small ones do not wait.
func TestBundleTurns(t *testing.T) {
	t.Parallel()
	files := plainFiles()
	files["go/groot.zip"] = strings.Repeat("x", 24<<20)
	server := httptest.NewServer(newShelf(t, somebundle(t, files)))
	defer server.Close()
	open := func() (*http.Response, context.CancelFunc, error) {
		ctx, cancel := context.WithCancel(t.Context())
		r, _ := http.NewRequestWithContext(ctx, "GET", server.URL+"/go/groot.zip", nil)
		answer, err := server.Client().Do(r)
		return answer, cancel, err
	}
	var stop []context.CancelFunc
	for range mostAtOnce {
		_, cancel, err := open() // and read nothing
		if err != nil {
			t.Fatal(err)
		}
		stop = append(stop, cancel)
	}
	last, begun := make(chan int64, 1), make(chan bool, 1)
	go func() {
		answer, cancel, err := open()
		if err != nil {
			begun <- false
			last <- -1
			return
		}
		defer cancel()
		_, err = io.ReadFull(answer.Body, make([]byte, trickle))
		begun <- err == nil
		n, _ := io.Copy(io.Discard, answer.Body)
		last <- n
	}()
	if answer, err := server.Client().Get(server.URL + "/LEES-MIJ.html"); err != nil || answer.StatusCode != 200 {
		t.Errorf("a small file waits: %v", err)
	}
	if !<-begun {
		t.Error("who waits sees nothing of it")
	}
	select {
	case n := <-last:
		t.Errorf("one too many got %d bytes", n)
	case <-time.After(300 * time.Millisecond):
	}
	stop[0]()
	select {
	case n := <-last:
		if n != 24<<20-trickle {
			t.Errorf("it got %d bytes", n)
		}
	case <-time.After(20 * time.Second):
		t.Error("it never gets its turn")
	}
	for _, cancel := range stop {
		cancel()
	}
}

// TestBundleTurnsEnd: who has a place and does not read on loses it to who waits.
func TestBundleTurnsEnd(t *testing.T) {
	t.Parallel()
	files := plainFiles()
	files["go/groot.zip"] = strings.Repeat("x", 24<<20)
	shelf := newShelf(t, somebundle(t, files))
	shelf.turn = 300 * time.Millisecond
	server := httptest.NewServer(shelf)
	defer server.Close()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	get := func() (*http.Response, error) {
		r, _ := http.NewRequestWithContext(ctx, "GET", server.URL+"/go/groot.zip", nil)
		return server.Client().Do(r)
	}
	for range mostAtOnce + 4 {
		if _, err := get(); err != nil { // and read nothing
			t.Fatal(err)
		}
	}
	done := make(chan int64, 1)
	go func() {
		answer, err := get()
		if err != nil {
			done <- -1
			return
		}
		n, _ := io.Copy(io.Discard, answer.Body)
		done <- n
	}()
	select {
	case n := <-done:
		if n != 24<<20 {
			t.Errorf("it got %d bytes", n)
		}
	case <-time.After(20 * time.Second):
		t.Error("those who do not read keep their places")
	}
}

// TestBundleIsAProxy: go gets modules from it, without any other network.
func TestBundleIsAProxy(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("go"); err != nil {
		t.Skip("no go")
	}
	var archive bytes.Buffer
	z := zip.NewWriter(&archive)
	for name, body := range map[string]string{"go.mod": "module example.org/Groet\n\ngo 1.26\n", "groet.go": "package groet\n\nconst Hallo = \"hallo\"\n"} {
		f, _ := z.Create("example.org/Groet@v1.2.3/" + name)
		_, _ = io.WriteString(f, body)
	}
	_ = z.Close()
	base := "modules/cache/download/example.org/!groet/@v/v1.2.3"
	s := newShelf(t, somebundle(t, map[string]string{
		base + ".info": `{"Version":"v1.2.3","Time":"2026-01-01T00:00:00Z"}`, base + ".mod": "module example.org/Groet\n\ngo 1.26\n", base + ".zip": archive.String(),
	}))
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- Run(ctx, listener, s, true, nil) }()
	defer func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	}()
	dir := t.TempDir()
	put(t, dir, "go.mod", "module example.org/mijn\n\ngo 1.26\n\nrequire example.org/Groet v1.2.3\n")
	put(t, dir, "main.go", "package main\n\nimport groet \"example.org/Groet\"\n\nfunc main() { println(groet.Hallo) }\n")
	run := exec.Command("go", "mod", "download", "-json", "all")
	run.Dir = dir
	run.Env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "GO") }),
		"GOPROXY=http://"+listener.Addr().String()+"/modules/cache/download", "GOFLAGS=-mod=mod -modcacherw", "GONOSUMDB=*", "GOSUMDB=off", "GOTOOLCHAIN=local",
		"GOMODCACHE="+filepath.Join(t.TempDir(), "mod"), "GOPATH="+t.TempDir(), "no_proxy=127.0.0.1", "GOWORK=off")
	out, err := run.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "example.org/!groet@v1.2.3") {
		t.Errorf("%v\n%s", err, out)
	}
}

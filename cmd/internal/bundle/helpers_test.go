package bundle

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

// member is a file in an archive that a test makes.
type member struct {
	name string
	body string
	mode fs.FileMode // 0 is 0644
	kind byte        // of tar; 0 is a file
	link string
}

func tarGz(t testing.TB, members ...member) []byte {
	t.Helper()
	var out bytes.Buffer
	zipped := gzip.NewWriter(&out)
	writer := tar.NewWriter(zipped)
	for _, m := range members {
		header := &tar.Header{Name: m.name, Size: int64(len(m.body)), Mode: 0o644, Typeflag: tar.TypeReg, Linkname: m.link}
		if m.mode != 0 {
			header.Mode = int64(m.mode)
		}
		if m.kind != 0 {
			header.Typeflag = m.kind
		}
		_, err := io.WriteString(must(writer, writer.WriteHeader(header)), m.body)
		fatal(t, err)
	}
	fatal(t, writer.Close())
	fatal(t, zipped.Close())
	return out.Bytes()
}

func must(w io.Writer, err error) io.Writer {
	if err != nil {
		panic(err)
	}
	return w
}

func zipped(t testing.TB, members ...member) []byte {
	t.Helper()
	var out bytes.Buffer
	writer := zip.NewWriter(&out)
	for _, m := range members {
		header := &zip.FileHeader{Name: m.name, Method: zip.Deflate}
		if m.mode != 0 {
			header.SetMode(m.mode)
		}
		to, err := writer.CreateHeader(header)
		fatal(t, err)
		_, err = io.WriteString(to, m.body)
		fatal(t, err)
	}
	fatal(t, writer.Close())
	return out.Bytes()
}

func fatal(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func put0(t testing.TB, dir, name string, body []byte) string {
	t.Helper()
	file := filepath.Join(dir, filepath.FromSlash(name))
	fatal(t, os.MkdirAll(filepath.Dir(file), 0o755))
	fatal(t, os.WriteFile(file, body, 0o644))
	return file
}

// aGo is a Go as go.dev packs it, only much smaller.
func aGo(t testing.TB, version string, s System) []byte {
	t.Helper()
	members := []member{
		{name: "go/VERSION", body: version + "\ntime 2026-08-28T16:20:06Z\n"},
		{name: "go/" + s.exe("bin/go"), body: "#!/bin/sh\necho go version " + version + "\n", mode: 0o755},
		{name: "go/src/runtime/proc.go", body: "package runtime\n"},
		{name: "go/src/runtime/testdata/x.go", body: "package x\n"},
		{name: "go/test/x.go", body: "package x\n"},
		{name: "go/pkg/tool/x/compile", body: "tool", mode: 0o755},
	}
	if s.OS == "windows" {
		return zipped(t, members...)
	}
	return tarGz(t, members...)
}

// aToolchain is that as the module proxy has it: without modes.
func aToolchain(t testing.TB, version string, s System) []byte {
	t.Helper()
	top := "golang.org/toolchain@v0.0.1-" + version + "." + s.folder() + "/"
	return zipped(t,
		member{name: top + "VERSION", body: version + "\n"},
		member{name: top + s.exe("bin/go"), body: "#!/bin/sh\n"},
		member{name: top + "src/_go.mod", body: "module std\n"},
		member{name: top + "src/runtime/proc.go", body: "package runtime\n"},
		member{name: top + "pkg/tool/x/compile", body: "tool"})
}

const program = "#!/bin/sh\necho ik ben fieldlab \"$@\"\n"

// aRelease is a folder as goreleaser leaves it.
func aRelease(t testing.TB, version string, systems ...System) string {
	t.Helper()
	dir := t.TempDir()
	var sums strings.Builder
	for _, s := range systems {
		name := "fieldlab_" + version + "_" + s.OS + "_" + s.Arch + ".tar.gz"
		var body []byte
		members := []member{{name: "LICENSE", body: "EUPL-1.2"}, {name: "README.md", body: "# fieldlab\n"}, {name: s.exe("fieldlab"), body: program, mode: 0o755}}
		if s.OS == "windows" {
			name = strings.TrimSuffix(name, ".tar.gz") + ".zip"
			body = zipped(t, members...)
		} else {
			body = tarGz(t, members...)
		}
		put0(t, dir, name, body)
		sums.WriteString(sumOf(body) + "  " + name + "\n")
	}
	put0(t, dir, checksums, []byte(sums.String()))
	return dir
}

// here is a system for which a start script can be run in tests.
func here() System { return System{runtime.GOOS, runtime.GOARCH} }

// aRequest asks for a bundle without modules, for which nothing has to be built.
func aRequest(t testing.TB, dir string) Request {
	t.Helper()
	systems := []System{{"linux", "amd64"}, {"windows", "amd64"}}
	if !slices.Contains(systems, here()) {
		systems = append(systems, here())
	}
	goDir := t.TempDir()
	for _, s := range systems {
		put0(t, goDir, s.archive("go1.26.8"), aGo(t, "go1.26.8", s))
	}
	return Request{
		Dir: dir, Systems: systems, Release: aRelease(t, "1.2.3", systems...), GoDir: goDir, Version: "1.2.3", Cache: t.TempDir(),
		Component: fstest.MapFS{"go.sum": {}, "go.mod.tmpl": {Data: []byte("module x\n\ngo 1.26.0\n")}},
		Documents: func() ([]Document, error) {
			return []Document{{Name: "uitleg-bron", Title: "Bron", Group: "Uitleg", Body: []byte("Een bron.")}}, nil
		},
		Go: func(context.Context, string) (gotool.Go, error) { return gotool.Go{Version: "go1.26.8"}, nil },
	}
}

// aBundle is one that was made of that.
func aBundle(t testing.TB) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "stick")
	_, err := Make(t.Context(), aRequest(t, dir))
	fatal(t, err)
	return dir
}

// wants holds an error against the key of the sentence that it is told with.
func wants(t *testing.T, err error, key string) {
	t.Helper()
	var known *Error
	if !errors.As(err, &known) || known.Key != key {
		t.Errorf("%v, want %s", err, key)
	}
}

// tree is all that is in a folder.
func tree(t testing.TB, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	fatal(t, filepath.WalkDir(dir, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		body, err := os.ReadFile(name)
		rel, _ := filepath.Rel(dir, name)
		all[filepath.ToSlash(rel)] = string(body)
		return err
	}))
	return all
}

// lacking skips a test for which this machine lacks something; in continuous
// integration that is a failure.
func lacking(t *testing.T, reason string) {
	t.Helper()
	if os.Getenv("CI") != "" {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

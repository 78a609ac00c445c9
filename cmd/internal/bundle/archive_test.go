package bundle

import (
	"archive/tar"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// TestHostileArchives: nothing lands outside the folder, and nothing is left that
// looks like a Go.
func TestHostileArchives(t *testing.T) {
	s := System{"linux", "amd64"}
	version := member{name: "go/VERSION", body: "go1.26.8\n"}
	bomb := strings.Repeat("\x00", 1<<20)
	archives := map[string][]byte{
		"above.tar.gz":     tarGz(t, version, member{name: "go/../../x"}),
		"absolute.tar.gz":  tarGz(t, version, member{name: "/tmp/x"}),
		"beside.tar.gz":    tarGz(t, version, member{name: "other/x"}),
		"link.tar.gz":      tarGz(t, version, member{name: "go/x", kind: tar.TypeSymlink, link: "/etc"}, member{name: "go/x/passwd"}),
		"hard.tar.gz":      tarGz(t, version, member{name: "go/x", kind: tar.TypeLink, link: "/etc/passwd"}),
		"device.tar.gz":    tarGz(t, version, member{name: "go/x", kind: tar.TypeChar}),
		"twice.tar.gz":     tarGz(t, version, version),
		"backslash.tar.gz": tarGz(t, version, member{name: `go/..\..\x`}),
		"drive.tar.gz":     tarGz(t, version, member{name: "go/C:x"}),
		"above.zip":        zipped(t, version, member{name: "go/../../x"}),
		"absolute.zip":     zipped(t, version, member{name: "/x"}),
		"link.zip":         zipped(t, version, member{name: "go/x", body: "/etc", mode: fs.ModeSymlink | 0o777}),
		"twice.zip":        zipped(t, version, version),
		"control.zip":      zipped(t, version, member{name: "go/\x1b[2J"}),
		"toolchain.zip":    zipped(t, version, member{name: "golang.org/x@v1/y"}),
	}
	for name, body := range archives {
		dir := t.TempDir()
		_, err := install(t.Context(), filepath.Join(dir, "cache"), put0(t, dir, name, body), s, "go1.26.8", "")
		t.Run(name, func(t *testing.T) { wants(t, err, "bundle.hostile") })
		if left := tree(t, dir); len(left) != 1 {
			t.Errorf("%s left %v", name, left)
		}
	}
	for name, body := range map[string][]byte{"bomb.tar.gz": tarGz(t, member{name: "go/a", body: bomb}, member{name: "go/b", body: bomb}), "bomb.zip": zipped(t, member{name: "go/a", body: bomb}, member{name: "go/b", body: bomb})} {
		for what, l := range map[string]limits{"bytes": {10, 1<<20 + 10}, "files": {1, 1 << 30}} {
			file, err := os.Open(put0(t, t.TempDir(), name, body))
			fatal(t, err)
			var out int64
			err = unpack(file, l, func(e entry) error {
				n, err := io.Copy(io.Discard, e.body)
				out += n
				return err
			})
			file.Close()
			t.Run(name+what, func(t *testing.T) { wants(t, err, "bundle.hostile") })
			if out > l.bytes+1 {
				t.Errorf("%s: %d bytes came out", name, out)
			}
		}
	}
}

// TestFoldersWithoutEnd: an archive of folders alone comes to an end.
func TestFoldersWithoutEnd(t *testing.T) {
	var many []member
	for range 20 {
		many = append(many, member{name: "go/a/", kind: tar.TypeDir})
	}
	file, err := os.Open(put0(t, t.TempDir(), "folders.tar.gz", tarGz(t, many...)))
	fatal(t, err)
	defer file.Close()
	wants(t, unpack(file, limits{10, 1 << 20}, func(entry) error { return nil }), "bundle.hostile")
}

// TestCutOffArchives: wherever the download stopped.
func TestCutOffArchives(t *testing.T) {
	for _, s := range []System{{"linux", "amd64"}, {"windows", "amd64"}} {
		whole := aGo(t, "go1.26.8", s)
		for _, at := range []int{0, 1, 5, 20, len(whole) / 2, len(whole) - 9, len(whole) - 1} {
			dir := t.TempDir()
			file := put0(t, dir, s.archive("go1.26.8"), whole[:at])
			a := goArchive{system: s, version: "go1.26.8", file: file}
			if err := a.check(nil); err == nil {
				t.Errorf("%s of %d bytes is taken for whole", s, at)
			}
			if _, err := install(t.Context(), filepath.Join(dir, "cache"), file, s, "go1.26.8", ""); err == nil {
				t.Errorf("%s of %d bytes is installed", s, at)
			}
			if left := tree(t, dir); len(left) != 1 {
				t.Errorf("left %v", left)
			}
		}
	}
}

func TestInstall(t *testing.T) {
	s := System{"linux", "amd64"}
	for name, body := range map[string][]byte{"go1.26.8.linux-amd64.tar.gz": aGo(t, "go1.26.8", s), "go1.26.8.linux-amd64.zip": aToolchain(t, "go1.26.8", s)} {
		cache := t.TempDir()
		file := put0(t, t.TempDir(), name, body)
		half := put0(t, cache, "go/"+halfway+"1/VERSION", []byte("go1.26.8\n"))
		root, err := install(t.Context(), cache, file, s, "go1.26.8", "")
		if err != nil || filepath.Dir(root) != filepath.Join(cache, "go") {
			t.Fatalf("%s: %s, %v", name, root, err)
		}
		for program, exec := range map[string]bool{"bin/go": true, "pkg/tool/x/compile": true, "src/runtime/proc.go": false} {
			info, err := os.Stat(filepath.Join(root, program))
			if err != nil || runtime.GOOS != "windows" && info.Mode()&0o111 != 0 != exec {
				t.Errorf("%s: %v, %v", name, info, err)
			}
		}
		for _, left := range []string{"test", "src/runtime/testdata"} {
			if _, err := os.Stat(filepath.Join(root, left)); err == nil {
				t.Errorf("%s is there, which nobody here needs", left)
			}
		}
		if _, err := os.Stat(half); err != nil {
			t.Error("one that is being unpacked elsewhere was removed")
		}
		// Once: what is there is not written again, also when the archive is gone.
		fatal(t, os.WriteFile(filepath.Join(root, "VERSION"), []byte("mark"), 0o644))
		again, err := install(t.Context(), cache, file, s, "go1.26.8", "")
		if said, _ := os.ReadFile(filepath.Join(root, "VERSION")); err != nil || again != root || string(said) != "mark" {
			t.Errorf("%s: %s, %v, %s", name, again, err, said)
		}
	}
}

// TestNeverHalf: whoever looks while a Go is being unpacked sees none, or all of it.
func TestNeverHalf(t *testing.T) {
	s := System{"linux", "amd64"}
	members := []member{{name: "go/VERSION", body: "go1.26.8\n"}, {name: "go/bin/go", mode: 0o755}}
	for i := range 2000 {
		members = append(members, member{name: fmt.Sprintf("go/src/runtime/%d.go", i)})
	}
	cache := t.TempDir()
	archive := put0(t, t.TempDir(), "x.tar.gz", tarGz(t, append(members, member{name: "go/zz"})...))
	done := make(chan error)
	go func() {
		_, err := install(t.Context(), cache, archive, s, "go1.26.8", "")
		done <- err
	}()
	for {
		select {
		case err := <-done:
			fatal(t, err)
			return
		default:
		}
		if found, _ := filepath.Glob(filepath.Join(cache, "go", "go1*", "VERSION")); len(found) > 0 {
			if _, err := os.Stat(filepath.Join(filepath.Dir(found[0]), "zz")); err != nil {
				t.Error(err)
			}
		}
	}
}

func FuzzUnpack(f *testing.F) {
	s := System{"linux", "amd64"}
	f.Add(true, aToolchain(f, "go1.26.8", s))
	f.Add(false, aGo(f, "go1.26.8", s))
	f.Add(false, tarGz(f, member{name: "../x", body: "x"}))
	f.Fuzz(func(t *testing.T, isZip bool, body []byte) {
		name := "x.tar.gz"
		if isZip {
			name = "x.zip"
		}
		file, err := os.Open(put0(t, t.TempDir(), name, body))
		fatal(t, err)
		defer file.Close()
		_ = unpack(file, limits{files: 100, bytes: 1 << 20}, func(e entry) error {
			if !filepath.IsLocal(e.name) || strings.Contains(e.name, `\`) {
				t.Errorf("%q", e.name)
			}
			return nil
		})
	})
}

package bundlecmd

import (
	"archive/tar"
	"compress/gzip"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/commonground-fieldlab/fieldlab/cmd/internal/bundle"
	"github.com/commonground-fieldlab/fieldlab/cmd/internal/gotool"
)

// room is what happens in a room without network: a machine with nothing but the
// loopback, an empty home, and no Go.
const room = `set -e
ip link set lo up
[ "$(ip -o link | wc -l)" = 1 ]
if command -v go; then exit 9; fi
cd "$HOME"
sh "$STICK/start-linux.sh" -- sh -e "$TOOLS/day.sh"
`

// day is the first hour of a team, in the shell of the bundle.
const day = `fieldlab answers example verhuizing >antwoorden.yaml
fieldlab new verhuizing --answers antwoorden.yaml
cd verhuizing
PORT=18080 go run . >../component.log 2>&1 &
go run ../probe.go || { cat ../component.log; exit 1; }
go test ./...
echo alles gedaan
`

// probe waits until the component answers.
const probe = `package main

import (
	"fmt"
	"net/http"
	"os"
	"time"
)

func main() {
	for range 900 {
		if answer, err := http.Get("http://127.0.0.1:18080/"); err == nil && answer.StatusCode == http.StatusOK {
			fmt.Println("het component antwoordt")
			return
		}
		time.Sleep(time.Second)
	}
	os.Exit(1)
}
`

// TestOffline is what a bundle is for: in a room without network, on a machine
// without Go, a component is made, answers, and passes its tests. It builds all of
// that anew and takes minutes, so it runs with FIELDLAB_E2E=all.
func TestOffline(t *testing.T) {
	if os.Getenv("FIELDLAB_E2E") != "all" {
		t.Skip("needs FIELDLAB_E2E=all")
	}
	if runtime.GOOS != "linux" {
		t.Skip("a machine without network is made with what Linux has for it")
	}
	unshare := []string{"unshare", "--net", "--pid", "--fork", "--kill-child"}
	if os.Geteuid() != 0 {
		unshare = append(unshare, "--map-root-user")
	}
	if out, err := exec.CommandContext(t.Context(), unshare[0], append(unshare[1:], "true")...).CombinedOutput(); err != nil {
		lacking(t, "no namespace without network: "+string(out))
	}
	work := t.TempDir()
	stick := filepath.Join(work, "Zoë's stick")
	g, err := gotool.Find(t.Context(), work)
	if err != nil {
		t.Fatal(err)
	}
	d, said := deps()
	o := &Options{Dir: stick, GoDir: filepath.Join(work, "go"), systems: []bundle.System{{OS: runtime.GOOS, Arch: runtime.GOARCH}}}
	packGo(t, g, filepath.Join(o.GoDir, g.Version+"."+runtime.GOOS+"-"+runtime.GOARCH+".tar.gz"))
	t.Chdir(filepath.Join("..", "..", "..", ".."))
	if err := run(t.Context(), d, o); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	home, tools := filepath.Join(work, "thuis & co"), filepath.Join(work, "tools")
	for _, dir := range []string{home, tools} {
		fatal(t, os.Mkdir(dir, 0o755))
	}
	fatal(t, errors.Join(os.WriteFile(filepath.Join(tools, "day.sh"), []byte(day), 0o644), os.WriteFile(filepath.Join(home, "probe.go"), []byte(probe), 0o644)))
	for _, tool := range []string{"sh", "cat", "chmod", "dirname", "env", "ip", "mkdir", "mv", "rm", "sed", "sha256sum", "uname", "wc"} {
		path, err := exec.LookPath(tool)
		if err != nil {
			lacking(t, "no "+tool)
		}
		fatal(t, os.Symlink(path, filepath.Join(tools, tool)))
	}
	command := exec.CommandContext(t.Context(), unshare[0], append(unshare[1:], filepath.Join(tools, "sh"), "-c", room)...)
	command.Env = []string{"HOME=" + home, "PATH=" + tools, "STICK=" + stick, "TOOLS=" + tools, "GOFLAGS=-trimpath"}
	t.Cleanup(func() { // modules are read-only
		_ = filepath.WalkDir(home, func(path string, entry fs.DirEntry, err error) error {
			if err == nil && entry.IsDir() {
				_ = os.Chmod(path, 0o700)
			}
			return nil
		})
	})
	out, err := command.CombinedOutput()
	if err != nil || !strings.Contains(string(out), "het component antwoordt") || !strings.Contains(string(out), "alles gedaan") {
		t.Fatalf("%s\n%v", out, err)
	}
	t.Logf("%s", out)
}

// packGo makes the archive of go.dev out of the Go of this machine: what it needs
// to build and test.
func packGo(t *testing.T, g gotool.Go, to string) {
	t.Helper()
	fatal(t, os.MkdirAll(filepath.Dir(to), 0o755))
	file, err := os.Create(to)
	fatal(t, err)
	zipped, err := gzip.NewWriterLevel(file, gzip.BestSpeed)
	fatal(t, err)
	writer := tar.NewWriter(zipped)
	root := os.DirFS(g.Env["GOROOT"])
	for _, folder := range []string{"VERSION", "bin", "go.env", "lib", "pkg", "src"} {
		fatal(t, fs.WalkDir(root, folder, func(name string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			info, err := entry.Info()
			if err != nil || !info.Mode().IsRegular() {
				return err
			}
			header := &tar.Header{Name: "go/" + name, Size: info.Size(), Mode: int64(info.Mode().Perm())}
			from, err := root.Open(name)
			if err != nil {
				return err
			}
			defer from.Close()
			if err := writer.WriteHeader(header); err != nil {
				return err
			}
			_, err = io.Copy(writer, from)
			return err
		}))
	}
	fatal(t, errors.Join(writer.Close(), zipped.Close(), file.Close()))
}

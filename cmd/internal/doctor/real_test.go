package doctor

import (
	"bytes"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/templates"
)

// here is this machine, looking at an empty folder.
func here(t *testing.T) *World {
	t.Helper()
	w := This(os.Getenv)
	w.Dir, w.Now, w.Pack, w.Version = t.TempDir(), time.Now, templates.Component(), "1.2.3"
	files, closer, err := Folder(w.Dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = closer.Close() })
	w.Component = files
	return w
}

// TestThis looks at this machine, within the time that was promised.
func TestThis(t *testing.T) {
	began := time.Now()
	found := Look(t.Context(), here(t))
	if took := time.Since(began); took > 2*time.Second {
		t.Errorf("took %v", took)
	}
	for _, f := range found {
		if f.ID == "go" && f.State != OK || f.Case == caseFailed {
			t.Errorf("%+v", f)
		}
	}
}

func TestVolume(t *testing.T) {
	v, err := volume(t.TempDir())
	if err != nil || v.Free == 0 {
		t.Errorf("%+v, %v", v, err)
	}
	if _, err := volume("/nergens/te/vinden"); err == nil {
		t.Error("a volume that is not there")
	}
}

func TestProbe(t *testing.T) {
	dir := t.TempDir()
	written, err := probe(dir)
	if left, _ := os.ReadDir(dir); err != nil || time.Since(written).Abs() > time.Minute || len(left) > 0 {
		t.Errorf("%v, %v, %d are left", written, err, len(left))
	}
}

// TestNeighbours asks real listeners who they are.
func TestNeighbours(t *testing.T) {
	l, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{ReadHeaderTimeout: time.Second, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Component", "parkeren proces")
	})}
	go func() { _ = server.Serve(l) }()
	defer server.Close()
	w := here(t)
	address := l.Addr().(*net.TCPAddr)
	if w.portState(t.Context(), address.Port) != portTaken {
		t.Error("a port that is taken is free")
	}
	if who, layer := w.who(t.Context(), address.Port); who != "parkeren" || layer != "proces" {
		t.Errorf("%q %q", who, layer)
	}
	silent, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0") // never answers
	if err != nil {
		t.Fatal(err)
	}
	defer silent.Close()
	began := time.Now()
	if who := who(t.Context(), silent.Addr().String()); who != "" || time.Since(began) > time.Second {
		t.Errorf("%q after %v", who, time.Since(began))
	}
}

// TestElsewhere holds the modules that a system does not need against what go list
// says of the packages that a component has.
func TestElsewhere(t *testing.T) {
	file, err := packMod(templates.Component())
	if err != nil {
		t.Fatal(err)
	}
	for goos, without := range elsewhere {
		list := exec.CommandContext(t.Context(), "go", "list", "-deps", "-test", "-f", "{{with .Module}}{{.Path}}{{end}}", "./templates/component/kern/...")
		list.Dir = "../../.."
		list.Env = append(os.Environ(), "GOOS="+goos, "GOARCH=amd64", "CGO_ENABLED=0", "GOPROXY=off")
		var said bytes.Buffer
		list.Stderr = &said
		out, err := list.Output()
		if err != nil {
			if os.Getenv("CI") != "" {
				t.Fatalf("%s: %v\n%s", goos, err, &said)
			}
			t.Skipf("the modules for %s are not here: %s", goos, &said)
		}
		used := strings.Fields(string(out))
		var unneeded []string
		for _, r := range file.Require {
			if !slices.Contains(used, r.Mod.Path) {
				unneeded = append(unneeded, r.Mod.Path)
			}
		}
		slices.Sort(unneeded)
		if !slices.Equal(unneeded, without) && len(unneeded)+len(without) > 0 {
			t.Errorf("%s needs no %v, and the list says %v", goos, unneeded, without)
		}
	}
}

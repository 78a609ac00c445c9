package examples_test

import (
	"archive/tar"
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/layout"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/validate"
)

// imageLimit is what an image may weigh, unpacked.
const imageLimit = 40 << 20

// TestImage makes the image of a whole component and runs what is in it as a container
// does: as a user without a name or rights, in a folder that holds nothing else.
func TestImage(t *testing.T) {
	if os.Getenv("FIELDLAB_E2E") != "all" {
		t.Skip("builds a component for two platforms; FIELDLAB_E2E=all runs it")
	}
	dir := filepath.Join(t.TempDir(), "component")
	generate(t, "verhuizing/fieldlab.yaml", dir)
	lines := strings.Split(command(t, dir, "go", "run", "./kern/bouw", "image"), "\n")
	t.Log(strings.Join(lines, "\n"))
	top, err := layout.ImageIndexFromPath(filepath.Join(dir, ".data", "image", "oci"))
	if err != nil {
		t.Fatal(err)
	}
	if err := validate.Index(top); err != nil {
		t.Error(err)
	}
	hash, err := v1.NewHash(lines[len(lines)-1])
	if err != nil {
		t.Fatal(err)
	}
	all, err := top.ImageIndex(hash)
	if err != nil {
		t.Fatal(err)
	}
	manifests, err := all.IndexManifest()
	if err != nil {
		t.Fatal(err)
	}
	img, err := all.Image(manifests.Manifests[0].Digest)
	if err != nil {
		t.Fatal(err)
	}
	runInContainer(t, unpack(t, img))
}

// unpack makes the folder that a container of the image sees.
func unpack(t *testing.T, img v1.Image) string {
	t.Helper()
	root, size := t.TempDir(), int64(0)
	content := mutate.Extract(img)
	defer func() { _ = content.Close() }()
	for r := tar.NewReader(content); ; {
		h, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(root, filepath.FromSlash(h.Name))
		size += h.Size
		switch {
		case h.Typeflag == tar.TypeDir:
			err = os.Mkdir(name, 0o755)
		case h.Name == "component":
			var body []byte
			if body, err = io.ReadAll(r); err == nil {
				err = os.WriteFile(name, body, 0o755)
			}
		default:
			t.Errorf("%s is in the image", h.Name)
		}
		if err == nil {
			err = os.Chmod(name, h.FileInfo().Mode())
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if size == 0 || size > imageLimit {
		t.Errorf("the image holds %d bytes; the limit is %d", size, imageLimit)
	}
	return root
}

// container is how a program starts in root as the user of the image. Without rights
// of root on this machine that takes a namespace of users.
func container(root string) *syscall.SysProcAttr {
	a := &syscall.SysProcAttr{Chroot: root, Credential: &syscall.Credential{Uid: 65532, Gid: 65532, NoSetGroups: os.Getuid() != 0}}
	if os.Getuid() != 0 {
		a.Cloneflags = syscall.CLONE_NEWUSER
		a.UidMappings = []syscall.SysProcIDMap{{ContainerID: 65532, HostID: os.Getuid(), Size: 1}}
		a.GidMappings = []syscall.SysProcIDMap{{ContainerID: 65532, HostID: os.Getgid(), Size: 1}}
	}
	return a
}

func runInContainer(t *testing.T, root string) {
	t.Helper()
	// An engine gives every container this one.
	if err := os.Mkdir(filepath.Join(root, "etc"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "etc", "hosts"), []byte("127.0.0.1 localhost\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	inside := func(args []string, env ...string) *exec.Cmd {
		c := exec.Command(args[0], args[1:]...)
		c.Dir, c.Env, c.SysProcAttr = "/", env, container(root)
		return c
	}
	if out, err := inside([]string{"/component", "--help"}).CombinedOutput(); strings.Contains(string(out)+errorOf(err), "operation not permitted") {
		missing(t, "no rights to run a program in a folder as another user: "+errorOf(err))
	} else if err != nil || !strings.Contains(string(out), "alle lagen") {
		t.Fatalf("%v\n%s", err, out)
	}
	base := freePorts(t, 5)
	env := []string{"PORT=" + strconv.Itoa(base), "DATA=/tmp/proef.db"}
	var log lockedBuffer
	running := inside([]string{"/component"}, env...)
	running.Stdout, running.Stderr = &log, &log
	if err := running.Start(); err != nil {
		t.Fatal(err)
	}
	c := &component{base: base, cmd: running, exited: make(chan error, 1)}
	go func() { c.exited <- running.Wait() }()
	defer func() {
		if err := running.Process.Signal(syscall.SIGTERM); err != nil {
			t.Error(err)
		}
		if err := <-c.exited; err != nil {
			t.Errorf("it did not stop well: %v\n%s", err, log.String())
		}
	}()
	limited, done := context.WithTimeout(t.Context(), 20*time.Second)
	defer done()
	c.ready(t, limited, c.url(0, "/healthz/ready"))
	if out, err := inside([]string{"/component", "health"}, env...).CombinedOutput(); err != nil {
		t.Errorf("health: %v\n%s", err, out)
	}
	resp, err := http.Get(c.url(0, "/"))
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = resp.Body.Close() }()
	if resp.StatusCode != http.StatusOK {
		t.Errorf("%s\n%s", resp.Status, log.String())
	}
	trusts(t, root, inside)
}

// trusts runs the test of the certificates there, where the system has none.
func trusts(t *testing.T, root string, inside func(args []string, env ...string) *exec.Cmd) {
	t.Helper()
	build := exec.Command("go", "test", "-c", "-o", filepath.Join(root, "proef"), "./templates/component/kern/start")
	build.Dir, build.Env = "..", append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	out, err := inside([]string{"/proef", "-test.run=^TestCertificates$", "-test.v"}, "PROEF_ZONDER_CERTIFICATEN=1").CombinedOutput()
	if err != nil || !strings.Contains(string(out), "--- PASS: TestCertificates") {
		t.Errorf("%v\n%s", err, out)
	}
}

func errorOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

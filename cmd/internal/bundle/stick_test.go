package bundle

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// mounted is a file system of its own, as a stick is one.
func mounted(t *testing.T, options string) string {
	t.Helper()
	dir := t.TempDir()
	if runtime.GOOS != "linux" || os.Geteuid() != 0 {
		t.Skip("only root on Linux may mount") // CI runs as somebody else as well
	}
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", options, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("no mount here: %s", out)
	}
	t.Cleanup(func() { _ = exec.Command("umount", "-l", dir).Run() })
	return dir
}

// TestSmallStick: known before anything is written, and when it was not, nothing
// half is left.
func TestSmallStick(t *testing.T) {
	dir := mounted(t, "size=256k")
	_, err := Make(t.Context(), aRequest(t, dir))
	wants(t, err, "bundle.small")
	at, err := look(dir, false)
	fatal(t, err)
	s, err := begin(at)
	fatal(t, err)
	wants(t, s.add(bytesItem("go/x", make([]byte, 1<<20))), "bundle.full")
	s.abandon()
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("left %v, %v", left, err)
	}
	// The laptop of a participant may be full as well.
	_, err = Prepare(t.Context(), UseRequest{Where: aBundle(t), Cache: mounted(t, "size=1k"), System: here(), Go: noGo})
	if err == nil {
		t.Error("used on a full disk")
	}
}

func TestReadOnlyStick(t *testing.T) {
	dir := mounted(t, "ro")
	_, err := Make(t.Context(), aRequest(t, dir))
	wants(t, err, "bundle.read-only")
	_, err = Make(t.Context(), aRequest(t, filepath.Join(dir, "a", "b")))
	wants(t, err, "bundle.read-only")
}

// TestStickOfOthers: a bundle is used from a stick that nothing may be written on
// or started from.
func TestStickOfOthers(t *testing.T) {
	dir := mounted(t, "size=64m,noexec")
	_, err := Make(t.Context(), aRequest(t, dir))
	fatal(t, err)
	if out, err := exec.CommandContext(t.Context(), "mount", "-o", "remount,ro,noexec", dir).CombinedOutput(); err != nil {
		t.Skipf("no remount here: %s", out)
	}
	if err := exec.CommandContext(t.Context(), filepath.Join(dir, here().Program())).Run(); err == nil {
		t.Fatal("something was started from a stick from which nothing may be started")
	}
	command := exec.CommandContext(t.Context(), "sh", filepath.Join(dir, "start-linux.sh"))
	command.Env = []string{"HOME=" + t.TempDir(), "PATH=/usr/bin:/bin"}
	if out, err := command.CombinedOutput(); err != nil || !strings.Contains(string(out), "ik ben fieldlab bundle use "+dir) {
		t.Errorf("%s, %v", out, err)
	}
	if _, err := Prepare(t.Context(), UseRequest{Where: dir, Cache: t.TempDir(), System: here(), Go: noGo}); err != nil {
		t.Error(err)
	}
	if faults, err := Verify(t.Context(), dir); err != nil || len(faults) > 0 {
		t.Errorf("%v, %v", faults, err)
	}
}

func TestForbidden(t *testing.T) {
	if runtime.GOOS == "windows" || os.Geteuid() == 0 {
		t.Skip("root may write everywhere")
	}
	dir := t.TempDir()
	fatal(t, os.Chmod(dir, 0o555))
	_, err := Make(t.Context(), aRequest(t, filepath.Join(dir, "stick")))
	wants(t, err, "bundle.forbidden")
}

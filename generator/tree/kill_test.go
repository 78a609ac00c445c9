package tree

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/plan"
)

// childDir tells a copy of this test binary to write a plan and nothing else.
const childDir = "FIELDLAB_TEST_KILLED_CHILD"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		fmt.Println("ready")
		if _, err := Write(context.Background(), dir, large(), nil); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// large is a plan that takes long enough to be killed in the middle.
func large() plan.Plan {
	var p plan.Plan
	for i := range 300 {
		p = append(p, plan.File{Path: fmt.Sprintf("%02d/%03d.txt", i/10, i), Mode: 0o644, Body: make([]byte, 4096)})
	}
	return p
}

// TestKill kills a run at random moments: the target is absent or complete,
// and a later run removes what was left.
func TestKill(t *testing.T) {
	if testing.Short() {
		t.Skip("starts processes")
	}
	parent := t.TempDir()
	random := rand.New(rand.NewPCG(1, 2))
	killed, complete := 0, 0
	for i := range 40 {
		dir := filepath.Join(parent, fmt.Sprintf("new%02d", i))
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), childDir+"="+dir)
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 8)); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(random.IntN(25)) * time.Millisecond)
		_ = child.Process.Kill()
		if child.Wait() != nil {
			killed++
		}
		if _, err := os.Stat(dir); errors.Is(err, fs.ErrNotExist) {
			continue
		}
		complete++
		for _, file := range large() {
			info, err := os.Stat(filepath.Join(dir, file.Path))
			if err != nil || info.Size() != int64(len(file.Body)) {
				t.Fatalf("%s is incomplete: %s: %v", dir, file.Path, err)
			}
		}
	}
	t.Logf("%d of 40 killed, %d complete", killed, complete)
	if killed == 0 {
		t.Error("no run was killed, so this proves nothing")
	}
	old := time.Now().Add(-48 * time.Hour)
	left := 0
	entries, err := os.ReadDir(parent)
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range entries {
		if strings.HasPrefix(entry.Name(), stagingPrefix) {
			left++
			if err := os.Chtimes(filepath.Join(parent, entry.Name()), old, old); err != nil {
				t.Fatal(err)
			}
		}
	}
	if left == 0 {
		t.Error("no run was killed while it wrote, so this proves nothing")
	}
	if _, err := Write(context.Background(), filepath.Join(parent, "last"), small(), nil); err != nil {
		t.Fatal(err)
	}
	noStaging(t, parent)
}

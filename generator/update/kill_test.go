package update_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/commonground-fieldlab/fieldlab/generator/update"
)

// childDir tells a copy of this test binary to update a component and nothing else.
const childDir = "FIELDLAB_TEST_KILLED_UPDATE"

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		u, err := update.Find(context.Background(), request(dir, os.Getenv(childDir+"_CONFLICT") != ""))
		if err == nil {
			fmt.Println("ready")
			err = u.Apply(context.Background())
		}
		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// many are the files of a pack, of which a later one differs in all kinds of ways.
func many(later bool) map[string]string {
	files := map[string]string{"docs/edited.md": ten, "docs/mine.md": ten, "docs/folder": ten, "docs/oud/weg.md": "weg\n", "docs/old.md": ten + "oud\n"}
	for i := range 4 {
		files[fmt.Sprintf("docs/%02d.md", i)] = strings.Repeat(fmt.Sprintf("regel %d\n", i), 50)
		files[fmt.Sprintf("kern/start/%02d.go", i)] = fmt.Sprintf("package start\n\n// F%02d is there.\nfunc F%02d() {}\n", i, i)
	}
	if !later {
		return files
	}
	for i := range 4 {
		files[fmt.Sprintf("docs/%02d.md", i)] += "nieuw\n"
		files[fmt.Sprintf("kern/start/%02d.go", i)] += fmt.Sprintf("\n// G%02d is new.\nfunc G%02d() {}\n", i, i)
	}
	for _, gone := range []string{"docs/01.md", "kern/start/02.go", "docs/folder", "docs/oud/weg.md", "docs/old.md"} {
		delete(files, gone)
	}
	files["docs/folder/deel.md"] = "deel\n"
	files["docs/new.md"] = ten + "oud\nmeer\n"
	files["nieuw/diep/x.md"] = "x\n"
	files["docs/edited.md"] = lineOf(ten, "negen", "negen van fieldlab")
	return files
}

// edited makes a component with work of the team in it.
func edited(t testing.TB, conflict bool) string {
	dir := made(t, pack(many(false)), sheet)
	write(t, dir, "docs/edited.md", lineOf(ten, "een", "1"))
	if conflict {
		write(t, dir, "docs/edited.md", lineOf(ten, "negen", "9"))
		write(t, dir, "docs/oud/weg.md", "van mij\n")
	}
	write(t, dir, "docs/eigen.md", "van mij\n")
	return dir
}

func request(dir string, _ bool) update.Request {
	return update.Request{Dir: dir, Pack: pack(many(true)), Version: "2.0.0"}
}

func copyOf(t testing.TB, dir string) string {
	t.Helper()
	to := filepath.Join(t.TempDir(), "c")
	if err := os.CopyFS(to, os.DirFS(dir)); err != nil {
		t.Fatal(err)
	}
	return to
}

// errKilled stands for the end of the process.
type errKilled struct{}

// TestKilledAnywhere stops an update before each of its changes on disk: the
// component is what it was, or what it becomes, as soon as the next command has
// looked at it.
func TestKilledAnywhere(t *testing.T) {
	t.Parallel()
	for _, conflict := range []bool{false, true} {
		start := edited(t, conflict)
		old := snapshot(t, start)
		end := copyOf(t, start)
		apply(t, find(t, request(end, conflict)))
		done := snapshot(t, end)
		for stop, more := 0, true; more; stop++ {
			dir := copyOf(t, start)
			u := find(t, request(dir, conflict))
			at := ""
			more = killed(stop, &at, func(before func(string, string) error) {
				if err := u.ApplyStopping(context.Background(), before); err != nil {
					t.Error(err)
				}
			})
			finished, err := update.Recover(dir)
			if err != nil {
				t.Fatalf("killed before %s: %v", at, err)
			}
			want, what := old, "old"
			if _, err := os.Stat(filepath.Join(dir, "nieuw/diep/x.md")); err == nil {
				want, what = done, "new"
			}
			if finished && what == "old" || strings.HasPrefix(at, "place") && !finished || !more && what == "old" {
				t.Errorf("killed before %s: finished %v, and the tree is %s", at, finished, what)
			}
			sameTree(t, "killed before "+at+", "+what, snapshot(t, dir), want)
			if t.Failed() {
				return
			}
		}
	}
}

// killed runs something that ends before its n-th change; whether it came so far.
func killed(n int, at *string, run func(before func(string, string) error)) (was bool) {
	defer func() {
		if ended := recover(); ended != nil {
			if _, ours := ended.(errKilled); !ours {
				panic(ended)
			}
			was = true
		}
	}()
	count := 0
	run(func(operation, name string) error {
		if count == n {
			*at = operation + " " + name
			panic(errKilled{})
		}
		count++
		return nil
	})
	return false
}

// TestErrorAnywhere: whatever the disk refuses before the journal is complete,
// nothing happened; after that the next command finishes.
func TestErrorAnywhere(t *testing.T) {
	t.Parallel()
	full := &os.PathError{Op: "write", Path: "x", Err: syscall.ENOSPC}
	start := edited(t, true)
	old := snapshot(t, start)
	end := copyOf(t, start)
	apply(t, find(t, request(end, true)))
	done := snapshot(t, end)
	for stop := 0; ; stop++ {
		dir := copyOf(t, start)
		u := find(t, request(dir, true))
		count, at := 0, ""
		err := u.ApplyStopping(context.Background(), func(operation, name string) error {
			if count++; count == stop+1 {
				at = operation + " " + name
				return full
			}
			return nil
		})
		if err == nil {
			return
		}
		if !errors.Is(err, syscall.ENOSPC) {
			t.Fatalf("at %s: %v", at, err)
		}
		var unfinished update.Unfinished
		if errors.As(err, &unfinished) {
			if finished, err := update.Recover(dir); err != nil || !finished {
				t.Errorf("at %s: not finished, %v", at, err)
			}
			sameTree(t, "after an error at "+at, snapshot(t, dir), done)
		} else {
			sameTree(t, "after an error at "+at, snapshot(t, dir), old)
		}
		if t.Failed() {
			return
		}
	}
}

// TestAbortKilledAnywhere: an abort is all or nothing as well.
func TestAbortKilledAnywhere(t *testing.T) {
	t.Parallel()
	start := edited(t, true)
	old := snapshot(t, start)
	apply(t, find(t, request(start, true)))
	waiting := snapshot(t, start)
	for stop, more := 0, true; more; stop++ {
		dir, at := copyOf(t, start), ""
		more = killed(stop, &at, func(before func(string, string) error) {
			if err := update.AbortStopping(context.Background(), dir, before); err != nil {
				t.Error(err)
			}
		})
		if _, err := update.Recover(dir); err != nil {
			t.Fatalf("killed before %s: %v", at, err)
		}
		want := old
		if _, err := os.Stat(filepath.Join(dir, "nieuw/diep/x.md")); err == nil {
			want = waiting
		}
		sameTree(t, "killed before "+at, snapshot(t, dir), want)
		if t.Failed() {
			return
		}
	}
}

// TestKilledForReal ends processes at random moments.
func TestKilledForReal(t *testing.T) {
	if testing.Short() {
		t.Skip("-short: starts processes")
	}
	start := edited(t, true)
	old := snapshot(t, start)
	end := copyOf(t, start)
	apply(t, find(t, request(end, true)))
	done := snapshot(t, end)
	random := rand.New(rand.NewPCG(3, 4))
	count := map[string]int{}
	// How long an update takes differs a hundredfold between machines: the time in
	// which it is ended follows what was seen.
	within := 32 * time.Millisecond
	for range 40 {
		dir := copyOf(t, start)
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), childDir+"="+dir, childDir+"_CONFLICT=1")
		out, err := child.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		line := make([]byte, 5)
		if _, err := out.Read(line); err != nil || string(line) != "ready" {
			t.Fatalf("the child says %q, %v", line, err)
		}
		time.Sleep(time.Duration(random.Int64N(int64(within))))
		_ = child.Process.Kill()
		_ = child.Wait()
		finished, err := update.Recover(dir)
		if err != nil {
			t.Fatal(err)
		}
		want, what := old, "old"
		if _, err := os.Stat(filepath.Join(dir, "nieuw/diep/x.md")); err == nil {
			want, what = done, "new"
			within = max(within/2, time.Millisecond)
		} else {
			within = min(within*2, 2*time.Second)
		}
		if finished {
			what += ", finished"
		}
		count[what]++
		sameTree(t, what, snapshot(t, dir), want)
	}
	t.Log(count)
	if count["old"] == 0 || len(count) < 2 {
		t.Errorf("the moments are %v, so this proves little", count)
	}
}

package repository

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"
)

// realGit runs git in a folder; the test is skipped on a machine without it.
func realGit(t *testing.T, dir string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath("git"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("there is no git to judge with")
		}
		t.Skip("there is no git to judge with")
	}
	cmd := exec.Command("git", args...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL="+os.DevNull, "HOME="+t.TempDir(),
		"GIT_AUTHOR_NAME=T", "GIT_AUTHOR_EMAIL=t@x.test", "GIT_COMMITTER_NAME=T", "GIT_COMMITTER_EMAIL=t@x.test")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return string(out)
}

func lay(t *testing.T, dir, name, body string) {
	t.Helper()
	at := filepath.Join(dir, filepath.FromSlash(name))
	if err := os.MkdirAll(filepath.Dir(at), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(at, []byte(body), 0o644); err != nil {
		t.Fatal(err)
	}
}

var keepOptions = Options{Author: Identity{"A", "a@x.test"}, Committer: Identity{"A", "a@x.test"}, Message: "Eigen werk\n", When: time.Date(2026, 11, 30, 10, 0, 0, 0, time.UTC)}

func runnable(t *testing.T, name string) {
	t.Helper()
	if err := os.Chmod(name, 0o755); err != nil {
		t.Fatal(err)
	}
}

func noEnv(string) string { return "" }

// TestKeep holds what is kept against git add --all of git itself.
func TestKeep(t *testing.T) {
	for name, c := range map[string]struct {
		in   string // the folder of the component in the repository
		work func(t *testing.T, top, dir string)
	}{
		"nothing": {work: func(t *testing.T, top, dir string) {}},
		"everything": {work: func(t *testing.T, top, dir string) {
			lay(t, dir, "a.txt", "changed")
			lay(t, dir, "new/b.txt", "new")
			lay(t, dir, ".gitignore", "*.db\n/out/\n!keep.db\n")
			lay(t, dir, "x.db", "ignored")
			lay(t, dir, "keep.db", "not ignored")
			lay(t, dir, "out/y", "ignored")
			lay(t, dir, "sub/out/y", "not ignored")
			lay(t, dir, "sub/.gitignore", "# remark\n\n*.tmp\r\n!b.tmp\n")
			lay(t, dir, "sub/a.tmp", "ignored")
			lay(t, dir, "sub/b.tmp", "not ignored")
			lay(t, dir, ".dot/.gitignore", "own.json\n")
			lay(t, dir, ".dot/own.json", "ignored")
			os.Remove(filepath.Join(dir, "gone.txt"))
			runnable(t, filepath.Join(dir, "run.sh"))
			symlink(t, "../elsewhere", filepath.Join(dir, "link"))
			symlink(t, "sub", filepath.Join(dir, "folderlink"))
		}},
		"staged and then changed": {work: func(t *testing.T, top, dir string) {
			lay(t, dir, "a.txt", "staged")
			realGit(t, dir, "add", "a.txt")
			lay(t, dir, "a.txt", "changed after")
		}},
		"file became folder": {work: func(t *testing.T, top, dir string) {
			os.Remove(filepath.Join(dir, "a.txt"))
			lay(t, dir, "a.txt/b", "in a folder")
			os.RemoveAll(filepath.Join(dir, "deep"))
			lay(t, dir, "deep", "a file now")
		}},
		"ignored but tracked": {work: func(t *testing.T, top, dir string) {
			lay(t, dir, "t.db", "tracked")
			realGit(t, dir, "add", "-f", "t.db")
			realGit(t, dir, "commit", "-qm", "x")
			lay(t, dir, ".gitignore", "*.db\n")
			lay(t, dir, "t.db", "changed")
			lay(t, dir, "u.db", "not tracked")
		}},
		"in a larger repository": {in: "apps/een", work: func(t *testing.T, top, dir string) {
			lay(t, top, ".gitignore", "apps/een/stil\n")
			realGit(t, top, "add", ".gitignore")
			realGit(t, top, "commit", "-qm", "x")
			lay(t, dir, "stil", "ignored from above")
			lay(t, dir, "a.txt", "changed")
		}},
	} {
		t.Run(name, func(t *testing.T) {
			top := t.TempDir()
			realGit(t, top, "init", "-q", "-b", "main")
			dir := filepath.Join(top, filepath.FromSlash(c.in))
			for _, file := range []string{"a.txt", "gone.txt", "run.sh", "deep/c/d.txt"} {
				lay(t, dir, file, "first "+file)
			}
			lay(t, top, "outside.txt", "of others")
			realGit(t, top, "add", "--all")
			realGit(t, top, "commit", "-qm", "first")
			c.work(t, top, dir)
			status := realGit(t, top, "status", "--porcelain")

			w, err := Open(dir)
			if err != nil {
				t.Fatal(err)
			}
			defer w.Close()
			found, err := w.Lies(t.Context(), noEnv)
			if err != nil {
				t.Fatal(err)
			}
			kept, err := w.Keep(found, "eigen-werk/x", keepOptions)
			if err != nil {
				t.Fatal(err)
			}
			if after := realGit(t, top, "status", "--porcelain"); after != status {
				t.Errorf("the work changed: %s\nwas %s", after, status)
			}
			realGit(t, top, "fsck", "--strict")
			staged := strings.TrimSpace(realGit(t, top, "write-tree"))
			realGit(t, dir, "add", "--all", ".")
			want := realGit(t, top, "write-tree")
			if got := realGit(t, top, "rev-parse", "eigen-werk/x^{tree}"); got != want {
				t.Errorf("kept %s\nwant %s", realGit(t, top, "ls-tree", "-r", "eigen-werk/x"), realGit(t, top, "ls-tree", "-r", strings.TrimSpace(want)))
			}
			if kept.Staged != "" && strings.TrimSpace(realGit(t, top, "rev-parse", kept.Staged+"^{tree}")) != staged {
				t.Error("what was staged is not kept")
			}
			if name == "staged and then changed" && kept.Staged == "" {
				t.Error("nothing was kept of what was staged")
			}
		})
	}
}

// TestKeepLooksInNoOther: a repository inside is left alone, as git does.
func TestKeepLooksInNoOther(t *testing.T) {
	dir := t.TempDir()
	realGit(t, dir, "init", "-q", "-b", "main")
	lay(t, dir, "a.txt", "x")
	realGit(t, dir, "add", "--all")
	realGit(t, dir, "commit", "-qm", "first")
	lay(t, dir, "other/b.txt", "theirs")
	realGit(t, filepath.Join(dir, "other"), "init", "-q")
	w, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	found, err := w.Lies(t.Context(), noEnv)
	if err != nil || len(found.Files) != 1 || !slices.Equal(found.Nested, []string{"other"}) {
		t.Errorf("got %+v, %v", found, err)
	}
}

// TestKeepEndsOfLines: a file that an editor gave other ends of lines is the same.
func TestKeepEndsOfLines(t *testing.T) {
	dir := t.TempDir()
	realGit(t, dir, "init", "-q", "-b", "main")
	lay(t, dir, "a.txt", "one\ntwo\n")
	realGit(t, dir, "add", "--all")
	realGit(t, dir, "commit", "-qm", "first")
	lay(t, dir, "a.txt", "one\r\ntwo\r\n")
	w, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	found, err := w.Lies(t.Context(), noEnv)
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := w.Keep(found, "x", keepOptions); err != nil || strings.TrimSpace(realGit(t, dir, "rev-parse", "HEAD")) != kept.Commit {
		t.Errorf("got %+v, %v", kept, err)
	}
}

func TestKeepIgnoresWhatThePersonIgnores(t *testing.T) {
	dir, home := t.TempDir(), t.TempDir()
	realGit(t, dir, "init", "-q", "-b", "main")
	lay(t, dir, "a.txt", "x")
	realGit(t, dir, "add", "--all")
	realGit(t, dir, "commit", "-qm", "first")
	lay(t, home, ".config/git/ignore", ".idea/\n")
	lay(t, dir, ".idea/w.xml", "x")
	lay(t, dir, ".git/info/exclude", "own\n")
	lay(t, dir, "own", "x")
	w, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	found, err := w.Lies(t.Context(), func(key string) string { return map[string]string{"HOME": home}[key] })
	if err != nil || len(found.Files) != 1 {
		t.Errorf("got %+v, %v", found, err)
	}
}

// TestKeepRefuses: in the middle of something else nothing is made.
func TestKeepRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		do  func(t *testing.T, dir string)
		why Why
	}{
		"merge":  {func(t *testing.T, dir string) { lay(t, dir, ".git/MERGE_HEAD", "x") }, Busy},
		"rebase": {func(t *testing.T, dir string) { lay(t, dir, ".git/rebase-merge/x", "x") }, Busy},
		"locked": {func(t *testing.T, dir string) { lay(t, dir, ".git/index.lock", "") }, Busy},
		"branch": {func(t *testing.T, dir string) { realGit(t, dir, "branch", "x") }, BranchExists},
	} {
		dir := t.TempDir()
		realGit(t, dir, "init", "-q", "-b", "main")
		lay(t, dir, "a.txt", "x")
		realGit(t, dir, "add", "--all")
		realGit(t, dir, "commit", "-qm", "first")
		c.do(t, dir)
		w, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		found, err := w.Lies(t.Context(), noEnv)
		if err == nil {
			_, err = w.Keep(found, "x", keepOptions)
		}
		var obstacle Obstacle
		if !errors.As(err, &obstacle) || obstacle.Why != c.why {
			t.Errorf("%s: got %v", name, err)
		}
		w.Close()
	}
}

// TestBecome: one commit, a clean status, and outside the component nothing else.
func TestBecome(t *testing.T) {
	for _, in := range []string{"", "apps/een"} {
		top := t.TempDir()
		realGit(t, top, "init", "-q", "-b", "main")
		dir := filepath.Join(top, filepath.FromSlash(in))
		lay(t, dir, "a/b.txt", "first")
		lay(t, dir, "gone.txt", "first")
		lay(t, top, "outside.txt", "of others")
		realGit(t, top, "add", "--all")
		realGit(t, top, "commit", "-qm", "first")
		if in != "" {
			lay(t, top, "outside.txt", "staged by others")
			realGit(t, top, "add", "outside.txt")
		}
		os.RemoveAll(filepath.Join(dir, "a"))
		os.Remove(filepath.Join(dir, "gone.txt"))
		if in == "" {
			os.Remove(filepath.Join(dir, "outside.txt"))
		}
		lay(t, dir, "a", "a file now")
		lay(t, dir, "run.sh", "#!/bin/sh\n")
		runnable(t, filepath.Join(dir, "run.sh"))
		var files []File
		for _, name := range []string{"a", "run.sh"} {
			info, _ := os.Stat(filepath.Join(dir, name))
			body, _ := os.ReadFile(filepath.Join(dir, name))
			files = append(files, File{Path: name, Body: body, Info: info, Executable: name == "run.sh" && runtime.GOOS != "windows"})
		}
		w, err := Open(dir)
		if err != nil {
			t.Fatal(err)
		}
		hash, err := w.Become(files, keepOptions)
		if err != nil || hash == "" {
			t.Fatalf("got %q, %v", hash, err)
		}
		want := ""
		if in != "" {
			want = "M  outside.txt\n"
		}
		if status := realGit(t, top, "status", "--porcelain"); status != want {
			t.Errorf("status is %q", status)
		}
		if count := realGit(t, top, "rev-list", "--count", "main"); count != "2\n" {
			t.Errorf("%s commits", count)
		}
		realGit(t, top, "fsck", "--strict")
		w.Close()
		again, _ := Open(dir)
		if hash, err := again.Become(files, keepOptions); err != nil || hash != "" {
			t.Errorf("again: %q, %v", hash, err)
		}
		again.Close()
	}
}

func TestLiesStops(t *testing.T) {
	dir := t.TempDir()
	realGit(t, dir, "init", "-q", "-b", "main")
	w, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	ctx, stop := context.WithCancel(t.Context())
	stop()
	if _, err := w.Lies(ctx, noEnv); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}
